"""What is to be opened, spelt in every way that tools want it: address, query string, and the records of languages."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from string import Template
from urllib.parse import quote

Spelling = Callable[[str], str]


class Snippet(Template):
    """Text with places for `Question.words`, written §name or §{name}: no language of a tool has that sign."""

    delimiter = "§"


@dataclass(frozen=True, slots=True)
class Question:
    """Incidents to open: `home` is the API's public address, `parameters` what they are filtered by."""

    home: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The filter as a query string without its question mark, readable like the links of the API."""
        return "&".join(f"{name}={quote(value, safe=',/:')}" for name, value in self.parameters.items())

    def words(self) -> dict[str, str]:
        """What a snippet may name."""
        asked = f"?{self.query}" if self.query else ""
        files = {name: f"{self.home}/v1/incidents.{name}{asked}" for name in ("csv", "geojson", "json", "xlsx")}
        return files | {
            "home": self.home,
            "host": self.home.partition("://")[2],
            "asked": asked,
            "more": f"&{self.query}" if self.query else "",
            "begin": f"{asked}&" if asked else "?",
            "encoded_csv": quote(files["csv"], safe=""),
            "m_record": f"[{self._pairs('{} = {}', _m_text)}]",
            "python_dict": "{" + self._pairs('"{}": {}', _text) + "}",
            "r_arguments": self._pairs(", {} = {}", _text, between=""),
        }

    def fill(self, snippet: str) -> str:
        """A snippet with every place filled. Raises KeyError for a name that is none."""
        return Snippet(snippet).substitute(self.words())

    def _pairs(self, form: str, spell: Spelling, between: str = ", ") -> str:
        found: Iterable[str] = (form.format(name, spell(value)) for name, value in self.parameters.items())
        return between.join(found)


def _text(value: str) -> str:
    # A text of JSON is one of Python and of R as well: values hold no control characters.
    return json.dumps(value, ensure_ascii=False)


def _m_text(value: str) -> str:
    # Power Query doubles quotes, and begins escapes with #(.
    return f'"{value.replace("#(", "#(#)(").replace(chr(34), chr(34) * 2)}"'
