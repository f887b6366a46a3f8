"""Rules for references, identifiers, figures, outcomes and dates.

INCIDENT_RULES look at one incident beside the registries, REGISTRY_RULES at the registries alone; what only all
incidents together can tell is in `curation.across`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from api.curation.dataset import Dataset, Entry, places_of
from api.curation.findings import Finding, Path
from api.curation.known import Known
from api.domain.columns import MONEY_MEASURES, WIDE_MEASURES
from api.domain.countries import COUNTRIES
from api.domain.currencies import CURRENCIES
from api.domain.dates import UncertainDate
from api.domain.incident import Incident

IncidentRule = Callable[[Entry[Incident], Known], Iterator[Finding]]
RegistryRule = Callable[[Dataset, date], Iterator[Finding]]
"""The date is the day of checking."""

UNCOUNTED_ROLES = frozenset({"official", "security_officer", "lawyer"})
MAX_CODES = 25
_UNFIT_SITES = re.compile(
    r"https?://(?:[^/?#]*\.)?(?:whale\.to|bybilalr\.com|accessdomain\.com)(?:[:/?#]|$)", re.IGNORECASE
)
_DECIDED = {"released": "released", "acquitted": "acquitted", "convicted": "convicted"}

# Where codes stand: a key, the key of a list, or a key in each entry of a list.
_INCIDENT_CODES = (
    ("category", "category"),
    ("confidence", "confidence"),
    ("methods.*", "method"),
    ("purposes.*", "purpose"),
    ("other_places.*.role", "place_role"),
    ("roles.*.role", "role"),
    ("roles.*.status", "role_status"),
    ("figures.*.measure", "measure"),
    ("figures.*.said_by", "speaker"),
    ("outcomes.*.status", "outcome"),
    ("related.*.kind", "relation"),
)
_REGISTRY_CODES = (
    ("sources", "publisher_kind", "publisher_kind"),
    ("sources", "withheld", "withheld"),
    ("context", "code", "context"),
    ("coverage", "source_kinds.*", "publisher_kind"),
    ("withdrawn", "reason", "withdrawal"),
    ("redactions", "reason", "redaction"),
    ("redactions", "category", "category"),
)
_INCIDENT_STEPS = tuple((tuple(pattern.split(".")), name) for pattern, name in _INCIDENT_CODES)


def incident_codes(entry: Entry[Incident], known: Known) -> Iterator[Finding]:
    """Every code of an incident stands in its codelist."""
    for steps, name in _INCIDENT_STEPS:
        codes = known.codes[name]
        if codes:
            yield from _unknown_codes(entry, steps, name, codes)


def registry_codes(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """So does every code of the registries."""
    for kind, pattern, name in _REGISTRY_CODES:
        codes = dataset.codes(name)
        entries: list[Entry[Any]] = getattr(dataset, kind) if codes else []
        for entry in entries:
            yield from _unknown_codes(entry, tuple(pattern.split(".")), name, codes)


def _unknown_codes(entry: Entry[Any], steps: tuple[str, ...], name: str, codes: frozenset[str]) -> Iterator[Finding]:
    for path, code in _found(entry.raw, steps):
        if code is not None and code not in codes:
            message = f"Write a code of the list {name}: {', '.join(sorted(codes))}."
            yield entry.finding("unknown-code", message, *path)


def _found(raw: Any, steps: tuple[str, ...]) -> Iterable[tuple[Path, Any]]:
    first, *rest = steps
    if not rest:
        return [((first,), raw[first])]
    if len(rest) == 1:
        return [((first, index), code) for index, code in enumerate(raw[first])]
    return [((first, index, rest[1]), inner[rest[1]]) for index, inner in enumerate(raw[first])]


def cited_sources(entry: Entry[Incident], known: Known) -> Iterator[Finding]:
    """Every source that an incident names exists, and each claim's sources are listed with it."""
    incident = entry.value
    yield from _unknown_sources(entry, known.sources)
    listed = set(incident.sources)
    claims = [("figures", index, figure.sources) for index, figure in enumerate(incident.figures)]
    claims += [("outcomes", index, outcome.sources) for index, outcome in enumerate(incident.outcomes)]
    for name, index, cited in claims:
        if not listed.issuperset(cited):
            message = "Add this claim's sources to the incident's own list `sources`."
            yield entry.finding("unlisted-source", message, name, index, "sources")


