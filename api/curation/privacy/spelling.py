"""The one spelling of a text that the privacy rules match: no accents, nothing hidden, single spaces.

Case is kept, since a capital letter is what tells a name from a word.
"""

import re
import unicodedata
from collections.abc import Iterable

# Written out by hand because NFKD would make other things of them (º becomes the letter o) or leave them apart.
_SIGNS = str.maketrans(
    {
        "º": "°", "˚": "°", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "“": '"', "”": '"', "„": '"',
        "«": '"', "»": '"', "″": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "﹣": "-", "⁄": "/",
        "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "ß": "ss", "Æ": "AE", "æ": "ae",
        "\u2800": " ", "\u115f": None, "\u1160": None, "\u3164": None, "\uffa0": None,
    }
)  # fmt: skip
# Cyrillic and Greek letters that look Latin; only read as Latin inside a word that also holds Latin letters.
_LOOKALIKES = str.maketrans("АВЕЅІЈКМНОРСТХУаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTXYaesijopcyxABEZHIKMNOPTYXo")
_FOREIGN_WORD = re.compile(r"[A-Za-z\u0370-\u03ff\u0400-\u04ff]{1,80}")
_FEW_WORDS = 3
_RARE = re.compile(r"[^ -~]")
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"})


def plain(text: str) -> str:
    """Compatibility forms unfolded, marks and invisible characters dropped, every digit 0 to 9."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_SIGNS)).translate(_SIGNS)
    text = _RARE.sub(_shown, text)
    if not text.isascii():
        text = _FOREIGN_WORD.sub(_latin, text)
    return " ".join(text.split())


def holds_any(text: str, stems: Iterable[str]) -> bool:
    """Whether the text holds one of the stems: a cheap look before a pattern is tried.

    A loop, because a generator would cost more than the search does.
    """
    for stem in stems:  # noqa: SIM110
        if stem in text:
            return True
    return False


def cased(text: str) -> str:
    """The text in title case where it is all in capitals, which tell nothing; a few letters may be a short form."""
    return text.title() if text.isupper() and text.count(" ") >= _FEW_WORDS else text


def _shown(found: re.Match[str]) -> str:
    character = found[0]
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category in _HIDDEN:
        return ""
    return str(unicodedata.decimal(character)) if category == "Nd" else character


def _latin(word: re.Match[str]) -> str:
    letters = word[0]
    return letters.translate(_LOOKALIKES) if any(c.isascii() for c in letters) else letters
