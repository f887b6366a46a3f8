"""Schemas as plain functions: what is right loads ten times as fast, what is not is left to marshmallow.

A reader is made from a schema's own fields, validators and hooks, so that there is one truth. It gives what the schema
would give, or raises Doubt: then only the schema can tell whether anything is wrong, and what.
"""

import math
import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from marshmallow import Schema, ValidationError, fields, validate

from api.schemas.seeds.values import without_line_break

Reader = Callable[[Any], Any]
Rule = Callable[[Any], Any]

_KNOWN_HOOKS = {"post_load", "validates_schema"}


class Doubt(Exception):
    """The reader cannot tell that a value is right."""


def reader(schema: Schema) -> Reader:
    """What `schema.load` does to a value that is right. Raises TypeError for a schema with hooks of other kinds."""
    hooks = schema._hooks  # noqa: SLF001 - marshmallow has no other way to ask for them
    if unknown := {kind for kind, found in hooks.items() if found} - _KNOWN_HOOKS:
        raise TypeError(f"{type(schema).__name__} has hooks that a reader does not know: {sorted(unknown)}.")
    parts = [(name, field.required, _field_reader(field)) for name, field in schema.fields.items()]
    checks = [getattr(schema, name) for name, _, _ in hooks["validates_schema"]]
    builders = [getattr(schema, name) for name, _, _ in hooks["post_load"]]

    def read(value: Any) -> Any:
        data = _read_parts(parts, value)
        result: Any = data
        try:
            for check in checks:
                check(data)
            for build in builders:
                result = build(result)
        except ValidationError:
            raise Doubt from None
        return result

    return read


def _read_parts(parts: Iterable[tuple[str, bool, Reader]], value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise Doubt
    data = {}
    for name, is_required, read in parts:
        if name in value:
            data[name] = read(value[name])
        elif is_required:
            raise Doubt
    if len(data) != len(value):
        raise Doubt
    return data


def _field_reader(field: fields.Field[Any]) -> Reader:
    if type(field) is fields.String:
        read = _text_reader(field)
    elif type(field) in (fields.Nested, fields.List):
        read = _value_reader(field)
    else:
        return _read_by(field)
    if not field.allow_none:
        return read  # which takes None for no proper value
    return lambda value: None if value is None else read(value)


def _read_by(field: fields.Field[Any]) -> Reader:
    deserialize, rules = field._deserialize, field.validators  # noqa: SLF001 - what a field is made to override
    is_nullable = field.allow_none

    def read(value: Any) -> Any:
        if value is None:
            if is_nullable:
                return None
            raise Doubt
        try:
            found = deserialize(value, None, None)
            for rule in rules:
                rule(found)
        except ValidationError:
            raise Doubt from None
        return found

    return read


def _text_reader(field: fields.String) -> Reader:
    patterns, lengths, others = _sorted_out(field.validators)

    def read(value: Any) -> Any:
        if type(value) is not str:
            raise Doubt
        for matches in patterns:
            if not matches(value):
                raise Doubt
        for least, most in lengths:
            if not least <= len(value) <= most:
                raise Doubt
        if others:
            _check(others, value)
        return value

    return read


def _value_reader(field: fields.Field[Any]) -> Reader:
    inner = _inner_reader(field)
    patterns, lengths, others = _sorted_out(field.validators)
    if patterns:
        raise TypeError(f"A pattern for what is no text: {field.name}.")

    def read(value: Any) -> Any:
        found = inner(value)
        for least, most in lengths:
            if not least <= len(found) <= most:
                raise Doubt
        if others:
            _check(others, found)
        return found

    return read


def _inner_reader(field: fields.Field[Any]) -> Reader:
    if isinstance(field, fields.Nested):
        return reader(field.schema)
    assert isinstance(field, fields.List)
    read_item = _field_reader(field.inner)
    return lambda value: _items(value, read_item)


def _items(value: Any, read_item: Reader) -> list[Any]:
    if type(value) is not list:
        raise Doubt
    return [read_item(item) for item in value]


def _sorted_out(
    rules: Iterable[Rule],
) -> tuple[list[Callable[[str], object]], list[tuple[float, float]], list[Rule]]:
    """Patterns, lengths and other rules: marshmallow's own need not build the messages that nobody reads.

    A whole match is stricter than marshmallow's, whose `$` lets a line break follow; what differs is a doubt.
    """
    patterns: list[Callable[[str], object]] = []
    lengths: list[tuple[float, float]] = []
    others: list[Rule] = []
    for rule in rules:
        if type(rule) is validate.Regexp:
            patterns.append(cast("re.Pattern[str]", rule.regex).fullmatch)
        elif type(rule) is validate.Length and rule.equal is None:
            lengths.append((rule.min or 0, math.inf if rule.max is None else rule.max))
        elif rule is not without_line_break or not patterns:
            others.append(rule)
    return patterns, lengths, others


def _check(rules: Iterable[Rule], value: Any) -> None:
    try:
        for rule in rules:
            rule(value)
    except ValidationError:
        raise Doubt from None
