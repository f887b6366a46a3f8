"""Every rule, planted once in a copy of the real seeds and found with its file, line, record and code.

Every person, number and street here is invented. What was planted never stands in a finding.
"""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest

from api.curation.check import Checked, History, check
from api.curation.findings import Path as Where
from api.curation.privacy import RULES as PRIVACY_RULES

TODAY = date(2026, 11, 24)
API = Path(__file__).parent.parent.parent / "api"

Kind = Literal["incident", "source", "context", "withdrawn", "geocode"]
Edit = Callable[[Path, str, Callable[[Any], Any]], None]


@dataclass(frozen=True)
class Plant:
    """A value put at `path` of a clean record; the finding stands `at` that path unless told otherwise."""

    rule: str
    kind: Kind
    path: Where
    value: Any
    at: Where | None = None
    on_incident: bool = False  # a geocode's fault that is told where the place is named


def figure(**values: Any) -> dict[str, Any]:
    """A clean claim, with values of one's own."""
    return {
        "measure": "arrested", "low": None, "best": 3, "high": None, "unit": "persons", "currency": None,
        "as_of": "2018-11-06", "said_by": "police", "sources": ["invented-cited"], "note": None,
    } | values  # fmt: skip


def role(**values: Any) -> dict[str, Any]:
    """A clean role, with values of one's own."""
    return {"role": "broker", "count": 2, "status": None, "note": None} | values


def outcome(**values: Any) -> dict[str, Any]:
    """A clean outcome, with values of one's own."""
    return {"status": "reported", "as_of": None, "note": None, "sources": ["invented-cited"]} | values


PRICE = {"measure": "price_per_child", "unit": None, "currency": "PEN"}
EN, ES, ID = ("summary", "en"), ("summary", "es"), ("summary", "id")
ABSENT = object()

