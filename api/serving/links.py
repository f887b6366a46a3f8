"""Addresses in answers: always from the configured public URL, never from the request's Host."""

from flask import request

from api.serving.query_string import encode
from api.serving.state import state


def address(path: str, parameters: dict[str, str] | None = None) -> str:
    """The public address of a path with query parameters."""
    query = encode((parameters or {}).items())
    return f"{state().public_url}{path}" + (f"?{query}" if query else "")


def here(parameters: dict[str, str]) -> str:
    """The public address of the requested path, without a slash at its end, with other query parameters."""
    return address(request.path.rstrip("/"), parameters)
