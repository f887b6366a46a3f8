"""The age of a single child. Ages of groups, bounds and adults pass, and so do sentences in years."""

import re
from collections.abc import Callable

from api.curation.privacy.spelling import holds_any

_COUNTED = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho
satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas
"""
_VALUES = {word: value for line in _COUNTED.splitlines() for value, word in enumerate(line.split(), 1)}
_VALUES |= {"una": 1, "uno": 1, "half": 1, "belas": 10, "nineteen": 19, "diecinueve": 19}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
         "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "puluh": 20}  # fmt: skip
_WORDS = "|".join(sorted((*_VALUES, *_TENS), key=len, reverse=True))
_NUMBER = rf"(?:\d{{1,3}}(?:[.,]\d)?(?: ?1/[24])?|(?:{_WORDS})(?:[ -](?:y )?(?:{_WORDS})\b){{0,3}})(?: and a half)?"
_ADULT = 18

_EN_UNIT = r"(?:hour|day|week|fortnight|month|year|yr)"
_ES_UNIT = r"(?:hora|dia|semana|mes|mese|ano|anito|mesecito)"
_ID_UNIT = r"(?:jam|hari|minggu|pekan|bulan|tahun|thn)"
_ANY_UNIT = rf"(?:{_EN_UNIT}s?|{_ES_UNIT}s?|{_ID_UNIT})"

_EN_CHILD = (
    r"(?:baby|babe|infant|newborn|toddler|child|boy|girl|daughter|son|kid|teen|teenager|adolescent|minor|youngster|"
    r"pupil|schoolgirl|schoolboy|twin|sibling|brother|sister|orphan|niece|nephew|grandson|granddaughter|victim)"
)
_EN_CHILDREN = (
    r"(?:babies|babes|infants|newborns|toddlers|children|boys|girls|daughters|sons|kids|teens|teenagers|adolescents|"
    r"minors|youngsters|pupils|schoolgirls|schoolboys|siblings|brothers|sisters|orphans|women|mothers|people|persons|"
    r"they|those|victims|youths|ones|"
    r"ninos|ninas|bebes|menores|adolescentes|hijos|hijas|hermanos|hermanas|infantes|lactantes|nacidos|gemelos|jovenes|"
    r"anak-anak|bayi-bayi|remaja-remaja|gadis-gadis)"
)
_ES_CHILD = (
    r"(?:bebe|bebita|bebito|beba|nina|nino|menor|infante|lactante|recien nacid[oa]|hij[oa]|hijit[oa]|adolescente|"
    r"hermanit[oa]|hermana|hermano|criatura|pequen[oa]|chic[oa]|chiquill[oa]|joven|neonat[oa]|estudiante|"
    r"escolar|niet[oa])"
)
_ID_CHILD = (
    r"(?:bayi|anak|balita|bocah|gadis|remaja|putri|putra|siswi|siswa|orok|pelajar|perempuan|korban|keponakan|cucu)"
    r"(?:nya|mu)?"
)
_OTHER_THINGS = (
    r"(?:case|inquiry|investigation|probe|law|ring|network|ban|rule|trial|scheme|conflict|war|practice|clinic|home|"
    r"building|order|report|dispute|group|agency|policy|hospital|house|charity|business|operation|marriage|feud|system)"
)

_BOUND_BEFORE = re.compile(
    r"\b(?:under|below|over|above|up to|at least|at most|more than|less than|(?:young|old)er than|between|from|than|"
    r"menos de|mas de|hasta|entre|(?:mayor|menor)es de|desde|a partir de|"
    r"di ?bawah|di ?atas|kurang dari|lebih dari|hingga|sampai|antara|maksimal|minimal|mulai)"
    r"(?: (?:the )?ages?(?: of)?| usia| umur| los| de| unos)? ?$"
)
_RANGE_BEFORE = re.compile(
    rf"(?:\b(?:\d{{1,3}}|{_WORDS})(?:[ -]{_ANY_UNIT})? ?"
    r"(?:to|-|through|a|al|hingga|sampai|s/d|or|o|atau) ?"
    rf"|\b(?:between|entre|antara)(?: the)?(?: ages)?(?: of)?(?: los| usia| umur)? (?:\d{{1,3}}|{_WORDS})"
    rf"(?: {_ANY_UNIT})? (?:and|y|dan) )$"
)
_RANGE_AFTER = re.compile(
    rf" ?{_ANY_UNIT}? ?"
    rf"(?:(?:to|-|through|a|hingga|sampai|s/d|or|o|atau) ?(?:\d|(?:{_WORDS})\b)"
    r"|(?:and|or|y|o|dan|atau) (?:under|over|above|below|up|upwards?|older|younger|less|more|beyond|menos|mas|menores|"
    r"mayores|kurang|lebih)\b|ke (?:bawah|atas)\b)"
)
_NOUN = re.compile(
    rf"\b(?:(?P<many>{_EN_CHILDREN})|(?P<thing>{_OTHER_THINGS})|{_EN_CHILD}|{_ES_CHILD}|she|he|who was)\b"
)

_OLD = re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER}|an?)[ -]?(?P<unit>{_EN_UNIT})s?[- ](?:old\b|olds\b(?P<olds>))")
_YO = re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER})[ -]?(?P<unit>y/?o|yr/?o)\b(?P<olds>s)?")
_UNIT_OLD = re.compile(rf"(?<![\w-])(?:{_EN_UNIT})-old (?:\w{{2,15}} ){{0,2}}{_EN_CHILD}\b")
_UNIT_CHILD = re.compile(
    rf"(?<![\w.,])(?P<number>{_NUMBER})[- ](?P<unit>{_EN_UNIT})[- ](?:\w{{3,10}} )?"
    r"(?:baby|infant|newborn|toddler|child|boy|girl)\b(?!-)"
)
_AGED = re.compile(
    rf"\b(?:aged?|at the age of|at age|the age of|edad(?: de|:)?|turn(?:ed|ing)|age:) (?P<number>{_NUMBER})(?![\w%])"
    rf"(?: (?P<unit>{_EN_UNIT}|{_ES_UNIT})s?\b)?"
)
_LIST_GOES_ON = re.compile(rf" (?:{_EN_UNIT}s? )?and (?:\d|(?:{_WORDS})\b)|, ?\d{{1,2}}\b")
_CHILD_OF = re.compile(
    rf"\b{_EN_CHILD}(?:,? (?:of|just|only|barely|about|(?:who )?(?:is|was))|,| ?\() ?"
    rf"(?:(?:of|just|only|barely|about) )?(?P<number>{_NUMBER})"
    r"(?:(?= ?[),.;:]| (?:was|is|who|and her|and his|had|from|when|escaped|fled|gave|told|said)\b|$)"
    r"|(?<= of \d\d)(?! (?:of|the|\w{2,20}s)\b)"
    rf"| (?P<unit>{_EN_UNIT})s?\b(?! (?:later|ago|before|after|along|pregnant|premature|early|away|in\b)))"
)
_DE_EDAD = re.compile(
    rf"\b(?:{_ES_CHILD}(?:,? (?!de\b|y\b|a\b)[\w-]{{2,15}}){{0,2}},?(?: (?:de|con|tiene|tenia|cumplio))?"
    r"|, de|a los|con|tiene|tenia|cumplio) "
    rf"(?:(?:solo|apenas|tan solo|unos|casi|aproximadamente|los|sus) ){{0,2}}(?P<number>{_NUMBER})"
    rf"(?: (?:y|o) (?P<second>{_NUMBER}))? (?P<unit>{_ES_UNIT})s?\b(?P<tail>(?: de \w{{2,12}}| \w{{2,15}})?)"
)
_ES_WITH_EDAD = re.compile(rf"(?<![\w.,-])(?P<number>{_NUMBER}) (?P<unit>{_ES_UNIT})s? de (?:edad|nacid[oa]|vida)\b")
_ES_NOT_AN_AGE = re.compile(
    r" (?:de (?!edad|nacid|vida)|despues|antes|atras|presa|preso|ininterrumpid|consecutiv|\w{2,12}ndo\b|"
    r"(?:en|por|sin)\b)"
)
_USIA = re.compile(
    r"(?<!kehamilan )(?<!kandungan )(?<!janin )\b(?:ber)?(?:usia|umur)(?:nya)?"
    r"(?: (?:baru|masih|sekitar|kira-kira|genap|hampir)){0,2} "
    rf"(?:(?P<number>{_NUMBER}) ?(?P<unit>{_ID_UNIT})\b|se(?P<one>jam|hari|minggu|pekan|bulan|tahun)\b)"
)
_ANAK = re.compile(
    rf"\b{_ID_CHILD}(?: (?:perempuan|laki-laki|lelaki|kecil|itu|ini|yang|baru|masih|lahir|malang|kandung)){{0,3}}"
    rf"(?:,|\s?\()? ?(?:(?P<number>{_NUMBER}) ?(?P<unit>{_ID_UNIT})\b|se(?P<one>hari|minggu|bulan|tahun)\b)"
    r"(?! (?:lalu|silam|terakhir|kemudian|penjara|kurungan|setelah|sebelum|sejak|lamanya|ke depan|yang lalu))"
)
_ID_MANY = re.compile(
    r"(?:\b(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|belas|puluh|puluhan|belasan|para|beberapa|"
    r"sejumlah|banyak|semua|[2-9]|\d{2,3})(?: orang)? (?:bayi|anak|balita|remaja|gadis|korban|perempuan)"
    r"|\b(?!laki)(\w{3,12})-\1)(?: \w{2,12}){0,3} ?$"
)
_ID_THING = re.compile(
    r"\b(?:kasus|perkara|gedung|bangunan|yayasan|klinik|jaringan|organisasi|pernikahan)(?: \w{2,12}){0,3} ?$"
)
# The capital of Peru is no number, unless an Indonesian headline counts with it.
_CITY = re.compile(r"\bLima\b(?! (?:Jam|Hari|Minggu|Pekan|Bulan|Tahun)\b)")
# One of the words: of a unit, of an age, of a birth, or a child that a number may follow.
SIGN = re.compile(
    rf"old|yo|y/?o|yr|{_EN_UNIT}|{_ES_UNIT}|{_ID_UNIT}|age|edad|turn|nacid|nacio|vida|usia|umur|born|lahir|{_EN_CHILD}",
    re.IGNORECASE,
)
_BORN_STEMS = ("born ", "nacid", "nacio ", "lahir ")
_BORN = re.compile(
    r"\b(?:born|nacid[oa]|nacio|lahir) (?:on |in |el |pada |tanggal |pada tanggal ){0,2}(?:the )?"
    r"(?:\d{1,2}(?:st|nd|rd|th)?[ ./-]|(?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december) \d)"
)


def has_child_age(text: str) -> bool:
    """Whether one child's age or day of birth is told."""
    text = (_CITY.sub("-", text) if "Lima" in text else text).lower()
    if "-old " in text and _UNIT_OLD.search(text):
        return True
    if holds_any(text, _BORN_STEMS) and _BORN.search(text):
        return True
    return any(
        _is_child(found) and not _is_bound(text, found) and is_single(text, found)
        for stems, pattern, is_single in _PATTERNS
        if holds_any(text, stems)
        for found in pattern.finditer(text)
    )


