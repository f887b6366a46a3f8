"""From a located incident to the bytes that are stored and served."""

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson

from api.curation.attach import LocatedIncident
from api.curation.claims import verification, wide_values
from api.database.append import IncidentVersion, RegistryEntry
from api.domain.area import normal_lon
from api.domain.columns import COLUMN_NAMES
from api.domain.countries import COUNTRIES
from api.domain.dates import UncertainDate
from api.domain.folding import fold
from api.domain.incident import Outcome, Source
from api.domain.place import Geocode, ReportedPlace

_STAMPED = ("updated", "updated_release")  # added when the release is known


def build(located: LocatedIncident) -> IncidentVersion:
    """The version to store. Equal incidents make equal bytes, and so equal digests."""
    incident, found = located.incident, located.geocode.found
    latest = _latest(incident.outcomes)
    verified = verification(located.sources)
    flat = {name: value for name, value in _flat(located, latest, verified).items() if name not in _STAMPED}
    document = _document(located, latest, verified)
    flat_bytes, document_bytes = orjson.dumps(flat), orjson.dumps(document)
    return IncidentVersion(
        id=incident.id,
        digest=hashlib.sha256(flat_bytes + b"\0" + document_bytes).hexdigest(),
        country=incident.place.country,
        admin1=found.admin1 or "",
        category=incident.category,
        outcome=latest.status,
        precision=found.precision.value,
        verification=verified,
        date_start=incident.date.start.isoformat(),
        date_end=incident.date.end.isoformat(),
        lon=normal_lon(found.lon),
        lat=found.lat,
        uncertainty_m=found.uncertainty_m,
        methods=incident.methods,
        purposes=incident.purposes,
        words=_words(located),
        flat=flat_bytes,
        document=document_bytes,
    )


def build_entry(kind: str, key: str, document: object) -> RegistryEntry:
    """A registry entry to store."""
    packed = orjson.dumps(document)
    return RegistryEntry(kind, key, hashlib.sha256(packed).hexdigest(), packed)


def _latest(outcomes: tuple[Outcome, ...]) -> Outcome:
    # The list is in the order of what happened, which a coarse date cannot tell: the last dated one is the latest.
    dated = [outcome for outcome in outcomes if outcome.as_of]
    return dated[-1] if dated else outcomes[-1]


def _flat(located: LocatedIncident, latest: Outcome, verified: str) -> dict[str, Any]:
    incident, found = located.incident, located.geocode.found
    country = COUNTRIES[incident.place.country]
    values: dict[str, Any] = {
        "id": incident.id,
        "title": incident.title["en"],
        "summary": incident.summary["en"],
        "category": incident.category,
        "date_edtf": incident.date.edtf,
        "date_start": incident.date.start.isoformat(),
        "date_end": incident.date.end.isoformat(),
        "date_precision": incident.date.precision,
        "date_note": incident.date_note["en"] if incident.date_note else None,
        "country": country.alpha2,
        "country_iso3": country.alpha3,
        "country_name": country.name,
        "admin1": found.admin1,
        "admin1_name": found.admin1_name,
        "place": incident.place.text,
        "place_name": found.name,
        "lon": normal_lon(found.lon),
        "lat": found.lat,
        "precision": found.precision.value,
        "uncertainty_m": found.uncertainty_m,
        "place_id": found.gazetteer_id,
        "methods": _joined(incident.methods),
        "purposes": _joined(incident.purposes),
        "roles": _joined(dict.fromkeys(role.role for role in incident.roles)),
        "outcome": latest.status,
        "outcome_date": latest.as_of.edtf if latest.as_of else None,
        **wide_values(incident.figures, located.sources),
        "verification": verified,
        "confidence": incident.confidence,
        "source_count": len(located.sources),
        "source_ids": _joined(source.id for source in located.sources),
        "source_urls": _joined(source.url for source in located.sources if source.url),
        "related": _joined(relation.id for relation in incident.related),
        **dict.fromkeys(_STAMPED),
    }
    if tuple(values) != COLUMN_NAMES:
        raise AssertionError("domain.columns and curation.versions disagree on the columns")
    return values


def _document(located: LocatedIncident, latest: Outcome, verified: str) -> dict[str, Any]:
    incident = located.incident
    return {
        "id": incident.id,
        "category": incident.category,
        "title": incident.title,
        "summary": incident.summary,
        "date": {
            "edtf": incident.date.edtf,
            "start": incident.date.start.isoformat(),
            "end": incident.date.end.isoformat(),
            "precision": incident.date.precision,
            "note": incident.date_note,
        },
        "place": _place(incident.place, located.geocode),
        "other_places": [
            {"role": other.role, **_place(other.place, geocode)}
            for other, geocode in zip(incident.other_places, located.other_geocodes, strict=True)
        ],
        "methods": incident.methods,
        "purposes": incident.purposes,
        "roles": [
            {"role": role.role, "count": role.count, "status": role.status, "note": role.note}
            for role in incident.roles
        ],
        "figures": [
            {
                "measure": figure.measure,
                "low": figure.low,
                "best": figure.best,
                "high": figure.high,
                "unit": figure.unit,
                "currency": figure.currency,
                "as_of": _edtf(figure.as_of),
                "said_by": figure.said_by,
                "sources": figure.sources,
                "note": figure.note,
            }
            for figure in incident.figures
        ],
        "outcome": latest.status,
        "outcomes": [
            {
                "status": outcome.status,
                "as_of": _edtf(outcome.as_of),
                "note": outcome.note,
                "sources": outcome.sources,
            }
            for outcome in incident.outcomes
        ],
        "verification": verified,
        "confidence": incident.confidence,
        "related": [{"id": relation.id, "kind": relation.kind} for relation in incident.related],
        "sources": [_source(source) for source in located.sources],
    }


def _place(reported: ReportedPlace, geocode: Geocode) -> dict[str, Any]:
    found = geocode.found
    return {
        "text": reported.text,
        "name": found.name,
        "country": reported.country,
        "country_name": COUNTRIES[reported.country].name,
        "admin1": found.admin1,
        "admin1_name": found.admin1_name,
        "admin2_name": found.admin2_name,
        "iso_3166_2": found.iso_3166_2,
        "lon": normal_lon(found.lon),
        "lat": found.lat,
        "precision": found.precision.value,
        "uncertainty_m": found.uncertainty_m,
        "gazetteer_id": found.gazetteer_id,
        "provider": geocode.provider,
        "licence": geocode.licence,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "publisher": source.publisher,
        "publisher_kind": source.publisher_kind,
        "title": source.title,
        "description": source.description,
        "url": source.url,
        "withheld": source.withheld,
        "language": source.language,
        "published": _edtf(source.published),
        "retrieved": _edtf(source.retrieved),
        "archived_url": source.archived_url,
        "kind": source.kind,
        "original_publisher": source.original_publisher,
    }


def _words(located: LocatedIncident) -> str:
    incident, found = located.incident, located.geocode.found
    texts = [*incident.title.values(), *incident.summary.values(), incident.place.text, found.name]
    texts += [found.admin1_name or "", found.admin2_name or "", COUNTRIES[incident.place.country].name]
    texts += [other.place.text for other in incident.other_places]
    texts += [outcome.note["en"] for outcome in incident.outcomes if outcome.note]
    return fold(" ".join([incident.id, *texts]))


def _joined(values: Iterable[str]) -> str:
    return ";".join(values)


def _edtf(moment: UncertainDate | None) -> str | None:
    return moment.edtf if moment else None
