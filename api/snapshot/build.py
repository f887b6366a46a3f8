"""Building a snapshot: every version and figure of a database is read once, in batches, and put in order."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from api.database.engine import Database
from api.database.reads import columns as reads
from api.database.reads import releases
from api.domain.release import OPEN
from api.snapshot import ids
from api.snapshot.columns import MULTIPLE, SINGLE, WORD, Array, Identity, Measured, Snapshot
from api.snapshot.spots import follow, mercator, z_order

_TRIES = 3
_PLACE = SINGLE[:2]
_KIND = SINGLE[2:]


class Moved(Exception):
    """Something was published or redacted while it was being read, again and again."""


def build(database: Database) -> Snapshot:
    """A snapshot of the current release. Raises NothingPublished, DatabaseUnavailable, Moved."""
    for _ in range(_TRIES):
        before = current(database)
        snapshot = _read(database, before)
        if current(database) == before:
            return snapshot
    raise Moved


def current(database: Database) -> Identity:
    """Which snapshot is needed now. Raises NothingPublished, DatabaseUnavailable."""
    with database.reading() as connection:
        release, generation = releases.current(connection)
        return Identity(release.number, release.digest, generation, reads.history(connection))


class _Coder(dict[str, int]):
    """Numbers texts as they come."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number

    def numbers(self, texts: Sequence[str]) -> Array:
        """The number of each."""
        return np.fromiter(map(self.__getitem__, texts), np.uint32, len(texts))


def _read(database: Database, identity: Identity) -> Snapshot:
    coders = {name: _Coder() for name in ("place", "kind", "days", "lists")}
    columns, codes = _versions(database, identity, coders)
    place, kind, days, lists = (columns.pop(name) for name in coders)
    for names, coder, which in ((_PLACE, coders["place"], place), ((*_KIND, "is_date_certain"), coders["kind"], kind)):
        parts = list(zip(*(text.split(reads.SEPARATOR) for text in coder), strict=True)) or [()] * len(names)
        for name, texts in zip(names, parts, strict=True):
            if name == "is_date_certain":
                columns[name] = np.array([text == "1" for text in texts], bool)[which]
                continue
            codes[name] = ("", *sorted({*texts} - {""}))
            number_of = {code: number for number, code in enumerate(codes[name])}
            numbers = np.array([number_of[text] for text in texts], np.min_scalar_type(len(codes[name])))
            columns[name] = numbers[which]
    ends = [text.split(reads.SEPARATOR) for text in coders["days"]]
    for end, name in enumerate(("date_start", "date_end")):
        ordinals = [date.fromisoformat(pair[end]).toordinal() for pair in ends]
        columns[name] = np.array(ordinals, np.int32)[days]
    several = [text.split(reads.SEPARATOR) for text in coders["lists"]]
    for position, name in enumerate(MULTIPLE):
        held = [[code for code in pair[position].split(";") if code] for pair in several]
        codes[name], words = _bits(held)
        columns |= {f"{name}_{word}": bits[lists] for word, bits in enumerate(words)}
    arrays = _in_order(columns)
    version_of = np.full(int(arrays["row_id"].max(initial=0)) + 1, len(arrays["row_id"]), np.uint32)
    version_of[arrays["row_id"]] = np.arange(len(arrays["row_id"]), dtype=np.uint32)
    arrays["version_of"] = version_of
    measures = _figures(database, arrays)
    _duplicates(database, arrays)
    return Snapshot(identity, codes, measures, {name: np.ascontiguousarray(array) for name, array in arrays.items()})


def _versions(
    database: Database, identity: Identity, coders: dict[str, _Coder]
) -> tuple[dict[str, Array], dict[str, tuple[str, ...]]]:
    parts: dict[str, list[Array]] = {}
    for batch in reads.versions(database.engine, identity.release):
        row_id, id_, from_release, to_release, place, kind, days, lists, lon, lat, uncertainty_m = batch
        ends = np.array(to_release, np.int64)
        read = {
            "row_id": np.array(row_id, np.uint32),
            "id": ids.packed(id_),
            "from_release": np.array(from_release, np.int32),
            # What a later release ended while this was read is open still.
            "to_release": np.where(ends > identity.release, OPEN, ends).astype(np.int32),
            "place": coders["place"].numbers(place),
            "kind": coders["kind"].numbers(kind),
            "days": coders["days"].numbers(days),
            "lists": coders["lists"].numbers(lists),
            "lon": np.array(lon, float),
            "lat": np.array(lat, float),
            "uncertainty_m": np.array(uncertainty_m, np.int64),
        }
        for name, array in read.items():
            parts.setdefault(name, []).append(array)
    empty = ("row_id", "id", "from_release", "to_release", *coders, "lon", "lat", "uncertainty_m")
    return {name: np.concatenate(parts[name]) if name in parts else np.zeros(0, np.int64) for name in empty}, {}


