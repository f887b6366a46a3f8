"""Rules that hold across the record: references, identifiers, figures, outcomes, places.

Each rule is a generator over the whole data set; RULES names them for `check` and the documentation.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from api.curation.dataset import Dataset, Entry
from api.curation.findings import Finding, Path
from api.domain.columns import MONEY_MEASURES, WIDE_MEASURES
from api.domain.countries import COUNTRIES
from api.domain.currencies import CURRENCIES
from api.domain.dates import UncertainDate
from api.domain.incident import Incident

UNCOUNTED_ROLES = frozenset({"official", "security_officer", "lawyer"})
MAX_CODES = 25
_UNFIT_SITES = re.compile(
    r"https?://(?:[^/?#]*\.)?(?:whale\.to|bybilalr\.com|accessdomain\.com)(?:[:/?#]|$)", re.IGNORECASE
)
_DECIDED = {"released": "released", "acquitted": "acquitted", "convicted": "convicted"}


def unique_ids(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """An id stands once; a withdrawn one never comes back."""
    withdrawn = {entry.value["id"] for entry in dataset.withdrawn}
    for name, entries in (
        ("incident", dataset.incidents),
        ("source", dataset.sources),
        ("context entry", dataset.context),
        ("withdrawal", dataset.withdrawn),
    ):
        seen: set[str] = set()
        for entry in entries:
            identifier = entry.raw["id"]
            if identifier in seen:
                yield entry.finding("duplicate-id", f"Another {name} has this id: give this one a new id.", "id")
            seen.add(identifier)
            if name == "incident" and identifier in withdrawn:
                yield entry.finding("withdrawn-id", "withdrawn.json names this id: it can never be used again.", "id")
    yield from _repeated(dataset.geocodes, lambda entry: entry.value.place, "This place has another entry: keep one.")
    yield from _repeated(dataset.coverage, lambda entry: entry.value["area"], "This area has another entry: keep one.")


def _repeated(entries: Iterable[Entry[Any]], key: Callable[[Entry[Any]], object], message: str) -> Iterator[Finding]:
    seen: set[object] = set()
    for entry in entries:
        if key(entry) in seen:
            yield entry.finding("duplicate-id", message)
        seen.add(key(entry))


_CODED_ENTRIES = (
    ("incidents", "category", "category"),
    ("incidents", "confidence", "confidence"),
    ("incidents", "methods.*", "method"),
    ("incidents", "purposes.*", "purpose"),
    ("incidents", "other_places.*.role", "place_role"),
    ("incidents", "roles.*.role", "role"),
    ("incidents", "roles.*.status", "role_status"),
    ("incidents", "figures.*.measure", "measure"),
    ("incidents", "figures.*.said_by", "speaker"),
    ("incidents", "outcomes.*.status", "outcome"),
    ("incidents", "related.*.kind", "relation"),
    ("sources", "publisher_kind", "publisher_kind"),
    ("sources", "withheld", "withheld"),
    ("context", "code", "context"),
    ("coverage", "source_kinds.*", "publisher_kind"),
    ("withdrawn", "reason", "withdrawal"),
)


def known_codes(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Every code stands in its codelist."""
    for kind, pattern, name in _CODED_ENTRIES:
        known = dataset.codes(name)
        entries: list[Entry[Any]] = getattr(dataset, kind) if known else []
        for entry in entries:
            for path, code in _found(entry.raw, pattern.split("."), ()):
                if code is not None and code not in known:
                    message = f"Write a code of the list {name}: {', '.join(sorted(known))}."
                    yield entry.finding("unknown-code", message, *path)


def _found(value: Any, steps: list[str], path: Path) -> Iterator[tuple[Path, Any]]:
    if not steps:
        yield path, value
    elif steps[0] == "*":
        for index, inner in enumerate(value):
            yield from _found(inner, steps[1:], (*path, index))
    else:
        yield from _found(value[steps[0]], steps[1:], (*path, steps[0]))


