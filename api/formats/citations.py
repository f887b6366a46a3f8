"""Citations as text, BibTeX, CSL-JSON and RIS: one writer a form."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from api.domain.citation import Citation

_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_BREAKS = re.compile(r"\s+")


def text(citation: Citation) -> str:
    """A line, ready to paste."""
    asked = f" Query: {citation.question}." if citation.question else ""
    return (
        f"{citation.publisher}. {citation.title}.{asked} Release {citation.release}, {citation.published}. "
        f"Licence {citation.licence}. {citation.url}"
    )


def bibtex(citation: Citation) -> str:
    """An entry of type `misc`, which every style knows."""
    year, month, _ = citation.published.split("-")
    fields = {
        "author": f"{{{_tex(citation.publisher)}}}",
        "title": f"{{{_tex(_named(citation))}}}",
        "year": year,
        "month": str(int(month)),
        "version": f"Release {citation.release}",
        "note": _tex(f"Licence {citation.licence}"),
        "howpublished": f"\\url{{{_in_url(citation.url)}}}",
        "url": _in_url(citation.url),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{_key(citation)},\n{lines}}}\n"


def csl_json(citation: Citation) -> str:
    """An array of one item of type `dataset`, as citation managers exchange it."""
    item = {
        "id": _key(citation),
        "type": "dataset",
        "title": _named(citation),
        "author": [{"literal": citation.publisher}],
        "publisher": citation.publisher,
        "issued": {"date-parts": [[int(part) for part in citation.published.split("-")]]},
        "version": f"Release {citation.release}",
        "license": citation.licence_url,
        "URL": citation.url,
    }
    return orjson.dumps([item], option=orjson.OPT_INDENT_2).decode() + "\n"


def ris(citation: Citation) -> str:
    """Tags of two letters, a line each, CRLF."""
    tags = [
        ("TY", "DATA"),
        ("AU", citation.publisher),
        ("TI", _named(citation)),
        ("PY", citation.published[:4]),
        ("DA", citation.published.replace("-", "/")),
        ("ET", f"Release {citation.release}"),
        ("PB", citation.publisher),
        ("C1", f"Licence {citation.licence}"),
        ("UR", citation.url),
        ("ER", ""),
    ]
    return (
        "".join(f"{tag}  - {_BREAKS.sub(' ', value)}".rstrip(" ") + "\r\n" for tag, value in tags[:-1]) + "ER  - \r\n"
    )


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a citation."""

    media_type: str
    write: Callable[[Citation], str]


FORMS: dict[str, Form] = {
    "text": Form("text/plain; charset=utf-8", lambda citation: text(citation) + "\n"),
    "bibtex": Form("application/x-bibtex; charset=utf-8", bibtex),
    "csl-json": Form("application/vnd.citationstyles.csl+json", csl_json),
    "ris": Form("application/x-research-info-systems; charset=utf-8", ris),
}


def _named(citation: Citation) -> str:
    return f"{citation.title} [{citation.question}]" if citation.question else citation.title


def _key(citation: Citation) -> str:
    asked = hashlib.sha256(citation.url.encode()).hexdigest()[:6] if citation.question else "all"
    return f"foundling-{citation.release}-{asked}"


def _tex(words: str) -> str:
    return "".join(_BIBTEX.get(sign, sign) for sign in _BREAKS.sub(" ", words))


def _in_url(url: str) -> str:
    # Percent signs start comments; braces are escaped in every address already.
    return url.replace("%", r"\%").replace("#", r"\#")