PLANTS = [
    # Form: keys, types, patterns, dates.
    Plant("schema", "incident", ("category",), ABSENT, at=()),
    Plant("schema", "incident", ("Testa Fictiva",), "unknown key", at=("Testa Fictiva",)),
    Plant("schema", "incident", ("category",), 7),
    Plant("schema", "incident", ("category",), "Other Fictiva"),
    Plant("schema", "incident", ("category",), "other\n"),
    Plant("schema", "incident", ("title",), {"es": "Sin inglés"}),
    Plant("schema", "incident", ("title",), {"en": "x" * 161}),
    Plant("schema", "incident", ("title",), {"en": ""}, at=("title", "en")),
    Plant("schema", "incident", ("title",), {"en": "Fictive sale", "fr": "Vente fictive"}, at=("title", "fr")),
    Plant("schema", "incident", ("date",), "6 November 2018"),
    Plant("schema", "incident", ("date",), "2018-02-30"),
    Plant("schema", "incident", ("date",), "2018-11-07/2018-11-06"),
    Plant("schema", "incident", ("place", "country"), "Peru"),
    Plant("schema", "incident", ("place", "subdivision"), "Arequipa Fictiva"),
    Plant("schema", "incident", ("outcomes",), []),
    Plant("schema", "incident", ("sources",), ["invented-cited", "invented-cited"]),
    Plant("schema", "incident", ("figures",), [figure(best=None)], at=("figures", 0, "best")),
    Plant("schema", "incident", ("figures",), [figure(low=9, best=3)], at=("figures", 0, "best")),
    Plant("schema", "incident", ("figures",), [figure(best=-1)], at=("figures", 0, "best")),
    Plant("schema", "incident", ("figures",), [figure(best=True)], at=("figures", 0, "best")),
    Plant("schema", "incident", ("figures",), [figure(best=10**400)], at=("figures", 0, "best")),
    Plant("schema", "incident", ("figures",), [figure(as_of="2018/2019")], at=("figures", 0, "as_of")),
    Plant("schema", "incident", ("roles",), [role(count=2.5)], at=("roles", 0, "count")),
    Plant("schema", "source", ("url",), "javascript:fictiva()"),
    Plant("schema", "source", ("url",), "https://testa:secret@fictiva.example/"),
    Plant("schema", "source", ("kind",), "rumour"),
    Plant("schema", "source", ("title",), None, at=("description",)),
    Plant("schema", "source", ("original_publisher",), "Fictiva Press"),
    Plant("schema", "context", ("area",), "Peru"),
    Plant("schema", "withdrawn", ("date",), "2026-02-30"),
    Plant("schema", "geocode", ("lat",), 90.5),
    Plant("schema", "geocode", ("precision",), "doorstep"),
    Plant("schema", "geocode", ("reviewed",), "yes"),
    # References and identifiers.
    Plant("duplicate-id", "incident", ("id",), "PE-2018-0001"),
    Plant("duplicate-id", "source", ("id",), "invented-cited"),
    Plant("withdrawn-id", "incident", ("id",), "PE-1999-0001"),
    Plant("unknown-code", "incident", ("category",), "fictive_category"),
    Plant("unknown-code", "incident", ("confidence",), "fictive_confidence"),
    Plant("unknown-code", "incident", ("methods",), ["fictive_method"], at=("methods", 0)),
    Plant("unknown-code", "incident", ("purposes",), ["fictive_purpose"], at=("purposes", 0)),
    Plant("unknown-code", "incident", ("roles",), [role(role="fictive_role")], at=("roles", 0, "role")),
    Plant("unknown-code", "incident", ("roles",), [role(status="fictive_status")], at=("roles", 0, "status")),
    Plant("unknown-code", "incident", ("figures",), [figure(measure="fictive_sum")], at=("figures", 0, "measure")),
    Plant("unknown-code", "incident", ("figures",), [figure(said_by="fictive_one")], at=("figures", 0, "said_by")),
    Plant("unknown-code", "incident", ("outcomes",), [outcome(status="fictive_end")], at=("outcomes", 0, "status")),
    Plant("unknown-code", "source", ("publisher_kind",), "fictive_kind"),
    Plant("unknown-code", "context", ("code",), "fictive_context"),
    Plant("unknown-code", "withdrawn", ("reason",), "fictive_reason"),
    Plant("unknown-source", "incident", ("sources",), ["invented-cited", "fictive-paper"], at=("sources", 1)),
    Plant("unknown-source", "context", ("sources",), ["fictive-paper"], at=("sources", 0)),
    Plant(
        "unlisted-source", "incident", ("figures",), [figure(sources=["invented-other"])], at=("figures", 0, "sources")
    ),
    Plant(
        "unlisted-source", "incident", ("outcomes",), [outcome(sources=["invented-other"])],
        at=("outcomes", 0, "sources"),
    ),
    Plant(
        "unknown-incident", "incident", ("related",), [{"id": "PE-1998-0001", "kind": "same_network"}],
        at=("related", 0, "id"),
    ),
    Plant("unknown-incident", "withdrawn", ("superseded_by",), "PE-1998-0001"),
    Plant("uncited-source", "source", ("id",), "invented-uncited"),
    Plant("duplicate-source", "source", ("url",), "https://invented.example/cited"),
    Plant("unfit-site", "source", ("url",), "https://www.whale.to/invented"),
    Plant("unfit-site", "source", ("archived_url",), "http://accessdomain.com"),
    # Places.
    Plant("country", "incident", ("other_places",), [{"text": "Nowhere", "country": "ZZ", "subdivision": None,
          "role": "origin"}], at=("other_places", 0, "country")),
    Plant("country", "context", ("area",), "ZZ"),
    Plant("subdivision", "incident", ("place", "subdivision"), "ID-JI"),
    Plant("country-file", "incident", ("place",), "Lagos", at=("place", "country")),
    Plant("geocode-missing", "incident", ("place", "text"), "Unmapped", at=("place",)),
    Plant("geocode-unreviewed", "geocode", ("reviewed",), False, on_incident=True),
    Plant("geocode-unused", "geocode", ("text",), "Spare Ground"),
    Plant("population-floor", "geocode", ("population",), 4999, at=("precision",)),
    Plant("population-floor", "geocode", ("population",), None, at=("precision",)),
    Plant("coordinate-precision", "geocode", ("lon",), -71.53741),
    Plant("coordinate-precision", "geocode", ("lat",), -16.39891, at=("lon",)),
    Plant("licence", "geocode", ("licence",), "ODbL-1.0"),
    Plant("licence", "geocode", ("licence",), "all-rights-reserved"),
    # Figures, outcomes, roles, days.
    Plant("currency", "incident", ("figures",), [figure(**PRICE | {"currency": None})], at=("figures", 0, "currency")),
    Plant("currency", "incident", ("figures",), [figure(**PRICE | {"currency": "XQX"})], at=("figures", 0, "currency")),
    Plant("currency", "incident", ("figures",), [figure(currency="PEN")], at=("figures", 0, "currency")),
    Plant("unit", "incident", ("figures",), [figure(unit="fictive things")], at=("figures", 0, "unit")),
    Plant("unit", "incident", ("figures",), [figure(**PRICE | {"unit": "soles"})], at=("figures", 0, "unit")),
    Plant("whole-number", "incident", ("figures",), [figure(best=2.5)], at=("figures", 0, "best")),
    Plant(
        "outcome-order", "incident", ("outcomes",),
        [outcome(status="released", as_of="2018-11-23"), outcome(as_of="2018-11-06")], at=("outcomes", 1, "as_of"),
    ),
    Plant("outcome-missing", "incident", ("roles",), [role(status="released")], at=("roles", 0, "status")),
    Plant("role-count", "incident", ("roles",), [role(role="official", count=1)], at=("roles", 0, "count")),
    Plant("role-count", "incident", ("roles",), [role(role="lawyer", count=0)], at=("roles", 0, "count")),
    Plant("role-count", "incident", ("roles",), [role(role="security_officer")], at=("roles", 0, "count")),
    Plant("future-date", "incident", ("date",), "2026-11-25"),
    Plant("future-date", "incident", ("figures",), [figure(as_of="2027")], at=("figures", 0, "as_of")),
    Plant("future-date", "incident", ("outcomes",), [outcome(as_of="2026-12")], at=("outcomes", 0, "as_of")),
    Plant("future-date", "source", ("published",), "2027-01-01"),
    Plant("future-date", "source", ("retrieved",), "2027-01-01"),
    # Words: nobody can be found through them.
    Plant("name-title", "incident", EN, "Mr Testa Fictiva ran the home."),
    Plant("name-title", "incident", ES, "La Sra. Fictiva negó los hechos."),
    Plant("name-title", "incident", ID, "Bapak Fiktif menyerahkan bayi itu."),
    Plant("name-introduced", "incident", EN, "A woman named Fictiva was held."),
    Plant("name-introduced", "incident", ES, "Una mujer llamada Testa fue detenida."),
    Plant("name-with-age", "incident", EN, "Testa Fictiva, 34, was charged."),
    Plant("initials", "incident", EN, "The mother, T. F., sold the baby."),
    Plant("email", "incident", EN, "Write to testa.fictiva@example.org for help."),
    Plant("social-handle", "incident", EN, "The account @testa_fictiva offered babies."),
    Plant("phone", "incident", EN, "Buyers rang 0800 555 0100 to agree a price."),
    Plant("coordinates", "incident", EN, "The house is at -16.4090, -71.5375."),
    Plant("street-address", "incident", ID, "Rumah di Jalan Fiktif No. 5 digerebek."),
    Plant("child-age", "incident", EN, "A 3-month-old baby was found."),
    Plant("child-age", "incident", ID, "Bayi berusia 3 bulan dijual."),
    Plant("post-held-by-one", "incident", ES, "Cayó el exjefe de la policía de Arequipa."),
    Plant("name-title", "incident", ("title", "en"), "Mr Testa Fictiva held"),
    Plant("name-title", "incident", ("date_note",), {"en": "Mr Testa Fictiva gives another."}, at=("date_note", "en")),
    Plant("phone", "incident", ("place", "text"), "Call 555-0100"),
    Plant("email", "incident", ("roles",), [role(note={"en": "By testa.fictiva@example.org."})],
          at=("roles", 0, "note", "en")),
    Plant("child-age", "incident", ("figures",), [figure(note={"en": "For a 3-month-old baby."})],
          at=("figures", 0, "note", "en")),
    Plant("name-title", "incident", ("outcomes",), [outcome(note={"en": "Judge Fictiva freed them."})],
          at=("outcomes", 0, "note", "en")),
    Plant("name-title", "source", ("description",), {"en": "Quotes Mr Testa Fictiva."}, at=("description", "en")),
    Plant("name-title", "source", ("title",), "Mr Testa Fictiva charged with sale"),
    Plant("child-age", "source", ("title",), "A 3-month-old baby sold in Testa"),
    Plant("email", "source", ("url",), "https://invented.example/?to=testa.fictiva%40example.org"),
    Plant("coordinates", "source", ("archived_url",), "https://invented.example/?at=-16.40901,-71.53751"),
    Plant("street-address", "context", ("text",), {"en": "POLICE RAIDED 12 FICTIVA STREET."}, at=("text", "en")),
]  # fmt: skip

