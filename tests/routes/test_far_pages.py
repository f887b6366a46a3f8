"""Pages whose rows lie at the end of an order: the snapshot gives the very answers of the database."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from api.serving.state import State
from api.snapshot.keeper import Keeper

pytestmark = pytest.mark.databases("sqlite", "postgresql")

AREAS = ("bbox=-180,-60,180,20", "bbox=90,-15,150,20", "near=-71.5,-16.4&radius_m=3000000", "bbox=170,-90,-170,-80")


class Broad(State):
    """A state to which every area is broad."""

    def broad(self, *_: Any, **__: Any) -> frozenset[str]:
        return frozenset({"bbox", "near"})


@pytest.fixture(scope="module")
def apps(database_url: str, make_app: Callable[[str], Flask]) -> tuple[Flask, Flask]:
    """One that asks the database, and one with a snapshot at hand."""
    plain, broad = make_app(database_url), make_app(database_url)
    known: State = broad.extensions["foundling"]
    state = Broad(known.database, known.public_url, known.build, known.downloads, known.snapshots, known.files)
    broad.extensions["foundling"] = state
    state.snapshots.snapshot(state.latest(), 0)
    assert state.snapshots.ready(state.latest(), 0) is not None
    return plain, broad


@pytest.mark.parametrize("lang", ["", "&lang=es"])
@pytest.mark.parametrize("sort", ["id", "-id", "country", "-admin1", "updated", "-updated"])
@pytest.mark.parametrize("area", AREAS)
def test_every_page_is_the_database_s_own(apps: tuple[Flask, Flask], area: str, sort: str, lang: str) -> None:
    address: str | None = f"/v1/incidents?{area}&sort={sort}&limit=7{lang}"
    while address:
        plain, broad = (app.test_client().get(address) for app in apps)
        assert plain.status_code == broad.status_code == 200
        assert plain.data == broad.data
        assert plain.headers["ETag"] == broad.headers["ETag"]
        following = plain.get_json()["links"].get("next")
        address = following and "/v1/" + following.partition("/v1/")[2]


def test_they_come_from_the_snapshot(apps: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    ready = Keeper.ready

    def note(*args: Any) -> object:
        asked.append(args)
        return ready(*args)

    monkeypatch.setattr(Keeper, "ready", note)
    assert apps[1].test_client().get(f"/v1/incidents?{AREAS[0]}&sort=id&limit=3").status_code == 200
    assert asked
