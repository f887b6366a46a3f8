"""Which area of the gazetteer holds which place: by code where both have one, else by distance."""

from api.geocoding import extent, tables
from api.geocoding.lookup import Row

_BESIDE_A_CITY_M = 10_000


def holds(area: Row, row: Row) -> bool:
    """Whether a text may name `area` to say where `row` lies; an area holds itself."""
    if area.country != row.country:
        return False
    if area.level == tables.COUNTRY or area.id == row.id:
        return True
    if area.level == tables.SETTLEMENT:
        return _holds_as_a_city(area, row)
    if area.level > row.level or area.admin1 != row.admin1:
        return False
    if area.level == tables.FIRST or area.admin2 == row.admin2:
        return True
    return not row.admin2 and apart_m(area, row) <= area.radius_m


def touches(area: Row, row: Row) -> bool:
    """Whether the circles of an area and a place of one country overlap."""
    return area.country == row.country and apart_m(area, row) <= area.radius_m + row.radius_m


def holds_or_touches(area: Row, row: Row) -> bool:
    """Whether a text that is out of date, or wrong by a border, may name `area` to say where `row` lies."""
    return holds(area, row) or (area.level == tables.FIRST and touches(area, row))


def apart_m(one: Row, other: Row) -> float:
    """Metres between two places."""
    return extent.distance_m(one.lon, one.lat, other.lon, other.lat)


def _holds_as_a_city(city: Row, row: Row) -> bool:
    """A suburb lies near its city; an admin-2 area is placed by a city inside it."""
    if row.level == tables.SETTLEMENT:
        return apart_m(city, row) <= city.radius_m + _BESIDE_A_CITY_M
    return row.level == tables.SECOND and apart_m(city, row) <= row.radius_m