PARENTS = [
    Plant("parents-date", "incident", ("roles",), [role(role="parent")], at=("date",)),
    Plant("parents-place", "incident", ("roles",), [role(role="parent")], at=("place",)),
]
"""One fault that two rules tell."""

CLEAN: dict[str, dict[str, Any]] = {
    "incident": {
        "id": "", "category": "other", "title": {"en": "An invented incident"},
        "summary": {"en": "Nothing of this happened."}, "date": "2018-11-06", "date_note": None,
        "place": {"text": "Inventedville", "country": "PE", "subdivision": "PE-ARE"}, "other_places": [], "methods": [],
        "purposes": [], "roles": [], "figures": [], "outcomes": [outcome()],
        "sources": ["invented-cited"], "confidence": "low", "related": [],
    },
    "source": {
        "id": "", "publisher": "Invented News", "publisher_kind": "press", "title": "Invented headline",
        "description": None, "url": None, "withheld": None, "language": "en", "published": "2018-11-07",
        "retrieved": None, "archived_url": None, "kind": "original", "original_publisher": None,
    },
    "context": {
        "id": "", "area": "PE", "code": "", "text": {"en": "An invented condition."}, "as_of": None,
        "sources": ["invented-cited"],
    },
    "withdrawn": {"id": "", "reason": "duplicate", "date": "2026-11-01", "superseded_by": None},
    "geocode": {
        "text": "", "country": "PE", "subdivision": "PE-ARE", "lon": -71.537, "lat": -16.399,
        "precision": "settlement", "uncertainty_m": 3000, "name": "Inventedville", "admin1": "PE-ARE",
        "admin1_name": "Arequipa", "admin2_name": None, "iso_3166_2": "PE-ARE", "population": 10_000, "feature": "PPL",
        "gazetteer_id": "test:1", "provider": "test", "licence": "CC0-1.0", "query": "Inventedville",
        "date": "2026-11-24", "reviewed": True, "candidates": [],
    },
}  # fmt: skip
FILES: dict[str, str] = {
    "incident": "incidents/PE.json", "source": "sources.json", "context": "context.json",
    "withdrawn": "withdrawn.json", "geocode": "geocodes.json",
}  # fmt: skip

