"""From the pairs of a query string to the value that a schema makes of them, or everything that is wrong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from marshmallow import Schema, ValidationError

from api.domain.countries import COUNTRIES
from api.domain.errors import InvalidQuery, ParameterProblem
from api.schemas.parameters.fields import Codes, Word
from api.schemas.parameters.spelling import nearest

Codelists = Mapping[str, AbstractSet[str]]
"""Codes by parameter; a parameter that is missing here takes any code of its pattern."""


def load(schema: Schema, pairs: Iterable[tuple[str, str]], codelists: Codelists) -> Any:
    """What a question means. Raises InvalidQuery with every problem found.

    Lists may be written with commas, repeated, or both; anything else that is repeated is a problem.
    """
    problems: list[ParameterProblem] = []
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        given[name].append(value)
    values: dict[str, str] = {}
    for name, found in given.items():
        field = schema.fields.get(name)
        if field is None:
            problems.append(ParameterProblem(name[:80], "there is no such parameter", _likely_name(schema, name)))
        elif not all(value.strip() for value in found):
            problems.append(ParameterProblem(name, "the value is empty; leave the parameter out to ask for all"))
        elif len(found) > 1 and not isinstance(field, Codes):
            problems.append(ParameterProblem(name, f"given {len(found)} times; give it once"))
        else:
            values[name] = ",".join(found)
    loaded: Any = None
    try:
        loaded = schema.load(values)
    except ValidationError as error:
        problems += _problems(schema, error.messages, values)
    broken = {problem.parameter for problem in problems}
    problems += [
        problem
        for name, known in codelists.items()
        if name in values and name not in broken and isinstance(schema.fields.get(name), Codes)
        for problem in _unknown_codes(name, schema.fields[name].deserialize(values[name]), known)
    ]
    if problems:
        raise InvalidQuery(problems)
    return loaded


def parameter_names(schema: Schema) -> list[str]:
    """The parameters that a schema takes."""
    return list(schema.fields)


def _likely_name(schema: Schema, name: str) -> str | None:
    return nearest(name.lower(), schema.fields)


def _problems(schema: Schema, messages: Any, values: Mapping[str, str]) -> Iterable[ParameterProblem]:
    for name, found in messages.items():
        field = schema.fields.get(name)
        suggestion = nearest(values.get(name, "").lower(), field.metadata["enum"]) if isinstance(field, Word) else None
        if name == "sort" and field is not None:
            suggestion = nearest(values[name].lower(), field.metadata["enum"])
        if name == "country":
            suggestion = _countries(values[name])
        yield from (ParameterProblem(name, str(message), suggestion) for message in found)


def _countries(text: str) -> str | None:
    # People write PER or Peru where PE is meant.
    by_name = {country.name.lower(): country.alpha2 for country in COUNTRIES.values()}
    by_name |= {country.alpha3.lower(): country.alpha2 for country in COUNTRIES.values()}
    by_name |= {alpha2.lower(): alpha2 for alpha2 in COUNTRIES}
    found = [by_name.get(part.strip().lower()) for part in text.split(",")]
    return ",".join(filter(None, found)) if all(found) else None


def _unknown_codes(name: str, codes: Iterable[str], known: AbstractSet[str]) -> Iterable[ParameterProblem]:
    unknown = [code for code in codes if code not in known]
    if not unknown:
        return
    meant = [code if code in known else nearest(code, known) for code in codes]
    suggestion = ",".join(filter(None, meant)) if all(meant) else None
    listed = f": {', '.join(sorted(known))}" if len(known) <= 30 else f"; the list has {len(known)} codes"
    yield ParameterProblem(
        name, f"no such code{'s' * (len(unknown) > 1)}: {', '.join(unknown)[:200]}{listed}", suggestion
    )