def _is_child(found: re.Match[str]) -> bool:
    """Younger than eighteen, where the number counts years."""
    groups = found.groupdict()
    number = groups.get("number")
    if number is None:
        return True
    unit = groups.get("unit")
    return (unit is not None and unit[0] not in "yat") or _value(number) < _ADULT


def _value(number: str) -> float:
    if number[0].isdigit():
        return int(re.split(r"\D", number, maxsplit=1)[0])
    words = [w for w in re.split(r"[ -]", number) if w in _VALUES or w in _TENS]
    return sum(_VALUES.get(word, 0) + _TENS.get(word, 0) for word in words)


def _is_bound(text: str, found: re.Match[str]) -> bool:
    start = found.start("number") if found.groupdict().get("number") else found.start()
    end = found.end("number") if found.groupdict().get("number") else found.end()
    before = text[max(0, start - 48) : start]
    return bool(
        _BOUND_BEFORE.search(before) or _RANGE_BEFORE.search(before) or _RANGE_AFTER.match(text[end : end + 40])
    )


def _single_by_what_follows(text: str, found: re.Match[str]) -> bool:
    if found["olds"] is not None:
        return False
    following = text[found.end() : found.end() + 60].split(" ")[1:5]
    for word in following:
        bare = word.strip(".,;:()'\"")
        if re.fullmatch(_EN_CHILDREN, bare) or re.fullmatch(_OTHER_THINGS, bare):
            return False
        if re.fullmatch(_EN_CHILD, bare):
            return True
        if bare != word:
            break
    return "-" in found[0] or _single_by_what_precedes(text, found)


