"""Answers that are kept: those asked for again, as many as fit, the same to the byte."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from api.serving.kept import Answer, KeptAnswers


def answer(size: int) -> Answer:
    return Answer(b"x" * size, [], [])


def test_an_answer_is_kept_when_it_is_asked_for_again() -> None:
    kept = KeptAnswers()
    kept.offer("a", answer(1))
    assert kept.get("a") is None
    kept.offer("a", answer(2))
    assert kept.get("a") == answer(2)
    kept.offer("a", answer(3))
    assert kept.get("a") == answer(2)
    kept.clear()
    assert kept.get("a") is None


def test_those_not_asked_for_lately_give_way_and_large_ones_are_never_kept() -> None:
    kept = KeptAnswers(most_bytes=10)
    for key in "aabb":
        kept.offer(key, answer(4))
    assert kept.get("a")
    for key in "cc":
        kept.offer(key, answer(4))
    assert [kept.get(key) is not None for key in "abc"] == [True, False, True]
    for _ in range(3):
        kept.offer("large", answer(4 * 2**20 + 1))
    assert kept.get("large") is None


class Reads:
    """Counts the statements that a database is asked."""

    def __init__(self, app: Flask) -> None:
        self.count = 0
        event.listen(app.extensions["foundling"].database.engine, "before_cursor_execute", self._note)

    def _note(self, *_: object) -> None:
        self.count += 1


ADDRESSES = (
    "/v1/incidents?limit=3",
    "/v1/incidents?q=newborn&lang=es",
    "/v1/incidents/PE-2018-0001",
    "/v1/incidents/stats.csv?by=country&bom=true",
    "/v1/incidents/hexagons.geojson?resolution=1",
)


@pytest.mark.parametrize("coding", ["", "gzip", "br", "zstd, gzip;q=0"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_third_time_nothing_is_read_and_nothing_is_different(
    database_url: str, make_app: Callable[[str], Flask], address: str, coding: str
) -> None:
    app = make_app(database_url)
    app.extensions["foundling"].clock = lambda: 0.0  # the release is not asked for again
    client, headers = app.test_client(), {"Accept-Encoding": coding}
    first, second = (client.get(address, headers=headers) for _ in range(2))
    reads = Reads(app)
    third = client.get(address, headers=headers)
    assert reads.count == 0
    assert first.status_code == 200
    assert first.data == second.data == third.data
    assert sorted(first.headers) == sorted(second.headers) == sorted(third.headers)
    head = client.head(address, headers=headers)
    assert head.data == b""
    assert sorted(head.headers) == sorted(third.headers)
    tag = third.headers["ETag"]
    assert client.get(address, headers=headers | {"If-None-Match": tag}).status_code == 304
    assert client.get(address, headers=headers | {"If-None-Match": "*"}).status_code == 304
    assert client.get(address, headers=headers | {"If-None-Match": '"other"'}).data == third.data


def test_each_coding_and_language_is_kept_apart(client: FlaskClient) -> None:
    def told(**headers: str) -> tuple[bytes, str]:
        found = client.get(
            "/v1/incidents?limit=2", headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        return found.data, found.headers["ETag"]

    asked = [{}, {"Accept_Encoding": "gzip"}, {"Accept_Encoding": "zstd"}, {"Accept_Language": "es"}]
    rounds = [[told(**one) for one in asked] for _ in range(3)]
    assert rounds[0] == rounds[1] == rounds[2]
    assert len({tag for _, tag in rounds[0]}) == len(asked)
