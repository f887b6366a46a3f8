"""Every setting: its variable, default and unit. Read once at the door; the rooms get plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

# It stands in links, headers and pages: nothing that could end any of them.
_ADDRESS = re.compile(r"""https?://[^\s/?#<>"'\\]+(?:/[^\s?#<>"'\\]*)?""")

_NUMBERS = {"threads": (1, 1024), "keep_files": (0, 1000)}

GEOCODERS = ("gazetteer", "nominatim", "photon", "geonames")


class InvalidSetting(ValueError):
    """A variable of the environment has a value that cannot be used; the message names it and says what to write."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose. Each attribute's variable is FOUNDLING_ and its name in capitals."""

    seeds: Path = Path("seeds")
    """Directory of the curated JSON."""
    data: Path = Path("var")
    """Directory for what is rebuilt at need: snapshots, stored files, the gazetteer's index.

    And for the embedded database, by default.
    """
    database_url: str = ""
    """Where releases live; empty: sqlite under `data`."""
    read_database_url: str = ""
    """Where the web process reads them, such as a standby; empty: `database_url`."""
    public_url: str = ""
    """Address under which readers reach the API, without a slash at the end; empty: that of `foundling serve`."""
    keep_files: int = 3
    """Of how many releases, the newest, files are stored; 0: of none."""
    threads: int = 64
    """Threads, and database connections, of each worker process."""
    geocoder: str = "gazetteer"
    """Who tells `foundling geocode` where places are; one of GEOCODERS. All but the gazetteer are online."""
    geocoder_url: str = ""
    """Server of an online geocoder; empty: the public one."""
    geocoder_contact: str = ""
    """E-mail or web address that an online geocoder's operators may write to; required for those."""
    geonames_username: str = ""
    """User name at geonames.org, for that geocoder."""

    @property
    def effective_database_url(self) -> str:
        """`database_url`, or the embedded database under `data`."""
        # Quoted: a folder may be called anything, and a URL ends its path at a question mark.
        return self.database_url or f"sqlite:///{quote(str((self.data / 'foundling.sqlite').absolute()))}"

    @property
    def effective_public_url(self) -> str:
        """`public_url`, or where `foundling serve` listens unless it is told otherwise."""
        return self.public_url or "http://127.0.0.1:8000"

    @property
    def effective_read_database_url(self) -> str:
        """`read_database_url`, or where releases are published."""
        return self.read_database_url or self.effective_database_url


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"FOUNDLING_{name.upper()}"


def from_environ(environ: Mapping[str, str]) -> Settings:
    """The settings of an environment; what is absent or empty keeps its default. Raises InvalidSetting."""
    given: dict[str, Any] = {}
    for field in fields(Settings):
        text = environ.get(variable(field.name), "").strip()
        if text:
            given[field.name] = _parse(field.name, text)
    return Settings(**given)


def _parse(name: str, text: str) -> Any:
    if name in ("seeds", "data"):
        return Path(text)
    if name in _NUMBERS:
        least, most = _NUMBERS[name]
        if not re.fullmatch(r"[0-9]{1,4}", text) or not least <= int(text) <= most:
            raise InvalidSetting(f"{variable(name)} must be a whole number from {least} to {most}.")
        return int(text)
    if name == "geocoder" and text not in GEOCODERS:
        raise InvalidSetting(f"{variable(name)} must be one of {', '.join(GEOCODERS)}.")
    if name in ("public_url", "geocoder_url"):
        if not _ADDRESS.fullmatch(text):
            raise InvalidSetting(f"{variable(name)} must be an address such as https://data.example.org.")
        return text.rstrip("/")
    return text
