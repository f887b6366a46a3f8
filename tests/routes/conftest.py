"""Invented incidents: some that tie on every column, and more than are counted."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.curation.attach import LocatedIncident
from api.curation.versions import build
from api.domain.release import Release


@pytest.fixture(scope="session")
def invented(locate: Callable[..., LocatedIncident]) -> list[LocatedIncident]:
    """Sixty-four incidents, of which many share a date, a country, an area or a radius."""
    chance = random.Random(7)
    return [
        locate(
            f"{country}-20{chance.randint(10, 18)}-{number:04d}",
            country=country,
            admin1=chance.choice([None, f"{country}-A", f"{country}-B"]),
            lon=round(chance.uniform(-180, 180), 3),
            lat=round(chance.uniform(-80, 80), 3),
            date=chance.choice(["2013", "2018-04", "2018-04-01", "2018-04-25/2018-04-27", "2018-11-06", "2018~"]),
            uncertainty_m=chance.choice([1000, 3000, 3001, 200_000]),
            category=chance.choice(["other", "online_sale", "abduction"]),
        )
        for number, country in enumerate(chance.choices(["PE", "NG", "ID", "NA"], k=64))
    ]


@pytest.fixture(scope="session")
def invented_url(
    new_url: Callable[[], str], invented: list[LocatedIncident], append_incidents: Callable[..., Release]
) -> str:
    """A database in which they entered with three releases."""
    url = new_url()
    for count in (20, 41, 64):
        append_incidents(url, invented[:count])
    return url


@pytest.fixture(scope="session")
def invented_client(invented_url: str, make_app: Callable[[str], Flask]) -> FlaskClient:
    """Requests to an application over the invented incidents."""
    return make_app(invented_url).test_client()


@pytest.fixture(scope="session")
def new_many(
    new_url: Callable[[], str],
    copy_database: Callable[[str], str],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
) -> Callable[[], str]:
    """Makes a database of 10,003 incidents, two more than are counted without being asked."""
    url = new_url()
    one = build(locate("PE-2018-0001"))
    append_incidents(
        url,
        (
            replace(
                one,
                id=f"PE-2018-{number:05d}",
                country="PE" if number < 10_000 else "NG",
                flat=one.flat.replace(b"PE-2018-0001", b"PE-2018-%05d" % number),
                date_start=f"2018-01-{1 + number % 28:02d}",
            )
            for number in range(10_003)
        ),
    )
    return lambda: copy_database(url)


@pytest.fixture(scope="session")
def many_url(new_many: Callable[[], str]) -> str:
    """One of these, for all who only read."""
    return new_many()


@pytest.fixture(scope="session")
def many_client(many_url: str, make_app: Callable[[str], Flask]) -> FlaskClient:
    """Requests to an application over it."""
    return make_app(many_url).test_client()