Expected = tuple[str, int, str, str]
"""File, line, record, rule."""


class Field:
    """A copy of the real seeds with clean ground to plant faults in."""

    def __init__(self, seeds: Path) -> None:
        self.seeds = seeds
        self.contents = {name: json.loads((seeds / name).read_text(encoding="utf-8")) for name in FILES.values()}
        self._expected: list[tuple[str, Where, str, str]] = []
        codes = json.loads((seeds / "codelists.json").read_text(encoding="utf-8"))
        CLEAN["context"]["code"] = codes["context"][0]["code"]
        cited = self._add("source", id="invented-cited", url="https://invented.example/cited")
        self._add("source", id="invented-other")
        self._add("geocode", text="Inventedville")
        self._add("incident", id="PE-2018-8000", sources=["invented-cited", "invented-other"])
        self._add("withdrawn", id="PE-1999-0001")
        assert cited

    def plant(self, plant: Plant, number: int) -> None:
        """Plants one fault in a record of its own."""
        key, names = {
            "incident": ("id", f"PE-2018-{9000 + number}"),
            "source": ("id", f"invented-{number}"),
            "context": ("id", f"invented-{number}"),
            "withdrawn": ("id", f"PE-2001-{number:04d}"),
            "geocode": ("text", f"Inventedville {chr(65 + number // 26)}{chr(97 + number % 26)}"),
        }[plant.kind]
        record = self._add(plant.kind, **{key: names})
        index = len(self.contents[FILES[plant.kind]]) - 1
        holder: Any = record
        for step in plant.path[:-1]:
            holder = holder[step]
        if plant.value is ABSENT:
            del holder[plant.path[-1]]
        elif plant.rule == "country-file":
            lagos = json.loads((self.seeds / "incidents" / "NG.json").read_text(encoding="utf-8"))[0]["place"]
            holder[plant.path[-1]] = lagos
        else:
            holder[plant.path[-1]] = plant.value
        name, where = FILES[plant.kind], (index, *(plant.path if plant.at is None else plant.at))
        told = f"#{index + 1}" if plant.kind == "geocode" else record["id"]
        if plant.kind == "geocode" and plant.rule not in ("schema", "geocode-unused"):
            place = {name: record[name] for name in ("text", "country", "subdivision")}
            self._add("incident", id=f"PE-2018-{9000 + number}", place=place)
            if plant.on_incident:
                name, where = FILES["incident"], (len(self.contents[FILES["incident"]]) - 1, "place")
                told = f"PE-2018-{9000 + number}"
        if plant.kind == "source" and plant.rule not in ("schema", "uncited-source", "duplicate-id"):
            self._add("incident", id=f"PE-2018-{9000 + number}", sources=["invented-cited", record["id"]])
        self._expected.append((name, where, told, plant.rule))

    def _add(self, kind: str, **values: Any) -> dict[str, Any]:
        record = copy.deepcopy(CLEAN[kind]) | values
        self.contents[FILES[kind]].append(record)
        return record

    def write(self) -> None:
        """Writes every file as the seeds are written, one value a line."""
        for name, value in self.contents.items():
            (self.seeds / name).write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")

    def expected(self) -> set[Expected]:
        """What should be found, with lines counted in the printed files."""
        return {(name, self._line(name, where), told, rule) for name, where, told, rule in self._expected}

    def _line(self, name: str, where: Where) -> int:
        # Everything before the value is printed as it is, so the line of a mark put in its place is its line.
        marked = copy.deepcopy(self.contents[name])
        holder = marked
        for step in where[:-1]:
            holder = holder[step]
        holder[where[-1]] = "HERE"
        lines = json.dumps(marked, indent=1).split("\n")
        (line,) = [number for number, text in enumerate(lines, 1) if '"HERE"' in text]
        return line


