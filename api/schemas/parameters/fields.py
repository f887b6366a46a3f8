"""Query parameters as fields: raw text is held to an ASCII pattern before anything converts it.

(marshmallow's own numbers take `1_0`, `٣` and ` 3 `; the standard's take none of these.)
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from marshmallow import ValidationError, fields, missing

from api.domain.area import Bbox, parse_bbox
from api.domain.dates import Interval, parse_interval
from api.domain.errors import InvalidValue
from api.domain.folding import fold
from api.domain.query import Cursor, Sort, parse_cursor, parse_sort

T = TypeVar("T")

MAX_IDS = 200
MAX_CODES = 100
MAX_WORDS = 20

# As long as Python itself writes them: what is asked comes back in links.
_NUMBER = re.compile(r"-?(?:\d{1,17}(?:\.\d{0,25})?|\.\d{1,25})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"\d+", re.ASCII)


def _number(text: str) -> float:
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise ValidationError("write a plain decimal number, such as -71.5")
    return number + 0.0  # -0 is 0, so that one question has one spelling


class Codes(fields.List[str]):
    """Codes with commas between them; any case is accepted, one is canonical.

    They come as a sorted tuple; those of `choices` in the order in which they are given.
    """

    def __init__(
        self,
        pattern: str,
        canonical: Callable[[str], str],
        *,
        most: int = MAX_CODES,
        choices: tuple[str, ...] = (),
        **metadata: Any,
    ) -> None:
        described = fields.String(metadata={"enum": list(choices)} if choices else {"pattern": f"^{pattern}$"})
        super().__init__(
            described, metadata=metadata | {"minItems": 1, "maxItems": most, "style": "form", "explode": False}
        )
        self._pattern = re.compile(pattern, re.ASCII)
        self._canonical = canonical
        self._most = most
        self._is_ordered = bool(choices)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        codes = [self._canonical(code.strip(" ")) for code in value.split(",")]
        if not all(self._pattern.fullmatch(code) for code in codes):
            raise ValidationError(f"write codes that match {self._pattern.pattern}, with commas between them")
        if len(codes) > self._most:
            raise ValidationError(f"give at most {self._most}; for more, take a whole file and filter it yourself")
        return tuple(dict.fromkeys(codes) if self._is_ordered else sorted(set(codes)))


class Code(fields.String):
    """One code of a codelist; any case is accepted, one is canonical."""

    def __init__(self, pattern: str, canonical: Callable[[str], str], **metadata: Any) -> None:
        super().__init__(metadata={"pattern": f"^{pattern}$"} | metadata)
        self._pattern = re.compile(pattern, re.ASCII)
        self._canonical = canonical

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        code = self._canonical(value.strip(" "))
        if not self._pattern.fullmatch(code):
            raise ValidationError(f"write one code that matches {self._pattern.pattern}")
        return code


class Columns(Codes):
    """Columns of a table with commas between them, in the order asked for, each once."""

    def __init__(self, names: tuple[str, ...], **metadata: Any) -> None:
        super().__init__(r"[a-z][a-z0-9_]*", str.lower, most=len(names), **metadata)
        self.names = names
        self.inner.metadata = {"enum": list(names)}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        names = [name.strip(" ").lower() for name in value.split(",")]
        asked = dict.fromkeys(names)
        unknown = [name for name in asked if name not in self.names]
        if unknown:
            raise ValidationError(f"no such column: {', '.join(unknown)[:200]}; there are {', '.join(self.names)}")
        if len(names) > len(self.names):
            raise ValidationError(f"give each column once; there are {len(self.names)}")
        return tuple(asked)


class Word(fields.String):
    """One code of a fixed set."""

    def __init__(self, choices: tuple[str, ...], **metadata: Any) -> None:
        super().__init__(metadata={"enum": list(choices)} | metadata)
        self._choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if value not in self._choices:
            raise ValidationError(f"write one of {', '.join(self._choices)}")
        return value


class Number(fields.Field[float]):
    """A decimal number from 0 to `most`; 0 itself only where `takes_zero`."""

    def __init__(self, *, most: float, takes_zero: bool = False, **metadata: Any) -> None:
        least = {"minimum": 0} if takes_zero else {"exclusiveMinimum": 0}
        super().__init__(metadata={"type": "number", **least, "maximum": most} | metadata)
        self._most, self._takes_zero = most, takes_zero

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        number = _number(value)
        if not (0 <= number <= self._most) or (number == 0 and not self._takes_zero):
            least = "from 0 to" if self._takes_zero else "above 0, up to"
            raise ValidationError(f"write a number {least} {self._most:,.0f}")
        return number


class Whole(fields.Field[int]):
    """A whole number from `least` to `most`; greater ones are an error, or clamped where `clamps`.

    `needed` makes the parameter a required one, and is what to say where it is missing.
    """

    def __init__(
        self,
        *,
        most: int,
        least: int = 1,
        clamps: bool = False,
        load_default: Any = missing,
        needed: str | None = None,
        **metadata: Any,
    ) -> None:
        bounds = {"type": "integer", "minimum": least} | ({} if clamps else {"maximum": most})
        messages: dict[str, Any] | None = {"required": needed} if needed else None
        super().__init__(
            load_default=load_default, required=bool(needed), error_messages=messages, metadata=bounds | metadata
        )
        self._least, self._most, self._clamps = least, most, clamps

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        # Twenty digits are beyond every bound here; int() need not see thousands.
        number = int(value.lstrip("0")[:20] or "0") if _WHOLE.fullmatch(value) else -1
        if number < self._least:
            raise ValidationError(f"write a whole number, {self._least} or more")
        if number > self._most and not self._clamps:
            raise ValidationError(f"write a whole number from {self._least} to {self._most:,}")
        return min(number, self._most)


class Position(fields.Field[tuple[float, float]]):
    """A point: lon,lat in degrees."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> tuple[float, float]:
        numbers = [_number(part) for part in value.split(",", 3)]
        if len(numbers) != 2:
            raise ValidationError("write two numbers: lon,lat in degrees")
        lon, lat = numbers
        if not -90 <= lat <= 90:
            raise ValidationError("the second number is the latitude, between -90 and 90: the order is lon,lat")
        if not -180 <= lon <= 180:
            raise ValidationError("the first number is the longitude, between -180 and 180")
        return lon, lat


class Box(fields.Field[Bbox]):
    """A box: west,south,east,north in degrees."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Bbox:
        return _by_rule(lambda: parse_bbox([_number(part) for part in value.split(",", 5)]))


class Days(fields.Field[Interval]):
    """A day, month, year or interval of two of these."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Interval:
        return _by_rule(lambda: parse_interval(value))


class SortKey(fields.Field[Sort]):
    """A column to sort by."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Sort:
        return _by_rule(lambda: parse_sort(value))


class CursorText(fields.Field[Cursor]):
    """The place where an earlier page ended."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Cursor:
        return _by_rule(lambda: parse_cursor(value))


class Words(fields.Field[tuple[str, ...]]):
    """Words to search for, folded."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> tuple[str, ...]:
        words = tuple(fold(value).split())
        if not words:
            raise ValidationError("write at least one letter or digit")
        if len(words) > MAX_WORDS:
            raise ValidationError(f"write at most {MAX_WORDS} words")
        return words


def _by_rule(parse: Callable[[], T]) -> T:
    try:
        return parse()
    except InvalidValue as error:
        raise ValidationError(error.rule) from None
