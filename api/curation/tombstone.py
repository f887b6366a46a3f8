"""The version that stands for a redacted record, made from its entry in redactions.json alone."""

from typing import Any

from api.curation.versions import restore
from api.database.rows import IncidentVersion
from api.domain.countries import COUNTRIES
from api.domain.dates import parse_edtf
from api.domain.place import Precision
from api.domain.redaction import Redaction, years_of

_TITLE = {"en": "Redacted record", "es": "Registro suprimido", "id": "Catatan yang dihapus"}
_SUMMARY = {
    "en": "This record was redacted: what it told was taken out of every release. Its kind, its country and its year "
    "are all that is left.",
    "es": "Este registro fue suprimido: lo que contaba se retiró de todas las publicaciones. Solo quedan el tipo, el "
    "país y el año.",
    "id": "Catatan ini telah dihapus: isinya dikeluarkan dari semua rilis. Yang tersisa hanyalah jenis, negara, dan "
    "tahunnya.",
}
_EMPTY = ("other_places", "methods", "purposes", "roles", "figures", "outcomes", "related", "sources")
_UNKNOWN = ("outcome", "verification", "confidence")


def build(redaction: Redaction) -> IncidentVersion:
    """The version to store: the same in every database, whatever is left of the record elsewhere."""
    return restore(_document(redaction))


def entry_for(document: dict[str, Any], *, reason: str, today: str) -> Redaction:
    """What is kept of a record as it is stored."""
    return Redaction(
        id=document["id"],
        reason=reason,
        redacted=today,
        category=document["category"],
        country=document["place"]["country"],
        years=years_of(document["date"]["edtf"]),
    )


def _document(redaction: Redaction) -> dict[str, Any]:
    date = parse_edtf(redaction.years)
    told = {
        "id": redaction.id,
        "category": redaction.category,
        "redaction": {"reason": redaction.reason, "date": redaction.redacted},
        "title": _TITLE,
        "summary": _SUMMARY,
        "date": {
            "edtf": redaction.years,
            "start": date.start.isoformat(),
            "end": date.end.isoformat(),
            "precision": date.precision,
            "note": None,
        },
        "place": _place(redaction.country),
    }
    return told | {name: [] for name in _EMPTY} | dict.fromkeys(_UNKNOWN)


def _place(code: str) -> dict[str, Any]:
    country = COUNTRIES[code]
    return {
        "text": country.name,
        "name": country.name,
        "country": country.alpha2,
        "country_name": country.name,
        "admin1": None,
        "admin1_name": None,
        "admin2_name": None,
        "iso_3166_2": None,
        "lon": country.lon,
        "lat": country.lat,
        "precision": Precision.COUNTRY.value,
        "uncertainty_m": country.radius_m,
        "gazetteer_id": f"geonames:{country.geonames_id}",
        "provider": "gazetteer",
        "licence": "CC-BY-4.0",
    }
