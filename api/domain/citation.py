"""What a citation is made of: of an answer, and of one record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.domain.release import Release


@dataclass(frozen=True, slots=True)
class Citation:
    """Of the answer to a question in one release.

    `question` is the filter in words, empty when there is none; `url` gives the same answer for ever.
    """

    publisher: str
    title: str
    question: str
    release: int
    published: str
    licence: str
    licence_url: str
    url: str


def cite(
    dataset: Mapping[str, Any], release: Release, url: str, *, question: str = "", language: str = "en"
) -> Citation:
    """The citation of an answer; the dataset's description says who published it, and how it is called."""
    titles = dataset["title"]
    return Citation(
        dataset["publisher"],
        titles.get(language, titles["en"]),
        question,
        release.number,
        release.published[:10],
        licence_name(dataset["licence"]),
        dataset["licence_url"],
        url,
    )


def about(dataset: Mapping[str, Any], release: Release, url: str) -> dict[str, Any]:
    """What belongs to every answer and file: release, licence, attribution, and how to cite what `url` gives."""
    return {
        "release": release.number,
        "licence": dataset["licence"],
        "licence_url": dataset["licence_url"],
        "attribution": dataset["attribution"],
        "citation": f"{dataset['citation'].rstrip('.')}. Release {release.number}, {release.published[:10]}. {url}",
    }


def licence_name(code: str) -> str:
    """A licence as people write it: CC BY 4.0 for CC-BY-4.0."""
    return " ".join(code.rsplit("-", 1)[0].split("-", 1) + code.rsplit("-", 1)[1:]) if code.startswith("CC-") else code
