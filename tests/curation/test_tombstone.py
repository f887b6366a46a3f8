"""Tombstones: made from the entry alone, the same for ever, and read like any other version."""

import orjson
import pytest

from api.curation import tombstone, versions
from api.domain.columns import COLUMNS, STORED_NAMES
from api.domain.redaction import Redaction
from api.schemas.answers.incidents import IncidentSchema
from api.schemas.seeds.load import load

ENTRY = {
    "id": "PE-2018-0001", "reason": "privacy", "redacted": "2026-11-24", "category": "infant_sale_ring",
    "country": "PE", "years": "2018",
}  # fmt: skip
STAMPED = {"updated", "updated_release"}


def test_a_tombstone_holds_what_its_entry_says_and_nothing_else() -> None:
    version = tombstone.build(Redaction(**ENTRY))
    flat = orjson.loads(version.flat)
    assert tuple(flat) == tuple(name for name in STORED_NAMES if name not in STAMPED)
    told = {name: value for name, value in flat.items() if value not in (None, "", 0)}
    assert told.pop("summary").startswith("This record was redacted")
    assert told == {
        "id": "PE-2018-0001", "title": "Redacted record", "category": "infant_sale_ring", "date_edtf": "2018",
        "date_start": "2018-01-01", "date_end": "2018-12-31", "date_precision": "year", "country": "PE",
        "country_iso3": "PER", "country_name": "Peru", "place": "Peru", "place_name": "Peru", "lon": -73.4,
        "lat": -8.9, "precision": "country", "uncertainty_m": 1017002, "place_id": "geonames:3932488",
        "redacted": "2026-11-24", "redaction_reason": "privacy",
    }  # fmt: skip
    assert (version.outcome, version.verification, version.admin1, version.seed_digest) == ("", "", "", "")


def test_only_nullable_columns_are_null() -> None:
    flat = orjson.loads(tombstone.build(Redaction(**ENTRY)).flat)
    for column in COLUMNS:
        if column.name in flat:
            assert column.is_nullable or flat[column.name] is not None, column.name


def test_the_document_has_the_form_of_every_answer() -> None:
    document = orjson.loads(tombstone.build(Redaction(**ENTRY)).document)
    stamped = document | {"updated": "2026-11-24T07:00:00Z", "updated_release": 1}
    assert IncidentSchema().validate(stamped) == {}
    assert set(document["title"]) == set(document["summary"]) == {"en", "es", "id"}


def test_it_is_restored_from_its_document_like_any_version() -> None:
    version = tombstone.build(Redaction(**ENTRY))
    assert versions.restore(orjson.loads(version.document)) == version


def test_a_doubtful_year_stays_doubtful() -> None:
    assert tombstone.build(Redaction(**ENTRY | {"years": "2018?"})).is_date_certain is False
    assert tombstone.build(Redaction(**ENTRY | {"years": "2017/2018"})).date_start == "2017-01-01"


def test_an_entry_is_loaded_as_it_is_written() -> None:
    assert load("redactions", ENTRY) == (Redaction(**ENTRY), [])


@pytest.mark.parametrize(("name", "value"), [
    ("id", "PE-2018-1"), ("reason", "because"), ("reason", None), ("redacted", "2026-02-30"), ("redacted", "20261124"),
    ("category", "Infant Sale"), ("country", "ZZ"), ("country", "pe"), ("country", ["PE"]), ("years", "2018-11"),
    ("years", "2019/2018"), ("years", "0000"), ("years", "2018/2019/2020"), ("years", "2018\n"), ("years", "٢٠١٨"),
    ("years", ""), ("note", "anything"),
])  # fmt: skip
def test_an_entry_of_another_form_is_refused(name: str, value: object) -> None:
    loaded, faults = load("redactions", ENTRY | {name: value})
    assert loaded is None
    assert [path for path, _ in faults] == [(name,)]


@pytest.mark.parametrize("name", ENTRY)
def test_every_key_of_an_entry_is_needed(name: str) -> None:
    loaded, faults = load("redactions", {key: value for key, value in ENTRY.items() if key != name})
    assert loaded is None
    assert faults[0][0] == (name,)
