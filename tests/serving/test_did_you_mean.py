"""A refused question is answered with the address that was probably meant, if that address works."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PUBLIC_URL = "https://data.example.org"
PAGE, GEOJSON, CSV = "/v1/incidents", "/v1/incidents.geojson", "/v1/incidents.csv"
RECORD = "/v1/incidents/PE-2018-0001"

Read = Callable[[TestResponse, int], dict[str, Any]]

MEANT = [
    # Misspelt names
    (f"{PAGE}?contry=PE", f"{PAGE}?country=PE"),
    (f"{PAGE}?Country=PE", f"{PAGE}?country=PE"),
    (f"{PAGE}?catagory=infant_sale_ring", f"{PAGE}?category=infant_sale_ring"),
    (f"{PAGE}?bbx=-82,-19,-68,0", f"{PAGE}?bbox=-82,-19,-68,0"),
    (f"{PAGE}?limits=5&country=PE", f"{PAGE}?limit=5&country=PE"),
    (f"{CSV}?date_time=2018", f"{CSV}?datetime=2018"),
    (f"{GEOJSON}?near=1,2&radiusm=5", f"{GEOJSON}?near=1,2&radius_m=5"),
    (f"{RECORD}?relase=1", f"{RECORD}?release=1"),
    ("/v1/sources?limt=5", "/v1/sources?limit=5"),
    # Misspelt values
    (f"{PAGE}?category=infant_sale_rng", f"{PAGE}?category=infant_sale_ring"),
    (f"{PAGE}?category=infant-sale-ring", f"{PAGE}?category=infant_sale_ring"),
    (f"{PAGE}?outcome=relesed,detained", f"{PAGE}?outcome=detained,released"),
    (f"{PAGE}?outcome=relesed&outcome=detained", f"{PAGE}?outcome=detained,released"),
    (f"{PAGE}?precision=setlement", f"{PAGE}?precision=settlement"),
    (f"{PAGE}?sort=-datestart", f"{PAGE}?sort=-date_start"),
    (f"{PAGE}?sort=+date_start", f"{PAGE}?sort=date_start"),
    (f"{PAGE}?sort=DATE_START", f"{PAGE}?sort=date_start"),
    (f"{CSV}?bom=True", f"{CSV}?bom=true"),
    (f"{PAGE}?limit=5&limit=5", f"{PAGE}?limit=5"),
    # Countries by other names
    (f"{PAGE}?country=PER", f"{PAGE}?country=PE"),
    (f"{PAGE}?country=Peru", f"{PAGE}?country=PE"),
    (f"{PAGE}?country=Per%C3%BA", f"{PAGE}?country=PE"),
    (f"{PAGE}?country=Indonesa", f"{PAGE}?country=ID"),
    (f"{PAGE}?country=nigeria,IDN", f"{PAGE}?country=NG,ID"),
    (f"{PAGE}?country=PE&country=PER", f"{PAGE}?country=PE"),
    (f"{PAGE}?country=Namibia", f"{PAGE}?country=NA"),
    # Names that other APIs use
    (f"{PAGE}?lat=-7.25&lon=112.75", f"{PAGE}?near=112.75,-7.25&radius_m=50000"),
    (f"{PAGE}?latitude=-7.25&lng=112.75&radius=900", f"{PAGE}?radius_m=900&near=112.75,-7.25"),
    (f"{PAGE}?lat=-7.25&lon=112.75&country=ID", f"{PAGE}?country=ID&near=112.75,-7.25&radius_m=50000"),
    (f"{PAGE}?page=1", PAGE),
    (f"{PAGE}?page=1&country=PE", f"{PAGE}?country=PE"),
    (f"{PAGE}?offset=0&per_page=20", f"{PAGE}?limit=20"),
    (f"{PAGE}?page_size=20", f"{PAGE}?limit=20"),
    (f"{PAGE}?year=2018", f"{PAGE}?datetime=2018"),
    (f"{PAGE}?year=2018&datetime=2018", f"{PAGE}?datetime=2018"),
    (f"{PAGE}?from=2013&to=2018-06", f"{PAGE}?datetime=2013/2018-06"),
    (f"{PAGE}?from=2013", f"{PAGE}?datetime=2013/.."),
    (f"{PAGE}?end_date=2018", f"{PAGE}?datetime=../2018"),
    (f"{PAGE}?id=PE-2018-0001", f"{PAGE}?ids=PE-2018-0001"),
    (f"{PAGE}?search=surabaya&country=ID", f"{PAGE}?q=surabaya&country=ID"),
    (f"{PAGE}?sortby=-id", f"{PAGE}?sort=-id"),
    (f"{PAGE}?version=1", f"{PAGE}?release=1"),
    (f"{PAGE}?accuracy=25000", f"{PAGE}?max_uncertainty_m=25000"),
    (f"{CSV}?max_uncertainty=25000", f"{CSV}?max_uncertainty_m=25000"),
    (f"{GEOJSON}?uncertainty_m=0", f"{GEOJSON}?max_uncertainty_m=0"),
    (f"{PAGE}?near=1,2&distance_m=900", f"{PAGE}?near=1,2&radius_m=900"),
    (f"{PAGE}?lat=-7.25&lon=112.75&distance_m=900", f"{PAGE}?radius_m=900&near=112.75,-7.25"),
    (f"{PAGE}?near=1,2&radius_m=5&match=Possible", f"{PAGE}?near=1,2&radius_m=5&match=possible"),
    (f"{PAGE}?near=1,2&radius_m=5&match=certian", f"{PAGE}?near=1,2&radius_m=5&match=certain"),
    (f"{PAGE}?count=20", f"{PAGE}?limit=20"),
    (f"{PAGE}?count=EXACT", f"{PAGE}?count=exact"),
    (f"{PAGE}?$count=true&country=PE", f"{PAGE}?count=exact&country=PE"),
    ("/v1/sources?count=20", "/v1/sources?limit=20"),
    (f"{PAGE}?country_code=per", f"{PAGE}?country=PE"),
    # Formats: the extension decides
    (f"{PAGE}?format=json", PAGE),
    (f"{PAGE}?f=geojson&country=PE", f"{GEOJSON}?country=PE"),
    (f"{PAGE}?format=csv&country=PE", f"{CSV}?country=PE"),
    (f"{PAGE}?format=application/geo%2Bjson", GEOJSON),
    (f"{PAGE}?format=CSV&bom=true", f"{CSV}?bom=true"),
    (f"{CSV}?format=csv", CSV),
    (f"{CSV}?format=geojson", GEOJSON),
    (f"{GEOJSON}?f=json&limit=5", f"{PAGE}?limit=5"),
    (f"{RECORD}?f=geojson", f"{RECORD}.geojson"),
    (f"{RECORD}.geojson?f=json&release=1", f"{RECORD}?release=1"),
    ("/v1/codelists?format=json", "/v1/codelists"),
    # Several at once
    (f"{PAGE}?contry=Peru&per_page=5&year=2018&format=json", f"{PAGE}?country=PE&limit=5&datetime=2018"),
]

NOT_GUESSED = [
    f"{PAGE}?nonsense=1",
    f"{PAGE}?nonsense=1&contry=PE",
    f"{PAGE}?country=ZZ",
    f"{PAGE}?country=UK",
    f"{PAGE}?country=Atlantis",
    f"{PAGE}?country=Nigera",
    f"{PAGE}?country=PE,Atlantis",
    f"{PAGE}?category=murder",
    f"{PAGE}?page=2",
    f"{PAGE}?page=1&page=2",
    f"{PAGE}?offset=100&limit=100",
    f"{PAGE}?format=xml",
    f"{PAGE}?format=csv&format=geojson",
    f"{PAGE}?format=csv&limit=5",
    f"{PAGE}?format=csv&cursor=abc",
    f"{CSV}?limit=5",
    f"{CSV}?per_page=5",
    f"{PAGE}?lat=5",
    f"{PAGE}?lat=95&lon=5",
    f"{PAGE}?lat=a&lon=b",
    f"{PAGE}?lat=1&lon=2&lon=3",
    f"{PAGE}?lat=1&lon=2&near=3,4&radius_m=5",
    f"{PAGE}?from=2013&from=2014&to=2018",
    f"{PAGE}?from=2018&to=2013",
    f"{PAGE}?from=2013&datetime=2018",
    f"{PAGE}?year=2018&datetime=2013",
    f"{PAGE}?version=999",
    f"{PAGE}?match=all",
    f"{PAGE}?accuracy=high",
    f"{PAGE}?accuracy=-1",
    f"{PAGE}?count=no",
    f"{PAGE}?count=20&limit=5",
    f"{CSV}?count=exact",
    f"{PAGE}?version=0",
    f"{PAGE}?limit=5&limit=6",
    f"{PAGE}?limit=-1",
    f"{PAGE}?country=",
    f"{PAGE}?bbox=1,2,3",
    f"{PAGE}?x=%FF&contry=PE",
    f"{RECORD}?country=PE",
    f"{RECORD}?format=csv",
    "/v1/codelists?format=csv",
    "/v1/sources?q=bbc",
    "/v1/schemas/incident.json?contry=PE",
    "/livez?limit=5",
]


@pytest.mark.parametrize(("asked", "meant"), MEANT)
def test_the_address_that_was_meant_is_offered_and_works(
    client: FlaskClient, read_problem: Read, asked: str, meant: str
) -> None:
    body = read_problem(client.get(asked), 400)
    assert body.get("did_you_mean") == f"{PUBLIC_URL}{meant}"
    assert client.get(meant).status_code == 200


@pytest.mark.parametrize("asked", NOT_GUESSED)
def test_nothing_is_offered_that_would_not_work(client: FlaskClient, read_problem: Read, asked: str) -> None:
    assert "did_you_mean" not in read_problem(client.get(asked), 400)


@pytest.mark.parametrize(
    "filters",
    [
        "country=PE",
        "country=PE,ID&category=other",
        "bbox=-82,-19,-68,0&datetime=2018/..",
        "near=1,2&radius_m=5&q=a%20b&ids=PE-2018-0001&verification=single_source",
        "bbox=-82,-19,-68,0&match=certain&max_uncertainty_m=0",
    ],
)
@pytest.mark.parametrize(
    "slip", ["catagry", "format=csv", "page=1", "lat=1&lon=2", "year=2018", "limits=5", "sort=-idd"]
)
def test_no_filter_is_ever_dropped(client: FlaskClient, read_problem: Read, filters: str, slip: str) -> None:
    body = read_problem(client.get(f"{PAGE}?{filters}&{slip}"), 400)
    if "did_you_mean" in body:
        assert set(filters.split("&")) <= set(body["did_you_mean"].partition("?")[2].split("&"))
