"""The map over the whole record."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
INCIDENTS = [
    record
    for path in sorted((ROOT / "seeds" / "incidents").glob("*.json"))
    for record in json.loads(path.read_text(encoding="utf-8"))
]


def test_every_incident_can_be_reached_from_the_table(visitor_of_all: Any) -> None:
    page = visitor_of_all.open()
    assert page.locator("#status").inner_text() == f"{len(INCIDENTS)} incidents"
    rows = page.locator("#table tbody tr")
    while (more := page.get_by_role("button", name="Show more rows")).is_visible():
        before = rows.count()
        more.click()
        page.wait_for_selector("#records[aria-busy=false]")
        assert rows.count() > before
    ids = {row.get_attribute("data-id") for row in rows.all()}
    assert ids == {record["id"] for record in INCIDENTS}
    assert visitor_of_all.errors == []
    assert visitor_of_all.strangers == []


def test_a_country_is_chosen_and_counted(visitor_of_all: Any) -> None:
    nigerian = sum(record["place"]["country"] == "NG" for record in INCIDENTS)
    page = visitor_of_all.open("/?country=NG")
    assert page.locator("#status").inner_text() == f"{nigerian} incidents"
    assert re.search(rf"Nigeria \({nigerian}\)", page.locator("select[name=country]").inner_text())
    assert visitor_of_all.errors == []
