"""`--dry-run`: the difference first, and nothing written."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.curation.publish import Published
from api.curation.trial import Difference, try_publish

TODAY = date(2026, 11, 24)

Edit = Callable[[Path, str, Callable[[Any], Any]], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "foundling.sqlite"


def test_without_a_database_everything_would_enter_and_none_is_made(
    tmp_path: Path, path: Path, invent_seeds: Callable[..., Path]
) -> None:
    trial = try_publish(invent_seeds(tmp_path / "seeds", 3), f"sqlite:///{path}", today=TODAY)
    assert (trial.entered, trial.changed, trial.left) == (3, 0, 0)
    assert trial.first_entered == ["PE-2018-0001", "PE-2018-0002", "PE-2018-0003"]
    assert trial.others > 0
    assert not path.parent.exists()


def test_what_would_enter_change_and_leave_is_told_column_by_column(
    tmp_path: Path,
    path: Path,
    invent_seeds: Callable[..., Path],
    edit: Edit,
    publish_seeds: Callable[..., Published],
) -> None:
    seeds, url = invent_seeds(tmp_path / "seeds", 3), f"sqlite:///{path}"
    publish_seeds(seeds, url)
    before = path.read_bytes()
    same = try_publish(seeds, url, today=TODAY)
    assert (same.entered, same.changed, same.left, same.others) == (0, 0, 0, 0)

    def change(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        records[0] |= {"confidence": "high", "methods": ["abduction"]}
        return [*records[:2], {**records[2], "id": "PE-2018-0004"}]

    edit(seeds, "incidents/PE.json", change)
    refused = try_publish(seeds, url, today=TODAY)
    assert refused.is_refused
    assert [finding.rule for finding in refused.checked.findings] == ["vanished-id"]

    gone = {"id": "PE-2018-0003", "reason": "merged", "date": "2026-11-24", "superseded_by": None}
    edit(seeds, "withdrawn.json", lambda _: [gone])
    trial = try_publish(seeds, url, today=TODAY)
    assert (trial.first_entered, trial.first_left, trial.others) == (["PE-2018-0004"], ["PE-2018-0003"], 1)
    assert trial.first_changed == {
        "PE-2018-0001": [Difference("methods", "", "abduction"), Difference("confidence", "low", "high")]
    }
    assert path.read_bytes() == before

    done = publish_seeds(seeds, url)
    assert done.release is not None
    assert (done.release.entered, done.release.changed, done.release.left) == (1, 1, 1)
