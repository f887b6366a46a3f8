"""The figures that editors may quote, over a few invented incidents."""

import importlib.util
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parent.parent / "docs"
HEAD = (
    "id,country,country_name,date_start,precision,outcome,children_recovered_low,children_recovered_best,"
    "children_recovered_high,verification,related"
)
ROWS = (
    "XA-2019-0001,XA,Aland & Bland,2019-12-30,settlement,detained,2,3,5,multiple_sources,XA-2020-0001",
    "XA-2020-0001,XA,Aland & Bland,2020-01-01,admin1,convicted,4,4,4,single_source,XA-2019-0001;XB-2020-0001",
    "XA-2020-0002,XA,Aland & Bland,2020-05-01,settlement,reported,,,,single_source,",
    "XB-2020-0001,XB,Costland,2020-07-01,country,acquitted,1,,1,official_record,XA-2020-0001",
    "XB-2022-0001,XB,Costland,2022-01-01,admin2,released,90,100,110,multiple_sources,",
    "XC-2022-0001,XC,Dustland,2022-01-01,admin2,new_code,,,,multiple_sources,",
)
TEXT = "\r\n".join([HEAD, *ROWS, ""])
SEARCHED = {"XA": "well searched", "XB": "sampled"}


@pytest.fixture(name="figures", scope="module")
def the_script() -> ModuleType:
    found = importlib.util.spec_from_file_location("figures", DOCS / "figures.py")
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(name="rows", scope="module")
def some_rows(figures: ModuleType) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = figures.parse(TEXT)
    return rows


Rows = list[dict[str, str]]


def test_incidents_are_counted_by_country_and_year(figures: ModuleType, rows: Rows) -> None:
    assert figures.by_country_and_year(rows) == {
        ("Aland & Bland", 2019): 1,
        ("Aland & Bland", 2020): 2,
        ("Costland", 2020): 1,
        ("Costland", 2022): 1,
        ("Dustland", 2022): 1,
    }
    assert figures.countries(rows) == ["Aland & Bland", "Costland", "Dustland"]


def test_children_are_added_up_only_where_there_is_a_best_value(figures: ModuleType, rows: Rows) -> None:
    assert figures.recovered(rows) == [
        figures.Recovered("Costland", incidents=2, told=1, low=90, best=100, high=110),
        figures.Recovered("Aland & Bland", incidents=3, told=2, low=6, best=7, high=9),
    ]
    assert figures.total(rows) == figures.Recovered("All", incidents=6, told=3, low=96, best=107, high=119)


def test_incidents_that_may_share_children_are_those_linked_with_another_figure(
    figures: ModuleType, rows: Rows
) -> None:
    assert [row["id"] for row in figures.linked(rows)] == ["XA-2019-0001", "XA-2020-0001"]


def test_the_largest_incidents_are_named(figures: ModuleType, rows: Rows) -> None:
    assert [row["id"] for row in figures.largest(rows, 2)] == ["XB-2022-0001", "XA-2020-0001"]


def test_shares_keep_every_code_also_one_that_is_new(figures: ModuleType, rows: Rows) -> None:
    spread = figures.shares(rows, "outcome", figures.OUTCOME)
    assert [(one.label, one.count, one.percent) for one in spread if one.count] == [
        (label, 1, "17 %") for label in ("reported", "detained", "released", "convicted", "acquitted", "new code")
    ]
    assert sum(one.count for one in spread) == len(rows)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 9, "0 %"), (1, 900, "1 %"), (899, 900, "99 %"), (9, 9, "100 %"), (1, 3, "33 %"), (0, 0, "0 %")],
)
def test_a_share_is_never_rounded_to_nothing_or_all(figures: ModuleType, part: int, whole: int, shown: str) -> None:
    assert figures.percent(part, whole) == shown


def test_the_section_has_every_sum_with_its_caveat(figures: ModuleType, rows: Rows) -> None:
    written = figures.section(rows, SEARCHED, "7")
    assert "Release 7: 6 incidents in 3 countries. Repeat it: `/v1/incidents.csv?release=7`." in written
    assert "| Aland & Bland | 2019–2020 | well searched | 3 |" in written
    assert "| Dustland | 2022 | not told | 1 |" in written
    assert "| 2020 | 2 | 1 | 0 | 0 | 3 |" in written
    assert "| all, also those without | 6 | 3 | 96 | 107 | 119 |" in written
    assert "2 incidents with 7 children are linked" in written
    assert "XB-2022-0001, XA-2020-0001 and XA-2019-0001 alone make up 100 % of the best sum" in written
    assert "5 of 6 incidents (83 %) have an outcome beyond “reported”; the latest of 2 (33 %)" in written
    assert "| a single source | 2 | 33 % |" in written
    assert written.count("not prevalence") == 2
    for chart in figures.pictures(rows):
        assert f"(figures/{chart})" in written


def test_charts_are_pictures_with_a_title_and_a_description_that_tells_the_numbers(
    figures: ModuleType, rows: Rows
) -> None:
    drawn = figures.pictures(rows)
    assert len(drawn) == 4
    for picture in drawn.values():
        root = ET.fromstring(picture)
        assert root.get("role") == "img"
        assert [child.tag.rpartition("}")[2] for child in root[:2]] == ["title", "desc"]
        assert "not prevalence" in (root[1].text or "")
    assert "Aland &amp; Bland 3; Costland 2" in drawn["incidents-by-country-and-year.svg"]
    assert "Costland 100 (90–110), 1 of 2 incidents" in drawn["children-recovered.svg"]
    assert "a country 1 (17 %)" in drawn["precision-and-verification.svg"]


def test_only_the_marked_section_is_written_anew(figures: ModuleType) -> None:
    before = "# Data\n<!-- figures: written by a script -->\nold\n<!-- end of figures -->\nafter\n"
    written = figures.rewrite(before, "new \\1\n")
    assert written == "# Data\n<!-- figures: written by a script -->\nnew \\1\n<!-- end of figures -->\nafter\n"
    assert figures.rewrite(written, "new \\1\n") == written
    with pytest.raises(ValueError, match="no section"):
        figures.rewrite("# Data\n", "new")


def test_the_document_has_the_section_and_its_charts(figures: ModuleType) -> None:
    document = (DOCS / "dataset.md").read_text()
    assert figures.SECTION.search(document)
    for chart in ("incidents-by-country-and-year", "children-recovered", "outcomes", "precision-and-verification"):
        assert f"(figures/{chart}.svg)" in document
        assert (DOCS / "figures" / f"{chart}.svg").exists()


def test_how_well_a_country_was_searched_is_told_in_words(figures: ModuleType) -> None:
    entries = [{"area": "XA", "status": "nothing_usable"}, {"area": "XB", "status": "later"}]
    assert figures.how_searched(entries) == {"XA": "searched, nothing usable", "XB": "later"}
