"""The population floor and rounding: what of a place may be stored."""

import math
from collections.abc import Sequence
from dataclasses import replace

from api.domain.place import GazetteerPlace, Precision
from api.geocoding.extent import distance_m

POPULATION_FLOOR = 5_000
SEATS = frozenset({"PPLC", "PPLA", "PPLA2"})
"""Seats of a country, an admin-1 or an admin-2 area: known to everybody, whatever their size."""


def is_below_floor(place: GazetteerPlace) -> bool:
    """Whether too few people live there for the place to be published.

    A settlement of unknown population is below, unless it is a seat; so is an admin-2 area that is known to be one
    village (a Romanian commune), but not one whose population is unknown.
    """
    if place.precision is Precision.SETTLEMENT:
        is_small = place.population is None or place.population < POPULATION_FLOOR
        return is_small and place.feature not in SEATS
    return place.precision is Precision.ADMIN2 and 0 < (place.population or 0) < POPULATION_FLOOR


def generalise(place: GazetteerPlace, areas: Sequence[GazetteerPlace]) -> GazetteerPlace:
    """The place as it may be stored: itself, or the first of the areas around it that is not below the floor.

    `areas` hold the place, from fine to coarse. Coordinates are rounded to the precision; the circle of an area grows
    by what rounding moved its centre. Raises ValueError when no area is coarse enough: the gazetteer's countries are.
    """
    for candidate in (place, *areas):
        if not is_below_floor(candidate):
            return _rounded(candidate)
    raise ValueError("No area around the place is coarse enough to be stored.")


def _rounded(place: GazetteerPlace) -> GazetteerPlace:
    lon = round(place.lon, place.precision.decimals)
    lat = round(place.lat, place.precision.decimals)
    moved_m = 0 if place.precision is Precision.SETTLEMENT else distance_m(place.lon, place.lat, lon, lat)
    return replace(place, lon=lon, lat=lat, uncertainty_m=place.uncertainty_m + math.ceil(moved_m))