@pytest.fixture
def ground(seeds_copy: Path) -> Field:
    """Clean ground."""
    return Field(seeds_copy)


def found(checked: Checked) -> set[Expected]:
    return {(finding.file, finding.line, finding.record, finding.rule) for finding in checked.findings}


def test_the_real_seeds_are_clean(seeds: Path) -> None:
    checked = check(seeds, today=TODAY)
    assert [str(finding) for finding in checked.findings if finding.rule != "placeholder-contact"] == []
    assert checked.incidents >= 3


def test_the_ground_to_plant_in_is_clean(ground: Field) -> None:
    ground.write()
    assert [str(finding) for finding in check(ground.seeds, today=TODAY).findings] == []


@pytest.mark.parametrize("plant", PLANTS, ids=[f"{plant.rule} {number}" for number, plant in enumerate(PLANTS)])
def test_a_planted_fault_is_found_where_it_stands(ground: Field, plant: Plant) -> None:
    ground.plant(plant, PLANTS.index(plant))
    ground.write()
    checked = check(ground.seeds, today=TODAY)
    assert found(checked) == ground.expected() | follow_ups(plant, ground)
    assert [f.is_warning for f in checked.findings if f.rule == plant.rule] == [plant.rule in WARNINGS]


WARNINGS = {"uncited-source", "geocode-unused"}


