"""Which rules a text may break at all, told word by word: the same words come again and again.

Each rule names a sign of its own, which a word of every text that breaks it bears; most words bear none.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from api.curation.privacy import child_ages, contacts, names, posts, whereabouts

_SIGNS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "name-title": names.is_title,
        "name-introduced": names.INTRODUCTION_SIGN.search,
        "name-with-age": names.DIGIT.search,
        "initials": names.INITIALS_SIGN.search,
        "email": contacts.EMAIL_SIGN.search,
        "social-handle": contacts.HANDLE_SIGN.search,
        "phone": names.DIGIT.search,
        "coordinates": whereabouts.COORDINATE_SIGN.search,
        "street-address": whereabouts.is_of_address,
        "child-age": child_ages.SIGN.search,
        "post-held-by-one": posts.SIGN.search,
    }
)


def suspected(text: str) -> frozenset[str]:
    """Rules that a text in the plain spelling may break; all others it keeps."""
    return frozenset().union(*map(_of_word, text.split(" ")))


@lru_cache(maxsize=32_768)
def _of_word(word: str) -> frozenset[str]:
    return frozenset(rule for rule, bears in _SIGNS.items() if bears(word))
