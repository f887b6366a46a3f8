"""Every setting: its variable, its default, and what is refused."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from api.settings import InvalidSetting, Settings, from_environ, variable

GOOD: list[tuple[str, str, str, Any]] = [
    ("FOUNDLING_SEEDS", "/srv/seeds", "seeds", Path("/srv/seeds")),
    ("FOUNDLING_SEEDS", " seeds ", "seeds", Path("seeds")),
    ("FOUNDLING_DATA", "/srv/var", "data", Path("/srv/var")),
    ("FOUNDLING_DATABASE_URL", "sqlite:////srv/f.sqlite", "database_url", "sqlite:////srv/f.sqlite"),
    ("FOUNDLING_READ_DATABASE_URL", "postgresql://web@standby/f", "read_database_url", "postgresql://web@standby/f"),
    ("FOUNDLING_PUBLIC_URL", "https://data.example.org", "public_url", "https://data.example.org"),
    ("FOUNDLING_PUBLIC_URL", "https://example.org/foundling/", "public_url", "https://example.org/foundling"),
    ("FOUNDLING_PUBLIC_URL", "http://127.0.0.1:8123", "public_url", "http://127.0.0.1:8123"),
    ("FOUNDLING_KEEP_FILES", "0", "keep_files", 0),
    ("FOUNDLING_KEEP_FILES", "12", "keep_files", 12),
    ("FOUNDLING_THREADS", "1", "threads", 1),
    ("FOUNDLING_THREADS", "1024", "threads", 1024),
    ("FOUNDLING_GEOCODER", "nominatim", "geocoder", "nominatim"),
    ("FOUNDLING_GEOCODER_URL", "https://geocoder.example/", "geocoder_url", "https://geocoder.example"),
    ("FOUNDLING_GEOCODER_CONTACT", "maps@example.org", "geocoder_contact", "maps@example.org"),
    ("FOUNDLING_GEONAMES_USERNAME", "invented", "geonames_username", "invented"),
    ("FOUNDLING_GEOCODER", "nominatim", "geocoder", "nominatim"),
    ("FOUNDLING_GEOCODER_URL", "http://127.0.0.1:8080/geo/", "geocoder_url", "http://127.0.0.1:8080/geo"),
    ("FOUNDLING_GEOCODER_CONTACT", "maps@example.org", "geocoder_contact", "maps@example.org"),
    ("FOUNDLING_GEONAMES_USERNAME", "foundling", "geonames_username", "foundling"),
]

BAD = [
    ("FOUNDLING_GEOCODER", "google"), ("FOUNDLING_GEOCODER", "Gazetteer"),
    ("FOUNDLING_GEOCODER_URL", "geocoder.example"),
    *(("FOUNDLING_GEOCODER", text) for text in ("google", "Nominatim", "nominatim,photon")),
    *(("FOUNDLING_GEOCODER_URL", text) for text in ("nominatim.example.org", "https://example.org/?key=1", "file:///x")),
    *(("FOUNDLING_THREADS", text) for text in ("0", "-1", "1025", "1.0", "1e2", "1_0", "+4", "٤", "many", "9" * 5000)),
    *(("FOUNDLING_KEEP_FILES", text) for text in ("-1", "1001", "all", "1.5", "٣")),
    *(
        ("FOUNDLING_PUBLIC_URL", text)
        for text in (
            "data.example.org", "//data.example.org", "ftp://example.org", "https://example.org/?a=1",
            "https://example.org/#a", "javascript:alert(1)", "https://", "http:// ", "https:///path",
            "https://a b.example",
            'https://example.org/"><script>', "https://example.org\nX-Header: 1",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "attribute", "value"), GOOD)
def test_a_variable_sets_its_setting_alone(name: str, text: str, attribute: str, value: object) -> None:
    found = from_environ({name: text})
    assert getattr(found, attribute) == value
    others = {field.name for field in fields(Settings)} - {attribute}
    assert all(getattr(found, other) == getattr(Settings(), other) for other in others)


@pytest.mark.parametrize(("name", "text"), BAD, ids=[f"{name} {text[:24]!r}" for name, text in BAD])
def test_a_bad_value_is_refused_with_the_name_of_its_variable(name: str, text: str) -> None:
    with pytest.raises(InvalidSetting, match=f"^{name} must be ") as refusal:
        from_environ({name: text})
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize(
    "environ", [{}, {"FOUNDLING_THREADS": ""}, {"FOUNDLING_SEEDS": "  "}, {"THREADS": "3", "seeds": "x"}]
)
def test_what_is_absent_or_empty_keeps_its_default(environ: dict[str, str]) -> None:
    assert from_environ(environ) == Settings()


def test_every_setting_is_tried_here() -> None:
    assert {variable(field.name) for field in fields(Settings)} == {name for name, *_ in GOOD}


def test_the_database_lies_under_data_unless_told_otherwise(tmp_path: Path) -> None:
    assert from_environ({"FOUNDLING_DATABASE_URL": "sqlite:///a.db"}).effective_database_url == "sqlite:///a.db"
    for name in ("var", "v r", "50%25", "a?b", "a#b", "é"):
        url = from_environ({"FOUNDLING_DATA": str(tmp_path / name)}).effective_database_url
        assert make_url(url).database == str(tmp_path / name / "foundling.sqlite")
    relative = Settings(data=Path("var")).effective_database_url
    assert make_url(relative).database == str(Path("var/foundling.sqlite").absolute())


def test_readers_read_where_releases_are_published_unless_told_otherwise() -> None:
    assert Settings(database_url="sqlite:///a.db").effective_read_database_url == "sqlite:///a.db"
    told = Settings(database_url="sqlite:///a.db", read_database_url="postgresql://standby/f")
    assert (told.effective_database_url, told.effective_read_database_url) == (
        told.database_url,
        told.read_database_url,
    )
