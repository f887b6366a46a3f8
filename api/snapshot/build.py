"""Building a snapshot: every version and figure of a database is read once, in batches, and put in order."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from api.database.engine import Database
from api.database.reads import columns as reads
from api.database.reads import releases
from api.snapshot import ids
from api.snapshot.coding import Coder, Texts
from api.snapshot.columns import Array, Identity, Measured, Snapshot
from api.snapshot.spots import follow, mercator, z_order

_TRIES = 3
_OF_SPOTS = ("lon", "lat", "uncertainty_m", "disk_west", "disk_east")


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


def _read(database: Database, identity: Identity) -> Snapshot:
    texts = Texts()
    columns = _versions(database, identity, texts)
    codes, coded = texts.columns({name: columns.pop(name) for name in Texts.NAMES})
    arrays = _in_order(columns | coded)
    version_of = np.full(int(arrays["row_id"].max(initial=0)) + 1, len(arrays["row_id"]), np.uint32)
    version_of[arrays["row_id"]] = np.arange(len(arrays["row_id"]), dtype=np.uint32)
    arrays["version_of"] = version_of
    arrays["by_id"] = np.argsort(arrays["id"], kind="stable").astype(np.uint32)
    arrays["rank"] = _rank(arrays["id"], arrays["by_id"])
    measures = _figures(database, arrays)
    _duplicates(database, arrays)
    return Snapshot(identity, codes, measures, {name: np.ascontiguousarray(array) for name, array in arrays.items()})


def _versions(database: Database, identity: Identity, texts: Texts) -> dict[str, Array]:
    names = ("row_id", "id", "from_release", "to_release", *Texts.NAMES, *_OF_SPOTS)
    parts: dict[str, list[Array]] = {name: [] for name in names}
    release = np.min_scalar_type(identity.release + 1)
    for batch in reads.versions(database.engine, identity.release):
        read = dict(zip(names, batch, strict=True))
        parts["row_id"].append(np.array(read["row_id"], np.uint32))
        parts["id"].append(ids.packed(read["id"]))
        parts["from_release"].append(np.array(read["from_release"], release))
        # What a later release ended while this was read is open still.
        ends = np.minimum(np.array(read["to_release"], np.int64), identity.release + 1)
        parts["to_release"].append(ends.astype(release))
        for name in Texts.NAMES:
            parts[name].append(texts.numbers(name, read[name]))
        for name in _OF_SPOTS:
            parts[name].append(np.array(read[name], np.int64 if name == "uncertainty_m" else float))
    return {name: _joined(some, np.uint32) for name, some in parts.items()}


def _in_order(columns: dict[str, Array]) -> dict[str, Array]:
    """All columns in Z-order, and spots beside them."""
    lon, lat, uncertainty_m, *disk = (columns.pop(name) for name in _OF_SPOTS)
    place = z_order(*mercator(lon, lat))
    # Within a spot by precision, so that what is one area on a map is one run.
    order = np.lexsort((columns["row_id"], columns["precision"], uncertainty_m, lat, lon, place))
    lon, lat, uncertainty_m = lon[order], lat[order], uncertainty_m[order]
    arrays = {name: array[order] for name, array in columns.items()}
    is_new = np.ones(len(order), bool)
    is_new[1:] = (np.diff(lon) != 0) | (np.diff(lat) != 0) | (np.diff(uncertainty_m) != 0)
    arrays["spot"] = (np.cumsum(is_new) - 1).astype(np.uint32)
    lon, lat = lon[is_new], lat[is_new]
    arrays |= {"lon": lon, "lat": lat, **follow(lon, lat, uncertainty_m[is_new])}
    arrays["disk_west"], arrays["disk_east"] = (ends[order][is_new] for ends in disk)
    arrays["mercator_x"], arrays["mercator_y"] = mercator(lon, lat)
    arrays["z_order"] = place[order][is_new]
    return arrays


def _rank(numbers: Array, order: Array) -> Array:
    """Of each version the place of its id among all ids."""
    place = np.zeros(len(order), np.uint32)
    place[1:] = np.cumsum(np.diff(numbers[order]) != 0)
    rank = np.empty(len(order), np.uint32)
    rank[order] = place
    return rank


def _figures(database: Database, arrays: dict[str, Array]) -> list[Measured]:
    coder = Coder()
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


def _kinds(coder: Coder, which: Array, count: Array) -> tuple[list[tuple[str, str]], Array, Array]:
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
    ones = _versions_of(arrays, np.array([row_id for row_id, _ in links], np.int64))
    others = ids.places(arrays["id"], arrays["by_id"], [identifier for _, identifier in links])
    pairs = [
        (one, other)
        for one, versions in zip(ones.tolist(), others, strict=True)
        if one < len(arrays["row_id"])
        for other in versions.tolist()
    ]
    arrays["duplicate"] = np.array([one for one, _ in pairs], np.uint32)
    arrays["duplicate_of"] = np.array([other for _, other in pairs], np.uint32)


def _versions_of(arrays: dict[str, Array], row_ids: Array) -> Array:
    """The version of each key, or as many as there are versions for one that is not among them."""
    version_of = arrays["version_of"]
    is_known = row_ids < len(version_of)
    absent = np.uint32(len(arrays["row_id"]))
    return np.where(is_known, version_of[np.where(is_known, row_ids, 0)], absent)
