"""What a reader asks: one frozen value that every layer takes."""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass, field, fields, replace
from typing import Literal, get_args

from api.domain.area import Bbox, Circle
from api.domain.dates import Interval
from api.domain.errors import InvalidValue

CODE_FILTERS = ("country", "admin1", "category", "method", "purpose", "outcome", "precision", "verification")
"""Filters that hold a list of codes, united; each is a field of IncidentFilter under the same name."""

Match = Literal["point", "possible", "certain"]
"""What has to lie in `bbox`, `near` and `datetime`: the point and any day; anything possible; all that is possible."""

MATCHES: tuple[Match, ...] = get_args(Match)

_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""NUL and halves of surrogate pairs, which a database refuses, and controls, which no key holds."""

SORT_KEYS = ("date_start", "date_end", "id", "country", "admin1", "category", "uncertainty_m", "updated")


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents are asked for. Everything given must hold; an empty tuple or None asks for all.

    Code lists are sorted and without repetition, so that equal questions are equal values.
    `q` holds folded words, all of which must occur; the last may be the beginning of a word. `match` is `point`
    wherever the other two would ask for the same: `possible` governs areas, `certain` areas and days.
    """

    country: tuple[str, ...] = ()
    admin1: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    purpose: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    precision: tuple[str, ...] = ()
    verification: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    datetime: Interval | None = None
    bbox: Bbox | None = None
    near: Circle | None = None
    match: Match = "point"
    max_uncertainty_m: float | None = None
    q: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        has_area = self.bbox is not None or self.near is not None
        if not has_area and (self.match == "possible" or self.datetime is None):
            object.__setattr__(self, "match", "point")

    def given(self) -> list[str]:
        """Names of the filters that are given."""
        return [one.name for one in fields(self) if getattr(self, one.name) != one.default]

    def without(self, name: str) -> "IncidentFilter":
        """The same question, one filter left out."""
        return replace(self, **{name: getattr(IncidentFilter(), name)})

    def parameters(self) -> dict[str, str]:
        """The query parameters that ask for this, in canonical spelling and order."""
        found = {name: ",".join(getattr(self, name)) for name in (*CODE_FILTERS, "ids")}
        if self.datetime:
            found["datetime"] = _interval_text(self.datetime)
        if self.bbox:
            box = self.bbox
            found["bbox"] = ",".join(_number_text(n) for n in (box.west, box.south, box.east, box.north))
        if self.near:
            found["near"] = f"{_number_text(self.near.lon)},{_number_text(self.near.lat)}"
            found["radius_m"] = _number_text(self.near.radius_m)
        if self.match != "point":
            found["match"] = self.match
        if self.max_uncertainty_m is not None:
            found["max_uncertainty_m"] = _number_text(self.max_uncertainty_m)
        found["q"] = " ".join(self.q)
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Sort:
    """The column that orders a page; ties go by id, in the same direction."""

    key: str = "date_start"
    is_descending: bool = True

    def __str__(self) -> str:
        return f"-{self.key}" if self.is_descending else self.key


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the release it reads, the order, the last row's key, and which question was asked."""

    release: int
    sort: str
    key: str | int
    id: str
    question: str

    def encode(self) -> str:
        """Base64url without padding."""
        packed = json.dumps([self.release, self.sort, self.key, self.id, self.question], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).rstrip(b"=").decode()


def parse_cursor(text: str) -> Cursor:
    """The cursor that `Cursor.encode` wrote. Raises InvalidValue for anything else."""
    refusal = InvalidValue("this is no cursor of this API; start without one and follow links.next")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        parts = json.loads(packed)
    except (binascii.Error, ValueError, RecursionError):
        raise refusal from None
    match parts:
        case [int(release), str(sort), str() | int() as key, str(incident_id), str(question)]:
            cursor = Cursor(release, sort, key, incident_id, question)
            # Anyone can write one: true is a number to Python, and base64 has many spellings of the same bytes.
            is_number = isinstance(key, int) and not isinstance(key, bool) and abs(key) < 2**62
            is_storable = not _UNSTORABLE.search(f"{sort}{key}{incident_id}{question}")
            is_release = not isinstance(release, bool) and 0 < release < 2**31
            if is_release and (is_number or isinstance(key, str)) and is_storable and cursor.encode() == text:
                return cursor
    raise refusal


def parse_sort(text: str) -> Sort:
    """A sort key, with `-` before it for the greatest first. Raises InvalidValue."""
    key = text.removeprefix("-")
    if key not in SORT_KEYS:
        raise InvalidValue(f"sort by one of {', '.join(SORT_KEYS)}, with - before it for descending")
    return Sort(key, text.startswith("-"))


@dataclass(frozen=True, slots=True)
class PageQuery:
    """A page of a question: at most `limit` rows in the order of `sort`, after `cursor`; None is the first page.

    `release` None means the current one; a cursor pins its own. `lang` is the language that the address names, if any.
    `is_counted` asks how many rows there are in all, however many.
    """

    where: IncidentFilter
    sort: Sort
    limit: int
    cursor: Cursor | None
    release: int | None
    lang: str | None = None
    is_counted: bool = False


Geometry = Literal["point", "area"]
"""What stands for an incident on a map: its point, or the disk of `uncertainty_m` around it."""

GEOMETRIES: tuple[Geometry, ...] = get_args(Geometry)


@dataclass(frozen=True, slots=True)
class FileQuery:
    """A whole file of a question: `columns` are those asked for, in their order; an empty tuple asks for all.

    `since` is given where changes are asked for, and nowhere else. The rest is as in PageQuery.
    """

    where: IncidentFilter
    sort: Sort = field(default_factory=Sort)
    release: int | None = None
    lang: str | None = None
    columns: tuple[str, ...] = ()
    has_bom: bool = False
    geometry: Geometry = "point"
    since: int | None = None

    def parameters(self) -> dict[str, str]:
        """What it asks for, in canonical spelling and order: neither of which release, nor in which language."""
        asked = self.where.parameters()
        if self.sort != Sort():
            asked["sort"] = str(self.sort)
        if self.columns:
            asked["fields"] = ",".join(self.columns)
        if self.geometry != "point":
            asked["geometry"] = self.geometry
        if self.since is not None:
            asked["since"] = str(self.since)
        return asked


@dataclass(frozen=True, slots=True)
class CitationQuery:
    """How to cite the answer to a question; `form` is the name of a citation format, None the usual one."""

    where: IncidentFilter
    form: str | None = None
    release: int | None = None
    lang: str | None = None


def question_hash(where: IncidentFilter) -> str:
    """Twelve characters that tell two questions apart, so that a cursor is not used with another filter."""
    return hashlib.sha256(json.dumps(where.parameters()).encode()).hexdigest()[:12]


def _interval_text(interval: Interval) -> str:
    if interval.start == interval.end and interval.start is not None:
        return interval.start.isoformat()
    return "/".join(day.isoformat() if day else ".." for day in (interval.start, interval.end))


def _number_text(number: float) -> str:
    return repr(number + 0.0).removesuffix(".0")  # 0.0 added to -0.0 is 0.0
