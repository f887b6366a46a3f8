"""Fields for the values that seeds are made of: dates, codes, amounts, texts by language."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from api.domain.dates import UncertainDate, parse_edtf, parse_edtf_point
from api.domain.errors import InvalidValue
from api.domain.place import ReportedPlace

INCIDENT_ID = r"^[A-Z]{2}-\d{4}-\d{4,}$"
CODE = r"^[a-z][a-z0-9_]{0,62}$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
COUNTRY = r"^[A-Z]{2}$"
SUBDIVISION = r"^[A-Z]{2}-[A-Z0-9]{1,3}$"
CURRENCY = r"^[A-Z]{3}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
WEB_ADDRESS = r"^https?://[^\s/?#@]+(?:[/?#]\S*)?$"
_EDTF_POINT = r"^\d{4}(-\d{2}(-\d{2})?)?[?~%]?$"
_EDTF_INTERVAL = r"^\d{4}(-\d{2}(-\d{2})?)?[?~%]?(/\d{4}(-\d{2}(-\d{2})?)?[?~%]?)?$"
GREATEST_AMOUNT = 10**15


def matching(pattern: str, *rules: Callable[[str], object], nullable: bool = False) -> fields.String:
    """A required text of one pattern, which keeps further rules too."""
    # The message is a format to marshmallow: braces of the pattern are doubled.
    message = f"Must match {pattern}.".replace("{", "{{").replace("}", "}}")
    pattern_rule = validate.Regexp(pattern, re.ASCII, error=message)
    return fields.String(required=True, allow_none=nullable, validate=[pattern_rule, without_line_break, *rules])


def day() -> fields.String:
    """A required day that exists: 2026-11-24."""
    return matching(DAY, _existing_day)


def prose(longest: int, *, nullable: bool = False) -> fields.String:
    """A required text of 1 to `longest` characters."""
    return fields.String(required=True, allow_none=nullable, validate=validate.Length(1, longest))


def listed(inner: fields.Field[Any], *, least: int = 0) -> fields.List[Any]:
    """A required list without repetition."""
    too_few = "Name at least one." if least else "Name at most 1,000."
    rules: list[Callable[[Any], Any]] = [validate.Length(least, 1000, error=too_few), _without_repetition]
    return fields.List(inner, required=True, validate=rules, metadata={"uniqueItems": True})


def localized(longest: int, *, nullable: bool = False) -> fields.Nested:
    """A required text by language, at most `longest` characters in each."""

    def check(texts: Mapping[str, str]) -> None:
        if any(len(text) > longest for text in texts.values()):
            raise ValidationError(f"Longer than {longest:,} characters.")

    return fields.Nested(LocalizedSchema, required=True, allow_none=nullable, validate=check)


def without_line_break(text: str) -> None:
    """Raises ValidationError for a text that ends with a line break."""
    # The `$` of a pattern lets one follow.
    if text.endswith("\n"):
        raise ValidationError("Ends with a line break.")


def _existing_day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValidationError("There is no such day.") from None


def _without_repetition(values: list[Any]) -> None:
    # What holds a text by language cannot be hashed; most lists have an item or two.
    if any(value in values[:index] for index, value in enumerate(values)):
        raise ValidationError("Holds the same value twice.")


class LocalizedSchema(Schema):
    """A text by language: English always, Spanish and Indonesian where given."""

    en = fields.String(required=True, validate=validate.Length(1))
    es = fields.String(validate=validate.Length(1))
    id = fields.String(validate=validate.Length(1))


class Edtf(fields.Field[UncertainDate]):
    """A date in EDTF level 1; intervals only where `allow_interval`."""

    def __init__(self, *, allow_interval: bool = False, **options: Any) -> None:
        pattern = _EDTF_INTERVAL if allow_interval else _EDTF_POINT
        described = {"type": "string", "pattern": pattern, "examples": ["2018-11-06", "2018-10", "2018?"]}
        super().__init__(required=True, metadata=described, **options)
        self._parse = parse_edtf if allow_interval else parse_edtf_point

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> UncertainDate:
        if not isinstance(value, str):
            raise ValidationError("Not a valid string.")
        try:
            return self._parse(value)
        except InvalidValue as error:
            raise ValidationError(f"{error.rule[0].upper()}{error.rule[1:]}.") from None


class Count(fields.Field[int]):
    """A whole number, 0 or more; true and 3.0 are no counts."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"type": "integer", "minimum": 0, "maximum": GREATEST_AMOUNT}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= GREATEST_AMOUNT:
            raise ValidationError("Must be a whole number, 0 or more.")
        return value


class Amount(fields.Field[float]):
    """A finite number, 0 or more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"type": "number", "minimum": 0, "maximum": GREATEST_AMOUNT}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= GREATEST_AMOUNT:  # which neither infinity nor NaN is
            raise ValidationError("Must be a finite number, 0 or more.")
        return float(value) if isinstance(value, float) and not value.is_integer() else int(value)


class Degrees(fields.Field[float]):
    """A coordinate in degrees, within ± `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(required=True, metadata={"type": "number", "minimum": -most, "maximum": most})
        self._most = most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not -self._most <= value <= self._most:
            raise ValidationError(f"Must be a number between -{self._most} and {self._most}.")
        return float(value)


class Flag(fields.Field[bool]):
    """true or false; 1 and "yes" are neither."""

    def __init__(self) -> None:
        super().__init__(required=True, metadata={"type": "boolean"})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


def reported_place(data: Mapping[str, Any]) -> ReportedPlace:
    """The place of a loaded mapping with text, country and subdivision."""
    return ReportedPlace(country=data["country"], subdivision=data["subdivision"] or "", text=data["text"])
