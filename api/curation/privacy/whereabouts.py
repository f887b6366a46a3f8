"""Places finer than a town: coordinates and street addresses."""

import re

from api.curation.privacy.spelling import cased, holds_any

_DECIMAL = r"\d{1,3}[.,]\d"
_COORDINATES = re.compile(
    # Two long decimals, or two shorter ones of which one has a sign: "-16.40, -71.53".
    r"(?<![\d.,])-?\d{1,3}\.\d{4,15} ?[,;/ ] ?-?\d{1,3}\.\d{4,15}(?!\d)"
    r"|(?<![\d.,])-?\d{1,3},\d{4,15} ?[;/ ] ?-?\d{1,3},\d{4,15}(?!\d)"
    r"|(?<![\w.,-])-\d{1,2}[.,]\d{1,15} ?[,;/ ] ?-?\d{1,3}[.,]\d{1,15}(?!\d)"
    r"|(?<![\w.,])\d{1,2}[.,]\d{1,15} ?[,;/ ] ?-\d{1,3}[.,]\d{1,15}(?!\d)"
    # Degrees, and decimals followed by a quarter of the compass.
    r"|\d ?° ?(?:\d|[NSEWO]\b|L[SU]\b|B[TB]\b)"
    r"|(?<!\d)\d{1,3} ?(?:deg|degrees|grados|derajat) ?\d{1,2} ?(?:'|min)"
    r"|(?<!\d)\d{1,2} ?' ?\d{1,2}(?:\.\d{1,4})? ?(?:''|\") ?[NSEWO]\b"
    r"|(?<![\d.])\d{1,2}[.,]\d{1,15} ?(?:[NS]|L[SU])\b[,;/ ]{1,3}\d{1,3}[.,]\d{1,15} ?(?:[EWO]|B[TB])\b"
    r"|\b[NS] ?\d{1,2}[. ]\d{1,15}(?:\.\d{1,9})?[,;/ ]{1,3}[EWO] ?\d{1,3}[. ]\d"
    r"|\bGPS\b[^\d.;]{0,15}\d{1,3}[.,]\d"
    rf"|\b(?:lat|latitude|latitud|lintang|lon|lng|longitude|longitud|bujur)\b[ .:=]{{0,3}}"
    rf"(?:[a-z]{{1,8}} )?-?{_DECIMAL}"
    rf"|\blong[.:=] ?-?{_DECIMAL}"
    # Plus codes, grid references, map links.
    r"|(?<![\w+])(?=[0-9CFGHJMPQRVWX]{0,7}[CFGHJMPQRVWX])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b"
    r"|\b\d{1,2} ?[C-HJ-NP-X] ?\d{6} ?(?:m ?E)?[ ,]{1,2}\d{6,8}\b"
    r"|\b\d{1,2}[C-HJ-NP-X][A-HJ-NP-Z]{2} ?(?:\d{3,5} ?\d{3,5})\b"
    r"|\b(?i:maps\.app\.goo\.gl|goo\.gl/maps|google\.[a-z.]{2,6}/maps|maps\.google|maps\.apple)\b"
    r"|\b(?i:openstreetmap\.org|osm\.org)\b|\b(?i:what3words\.com|w3w\.co|waze\.com)/"
    r"|///[a-z]{2,20}\.[a-z]{2,20}\.[a-z]{2,20}"
    r"|\bgeo:-?\d"
)

# Cheap signs, one of which every kind of coordinate holds.
_MARK = re.compile(r"\d[.,]\d|[°/+]|\d ?'|\d{6}|\d[A-Z]{3}|[NS] ?\d")
_STEMS = ("deg", "grados", "derajat", "maps", "osm", "openstreetmap", "geo")
# One of the words of every kind of coordinate.
COORDINATE_SIGN = re.compile(
    r"\d[.,]\d|[°/+]|\d'|^'|^[NS]\d{0,2}$|\d{6}|\d[A-Z]{3}|(?i:deg|grados|derajat|maps|osm|openstreetmap|geo)"
)

