"""Titles, summaries and labels in the reader's language, English where there is none."""

import csv
import io

import pytest
from flask.testing import FlaskClient

AREQUIPA = "/v1/incidents?ids=PE-2018-0001"
ENGLISH = "Alleged newborn-sale ring, Arequipa"
SPANISH = "Presunta red de venta de recién nacidos, Arequipa"


@pytest.mark.parametrize(
    ("address", "accepted", "title", "content_language"),
    [
        (AREQUIPA, None, ENGLISH, "en"),
        (f"{AREQUIPA}&lang=es", None, SPANISH, "es, en"),
        (f"{AREQUIPA}&lang=en", "es", ENGLISH, "en"),
        (f"{AREQUIPA}&lang=id", None, ENGLISH, "id, en"),
        (AREQUIPA, "es-PE,es;q=0.9,en;q=0.5", SPANISH, "es, en"),
        (AREQUIPA, "fr, de", ENGLISH, "en"),
        (AREQUIPA, "en;q=0.1, es;q=0.9", SPANISH, "es, en"),
        (AREQUIPA, "*", ENGLISH, "en"),
        (AREQUIPA, ";;;=,q=es", ENGLISH, "en"),
    ],
)
def test_the_address_decides_then_the_reader_then_english(
    client: FlaskClient, address: str, accepted: str | None, title: str, content_language: str
) -> None:
    answer = client.get(address, headers={"Accept-Language": accepted} if accepted else {})
    assert answer.get_json()["data"][0]["title"] == title
    assert answer.headers["Content-Language"] == content_language
    assert ("Accept-Language" in answer.headers["Vary"]) == ("lang=" not in address)


def test_the_pinned_address_keeps_the_language_it_was_answered_in(client: FlaskClient) -> None:
    spanish = client.get(AREQUIPA, headers={"Accept-Language": "es"})
    address = spanish.headers["Content-Location"].removeprefix("https://data.example.org")
    assert client.get(address, headers={"Accept-Language": "id"}).get_json()["data"] == spanish.get_json()["data"]


@pytest.mark.parametrize("path", ["/v1/sources", "/v1/releases", "/v1/incidents/PE-2018-0001", "/v1/"])
def test_what_has_no_language_does_not_vary_by_it(client: FlaskClient, path: str) -> None:
    one, other = (client.get(path, headers={"Accept-Language": language}) for language in ("es", "en"))
    assert one.headers["ETag"] == other.headers["ETag"]
    assert "Accept-Language" not in one.headers["Vary"]
    assert "Content-Language" not in one.headers


def test_only_texts_are_translated(client: FlaskClient) -> None:
    english = client.get(AREQUIPA).get_json()["data"][0]
    spanish = client.get(f"{AREQUIPA}&lang=es").get_json()["data"][0]
    assert list(english) == list(spanish)
    assert {name for name in english if english[name] != spanish[name]} == {"title", "summary", "date_note", "citation"}
    assert SPANISH in spanish["citation"]


def test_files_and_features_speak_the_language_too(client: FlaskClient) -> None:
    table = client.get("/v1/incidents.csv?ids=PE-2018-0001&lang=es").get_data(as_text=True)
    assert next(csv.DictReader(io.StringIO(table)))["title"] == SPANISH
    collection = client.get("/v1/incidents.geojson?ids=PE-2018-0001&lang=es").get_json()
    assert collection["features"][0]["properties"]["title"] == SPANISH
    feature = client.get("/v1/incidents/PE-2018-0001.geojson?lang=es")
    assert (feature.get_json()["properties"]["title"], feature.headers["Content-Language"]) == (SPANISH, "es, en")


def test_links_keep_the_language(client: FlaskClient) -> None:
    for answer in (
        client.get("/v1/incidents?limit=1&lang=es"),
        client.get("/v1/incidents?limit=1", headers={"Accept-Language": "es"}),
    ):
        links = answer.get_json()["links"]
        assert "lang=es" in links["self"]
        assert "lang=es" in links["next"]
    assert "lang" not in client.get("/v1/incidents?limit=1").get_json()["links"]["next"]


def test_a_tag_of_one_language_is_no_tag_of_another(client: FlaskClient) -> None:
    tag = client.get(AREQUIPA).headers["ETag"]
    assert client.get(AREQUIPA, headers={"If-None-Match": tag}).status_code == 304
    spanish = client.get(AREQUIPA, headers={"If-None-Match": tag, "Accept-Language": "es"})
    assert (spanish.status_code, spanish.headers["ETag"] == tag) == (200, False)


def test_labels_come_in_the_language(client: FlaskClient) -> None:
    for path, key in (("/v1/codelists", "data"), ("/v1/codebook", "codes")):
        for language in ("en", "es", "id"):
            codes = client.get(f"{path}?lang={language}").get_json()[key]
            assert codes
            assert all(code["label"] == code[f"label_{language}"] for code in codes)


@pytest.mark.parametrize("value", ["fr", "EN", "es-PE", "en,es", ""])
def test_other_languages_are_refused(client: FlaskClient, value: str) -> None:
    answer = client.get("/v1/incidents", query_string={"lang": value})
    assert (answer.status_code, answer.get_json()["errors"][0]["parameter"]) == (400, "lang")
