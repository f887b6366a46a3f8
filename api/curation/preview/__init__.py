"""One HTML page on which a curator looks at every place: what was said, what was found, how far it reaches.

The page holds all it needs, the basemap included, and its own policy forbids it every request; it is opened as a file.
"""

import base64
import hashlib
import json
import shlex
from collections.abc import Collection, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from api.curation import review
from api.curation.preview.basemap import pack
from api.curation.review import Entry, Proposal
from api.domain.countries import COUNTRIES
from api.domain.place import ReportedPlace

_HERE = Path(__file__).parent
_STATIC = Path(__file__).parents[2] / "static"
_SHOWN = (
    "text", "country", "subdivision", "lon", "lat", "precision", "uncertainty_m", "name", "admin1_name", "admin2_name",
    "iso_3166_2", "population", "feature", "gazetteer_id", "provider", "licence", "query", "date", "reviewed",
)  # fmt: skip
_ORDER = ("missing", "close", "waiting", "reviewed")


def build(entries: Sequence[Entry], left: Sequence[Proposal], doubtful: Collection[ReportedPlace]) -> str:
    """The page for entries of geocodes.json, the places that got none, and those that only a person may accept.

    What needs a person comes first. The same places give the same page.
    """
    places = [*map(_missing, left), *(_shown(entry, doubtful) for entry in entries)]
    places.sort(key=lambda place: (_ORDER.index(place["state"]), place["country"], place["text"]))
    data = json.dumps({"places": places, "basemap": pack(_STATIC / "basemap")}, ensure_ascii=False)
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    script = "".join(_read_scripts())
    page = (_HERE / "page.html").read_text(encoding="utf-8")
    parts = {
        "@@POLICY@@": f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'",
        "@@STYLE@@": style,
        "@@SCRIPT@@": script,
        "@@ATTRIBUTION@@": escape(_attribution(entries)),
        # "<" would let a text end the element it stands in.
        "@@DATA@@": data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"),
    }
    for mark, text in parts.items():
        page = page.replace(mark, text)
    return page


def _missing(proposal: Proposal) -> dict[str, Any]:
    place = proposal.place
    return {
        "state": "missing",
        "text": place.text,
        "country": place.country,
        "country_name": _name_of(place.country),
        "subdivision": place.subdivision or None,
        "advice": proposal.advice,
        "candidates": [],
    }


def _shown(entry: Entry, doubtful: Collection[ReportedPlace]) -> dict[str, Any]:
    place = review.place_of(entry)
    is_close = bool(entry["candidates"]) or place in doubtful
    state = "reviewed" if entry["reviewed"] is True else "close" if is_close else "waiting"
    query = review.query_of(place)
    return {name: entry[name] for name in _SHOWN} | {
        "state": state,
        "country_name": _name_of(entry["country"]),
        "candidates": [
            candidate | {"command": f"foundling geocode --pick {shlex.join([query, candidate['gazetteer_id']])}"}
            for candidate in entry["candidates"]
        ],
    }


def _name_of(country: str) -> str:
    return COUNTRIES[country].name if country in COUNTRIES else country


def _attribution(entries: Sequence[Entry]) -> str:
    sources = {"Map: Natural Earth (public domain); names of cities: GeoNames (CC BY 4.0)."}
    for entry in entries:
        if entry["licence"] == "ODbL-1.0":
            sources.add("Some points: © OpenStreetMap contributors (ODbL 1.0).")
        elif entry["provider"] in {"gazetteer", "geonames"}:
            sources.add("Points: GeoNames (CC BY 4.0) and Natural Earth (public domain).")
    return " ".join(sorted(sources))


def _read_scripts() -> Iterator[str]:
    """The explorer's own spherical geometry, then the page's script: one module, so nothing is imported."""
    yield (_STATIC / "explorer" / "sphere.mjs").read_text(encoding="utf-8").replace("\nexport ", "\n")
    yield (_HERE / "drawing.mjs").read_text(encoding="utf-8").replace("\nexport ", "\n")
    yield (_HERE / "page.mjs").read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