def context_sources(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """So do the sources of context."""
    sources = {entry.value.id for entry in dataset.sources}
    for entry in dataset.context:
        yield from _unknown_sources(entry, sources)


def _unknown_sources(entry: Entry[Any], sources: Iterable[str]) -> Iterator[Finding]:
    for index, source in enumerate(entry.raw["sources"]):
        if source not in sources:
            yield entry.finding("unknown-source", "sources.json has no source of this id.", "sources", index)


def unique_entries(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """An entry of a registry stands once."""
    for name, entries in (
        ("source", dataset.sources),
        ("context entry", dataset.context),
        ("withdrawal", dataset.withdrawn),
        ("redaction", dataset.redactions),
    ):
        message = f"Another {name} has this id: give this one a new id."
        yield from _repeated(entries, lambda entry: entry.raw["id"], message, "id")
    yield from _repeated(dataset.geocodes, lambda entry: entry.value.place, "This place has another entry: keep one.")
    yield from _repeated(dataset.coverage, lambda entry: entry.value["area"], "This area has another entry: keep one.")


def _repeated(
    entries: Iterable[Entry[Any]], key: Callable[[Entry[Any]], object], message: str, *path: str
) -> Iterator[Finding]:
    seen: set[object] = set()
    for entry in entries:
        if key(entry) in seen:
            yield entry.finding("duplicate-id", message, *path)
        seen.add(key(entry))


def related_to_itself(entry: Entry[Incident], _known: Known) -> Iterator[Finding]:
    """A related incident is another one."""
    for index, relation in enumerate(entry.value.related):
        if relation.id == entry.value.id:
            yield unknown_relation(entry, index)


def unknown_relation(entry: Entry[Incident], index: int) -> Finding:
    """A relation that leads nowhere, or to the incident itself."""
    message = "Name another incident of the seeds; a withdrawn one has a successor."
    return entry.finding("unknown-incident", message, "related", index, "id")


def source_addresses(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """A publication stands once, and leads to nothing that is unfit."""
    addresses: set[str] = set()
    for entry in dataset.sources:
        if entry.value.url in addresses:
            yield entry.finding("duplicate-source", "Another source has this address: merge the two.", "url")
        if entry.value.url:
            addresses.add(entry.value.url)
        for name, address in (("url", entry.value.url), ("archived_url", entry.value.archived_url)):
            if address and _UNFIT_SITES.search(address):
                message = "This site is not fit to be shown: find the original, or withhold the address."
                yield entry.finding("unfit-site", message, name)


def areas(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """The areas of context and coverage are ISO 3166-1 or UN M49."""
    for entry in (*dataset.context, *dataset.coverage):
        area: str = entry.value["area"]
        if area.isalpha() and area not in COUNTRIES:
            yield entry.finding("country", "Write an ISO 3166-1 alpha-2 code, or three digits of UN M49.", "area")


def countries(entry: Entry[Incident], _known: Known) -> Iterator[Finding]:
    """Country codes are ISO 3166-1, a subdivision lies in its country, and a file holds one country."""
    for place, path in places_of(entry.value):
        if place.country not in COUNTRIES:
            yield entry.finding("country", "Write an ISO 3166-1 alpha-2 code.", *path, "country")
        if place.subdivision and not place.subdivision.startswith(f"{place.country}-"):
            message = "Write an ISO 3166-2 code of the same country, or null."
            yield entry.finding("subdivision", message, *path, "subdivision")
    country = entry.value.place.country
    name, _, ending = entry.file.name.partition(".")
    if name != f"incidents/{country}":
        message = f"Move the incident to incidents/{country}.{ending}, or correct the country."
        yield entry.finding("country-file", message, "place", "country")


def figures(entry: Entry[Incident], known: Known) -> Iterator[Finding]:
    """Money has a currency, anything else the unit of its measure."""
    for index, figure in enumerate(entry.value.figures):
        measure = known.measures.get(figure.measure)
        if measure is None:
            continue
        if measure["money"] and figure.currency not in CURRENCIES:
            yield entry.finding("currency", "Money needs an ISO 4217 currency code.", "figures", index, "currency")
        if not measure["money"] and figure.currency is not None:
            yield entry.finding("currency", "This measure is no money: write null.", "figures", index, "currency")
        if figure.unit != measure["unit"]:
            unit = "null" if measure["unit"] is None else f'"{measure["unit"]}"'
            yield entry.finding("unit", f"The unit of this measure is {unit}.", "figures", index, "unit")
        numbers = (figure.low, figure.best, figure.high)
        if measure["additive"] and any(number is not None and number != int(number) for number in numbers):
            message = "This measure counts: write whole numbers."
            yield entry.finding("whole-number", message, "figures", index, "best")


def outcomes(entry: Entry[Incident], _known: Known) -> Iterator[Finding]:
    """Outcomes stand in the order of their dates, and whoever was released or judged has that outcome beside them."""
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


def roles(entry: Entry[Incident], _known: Known) -> Iterator[Finding]:
    """Officials, security officers and lawyers are not counted: a number would point at one person."""
    for index, role in enumerate(entry.value.roles):
        if role.role in UNCOUNTED_ROLES and role.count is not None:
            message = "People of this role are not counted: write null."
            yield entry.finding("role-count", message, "roles", index, "count")
    only_parents = {role.role for role in entry.value.roles} == {"parent"}
    if only_parents and entry.value.date.precision == "day":
        yield entry.finding("parents-date", "Where only parents are accused, give the month at the finest.", "date")


def days(entry: Entry[Incident], known: Known) -> Iterator[Finding]:
    """Nothing of an incident is dated in the future."""
    incident, today = entry.value, known.today
    if incident.date.start > today:
        yield entry.finding("future-date", "The date lies in the future.", "date")
    dated = [("figures", index, claim.as_of) for index, claim in enumerate(incident.figures)]
    dated += [("outcomes", index, claim.as_of) for index, claim in enumerate(incident.outcomes)]
    for name, index, as_of in dated:
        if as_of is not None and as_of.start > today:
            yield entry.finding("future-date", "A date of a claim lies in the future.", name, index, "as_of")


def source_days(dataset: Dataset, today: date) -> Iterator[Finding]:
    """No source is dated in the future."""
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


INCIDENT_RULES: tuple[IncidentRule, ...] = (
    incident_codes, cited_sources, related_to_itself, countries, figures, outcomes, roles, days,
)  # fmt: skip
REGISTRY_RULES: tuple[RegistryRule, ...] = (
    registry_codes, context_sources, unique_entries, source_addresses, areas, source_days, contact, codelists,
)  # fmt: skip