def _single_by_what_precedes(text: str, found: re.Match[str]) -> bool:
    nouns = list(_NOUN.finditer(text[max(0, found.start() - 50) : found.start()]))
    return not nouns or not (nouns[-1]["many"] or all(noun["thing"] for noun in nouns))


def _single_when_listed(text: str, found: re.Match[str]) -> bool:
    """Tell "aged 2 and 5", two single ages, from "girls aged 15", a group."""
    return _LIST_GOES_ON.match(text, found.end("number")) is not None or _single_by_what_precedes(text, found)


def _single_in_spanish(text: str, found: re.Match[str]) -> bool:
    if found[0].startswith("a los") and found["unit"] != "ano":  # "a los tres dias" tells when, not how old
        return False
    after = found["tail"] + text[found.end() : found.end() + 24]
    return not _ES_NOT_AN_AGE.match(after) and _single_by_what_precedes(text, found)


def _single_in_indonesian(text: str, found: re.Match[str]) -> bool:
    """Looks back from the unit, since the noun with its count may be part of the match."""
    start = found.start("number") if found["number"] else found.start("one") - 2
    before = text[max(0, start - 60) : start]
    before = re.sub(r"(?:,|\()? ?(?:ber)?(?:usia|umur)(?:nya)?(?: \w{2,9}){0,1} $", " ", before)
    return not (_ID_MANY.search(before) or _ID_THING.search(before))


# Stems without which the pattern cannot match, the pattern, and who is to be told from a group.
_PATTERNS: tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[str, re.Match[str]], bool]], ...] = (
    ((" old", "-old"), _OLD, _single_by_what_follows),
    (("yo", "y/o", "yro", "yr/o"), _YO, _single_by_what_follows),
    (("hour", "day", "week", "fortnight", "month", "year", "yr"), _UNIT_CHILD, lambda _text, _found: True),
    (("age", "edad", "turn"), _AGED, _single_when_listed),
    (
        (" of ", ",", "(", " just ", " only ", " barely ", " about ", " is ", " was "),
        _CHILD_OF,
        lambda _text, _found: True,
    ),
    (("hora", "dia", "semana", "mes", "ano", "anito"), _DE_EDAD, _single_in_spanish),
    (("edad", "nacid", "vida"), _ES_WITH_EDAD, _single_by_what_precedes),
    (("usia", "umur"), _USIA, _single_in_indonesian),
    (("jam", "hari", "minggu", "pekan", "bulan", "tahun", "thn"), _ANAK, _single_in_indonesian),
)
