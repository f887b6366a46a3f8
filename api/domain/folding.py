"""One spelling for comparison: text without accents, case or punctuation.

Publishing, searching and the gazetteer all fold with this function, so that a word is found however it is
written and both databases answer alike (FTS5 and PostgreSQL's unaccent fold different letters).
"""

import re
import unicodedata

# Letters that NFKD leaves whole. Apostrophes and the okina vanish; hooked letters are Hausa's and Fula's.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o",
        "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ł": "l", "Ł": "l", "ı": "i",
        "ɓ": "b", "Ɓ": "b", "ɗ": "d", "Ɗ": "d", "ƙ": "k", "Ƙ": "k", "ƴ": "y", "Ƴ": "y", "ŋ": "n", "Ŋ": "n",
        "'": None, "’": None, "‘": None, "ʻ": None, "ʼ": None, "ʿ": None, "ʾ": None, "`": None, "´": None,
    }
)  # fmt: skip
_SEPARATORS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Words in lower case without accents, one space between them; scripts stay as they are.

    Folding twice changes nothing.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    # Casefolding can compose new marks (İ) and expose letters of the table again: fold those too.
    cased = unicodedata.normalize("NFKD", bare.casefold().translate(_LETTERS))
    plain = "".join(c for c in cased if not unicodedata.combining(c))
    return _SEPARATORS.sub(" ", plain).strip()