def _bits(held: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], list[Array]]:
    """The codes of a list, and as many columns of bits as they need, one row for each of `held`."""
    codes = tuple(sorted({code for some in held for code in some}))
    place_of = {code: divmod(number, WORD) for number, code in enumerate(codes)}
    words = [[0] * len(held) for _ in range(-(-max(len(codes), 1) // WORD))]
    for row, some in enumerate(held):
        for code in some:
            word, bit = place_of[code]
            words[word][row] |= 1 << bit
    kind = np.min_scalar_type((1 << min(len(codes), WORD)) - 1)
    return codes, [np.array(bits, kind) for bits in words]


def _in_order(columns: dict[str, Array]) -> dict[str, Array]:
    """All columns in Z-order, and spots beside them."""
    lon, lat, uncertainty_m = (columns.pop(name) for name in ("lon", "lat", "uncertainty_m"))
    place = z_order(*mercator(lon, lat))
    order = np.lexsort((columns["row_id"], uncertainty_m, lat, lon, place))
    lon, lat, uncertainty_m = lon[order], lat[order], uncertainty_m[order]
    arrays = {name: array[order] for name, array in columns.items()}
    is_new = np.ones(len(order), bool)
    is_new[1:] = (np.diff(lon) != 0) | (np.diff(lat) != 0) | (np.diff(uncertainty_m) != 0)
    arrays["spot"] = (np.cumsum(is_new) - 1).astype(np.uint32)
    lon, lat = lon[is_new], lat[is_new]
    arrays |= {"lon": lon, "lat": lat, **follow(lon, lat, uncertainty_m[is_new])}
    arrays["mercator_x"], arrays["mercator_y"] = mercator(lon, lat)
    return arrays


def _figures(database: Database, arrays: dict[str, Array]) -> list[Measured]:
    coder = _Coder()
    read: dict[str, list[Array]] = {"version": [], "kinds": [], "count": [], "numbers": []}
    for row_id, kinds, packed in reads.figures(database.engine):
        version = _versions_of(arrays, np.array(row_id, np.int64))
        of_claims = np.frombuffer(b"".join(packed), "<f8").reshape(-1, 3)
        count = np.fromiter(map(len, packed), np.int64, len(packed)) // of_claims.itemsize // 3
        is_held = version < len(arrays["row_id"])
        read["version"].append(version[is_held])
        read["kinds"].append(coder.numbers(kinds)[is_held])
        read["count"].append(count[is_held])
        read["numbers"].append(of_claims[np.repeat(is_held, count)])
    which, count = _joined(read["kinds"], np.uint32), _joined(read["count"], np.int64)
    version = np.repeat(_joined(read["version"], np.uint32), count)
    numbers = np.concatenate(read["numbers"]) if read["numbers"] else np.zeros((0, 3))
    measured, group, marks = _kinds(coder, which, count)
    order = np.lexsort((version, group))
    arrays["figure_version"] = version[order].astype(np.uint32)
    arrays["figure_marks"] = marks[order]
    known = np.unique(numbers[~np.isnan(numbers)])
    for column, name in enumerate(("low", "best", "high")):
        value = numbers[order, column]
        found = np.where(np.isnan(value), 0, np.searchsorted(known, value) + 1)
        arrays[f"figure_{name}"] = found.astype(np.min_scalar_type(len(known) + 1))
    arrays["number"] = np.concatenate([[np.nan], known])
    bounds = np.searchsorted(group[order], np.arange(len(measured) + 1)).tolist()
    return [Measured(*pair, *ends) for pair, ends in zip(measured, pairwise(bounds), strict=True)]


def _kinds(coder: _Coder, which: Array, count: Array) -> tuple[list[tuple[str, str]], Array, Array]:
    """All measures with their currencies; of every claim the place among them, and the marks."""
    held = [[kind.split(reads.SEPARATOR) for kind in kinds.split(";")] for kinds in coder]
    measured = sorted({(measure, currency) for kinds in held for measure, currency, _ in kinds})
    number_of = {pair: number for number, pair in enumerate(measured)}
    group = [number_of[measure, currency] for kinds in held for measure, currency, _ in kinds]
    marks = [int(bits) for kinds in held for *_, bits in kinds]
    # Each row's kinds stand one after the other in those lists, from `first` on.
    first = np.cumsum([0, *map(len, held)])[which]
    place = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    return measured, np.array(group, np.int64)[place], np.array(marks, np.uint8)[place]


def _joined(parts: Sequence[Array], kind: type[np.generic]) -> Array:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _duplicates(database: Database, arrays: dict[str, Array]) -> None:
    links = reads.duplicates(database.engine)
    version = _versions_of(arrays, np.array([row_id for row_id, _ in links], np.int64))
    is_held = version < len(arrays["row_id"])
    arrays["duplicate_version"] = version[is_held]
    arrays["duplicate_id"] = ids.packed([other for _, other in links])[is_held]


def _versions_of(arrays: dict[str, Array], row_ids: Array) -> Array:
    """The version of each key, or as many as there are versions for one that is not among them."""
    version_of = arrays["version_of"]
    is_known = row_ids < len(version_of)
    absent = np.uint32(len(arrays["row_id"]))
    return np.where(is_known, version_of[np.where(is_known, row_ids, 0)], absent)
