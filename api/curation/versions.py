"""From a located incident to the bytes that are stored and served."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from api.curation.attach import LocatedIncident
from api.curation.claims import marked, verification, wide_values
from api.database.append import RegistryEntry
from api.database.rows import IncidentVersion
from api.domain.area import normal_lon
from api.domain.columns import STORED_NAMES
from api.domain.countries import COUNTRIES
from api.domain.dates import UncertainDate, parse_edtf
from api.domain.folding import fold
from api.domain.incident import ENGLISH, POSSIBLE_DUPLICATE, Source
from api.domain.place import Geocode, ReportedPlace

_STAMPED = ("updated", "updated_release")  # added when the release is known


def build(located: LocatedIncident) -> IncidentVersion:
    """The version to store. Equal incidents make equal bytes, and so equal digests."""
    return restore(_document(located))


def restore(document: Mapping[str, Any]) -> IncidentVersion:
    """The version that a document stands for: everything else that is stored follows from it."""
    place, date = document["place"], document["date"]
    packed = orjson.dumps(document)
    return IncidentVersion(
        id=document["id"],
        digest=hashlib.sha256(packed).hexdigest(),
        seed_digest="",
        country=place["country"],
        admin1=place["admin1"] or "",
        category=document["category"],
        outcome=document["outcome"] or "",
        precision=place["precision"],
        verification=document["verification"] or "",
        date_start=date["start"],
        date_end=date["end"],
        is_date_certain=parse_edtf(date["edtf"]).is_certain,
        lon=place["lon"],
        lat=place["lat"],
        uncertainty_m=place["uncertainty_m"],
        methods=tuple(document["methods"]),
        purposes=tuple(document["purposes"]),
        duplicates=tuple(one["id"] for one in document["related"] if one["kind"] == POSSIBLE_DUPLICATE),
        figures=marked(document["figures"], document["sources"]),
        words=_words(document),
        flat=orjson.dumps(_flat(document)),
        document=packed,
    )


def build_entry(kind: str, key: str, document: object) -> RegistryEntry:
    """A registry entry to store."""
    packed = orjson.dumps(document)
    return RegistryEntry(kind, key, hashlib.sha256(packed).hexdigest(), packed)


def _latest(outcomes: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    # The list is in the order of what happened, which a coarse date cannot tell: the last dated one is the latest.
    dated = [outcome for outcome in outcomes if outcome["as_of"]]
    return dated[-1] if dated else outcomes[-1]


def _flat(document: Mapping[str, Any]) -> dict[str, Any]:
    place, date, sources = document["place"], document["date"], document["sources"]
    country = COUNTRIES[place["country"]]
    outcomes = document["outcomes"]
    redaction = document.get("redaction") or {"date": None, "reason": None}
    values: dict[str, Any] = {
        "id": document["id"],
        "title": document["title"][ENGLISH],
        "summary": document["summary"][ENGLISH],
        "category": document["category"],
        "date_edtf": date["edtf"],
        "date_start": date["start"],
        "date_end": date["end"],
        "date_precision": date["precision"],
        "date_note": date["note"][ENGLISH] if date["note"] else None,
        "country": country.alpha2,
        "country_iso3": country.alpha3,
        "country_name": country.name,
        "admin1": place["admin1"],
        "admin1_name": place["admin1_name"],
        "place": place["text"],
        "place_name": place["name"],
        "lon": place["lon"],
        "lat": place["lat"],
        "precision": place["precision"],
        "uncertainty_m": place["uncertainty_m"],
        "place_id": place["gazetteer_id"],
        "methods": _joined(document["methods"]),
        "purposes": _joined(document["purposes"]),
        "roles": _joined(dict.fromkeys(role["role"] for role in document["roles"])),
        "outcome": document["outcome"],
        "outcome_date": _latest(outcomes)["as_of"] if outcomes else None,
        **wide_values(document["figures"], sources),
        "verification": document["verification"],
        "confidence": document["confidence"],
        "source_count": len(sources),
        "source_ids": _joined(source["id"] for source in sources),
        "source_urls": _joined(source["url"] for source in sources if source["url"]),
        "related": _joined(relation["id"] for relation in document["related"]),
        "redacted": redaction["date"],
        "redaction_reason": redaction["reason"],
        **dict.fromkeys(_STAMPED),
    }
    if tuple(values) != STORED_NAMES:
        raise AssertionError("domain.columns and curation.versions disagree on the columns")
    for name in _STAMPED:
        del values[name]
    return values


def _document(located: LocatedIncident) -> dict[str, Any]:
    incident = located.incident
    outcomes = [
        {"status": outcome.status, "as_of": _edtf(outcome.as_of), "note": outcome.note, "sources": outcome.sources}
        for outcome in incident.outcomes
    ]
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
        "outcome": _latest(outcomes)["status"],
        "outcomes": outcomes,
        "verification": verification(located.sources),
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


def _words(document: Mapping[str, Any]) -> str:
    place = document["place"]
    names = (place["text"], place["name"], place["admin1_name"], place["admin2_name"], place["country_name"])
    texts = [document["id"], *document["title"].values(), *document["summary"].values()]
    texts += [other["text"] for other in document["other_places"]]
    texts += [outcome["note"][ENGLISH] for outcome in document["outcomes"] if outcome["note"]]
    # Many incidents happen in the same places, and accents stand mostly in their names.
    return " ".join(filter(None, (*map(fold, texts), *(_fold_name(name) for name in names if name))))


_fold_name = lru_cache(maxsize=16_384)(fold)


def _joined(values: Iterable[str]) -> str:
    return ";".join(values)


def _edtf(moment: UncertainDate | None) -> str | None:
    return moment.edtf if moment else None
