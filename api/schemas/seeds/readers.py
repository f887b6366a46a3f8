"""Schemas as plain functions: what is right loads many times as fast, what is not is left to marshmallow.

A reader is written, as Python, from a schema's own fields, validators and hooks, so that there is one truth. It gives
what the schema would give, or raises Doubt: then only the schema can tell whether anything is wrong, and what.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
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
    writer = _Writer()
    name = writer.add_schema(schema)
    code = compile("\n".join(writer.lines), f"<reader of {type(schema).__name__}>", "exec")
    exec(code, writer.known)  # noqa: S102 - written below, of names of our own
    return cast("Reader", writer.known[name])


class _Writer:
    """Writes a function for a schema and each one within it; `known` is what their names stand for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.known: dict[str, Any] = {"Doubt": Doubt, "ValidationError": ValidationError}

    def add_schema(self, schema: Schema) -> str:
        """Writes the function, and gives its name."""
        hooks = schema._hooks  # noqa: SLF001 - marshmallow has no other way to ask for them
        if unknown := {kind for kind, found in hooks.items() if found} - _KNOWN_HOOKS:
            raise TypeError(f"{type(schema).__name__} has hooks that a reader does not know: {sorted(unknown)}.")
        body: list[str] = []
        for name, field in schema.fields.items():
            reading = [f"one = value[{name!r}]", *self._field("one", field), f"data[{name!r}] = one"]
            body += reading if field.required else [f"if {name!r} in value:", *_within(reading)]
        body.append("if len(data) != len(value): raise Doubt")
        body += [f"{self._name(getattr(schema, name))}(data)" for name, _, _ in hooks["validates_schema"]]
        body += [f"data = {self._name(getattr(schema, name))}(data)" for name, _, _ in hooks["post_load"]]
        function = f"read_{len(self.known)}"
        self.known[function] = None  # which the written code becomes
        self.lines += [
            f"def {function}(value):",
            "    if value.__class__ is not dict: raise Doubt",
            "    data = {}",
            "    try:",
            *_within(_within(body)),
            "    except (KeyError, ValidationError): raise Doubt from None",
            "    return data",
        ]
        return function

    def _name(self, thing: object) -> str:
        name = f"known_{len(self.known)}"
        self.known[name] = thing
        return name

    def _field(self, one: str, field: fields.Field[Any]) -> Iterator[str]:
        """Lines that read the value of the variable `one` into it."""
        reading = list(self._value(one, field)) + list(self._rules(one, field))
        if field.allow_none:
            yield f"if {one} is not None:"
            yield from _within(reading)
        else:
            yield from reading

    def _value(self, one: str, field: fields.Field[Any]) -> Iterator[str]:
        if type(field) is fields.String:
            yield f"if {one}.__class__ is not str: raise Doubt"
        elif type(field) is fields.Nested:
            yield f"{one} = {self.add_schema(field.schema)}({one})"
        elif type(field) is fields.List:
            inner, items = f"{one}_inner", f"{one}_items"
            yield f"if {one}.__class__ is not list: raise Doubt"
            yield f"{items}, {one} = {one}, []"
            yield f"for {inner} in {items}:"
            yield from _within([*self._field(inner, field.inner), f"{one}.append({inner})"])
        else:
            if not field.allow_none:
                yield f"if {one} is None: raise Doubt"
            yield f"{one} = {self._name(field._deserialize)}({one}, None, None)"  # noqa: SLF001 - made to override

    def _rules(self, one: str, field: fields.Field[Any]) -> Iterator[str]:
        """Rules of marshmallow's own need not build the messages that nobody reads.

        A whole match is stricter than marshmallow's, whose `$` lets a line break follow; what differs is a doubt.
        """
        has_pattern = any(type(rule) is validate.Regexp for rule in field.validators)
        if has_pattern and type(field) is not fields.String:
            raise TypeError(f"A pattern for what is no text: {field.name}.")
        for rule in field.validators:
            if type(rule) is validate.Regexp:
                matches = self._name(cast("re.Pattern[str]", rule.regex).fullmatch)
                yield f"if not {matches}({one}): raise Doubt"
            elif type(rule) is validate.Length and rule.equal is None:
                most = math.inf if rule.max is None else rule.max
                yield f"if not {rule.min or 0} <= len({one}) <= {self._name(most)}: raise Doubt"
            elif rule is not without_line_break or not has_pattern:
                yield f"{self._name(rule)}({one})"


def _within(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
