"""From the pairs of a query string to the value that a schema makes of them, or everything that is wrong."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from marshmallow import Schema, ValidationError

from api.domain.countries import COUNTRIES
from api.domain.errors import InvalidQuery, ParameterProblem
from api.domain.folding import fold
from api.schemas.parameters.fields import Code, Codes, Columns
from api.schemas.parameters.spelling import nearest

Codelists = Mapping[str, AbstractSet[str]]
"""Codes by parameter; a parameter that is missing here takes any code of its pattern."""

# More slips of the pen than this are none, and each guess takes time.
_MOST_NAMES = 40
_MOST_CODES = 10


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
            likely = nearest(name.lower(), schema.fields) if len(given) <= _MOST_NAMES else None
            if name.lower() == "limit" and "top" in schema.fields:
                likely = "top"
            problems.append(ParameterProblem(name[:80], f"there is no such parameter{_hint(name, schema)}", likely))
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
        # A parameter without a value is not missing as well.
        told = _problems(schema, error.messages, values, codelists)
        problems += [problem for problem in told if problem.parameter in values or problem.parameter not in given]
    broken = {problem.parameter for problem in problems}
    problems += [
        problem
        for name, known in codelists.items()
        if name in values and name not in broken and isinstance(schema.fields.get(name), Codes | Code)
        for problem in _unknown_codes(name, _listed(schema.fields[name].deserialize(values[name])), known)
    ]
    if problems:
        raise InvalidQuery(problems)
    return loaded


def _hint(name: str, schema: Schema) -> str:
    if name.lower().partition("[")[0] in ("page", "offset", "skip", "start_index"):
        return " here: pages go by cursor, follow links.next"
    if "top" in schema.fields and name in ("limit", "cursor"):
        return " here: statistics come whole; top= cuts them"
    if name in ("limit", "cursor"):
        return " here: a file holds everything that matches; /v1/incidents has pages"
    return ""


def _problems(
    schema: Schema, messages: Any, values: Mapping[str, str], codelists: Codelists
) -> Iterable[ParameterProblem]:
    for name, found in messages.items():
        field, text = schema.fields.get(name), values.get(name, "").lower()
        suggestion = None
        if name == "country":
            suggestion = _countries(text)
        elif name in codelists:
            written = [re.sub(r"[ -]", "_", code.strip()) for code in text.split(",")]
            suggestion = _likely(written, codelists[name])
        elif isinstance(field, Columns):
            suggestion = _likely([name.strip() for name in text.split(",")], field.names)
        elif field is not None and "enum" in field.metadata:
            suggestion = nearest(text.strip(" +"), field.metadata["enum"])
        yield from (ParameterProblem(name, str(message), suggestion) for message in found)


def _countries(text: str) -> str | None:
    # People write PER, Peru, Perú or Indonesa where a code is meant.
    names = {fold(country.name): country.alpha2 for country in COUNTRIES.values()}
    codes = {country.alpha3.lower(): country.alpha2 for country in COUNTRIES.values()}
    codes |= {alpha2.lower(): alpha2 for alpha2 in COUNTRIES}
    known = names | codes
    words = [fold(part) for part in text.split(",")]
    if len(words) > _MOST_CODES:
        return None
    found = [known.get(word) or known.get(nearest(word, names) or "") for word in words]
    return ",".join(dict.fromkeys(filter(None, found))) if all(found) else None


def _listed(value: str | Collection[str]) -> Collection[str]:
    return [value] if isinstance(value, str) else value


def _unknown_codes(name: str, codes: Collection[str], known: AbstractSet[str]) -> Iterable[ParameterProblem]:
    unknown = [code for code in codes if code not in known]
    if not unknown:
        return
    listed = f": {', '.join(sorted(known))}" if len(known) <= 30 else f"; the list has {len(known)} codes"
    rule = f"no such code{'s' * (len(unknown) > 1)}: {', '.join(unknown)[:200]}{listed}"
    yield ParameterProblem(name, rule, _likely(codes, known))


def _likely(codes: Collection[str], known: Collection[str]) -> str | None:
    if len(codes) > _MOST_CODES:
        return None
    meant = [code if code in known else nearest(code, known) for code in codes]
    return ",".join(dict.fromkeys(filter(None, meant))) if all(meant) else None
