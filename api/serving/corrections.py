"""The address that a refused question probably meant, offered only if it works."""

from collections.abc import Callable, Mapping

from api.domain.errors import InvalidQuery, ParameterProblem
from api.serving.query_string import Pairs

_ALIASES = {
    "search": "q", "query": "q", "text": "q", "keyword": "q",
    "per_page": "limit", "page_size": "limit", "pagesize": "limit", "size": "limit", "rows": "limit", "count": "limit",
    "max": "limit", "$limit": "limit", "sortby": "sort", "sort_by": "sort", "order_by": "sort", "orderby": "sort",
    "order": "sort", "country_code": "country", "iso": "country", "iso2": "country", "state": "admin1",
    "region": "admin1", "province": "admin1", "subdivision": "admin1", "type": "category", "id": "ids",
    "year": "datetime", "date": "datetime", "time": "datetime", "radius": "radius_m", "distance": "radius_m",
    "bounds": "bbox", "version": "release",
}  # fmt: skip
_FIRST_PAGE = {"page": ("1", "0"), "offset": ("0",), "skip": ("0",), "start_index": ("0",)}
_FORMATS = ("format", "f", "output", "fmt")
_STARTS = ("from", "since", "start", "start_date", "date_from", "starttime")
_ENDS = ("to", "until", "end", "end_date", "date_to", "endtime")
_LONGITUDES, _LATITUDES = ("lon", "lng", "long", "longitude"), ("lat", "latitude")
_DEFAULT_RADIUS_M = "50000"

Check = Callable[[str, Pairs], object]


def correct(
    path: str, pairs: Pairs, error: InvalidQuery, *, extensions: tuple[str, ...], check: Check
) -> tuple[str, Pairs] | None:
    """The path and pairs that were probably meant; None when there is no guess, or `check` refuses it too.

    No filter is ever dropped: every pair stays, under another name or with another spelling.
    """
    suggestions = {problem.parameter: problem for problem in error.problems if problem.suggestion}
    unknown = {problem.parameter for problem in error.problems if problem.rule.startswith("there is no such")}
    new_path, kept = _move_format(path, pairs, unknown, extensions)
    kept = _join(_join_position(kept, unknown), unknown)
    corrected = [_corrected(pair, suggestions, unknown) for pair in kept if pair[1] not in _FIRST_PAGE.get(pair[0], ())]
    if (new_path, corrected) == (path, pairs):
        return None
    try:
        check(new_path, corrected)
    except InvalidQuery:
        return None
    return new_path, corrected


def _corrected(
    pair: tuple[str, str], suggestions: Mapping[str, ParameterProblem], unknown: set[str]
) -> tuple[str, str]:
    name, value = pair
    if name in unknown:
        problem = suggestions.get(name)
        return _ALIASES.get(name.lower()) or (problem and problem.suggestion) or name, value
    if name in suggestions:
        return name, suggestions[name].suggestion or value
    return pair


def _move_format(path: str, pairs: Pairs, unknown: set[str], extensions: tuple[str, ...]) -> tuple[str, Pairs]:
    for name, value in pairs:
        wanted = value.lower().removeprefix("application/").replace("geo+json", "geojson")
        if name.lower() in _FORMATS and name in unknown and (wanted in extensions or wanted == "json"):
            rest = [pair for pair in pairs if pair != (name, value)]
            return (f"{path}.{wanted}" if wanted in extensions else path), rest
    return path, pairs


def _join_position(pairs: Pairs, unknown: set[str]) -> Pairs:
    lon, lat = (_value(pairs, names, unknown) for names in (_LONGITUDES, _LATITUDES))
    if lon is None or lat is None:
        return pairs
    kept = [pair for pair in pairs if pair[0].lower() not in _LONGITUDES + _LATITUDES]
    has_radius = any(name in ("radius_m", "radius", "distance") for name, _ in kept)
    return [*kept, ("near", f"{lon},{lat}"), *([] if has_radius else [("radius_m", _DEFAULT_RADIUS_M)])]


def _join(pairs: Pairs, unknown: set[str]) -> Pairs:
    start, end = (_value(pairs, names, unknown) for names in (_STARTS, _ENDS))
    if start is None and end is None:
        return pairs
    kept = [pair for pair in pairs if pair[0].lower() not in _STARTS + _ENDS]
    return [*kept, ("datetime", f"{start or '..'}/{end or '..'}")]


def _value(pairs: Pairs, names: tuple[str, ...], unknown: set[str]) -> str | None:
    return next((value for name, value in pairs if name in unknown and name.lower() in names), None)
