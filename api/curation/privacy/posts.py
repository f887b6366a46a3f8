"""Posts that one person holds: as good as a name to whoever knows the place."""

import re

_NOT_AN_OFFICE = r"(?!'?s? ?'?(?:office|court|spokes))"
_BODY = (
    r"(?:police|army|navy|gendarmerie|immigration|customs|prison|agency|bureau|ministry|directorate|commission|"
    r"secretariat|service|task force|squad)"
)
_CUERPO = (
    r"(?:policia|policial|pnp|comisaria|division|dirincri|dirandro|ejercito|marina|penal|agencia|ministerio|"
    r"migraciones|instituto|hospital|red asistencial)"
)
_JEFE = (
    r"(?:ex|sub|vice)?[- ]?(?:jef[ea]|directora?|comandante|general|comisari[oa])"
    r"(?: (?:general|regional|provincial|nacional))?"
)
_KEPALA = (
    r"(?:kepolisian|polisi|polda|polres|polresta|polrestabes|polsek|polri|kejaksaan|desa|dinas|badan|rumah sakit|"
    r"puskesmas|daerah|kelurahan|satuan|bareskrim|biro|unit|divisi|bidang|sekolah|kampung|panti|yayasan|lapas|"
    r"imigrasi|kantor)"
)
_ONE = r"(?:the|a|an|state|city|town|federal|former|then|acting|deputy|vice|ex)[- ]"

# Stems, one of which the text must hold, and the posts told by them; lower case, plural posts and offices pass.
_POSTS: tuple[tuple[str, str], ...] = (
    ("police", rf"police (?:chief|head|commissioner|commander|director){_NOT_AN_OFFICE}"),
    (
        "head of|chief of|commissioner of|commander of|director of|superintendent of",
        rf"(?:head|chief|commissioner|commander|director|superintendent) of (?:the )?(?:[\w'-]{{1,20}} ){{0,3}}{_BODY}",
    ),
    ("general", rf"(?:inspector|attorney|solicitor|prosecutor|director|comptroller)[- ]general{_NOT_AN_OFFICE}"),
    ("general", r"(?:ex[- ]?)?(?:fiscal|procuradora?|contralora?|directora?|secretari[oa]|comandante) general"),
    ("chief", rf"chief (?:prosecutor|justice|judge|magistrate|medical director){_NOT_AN_OFFICE}"),
    ("chief", r"(?:village chief|chief executive)"),
    ("head", r"(?:head prosecutor|village head|district head)"),
    ("governor", rf"(?:vice|ex)?-?governor{_NOT_AN_OFFICE}"),
    ("minister", rf"minister{_NOT_AN_OFFICE}"),
    ("mayor", rf"(?:{_ONE}mayor{_NOT_AN_OFFICE}|mayor of)"),
    ("president", rf"{_ONE}president{_NOT_AN_OFFICE}"),
    ("president", r"president of (?:the )?(?:republic|country|nation|state|court|senate)"),
    ("president", r"(?:el|la|ex|vice) ?-?president[ea]"),
    ("presiden", r"(?:wakil )?presiden"),
    ("commissioner", rf"(?:{_ONE}|health )commissioner{_NOT_AN_OFFICE}|commissioner for"),
    ("regent", rf"{_ONE}regent"),
    ("attorney", rf"district attorney{_NOT_AN_OFFICE}"),
    ("ruler", r"traditional ruler"),
    ("director", rf"(?:hospital|medical|managing|police|prison) director{_NOT_AN_OFFICE}"),
    ("secretary", r"permanent secretary"),
    ("lady", r"first lady"),
    ("ambassador", r"ambassador"),
    ("consul", rf"{_ONE}consul"),
    ("emir", rf"{_ONE}emir"),
    (
        "jefe|jefa|director|comandante|general|comisari",
        rf"{_JEFE} del? (?:la |las |el )?(?:\w{{2,20}} ){{0,2}}{_CUERPO}",
    ),
    ("policial", r"(?:ex[- ]?)?(?:jef[ea]|directora?|comandante) policial"),
    ("gobernador", r"(?:ex[- ]?|vice)?gobernadora?"),
    ("alcald", r"(?:ex[- ]?|teniente )?(?:alcalde|alcaldesa)"),
    ("ministr", r"(?:ex[- ]?|vice)?ministr[oa]"),
    ("fiscal", r"(?:ex[- ]?)?fiscal de la nacion"),
    ("defensor", r"defensora? del pueblo"),
    ("embajador", r"(?:ex[- ]?)?embajadora?"),
    ("kepala", rf"(?<!kantor )kepala {_KEPALA}"),
    ("kapol", r"(?:wa)?kapol(?:ri|da|res|resta|restabes|sek)"),
    (
        "kabareskrim|kasat|kanit|kadiv|kabid|kasi|kajari|kajati|kadis|kades",
        r"(?:kabareskrim|kasat(?:reskrim)?|kanit|kadiv|kabid humas|kasi humas|kajari|kajati|kadis|kades)",
    ),
    ("krimum", r"dir(?:res)?krimum"),
    ("jaksa agung", r"jaksa agung"),
    ("gubernur", r"(?<!kantor )(?:wakil )?gubernur"),
    ("bupati", r"(?<!kantor )bupati"),
    ("wali", r"(?<!kantor )wali ?kota"),
    ("menteri", r"menteri"),
    ("camat", r"(?<!kantor )camat"),
    ("lurah", r"(?<!kantor )lurah"),
    ("duta besar", r"(?<!kantor )duta besar"),
    ("ketua", r"ketua (?:pengadilan|dprd|dpr|kpai|yayasan|rt|rw|komisi|mahkamah)"),
    ("direktur", r"direktur (?:utama|rumah sakit|rsud|rsup|rs|reserse|tindak|yayasan)"),
)
_BY_STEM = tuple(
    (stem, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")) for stems, pattern in _POSTS for stem in stems.split("|")
)
# One of the words: of each stem the longest.
SIGN = re.compile(
    "|".join(sorted({max(stem.split(), key=len) for stem, _ in _BY_STEM}))
    + "|founder|owner|manager|matron|principal|propriet|chair|administrator",
    re.IGNORECASE,
)
# "The director of Testa Home" points at one person, "the director of a home" does not: here capitals matter.
_OF_NAMED = re.compile(
    r"\b(?:[Hh]ead|[Dd]irector|[Ff]ounder|[Oo]wner|[Mm]anager|[Mm]atron|[Pp]rincipal|[Pp]roprietor|[Pp]roprietress|"
    r"[Cc]hair(?:man|woman|person)|[Ss]ecretary|[Aa]dministrator) of (?:the )?[A-Z]"
)


def has_single_post(text: str) -> bool:
    """The police chief, el gobernador, kepala polisi …; "the governor's office" is not a person."""
    lowered = text.lower()
    if " of " in lowered and _OF_NAMED.search(text):
        return True
    held = [pattern for stem, pattern in _BY_STEM if stem in lowered]
    return any(pattern.search(lowered) for pattern in held)