def follow_ups(plant: Plant, ground: Field) -> set[Expected]:
    """What else follows of itself from a fault: a place that is not the usual one has no point."""
    last = ground.contents[FILES["incident"]][-1]
    index = len(ground.contents[FILES["incident"]]) - 1
    if plant.rule == "subdivision" or plant.value == "Call 555-0100":
        return {(FILES["incident"], ground._line(FILES["incident"], (index, "place")), last["id"], "geocode-missing")}
    if plant.value == "other\n":
        return {(FILES["incident"], ground._line(FILES["incident"], (index, "category")), "", "control-character")}
    if plant.rule == "country" and plant.kind == "incident":
        line = ground._line(FILES["incident"], (index, "other_places", 0))
        return {(FILES["incident"], line, last["id"], "geocode-missing")}
    return set()


def test_all_faults_are_found_in_one_run_and_nothing_that_was_planted_is_repeated(ground: Field) -> None:
    for number, plant in enumerate(PLANTS):
        ground.plant(plant, number)
    ground.write()
    checked = check(ground.seeds, today=TODAY, history=History(frozenset({"PE-1997-0001"})))
    # With records that cannot be read, nothing is called unused: they may well use it.
    expected = {one for one in ground.expected() if one[3] not in ("geocode-unused", "uncited-source")}
    assert expected <= found(checked)
    assert not {"geocode-unused", "uncited-source"} & {rule for _, _, _, rule in found(checked)}
    assert len(expected) >= 100
    told = "\n".join(str(finding) for finding in checked.findings)
    for secret in secrets_of(PLANTS):
        assert secret.casefold() not in told.casefold(), secret


def secrets_of(plants: list[Plant]) -> set[str]:
    """Every text that was planted, whole, and the names, numbers and addresses within."""
    printed = json.dumps([plant.value for plant in plants if plant.value is not ABSENT], ensure_ascii=False)
    whole = set(re.findall(r'"((?:[^"\\]|\\.){5,})"', printed))
    public = {name for clean in CLEAN.values() for name in clean} | {
        "figures", "roles", "outcomes", "sources", "same_network", "origin", "country", "subdivision", "measure",
        "arrested", "price_per_child", "persons", "police", "official", "broker", "parent", "lawyer", "released",
        "reported", "currency", "said_by", "status", "count", "security_officer", "as_of", "invented-cited",
        "invented-uncited", "Lagos",
    }  # fmt: skip
    parts = {
        "Fictiva", "Fiktif", "Testa", "testa.fictiva", "example.org", "555 0100", "555-0", "0800", "16.40", "71.53",
        "3-month", "3 bulan", "exjefe", "T. F.", "12 F", "No. 5", "34,",
    }  # fmt: skip
    harmless = re.compile(r"[A-Z]{2}(-[\w-]+)?|[\d/-]+")  # codes, ids and dates may be told
    return {text for text in whole if text not in public and not harmless.fullmatch(text)} | parts


def test_parents_alone_are_kept_vague(ground: Field) -> None:
    for plant in PARENTS[:1]:
        ground.plant(plant, 0)
    ground.write()
    index = len(ground.contents[FILES["incident"]]) - 1
    told = found(check(ground.seeds, today=TODAY))
    for plant in PARENTS:
        line = ground._line(FILES["incident"], (index, *(plant.at or ())))
        assert (FILES["incident"], line, "PE-2018-9000", plant.rule) in told
    assert {rule for *_, rule in told} == {"parents-date", "parents-place"}


def _first_codes(name: str, count: int) -> Callable[[Any], None]:
    def change(lists: Any) -> None:
        lists[name] = [copy.deepcopy(lists[name][0]) | {"code": f"code_{n}"} for n in range(count)] + lists[name]

    return change


def _twice(name: str) -> Callable[[Any], None]:
    def change(lists: Any) -> None:
        lists[name].append(copy.deepcopy(lists[name][0]))
        lists[name][-1]["label"]["en"] = "Another label"

    return change


