"""The files that are served: each of the registry with its path and the parameters that it takes."""

from api.formats.registry import FILES, File
from api.schemas.parameters.files import file_schema
from api.schemas.parameters.queries import FilterQuery

PREFIX = "/v1"

QUERIES: dict[File, FilterQuery] = {file: file_schema(file.table, file.format.options) for file in FILES}

BY_PATH: dict[str, FilterQuery] = {f"{PREFIX}{file.path}": query for file, query in QUERIES.items()}


def extensions(path: str) -> tuple[str, ...]:
    """What the address of a table, with or without an extension, may end in."""
    base = path.partition(".")[0]
    return tuple(file.format.extension for file in FILES if f"{PREFIX}/{file.table.name}" == base)
