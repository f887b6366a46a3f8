"""What no record may say of a person, and what to write instead.

A violation never repeats what it found. The rules of all three languages apply to every text, because words mix;
each reads the text a bounded number of characters at a time, so a long text takes time in proportion.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from urllib.parse import unquote_plus

from api.curation.privacy.allowed import AllowList
from api.curation.privacy.child_ages import has_child_age
from api.curation.privacy.contacts import has_email, has_handle, has_phone
from api.curation.privacy.names import has_initials, has_introduced_name, has_name_with_age, has_titled_name
from api.curation.privacy.posts import has_single_post
from api.curation.privacy.signs import suspected
from api.curation.privacy.spelling import plain
from api.curation.privacy.whereabouts import has_address, has_coordinates

__all__ = ["RULES", "AllowList", "Violation", "headline_violations", "url_violations", "violations"]

RULES: Mapping[str, str] = MappingProxyType(
    {
        "name-title": "A personal name after a title, rank or role.",
        "name-introduced": "A personal name after words such as named, identified as, known as or alias.",
        "name-with-age": "A personal name followed by an age.",
        "initials": "A person given by initials.",
        "email": "An e-mail address.",
        "social-handle": "An account in a social network or messaging service.",
        "phone": "A phone number.",
        "coordinates": "Coordinates, a grid reference, a plus code or a link to a map.",
        "street-address": "A street, with or without a house number.",
        "child-age": "The age or day of birth of a single child.",
        "post-held-by-one": "A post that one person holds, which says who it is.",
    }
)

_ADVICE = {
    "name-title": "Leave the person's name out and write a broad role, such as {role}.",
    "name-introduced": "Leave out what the person or home is called; write a broad role, such as {role}.",
    "name-with-age": "Leave out both the person's name and age; write a broad role, such as {role}.",
    "initials": "Initials identify people where they live: write a broad role, such as {role}.",
    "email": "Remove the e-mail address; the source that published it is cited anyway.",
    "social-handle": "Remove the account; name at most the network it was on.",
    "phone": "Remove the phone number. If it is a sum, write its currency; if a count, group its digits.",
    "coordinates": "Remove the coordinates; name the town in `place` and let geocoding find the point.",
    "street-address": "Remove the street and number; name no more than the town.",
    "child-age": "Do not tell one child's age: write {child}. Ranges of ages of a group may stay.",
    "post-held-by-one": "A post held by one person is as good as a name: write {officer}, or name the institution.",
}
_WORDING = {
    "en": {
        "role": "'a health worker'",
        "child": "'a newborn', 'an infant', 'a small child' or 'an adolescent'",
        "officer": "'a former police officer', 'an official' or 'police said'",
    },
    "es": {
        "role": "'una trabajadora de salud'",
        "child": "'un recién nacido', 'un bebé', 'una criatura pequeña' or 'una adolescente'",
        "officer": "'un expolicía', 'un funcionario' or 'según la policía'",
    },
    "id": {
        "role": "'seorang tenaga kesehatan'",
        "child": "'bayi baru lahir', 'seorang bayi', 'anak kecil' or 'seorang remaja'",
        "officer": "'seorang mantan polisi', 'seorang pejabat' or 'menurut polisi'",
    },
}

# A slug is words with other signs between them; what a slash or a parameter begins is another sentence.
_SLUG_SIGNS = str.maketrans({"-": " ", "_": " ", "/": ". ", "?": ". ", "&": ". "})


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a text breaks. The advice says what to write instead and repeats nothing of the text."""

    rule: str
    advice: str


def violations(text: str, language: str, *, allowed: AllowList) -> list[Violation]:
    """Every rule that a text of ours breaks, once each, in the order of `RULES`.

    The language (en, es or id) only chooses the wording that the advice suggests.
    """
    return _broken(_OF_TEXTS, plain(text), language, allowed)


def headline_violations(title: str, language: str = "en", *, allowed: AllowList) -> list[Violation]:
    """What a published headline may not hold: personal names and a single child's age.

    Headlines are citations, so posts, streets and the like stay as printed.
    """
    return _broken(_OF_HEADLINES, plain(title), language, allowed)


def url_violations(url: str) -> list[Violation]:
    """E-mail addresses, coordinates and a child's age in an address.

    Names in an address have no capitals or titles to know them by: a curator has to look.
    """
    address = plain(unquote_plus(url))
    slug = address.translate(_SLUG_SIGNS)
    checks = (
        ("email", has_email, address),
        ("coordinates", has_coordinates, address),
        ("child-age", has_child_age, slug),
    )
    return [_violation(rule, "en") for rule, breaks, text in checks if breaks(text)]


_Check = Callable[[str, AllowList], bool]

_OF_NAMES: Mapping[str, _Check] = {
    "name-title": has_titled_name,
    "name-introduced": has_introduced_name,
    "name-with-age": has_name_with_age,
}
_OF_HEADLINES: Mapping[str, _Check] = {
    **_OF_NAMES,
    "initials": partial(has_initials, with_age=True),
    "child-age": lambda text, _: has_child_age(text),
}
_OF_TEXTS: Mapping[str, _Check] = {
    **_OF_NAMES,
    "initials": has_initials,
    "email": lambda text, _: has_email(text),
    "social-handle": lambda text, _: has_handle(text),
    "phone": lambda text, _: has_phone(text),
    "coordinates": lambda text, _: has_coordinates(text),
    "street-address": lambda text, _: has_address(text),
    "child-age": lambda text, _: has_child_age(text),
    "post-held-by-one": lambda text, _: has_single_post(text),
}


def _broken(checks: Mapping[str, _Check], text: str, language: str, allowed: AllowList) -> list[Violation]:
    rules = suspected(text)
    if not rules:
        return []
    return [_violation(rule, language) for rule, breaks in checks.items() if rule in rules and breaks(text, allowed)]


def _violation(rule: str, language: str) -> Violation:
    return Violation(rule, _ADVICE[rule].format_map(_WORDING.get(language, _WORDING["en"])))