def _narrow(lists: Any) -> None:
    next(entry for entry in lists["measure"] if entry["code"] == "arrested")["wide"] = False


def _licence(dataset: Any) -> None:
    dataset["licence"] = "Fictive-1.0"


def _unlabelled(lists: Any) -> None:
    del lists["category"][0]["label"]["es"]


def _added_up(lists: Any) -> None:
    next(entry for entry in lists["measure"] if entry["money"])["additive"] = True


def _without_list(lists: Any) -> None:
    del lists["withdrawal"]


def _addressless(dataset: Any) -> None:
    dataset["licence_url"] = "creativecommons"


WHOLE: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("duplicate-id", "codelists.json", _twice("category")),
    ("too-many-codes", "codelists.json", _first_codes("method", 26)),
    ("too-many-codes", "codelists.json", _first_codes("purpose", 26)),
    ("wide-measures", "codelists.json", _narrow),
    ("schema", "codelists.json", _unlabelled),
    ("schema", "codelists.json", _added_up),
    ("schema", "codelists.json", _without_list),
    ("licence", "dataset.json", _licence),
    ("schema", "dataset.json", _addressless),
    ("schema", "dataset.json", lambda _: []),
    ("schema", "sources.json", lambda _: {"not": "a list"}),
    ("schema", "incidents/PE.json", lambda _: {}),
    ("schema", "incidents/NG.json", lambda _: [None, 7, "text", []]),
    ("duplicate-id", "geocodes.json", lambda entries: [*entries, copy.deepcopy(entries[0])]),
    ("duplicate-id", "context.json", lambda entries: [*entries, copy.deepcopy(entries[0])]),
    ("duplicate-id", "coverage.json", lambda entries: [*entries, copy.deepcopy(entries[0])]),
    ("country", "coverage.json", lambda entries: [{**entries[0], "area": "ZZ"}]),
    ("unknown-code", "coverage.json", lambda entries: [{**entries[0], "source_kinds": ["gossip"]}]),
    ("placeholder-contact", "dataset.json", lambda dataset: dataset.update(contact="somebody@invented.example")),
]


@pytest.mark.parametrize(("rule", "name", "change"), WHOLE, ids=[f"{rule} {name}" for rule, name, _ in WHOLE])
def test_a_fault_of_a_whole_file_is_found(
    seeds_copy: Path, edit: Edit, rule: str, name: str, change: Callable[[Any], Any]
) -> None:
    edit(seeds_copy, name, change)
    told = check(seeds_copy, today=TODAY).findings
    assert (name, rule) in {(finding.file, finding.rule) for finding in told}


def test_an_id_that_vanishes_is_an_error_until_it_is_withdrawn(seeds_copy: Path, edit: Edit) -> None:
    published = frozenset({"PE-2018-0001", "PE-1997-0001"})
    told = found(check(seeds_copy, today=TODAY, history=History(published)))
    assert told == {("withdrawn.json", 0, "PE-1997-0001", "vanished-id")}
    edit(seeds_copy, "withdrawn.json", lambda _: [CLEAN["withdrawn"] | {"id": "PE-1997-0001"}])
    assert found(check(seeds_copy, today=TODAY, history=History(published))) == set()


REDACTED = {
    "id": "PE-2018-0001", "reason": "privacy", "redacted": "2026-11-24", "category": "infant_sale_ring",
    "country": "PE", "years": "2018",
}  # fmt: skip


def test_a_redacted_record_that_still_stands_is_a_warning_and_is_not_looked_into(seeds_copy: Path, edit: Edit) -> None:
    edit(seeds_copy, "redactions.json", lambda _: [REDACTED])
    edit(seeds_copy, "incidents/PE.json", lambda records: records[0].update(confidence="no code", summary=7))
    checked = check(seeds_copy, today=TODAY, history=History(frozenset({"PE-2018-0001"})))
    lines = (seeds_copy / "incidents" / "PE.json").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if '"PE-2018-0001"' in text)
    told = found(checked)
    assert ("incidents/PE.json", line, "PE-2018-0001", "redacted-record") in told
    # What only it named is shown as well.
    assert {rule for *_, rule in told} == {"redacted-record", "uncited-source", "geocode-unused"}
    assert checked.errors == 0
    assert checked.incidents == 3


