"""Loads a value through a schema: what it means, or every rule that it breaks and where."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError

from api.schemas.seeds.incident import IncidentSchema
from api.schemas.seeds.readers import Doubt, reader
from api.schemas.seeds.registries import (
    CodelistsSchema,
    ContextSchema,
    CoverageSchema,
    DatasetSchema,
    GeocodeSchema,
    RedactionSchema,
    SourceSchema,
    WithdrawnSchema,
)

Fault = tuple[tuple[str | int, ...], str]

_SCHEMAS: dict[str, Schema] = {
    "incidents": IncidentSchema(),
    "sources": SourceSchema(),
    "codelists": CodelistsSchema(),
    "geocodes": GeocodeSchema(),
    "context": ContextSchema(),
    "coverage": CoverageSchema(),
    "withdrawn": WithdrawnSchema(),
    "redactions": RedactionSchema(),
    "dataset": DatasetSchema(),
}
_READERS = {kind: reader(schema) for kind, schema in _SCHEMAS.items()}


def load(kind: str, value: Any) -> tuple[Any, list[Fault]]:
    """What `value` means as one entry of `kind`; None when any rule is broken, with the faults by path."""
    try:
        return _READERS[kind](value), []
    except (Doubt, RecursionError):
        return load_slowly(kind, value)


def load_slowly(kind: str, value: Any) -> tuple[Any, list[Fault]]:
    """The same by marshmallow alone, which knows what is wrong."""
    try:
        return _SCHEMAS[kind].load(value), []
    except ValidationError as error:
        return None, list(_faults(error.messages, ()))
    except RecursionError:
        return None, [((), "Nested too deep.")]


def _faults(messages: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _faults(inner, path if key == "_schema" else (*path, key))
    else:
        for message in messages:
            yield path, str(message)
