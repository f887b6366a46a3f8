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


# Everything below is written for speed: publishing folds every word of every record.
_ASCII_SIGNS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_SIGN = re.compile(r"[\W_]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def fold(text: str) -> str:
    """Words in lower case without accents, one space between them; scripts stay as they are.

    Folding twice changes nothing.
    """
    if text.isascii():
        plain = text.replace("'", "").replace("`", "").casefold().translate(_ASCII_SIGNS)
    else:
        # Casefolding can compose marks anew (İ) and decomposing can expose letters of the table: two rounds settle it.
        plain = _SIGN.sub(_in_word, _bare(_bare(text).casefold()))
    return " ".join(plain.split())


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return _BEYOND_ASCII.sub(_unless_combining, decomposed).translate(_LETTERS)


def _unless_combining(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found[0]) else found[0]


def _in_word(found: re.Match[str]) -> str:
    # Vowel signs of Indic and Thai scripts are marks (M*), and belong to their word.
    character = found[0]
    return character if character > "\x7f" and unicodedata.category(character)[0] == "M" else " "