_NAME = r"[A-Z][\w'-]{0,30}"
_NUMERO = r"(?:[Nn](?:o|ro)\.? ?°? ?|[Nn] ?°\.? ?|[Nn]omor |#\.? ?)"
_OF_THE = r"(?:(?:de|del|la|las|los) ){0,2}"
_ENGLISH_STREET = (
    r"(?:Street|Str|St|Road|Rd|Avenue|Ave|Close|Crescent|Cres|Lane|Drive|Way|Boulevard|Blvd|Estate|Layout|Quarters)"
)
_ADDRESSES = re.compile(
    rf"(?<![\w.])(?:{_NUMERO})?\d{{1,4}}[A-Za-z]?(?:[/-]\d{{1,4}})?,? (?:off )?(?:{_NAME},? ){{1,4}}{_ENGLISH_STREET}\b"
    rf"|(?<![\w.]){_NUMERO}\d{{1,4}}[A-Za-z]?,? (?:{_NAME},? ){{1,4}}(?i:{_ENGLISH_STREET})\b"
    rf"|\b(?:[Pp]lot|[Ff]lat|[Aa]pt|[Aa]partment|[Ss]uite) (?:{_NUMERO})?\d{{1,4}}[A-Za-z]?\b"
    rf"|\b(?:[Hh]ouse|[Bb]lock|[Bb]lok|[Rr]umah) {_NUMERO}\d"
    rf"|\b(?:Jalan|Jln|Jl)\b\.? ?{_NAME}|\bjl\.? ?{_NAME}|\bjalan {_NAME}"
    rf"|\b[Gg]g\.? ?{_NAME}|\b[Gg]ang {_NAME}(?: {_NAME}){{0,3}},? (?:{_NUMERO})?\d"
    r"|\bR[TW]\.? ?\d{1,3}\b ?[/,.-]? ?R[TW]\.? ?\d{1,3}\b|\bR[TW]\.? ?0\d{1,2}\b"
    rf"|\b[Bb]lok [A-Z]{{1,2}}[ -]?\d{{0,3}},? ?{_NUMERO}\d"
    rf"|\b(?:[Cc]alle|[Aa]venida|[Aa]vda|[Jj]iron|[Pp]asaje|[Pp]sje|[Pp]je)\b\.? {_OF_THE}{_NAME}"
    rf"|\b(?:Av|Urb|Urbanizacion|AA\. ?HH|Prolongacion|Malecon)\b\.? ?{_OF_THE}{_NAME}"
    rf"|\bJr\b\.? {_NAME}(?: {_NAME}){{0,3}},? (?:{_NUMERO})?\d"
    rf"|\bC/ ?{_NAME}"
    rf"|\b(?:[Cc]alle|[Cc]arrera|[Cc]ra|[Kk]ra|[Tt]ransversal|[Dd]iagonal)\b\.? (?:{_NUMERO})?\d"
    r"|\b(?:[Mm]z|[Mm]anzana|[Mm]za)\b\.? ?'?\"?[A-Z0-9]{1,3}'?\"?,? ?(?:[Ll]t|[Ll]te|[Ll]ote)\b\.? ?\d"
)
_STREET_WORDS = """
street str st road rd avenue ave close crescent cres lane drive way boulevard blvd estate layout quarters plot flat
apt apartment suite house block blok rumah jalan jln jl gg gang rt rw calle avenida avda jiron pasaje psje pje av urb
urbanizacion aa prolongacion malecon jr c carrera cra kra transversal diagonal mz manzana mza
"""
_ADDRESS_WORDS = frozenset(_STREET_WORDS.split())
_LETTERS = re.compile(r"[a-z]{1,40}")
_STREET_ALONE = re.compile(rf"\b({_NAME}) (?:Street|Road|Avenue|Crescent|Lane)\b(?! [A-Z])")
_NOT_A_STREET = frozenset({"The", "This", "That", "A", "On", "In", "High", "Each", "Every", "Silk", "Wall", "Main"})


def has_coordinates(text: str) -> bool:
    """Decimal pairs, degrees, grid references, plus codes, links to a map."""
    is_likely = _MARK.search(text) is not None or holds_any(text, _STEMS)
    return is_likely and _COORDINATES.search(text) is not None


def is_of_address(word: str) -> bool:
    """Whether the name of a kind of street stands in it."""
    return not _ADDRESS_WORDS.isdisjoint(_LETTERS.findall(word.lower()))


def has_address(text: str) -> bool:
    """A street, with or without a house number, in the ways of the three languages."""
    text = cased(text)
    if _ADDRESSES.search(text):
        return True
    return any(street[1] not in _NOT_A_STREET for street in _STREET_ALONE.finditer(text))