def test_a_redacted_id_may_be_missing_and_be_referred_to(seeds_copy: Path, edit: Edit) -> None:
    edit(seeds_copy, "redactions.json", lambda _: [REDACTED | {"id": "PE-1997-0001"}])
    relation = {"id": "PE-1997-0001", "kind": "same_network"}
    edit(seeds_copy, "incidents/PE.json", lambda records: records[0].update(related=[relation]))
    edit(seeds_copy, "withdrawn.json", lambda _: [CLEAN["withdrawn"] | {
        "id": "PE-1997-0002", "reason": "merged", "superseded_by": "PE-1997-0001",
    }])  # fmt: skip
    published = frozenset({"PE-1997-0001", "PE-1997-0002"})
    history = History(published, redacted=frozenset({"PE-1997-0001"}))
    assert found(check(seeds_copy, today=TODAY, history=history)) == set()


def test_a_redaction_is_never_forgotten(seeds_copy: Path) -> None:
    history = History(frozenset({"PE-2018-0001"}), redacted=frozenset({"PE-2018-0001"}))
    told = found(check(seeds_copy, today=TODAY, history=history))
    assert told == {("redactions.json", 0, "PE-2018-0001", "forgotten-redaction")}


def test_redactions_stand_once_and_have_known_kinds(seeds_copy: Path, edit: Edit) -> None:
    other = REDACTED | {"id": "PE-1997-0001", "category": "fictive_kind"}
    edit(seeds_copy, "redactions.json", lambda _: [other, other | {"category": "other"}, other | {"years": "2018-11"}])
    rules = sorted(rule for *_, rule in found(check(seeds_copy, today=TODAY)))
    assert rules == ["duplicate-id", "schema", "unknown-code"]


@pytest.mark.parametrize("content", ["[", '[{"id": "PE-2018-0001"}]', '{"a": 1}'])
def test_ids_of_a_file_that_cannot_be_read_have_not_vanished(seeds_copy: Path, content: str) -> None:
    (seeds_copy / "incidents" / "PE.json").write_text(content, encoding="utf-8")
    rules = {
        finding.rule
        for finding in check(seeds_copy, today=TODAY, history=History(frozenset({"PE-2018-0001"}))).findings
    }
    assert rules & {"json", "schema"}
    assert "vanished-id" not in rules


def test_findings_go_by_file_and_line(ground: Field) -> None:
    for number, plant in enumerate(PLANTS[:60]):
        ground.plant(plant, number)
    ground.write()
    places = [(finding.file, finding.line) for finding in check(ground.seeds, today=TODAY).findings]
    assert places == sorted(places)


def test_every_rule_of_the_code_is_planted_here() -> None:
    """A rule that is added without a fault to try it on fails here."""
    text = "".join(
        (API / "curation" / f"{name}.py").read_text(encoding="utf-8")
        for name in ("rules", "places", "across", "dataset", "judge")
    )
    codes = set(re.findall(r'finding\(\s*"([a-z0-9-]+)"|Finding\(\s*"[^"]*", 0, [^,]+, "([a-z0-9-]+)"', text))
    rules = {first or second for first, second in codes} | PRIVACY_RULES.keys() | {"schema"}
    planted = {plant.rule for plant in (*PLANTS, *PARENTS)} | {rule for rule, _, _ in WHOLE}
    planted |= {"vanished-id", "forgotten-redaction"}
    assert len(codes) > 25
    assert rules <= planted


@pytest.mark.parametrize("days", [0, 1])
def test_today_is_not_the_future(ground: Field, days: int) -> None:
    ground.plant(Plant("future-date", "incident", ("date",), "2026-11-24"), 0)
    ground.write()
    today = date(2026, 11, 24 - days)
    assert {finding.rule for finding in check(ground.seeds, today=today).findings} == (
        {"future-date"} if days else set()
    )
