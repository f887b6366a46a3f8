"""Filters in words, licences by their names."""

from dataclasses import replace
from typing import Any

import pytest

from api.domain.citation import licence_name
from api.domain.query import IncidentFilter
from api.domain.wording import in_words
from api.schemas.parameters.load import load
from api.schemas.parameters.queries import PageSchema


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, ""),
        ({"country": "pe,ID"}, "country ID or PE"),
        ({"country": "PE", "outcome": "released"}, "country PE; outcome released"),
        ({"datetime": "2018"}, "date within 2018-01-01 to 2018-12-31"),
        ({"datetime": "2018-11-06"}, "date within 2018-11-06"),
        ({"datetime": "2018/.."}, "date within 2018-01-01 and later"),
        ({"datetime": "../2018"}, "date within 2018-12-31 and earlier"),
        ({"bbox": "170,-10,-170,10.5"}, "within 170 to -170 degrees east and -10 to 10.5 north"),
        ({"near": "1,2", "radius_m": "5000"}, "within 5000 metres of 1, 2 (lon, lat)"),
        (
            {"near": "1,2", "radius_m": "5", "match": "certain"},
            "within 5 metres of 1, 2 (lon, lat); only what certainly lies there counts",
        ),
        ({"max_uncertainty_m": "25000", "q": "Niño robado"}, "known to within 25000 metres; words: nino robado"),
        ({"ids": "PE-2018-0001"}, "identifier PE-2018-0001"),
        (
            {"ids": ",".join(f"PE-2018-000{n}" for n in range(7))},
            "identifier " + " or ".join(f"PE-2018-000{n}" for n in range(5)) + " and 2 more",
        ),
    ],
)
def test_a_filter_is_told_in_words(asked: dict[str, str], words: str) -> None:
    assert in_words(load(PageSchema(), asked.items(), {}).where) == words


def test_every_filter_has_words() -> None:
    assert not in_words(IncidentFilter())
    for name in IncidentFilter.__slots__:
        if name not in ("datetime", "bbox", "near", "match", "max_uncertainty_m"):
            given: dict[str, Any] = {name: ("xyz",)}
            assert "xyz" in in_words(replace(IncidentFilter(), **given)), name


@pytest.mark.parametrize(
    ("code", "name"),
    [("CC-BY-4.0", "CC BY 4.0"), ("CC-BY-SA-4.0", "CC BY-SA 4.0"), ("CC0-1.0", "CC0-1.0"), ("ODbL-1.0", "ODbL-1.0")],
)
def test_a_licence_is_called_as_people_call_it(code: str, name: str) -> None:
    assert licence_name(code) == name
