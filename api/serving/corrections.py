"""The address that a refused question probably meant, offered only if it works."""

from collections.abc import Callable, Mapping

from api.domain.errors import FoundlingError, InvalidQuery, ParameterProblem
from api.serving.query_string import Pairs

_ALIASES = {
    "search": "q", "query": "q", "text": "q", "keyword": "q",
    "per_page": "limit", "page_size": "limit", "pagesize": "limit", "size": "limit", "rows": "limit", "count": "limit",
    "max": "limit", "$limit": "limit", "sortby": "sort", "sort_by": "sort", "order_by": "sort", "orderby": "sort",
    "order": "sort", "country_code": "country", "iso": "country", "iso2": "country", "state": "admin1",
    "region": "admin1", "province": "admin1", "subdivision": "admin1", "type": "category", "id": "ids",
    "year": "datetime", "date": "datetime", "time": "datetime", "radius": "radius_m", "distance": "radius_m",
    "distance_m": "radius_m", "accuracy": "max_uncertainty_m", "accuracy_m": "max_uncertainty_m",
    "max_uncertainty": "max_uncertainty_m", "uncertainty": "max_uncertainty_m", "uncertainty_m": "max_uncertainty_m",
    "max_accuracy": "max_uncertainty_m", "$count": "count", "total": "count", "include_total": "count",
    "language": "lang", "locale": "lang", "countries": "country", "categories": "category",
    "bounds": "bbox", "version": "release",
}  # fmt: skip
_FIRST_PAGE = {"page": ("1", "0"), "offset": ("0",), "skip": ("0",), "start_index": ("0",)}
_FORMATS = ("format", "f", "output", "fmt")
_STARTS = ("from", "since", "start", "start_date", "date_from", "starttime")
_ENDS = ("to", "until", "end", "end_date", "date_to", "endtime")
_LONGITUDES, _LATITUDES = ("lon", "lng", "long", "longitude"), ("lat", "latitude")
_YES = ("true", "yes")
_DEFAULT_RADIUS_M = "50000"
_ROUNDS = 3  # a name may be mended first, then its value

PAGE = ""
"""Stands among the extensions of an address that is a page without one."""

Check = Callable[[str, Pairs], object]


def correct(
    path: str, pairs: Pairs, error: InvalidQuery, *, extensions: tuple[str, ...], check: Check
) -> tuple[str, Pairs] | None:
    """The path and pairs that were probably meant; None when there is no guess that `check` accepts.

    No filter is ever dropped: every pair stays, under another name or with another spelling.
    """
    found = path, pairs
    for _ in range(_ROUNDS):
        guess = _guess(*found, error, extensions)
        if guess == found:
            return None
        try:
            check(*guess)
        except InvalidQuery as remaining:
            found, error = guess, remaining
        except FoundlingError:  # no such release, or no database to ask: then nothing is known to work
            return None
        else:
            return guess
    return None


def _guess(path: str, pairs: Pairs, error: InvalidQuery, extensions: tuple[str, ...]) -> tuple[str, Pairs]:
    suggestions = {problem.parameter: problem for problem in error.problems if problem.suggestion}
    refused = {problem.parameter for problem in error.problems}
    unknown = {problem.parameter for problem in error.problems if problem.rule.startswith("there is no such")}
    path, kept = _move_format(path, pairs, unknown, extensions)
    kept = _join_dates(_join_position(kept, unknown), unknown)
    kept = [pair for pair in kept if pair[1] not in _FIRST_PAGE.get(pair[0], ())]
    # A suggestion stands for all values of its parameter: once is enough.
    return path, list(dict.fromkeys(_corrected(pair, suggestions, unknown, refused) for pair in kept))


def _corrected(
    pair: tuple[str, str], suggestions: Mapping[str, ParameterProblem], unknown: set[str], refused: set[str]
) -> tuple[str, str]:
    name, value = pair
    if name in unknown:
        problem = suggestions.get(name)
        return _ALIASES.get(name.lower()) or (problem and problem.suggestion) or name, value
    if name == "count" and name in refused and value.isdigit():
        return "limit", value  # what other APIs call a page's size
    if name == "count" and name in refused and value.lower() in _YES:
        return name, "exact"
    if name in suggestions:
        return name, suggestions[name].suggestion or value
    return pair


def _move_format(path: str, pairs: Pairs, unknown: set[str], extensions: tuple[str, ...]) -> tuple[str, Pairs]:
    base = path.partition(".")[0] if extensions else path
    asked = [pair for pair in pairs if pair[0].lower() in _FORMATS and pair[0] in unknown]
    if len(set(asked)) != 1:
        return path, pairs
    wanted = asked[0][1].lower().removeprefix("application/").replace("geo+json", "geojson")
    # What asks for JSON asks for the page, where there is one: the file of that name is for those who know of it.
    has_page = wanted == "json" and (PAGE in extensions or not extensions)
    if wanted not in extensions and not has_page:
        return path, pairs
    return (base if has_page else f"{base}.{wanted}"), [pair for pair in pairs if pair not in asked]


def _join_position(pairs: Pairs, unknown: set[str]) -> Pairs:
    lons, lats = (_values(pairs, names, unknown) for names in (_LONGITUDES, _LATITUDES))
    if (len(lons), len(lats)) != (1, 1):
        return pairs
    kept = [pair for pair in pairs if pair[0].lower() not in _LONGITUDES + _LATITUDES]
    has_radius = any(_ALIASES.get(name, name) == "radius_m" for name, _ in kept)
    return [*kept, ("near", f"{lons[0]},{lats[0]}"), *([] if has_radius else [("radius_m", _DEFAULT_RADIUS_M)])]


def _join_dates(pairs: Pairs, unknown: set[str]) -> Pairs:
    starts, ends = (_values(pairs, names, unknown) for names in (_STARTS, _ENDS))
    if (len(starts), len(ends)) not in ((1, 0), (0, 1), (1, 1)):
        return pairs
    kept = [pair for pair in pairs if pair[0].lower() not in _STARTS + _ENDS]
    return [*kept, ("datetime", f"{''.join(starts) or '..'}/{''.join(ends) or '..'}")]


def _values(pairs: Pairs, names: tuple[str, ...], unknown: set[str]) -> list[str]:
    return [value for name, value in pairs if name in unknown and name.lower() in names]
