"""Pages whose rows lie at the end of an order: the snapshot gives the very answers of the database."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from api.database.reads import incidents as reads
from api.domain.query import SORT_KEYS
from api.serving.state import State

pytestmark = pytest.mark.databases("sqlite", "postgresql")

QUESTIONS = (
    "bbox=-180,-60,180,20",
    "bbox=90,-15,150,20&match=possible",
    "near=-71.5,-16.4&radius_m=3000000",
    "bbox=170,-90,-170,-80",
    "q=newborn",
    "q=sale&country=NG,ID",
)


class Bare(State):
    """A state without a snapshot at hand."""

    def selected(self, *_: Any) -> None:
        """Nobody knows."""


@pytest.fixture(scope="module")
def apps(database_url: str, make_app: Callable[[str], Flask]) -> tuple[Flask, Flask]:
    """One that asks the database, and one with a snapshot at hand."""
    bare, quick = make_app(database_url), make_app(database_url)
    known: State = bare.extensions["foundling"]
    bare.extensions["foundling"] = Bare(
        known.database, known.public_url, known.build, known.downloads, known.snapshots, known.files
    )
    state: State = quick.extensions["foundling"]
    state.snapshots.snapshot(state.latest(), 0)
    assert state.snapshots.ready(state.latest(), 0) is not None
    return bare, quick


@pytest.mark.parametrize("lang", ["", "&lang=es"])
@pytest.mark.parametrize("sort", [sign + key for key in SORT_KEYS for sign in ("", "-")])
@pytest.mark.parametrize("asked", QUESTIONS)
def test_every_page_is_the_database_s_own(apps: tuple[Flask, Flask], asked: str, sort: str, lang: str) -> None:
    address: str | None = f"/v1/incidents?{asked}&sort={sort}&limit=20{lang}"
    while address:
        bare, quick = (app.test_client().get(address) for app in apps)
        assert bare.status_code == quick.status_code == 200
        assert bare.data == quick.data
        assert bare.headers["ETag"] == quick.headers["ETag"]
        following = bare.get_json()["links"].get("next")
        address = following and "/v1/" + following.partition("/v1/")[2]


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_database_is_asked_for_no_page_where_a_snapshot_is_at_hand(
    apps: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    searched: list[object] = []
    page = reads.page

    def note(*args: Any, **options: Any) -> object:
        searched.append(args)
        return page(*args, **options)

    monkeypatch.setattr(reads, "page", note)
    bare, quick = (app.test_client() for app in apps)
    assert quick.get(f"/v1/incidents?{asked}&limit=3").status_code == 200
    assert not searched
    assert bare.get(f"/v1/incidents?{asked}&limit=3").status_code == 200
    assert searched


def test_many_in_an_order_that_is_not_geographic_are_the_database_s(
    apps: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.v1.incidents.MANY", 5)
    monkeypatch.setattr(reads, "page_of", lambda *_, **__: pytest.fail("looked up by key"))
    assert apps[1].test_client().get(f"/v1/incidents?{QUESTIONS[0]}&limit=4").status_code == 200
