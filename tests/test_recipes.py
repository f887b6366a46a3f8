"""What the documentation tells readers to paste does what it says."""

import json
import re
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.curation.attach import LocatedIncident
from api.domain.release import Release

API = (Path(__file__).parent.parent / "docs" / "api.md").read_text()
HERE = "http://127.0.0.1:8000"
SNIPPETS = re.findall(r"```python\n(.*?)```", API, re.DOTALL)
CALLS = re.findall(rf"^curl '{HERE}(/[^']*)'", API, re.MULTILINE)


def test_there_are_calls_and_a_recipe() -> None:
    assert (len(CALLS), len(SNIPPETS)) == (1, 1)


@pytest.mark.parametrize("address", CALLS)
def test_every_call_answers(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert answer.status_code == 200


def test_a_copy_is_kept_in_step_by_the_recipe(
    new_url: Callable[[], str],
    serve: Callable[[str], AbstractContextManager[str]],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
) -> None:
    url = new_url()
    first = [locate(f"PE-2018-{number:04d}") for number in range(9)]
    append_incidents(url, first)
    append_incidents(url, [locate("PE-2018-0000", title={"en": "Changed"}), *first[3:], locate("NG-2018-0001")])
    with serve(url) as address:

        def rows(release: int) -> dict[str, Any]:
            with urllib.request.urlopen(f"{address}/v1/incidents?limit=1000&release={release}") as answer:
                return {row["id"]: row for row in json.load(answer)["data"]}

        # Pages of two, so that there is something to follow.
        recipe = SNIPPETS[0].replace(HERE, address).replace("limit=1000", "limit=2")
        names: dict[str, Any] = {}
        exec(recipe, names)
        assert (names["copy"], names["release"]) == (rows(2), 2)
        old = rows(1)
        assert names["catch_up"](old, 1) == 2
        assert old == rows(2)
        assert names["catch_up"](old, 2) == 2
        assert old == rows(2)
        nigeria: dict[str, Any] = {}
        names["catch_up"](nigeria, 1, "&ids=NG-2018-0001")
        assert list(nigeria) == ["NG-2018-0001"]
