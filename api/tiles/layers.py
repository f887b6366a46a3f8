"""The two layers of a tile, and what their features tell."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tiles import mvt
from api.tiles.clusters import Features
from api.tiles.grid import PX_PER_METRE

Array = NDArray[Any]
Column = Sequence[bytes] | Array

INCIDENTS, AREAS = "incidents", "areas"

_OF_ONE = {
    "id": "Of a single incident: its identifier.",
    "country": "Of a single incident: ISO 3166-1 alpha-2.",
    "category": "Of a single incident: code of the codelist category.",
    "outcome": "Of a single incident: code of the latest outcome; empty where none is known.",
    "verification": "Of a single incident: code of the codelist verification.",
    "date_start": "Of a single incident: its first possible day, YYYY-MM-DD.",
}
_MEMBERS = {
    "members": "Of several incidents: parameters that, in the place of those of the same name in the filter, ask for "
    "exactly these. Missing where no parameters do; then larger zooms tell them apart."
}
FIELDS: dict[str, dict[str, str]] = {
    INCIDENTS: {
        "incidents": "How many lie here.",
        "places": "At how many points they lie; with one, larger zooms show no more.",
        "uncertainty_m": "The greatest uncertainty of these, in metres.",
    }
    | _OF_ONE
    | _MEMBERS,
    AREAS: {
        "incidents": "How many are known to lie in this area, and no closer.",
        "places": "How many areas this stands for; one, unless a tile has more than can be drawn.",
        "precision": "What the area is: admin2, admin1 or country.",
        "uncertainty_m": "Its radius in metres; of several the greatest.",
        "radius_z0_px": "The same in pixels at zoom 0, where the world has 512: times 2^zoom it is the disk to draw.",
    }
    | _OF_ONE
    | _MEMBERS,
}
"""Every property that a feature may have, by layer."""

_MERCATOR_LAT = 85.0511287798066


def radius_z0_px(features: Features) -> Array:
    """Of each area the radius in pixels at zoom 0, where its centre is."""
    lat = np.clip((features.south + features.north) / 2, -_MERCATOR_LAT, _MERCATOR_LAT)
    return np.round(features.uncertainty_m * PX_PER_METRE / np.cos(np.radians(lat)), 4)


def write(
    name: str,
    features: Features,
    numbers: Array,
    columns: Mapping[str, Column],
    *,
    of_one: Mapping[str, Sequence[bytes]],
    members: Sequence[bytes],
) -> bytes:
    """A layer. `numbers` identify features; `columns` are of all features, beside those that every layer has.

    `of_one` is told of features with one incident, `members` of the others; an empty one is left out.
    """
    shared: dict[str, Column] = {
        "incidents": features.incidents,
        "places": features.spots,
        "uncertainty_m": features.uncertainty_m,
        **columns,
    }
    is_one = features.incidents == 1
    several, is_told = np.flatnonzero(~is_one), np.array([bool(text) for text in members], bool)
    kinds: tuple[tuple[Array, Mapping[str, Column]], ...] = (
        (np.flatnonzero(is_one), of_one),
        (several[is_told], {"members": [text for text in members if text]}),
        (several[~is_told], {}),
    )
    return mvt.layer(
        name,
        (
            mvt.Points(
                numbers[which],
                features.x[which],
                features.y[which],
                {**{key: _picked(column, which) for key, column in shared.items()}, **added},
            )
            for which, added in kinds
        ),
    )


def _picked(column: Column, which: Array) -> Column:
    return column[which] if isinstance(column, np.ndarray) else [column[place] for place in which.tolist()]