def known_references(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Every source that is named exists, and each claim's sources are listed with its incident."""
    sources = {entry.value.id for entry in dataset.sources}
    citing: list[Entry[Any]] = [*dataset.incidents, *dataset.context]
    for entry in citing:
        for index, source in enumerate(entry.raw["sources"]):
            if source not in sources:
                yield entry.finding("unknown-source", "sources.json has no source of this id.", "sources", index)
    for entry in dataset.incidents:
        listed = set(entry.value.sources)
        claims = [("figures", index, figure.sources) for index, figure in enumerate(entry.value.figures)]
        claims += [("outcomes", index, outcome.sources) for index, outcome in enumerate(entry.value.outcomes)]
        for name, index, cited in claims:
            if not listed.issuperset(cited):
                message = "Add this claim's sources to the incident's own list `sources`."
                yield entry.finding("unlisted-source", message, name, index, "sources")


def relations(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Every related incident exists, and is another one; so does what a withdrawn one is superseded by."""
    incidents = {entry.value.id for entry in dataset.incidents}
    for withdrawal in dataset.withdrawn:
        if withdrawal.value["superseded_by"] not in {None, *incidents}:
            message = "Name an incident of the seeds, or write null."
            yield withdrawal.finding("unknown-incident", message, "superseded_by")
    for entry in dataset.incidents:
        for index, relation in enumerate(entry.value.related):
            if relation.id == entry.value.id or relation.id not in incidents:
                message = "Name another incident of the seeds; a withdrawn one has a successor."
                yield entry.finding("unknown-incident", message, "related", index, "id")


def sources(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """A publication stands once, and is cited."""
    citing: list[Entry[Any]] = [*dataset.incidents, *dataset.context]
    used = {source for entry in citing for source in entry.raw["sources"]}
    addresses: set[str] = set()
    for entry in dataset.sources:
        if entry.value.id not in used:
            message = "Nothing cites this source: cite it or remove it."
            yield entry.finding("uncited-source", message, "id", is_warning=True)
        if entry.value.url in addresses:
            yield entry.finding("duplicate-source", "Another source has this address: merge the two.", "url")
        if entry.value.url:
            addresses.add(entry.value.url)
        for name, address in (("url", entry.value.url), ("archived_url", entry.value.archived_url)):
            if address and _UNFIT_SITES.search(address):
                message = "This site is not fit to be shown: find the original, or withhold the address."
                yield entry.finding("unfit-site", message, name)


def countries(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Country codes are ISO 3166-1, a subdivision lies in its country, and a file holds one country."""
    for entry_of_area in (*dataset.context, *dataset.coverage):
        area: str = entry_of_area.value["area"]
        if area.isalpha() and area not in COUNTRIES:
            message = "Write an ISO 3166-1 alpha-2 code, or three digits of UN M49."
            yield entry_of_area.finding("country", message, "area")
    for entry, place, path in dataset.places():
        if place.country not in COUNTRIES:
            yield entry.finding("country", "Write an ISO 3166-1 alpha-2 code.", *path, "country")
        if place.subdivision and not place.subdivision.startswith(f"{place.country}-"):
            message = "Write an ISO 3166-2 code of the same country, or null."
            yield entry.finding("subdivision", message, *path, "subdivision")
        if path == ("place",) and entry.file.name != f"incidents/{place.country}.json":
            message = f"Move the incident to incidents/{place.country}.json, or correct the country."
            yield entry.finding("country-file", message, "place", "country")


def figures(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Money has a currency, anything else the unit of its measure."""
    measures = {measure["code"]: measure for measure in dataset.codelists.get("measure", ())}
    for entry in dataset.incidents:
        for index, figure in enumerate(entry.value.figures):
            measure = measures.get(figure.measure)
            if measure is None:
                continue
            if measure["money"] and figure.currency not in CURRENCIES:
                message = "Money needs an ISO 4217 currency code."
                yield entry.finding("currency", message, "figures", index, "currency")
            if not measure["money"] and figure.currency is not None:
                message = "This measure is no money: write null."
                yield entry.finding("currency", message, "figures", index, "currency")
            if figure.unit != measure["unit"]:
                unit = "null" if measure["unit"] is None else f'"{measure["unit"]}"'
                yield entry.finding("unit", f"The unit of this measure is {unit}.", "figures", index, "unit")
            numbers = (figure.low, figure.best, figure.high)
            if measure["additive"] and any(number is not None and number != int(number) for number in numbers):
                message = "This measure counts: write whole numbers."
                yield entry.finding("whole-number", message, "figures", index, "best")


def outcomes(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Outcomes stand in the order of their dates, and whoever was released or judged has that outcome beside them."""
    for entry in dataset.incidents:
        latest: UncertainDate | None = None
        for index, outcome in enumerate(entry.value.outcomes):
            if outcome.as_of and latest and outcome.as_of.end < latest.start:
                message = "Outcomes go from the earliest to the latest: move this one up."
                yield entry.finding("outcome-order", message, "outcomes", index, "as_of")
            latest = outcome.as_of or latest
        told = {outcome.status for outcome in entry.value.outcomes}
        for index, role in enumerate(entry.value.roles):
            missing = _DECIDED.get(role.status or "")
            if missing and missing not in told:
                message = f"A role is {missing}: tell it in `outcomes` too, with its source."
                yield entry.finding("outcome-missing", message, "roles", index, "status")


def roles(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Officials, security officers and lawyers are not counted: a number would point at one person."""
    for entry in dataset.incidents:
        for index, role in enumerate(entry.value.roles):
            if role.role in UNCOUNTED_ROLES and role.count is not None:
                message = "People of this role are not counted: write null."
                yield entry.finding("role-count", message, "roles", index, "count")
        only_parents = {role.role for role in entry.value.roles} == {"parent"}
        if only_parents and entry.value.date.precision == "day":
            message = "Where only parents are accused, give the month at the finest."
            yield entry.finding("parents-date", message, "date")


def days(dataset: Dataset, today: date) -> Iterator[Finding]:
    """Nothing is dated in the future."""
    for entry in dataset.incidents:
        incident: Incident = entry.value
        if incident.date.start > today:
            yield entry.finding("future-date", "The date lies in the future.", "date")
        dated = [("figures", index, claim.as_of) for index, claim in enumerate(incident.figures)]
        dated += [("outcomes", index, claim.as_of) for index, claim in enumerate(incident.outcomes)]
        for name, index, as_of in dated:
            if as_of is not None and as_of.start > today:
                yield entry.finding("future-date", "A date of a claim lies in the future.", name, index, "as_of")
    for source in dataset.sources:
        for name, moment in (("published", source.value.published), ("retrieved", source.value.retrieved)):
            if moment is not None and moment.start > today:
                yield source.finding("future-date", "The date lies in the future.", name)


def contact(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Somebody answers who asks for a correction."""
    if str(dataset.description.get("contact", "")).endswith(".example"):
        message = "The contact is a placeholder: name where readers can ask for a correction."
        yield Finding("dataset.json", 0, "", "placeholder-contact", message, is_warning=True)


def codelists(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Codes stand once in their list; the lists that the software relies on hold what it expects."""
    for name, entries in dataset.codelists.items():
        codes = [entry["code"] for entry in entries]
        if len(set(codes)) < len(codes):
            yield Finding("codelists.json", 0, "", "duplicate-id", f"The list {name} has a code twice.")
        if name in ("method", "purpose", "role") and len(codes) > MAX_CODES:
            message = f"The list {name} has more than {MAX_CODES} codes: fold some together."
            yield Finding("codelists.json", 0, "", "too-many-codes", message)
    wide = {entry["code"]: entry["money"] for entry in dataset.codelists.get("measure", ()) if entry["wide"]}
    expected = {measure: measure in MONEY_MEASURES for measure in WIDE_MEASURES}
    if dataset.codelists and wide != expected:
        message = f"Mark exactly these measures wide, the last three as money: {', '.join(WIDE_MEASURES)}."
        yield Finding("codelists.json", 0, "", "wide-measures", message)


Rule = Callable[[Dataset, date], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    unique_ids, known_codes, known_references, relations, sources, countries, figures, outcomes, roles, days, contact,
    codelists,
)  # fmt: skip
"""Every rule; `today` is the day of checking."""
