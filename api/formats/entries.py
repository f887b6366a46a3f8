"""Publications and places as rows: what is published beside the incidents, flat."""

from typing import Any

from api.domain.countries import COUNTRIES
from api.domain.incident import ENGLISH
from api.domain.tables import SOURCES


def source(entry: dict[str, Any], language: str = ENGLISH) -> dict[str, Any]:
    """A publication; its description is in `language` where there is a translation."""
    told = entry.get("description")
    return {name: entry.get(name) for name in SOURCES.names} | {
        "description": told and told.get(language, told[ENGLISH]),
    }


def place(entry: dict[str, Any]) -> dict[str, Any]:
    """A reported place with its reviewed point: as records hold it, or the list of places."""
    country = COUNTRIES[entry["country"]]
    return {
        "place": entry["text"],
        "country": country.alpha2,
        "country_iso3": country.alpha3,
        "country_name": country.name,
        "place_name": entry["name"],
        "lon": entry["lon"],
        "lat": entry["lat"],
        "precision": entry["precision"],
        "uncertainty_m": entry["uncertainty_m"],
        "admin1": entry["admin1"],
        "admin1_name": entry["admin1_name"],
        "admin2_name": entry["admin2_name"],
        "iso_3166_2": entry["iso_3166_2"],
        "place_id": entry["gazetteer_id"],
        "provider": entry["provider"],
        "licence": entry["licence"],
    }
