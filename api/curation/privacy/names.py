"""Personal names: after a title, after "named", before an age, or as initials."""

import re

from api.curation.privacy.allowed import AllowList
from api.curation.privacy.common_words import ACRONYMS, COMMON_WORDS, DATE_WORDS
from api.curation.privacy.spelling import cased
from api.domain.folding import fold

# Titles that stand before nothing but a name.
_SURE_TITLES = """
mr mrs ms mx messrs madam mdm dr drs dra prof sr sra srta ing lic abog engr barr rev fr alhaji alhaja hajiya mallam
dona bapak pak bu sdr sdri sdra hj tn ny nyonya tuan kompol akp akbp kombes kombespol iptu ipda brigjen irjen komjen
aiptu aipda bripka briptu bripda brigpol dsp csp asp acp igp sgt insp supt cpl capt col gen maj brig lt tte crnl cnel
gral cap mag hon arc const
"""
# Words that also stand alone; a name has to follow that is not a common word.
_OTHER_TITLES = """
don miss judge justice magistrate pastor reverend bishop archbishop father sister brother apostle prophet prophetess
evangelist deacon deaconess imam sheikh chief prince princess king queen oba igwe eze sir lady dame mama madame lord
doctor professor nurse matron midwife lawyer barrister attorney prosecutor senator governor minister president mayor
commissioner officer detective inspector superintendent captain colonel general major lieutenant sergeant corporal
constable suspect suspects victim victims accused defendant defendants mother driver juez jueza fiscal coronel
comandante capitan teniente sargento suboficial alferez doctora profesor profesora abogado abogada obstetra enfermero
enfermera medico medica senor senora senorita hermana padre madre victima imputado imputada acusado acusada detenido
detenida sospechoso sospechosa ibu haji bidan dokter perawat ustaz ustadz kiai kyai nyai hakim jaksa pengacara
komisaris inspektur brigadir jenderal kolonel kapten letnan saudara saudari tersangka terdakwa korban pelaku saksi
"""
_SURE = frozenset(_SURE_TITLES.split())
_OTHER = frozenset(_OTHER_TITLES.split())
_TITLES = _SURE | _OTHER
DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]{1,40}")
_GAP = re.compile(r"\.?\)?,? ?(?=[\"'(]?[^\W\d_])")
# Public hospitals in Indonesia carry the name of a physician of the past.
_PUBLIC_HOSPITAL = re.compile(r"\b(?:RSUD|RSUP|RSUPN|RSU|RSPAD|RSAL|RSAU) ?$")

_NEVER_NAMES = COMMON_WORDS - DATE_WORDS

# One of the words: a stem, the `by` of "going by", and whatever may be the middle of "a. k. a.".
INTRODUCTION_SIGN = re.compile(
    r"name|identif|known|referred|described|call|dubbed|alias|^by:?$|llama|conocid|mencionad|apod|disebut|nombre|nama|"
    r"panggil|disapa|dikenal|ini[ct]ial|inisial|julukan|(?:^|\ba\.?)k\.?(?:a\b|$)",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"\b(?:named|(?:nick|re)named|whose name (?:is|was)|name (?:is|was)|by the name(?: of)?|under the names?(?: of)?|"
    r"(?:identified|known|referred to|described)(?: (?:only|simply|locally|officially))?(?: by [\w ]{2,30})? as|"
    r"called|nicknamed|dubbed|alias(?:es)?|a\.? ?k\.? ?a\b\.?|go(?:es|ing) by|"
    r"llamad[oa]s?|se llama(?:ba)?|llaman|apodan|"
    r"(?:identificad|conocid|mencionad)[oa]s?(?: \w{2,12})? como|apodad[oa]s?|"
    r"(?:con|bajo|por) (?:el|los) (?:nombres?|alias|apodo)(?: de)?|de nombres?|cuyo nombre (?:es|era)|"
    r"responde al nombre de|bernama(?: lengkap)?|disebut|"
    r"(?:atas )?nama(?:nya)?(?: adalah)?|(?:ber)?inisial|dipanggil|disapa|"
    r"(?:diidentifikasi|teridentifikasi|dikenal)(?: \w{2,12})? (?:sebagai|dengan nama|bernama))"
    r"(?: (?:only|simply|merely|just|as|one|solo|como|a|an|the|el|la|si|hanya)){0,2}:? (?=[\"'(]?[^\W\d_])",
    re.IGNORECASE,
)
_NICKNAME = re.compile(
    r"\b(?:alias|a\.? ?k\.? ?a\b\.?|nicknamed|apodad[oa]|apodo|julukan)(?: (?:el|la|de|the|si)){0,2}:? [\"'][^\W\d_]",
    re.IGNORECASE,
)
_INITIALS_INTRODUCED = re.compile(
    r"\b(?i:(?:ber)?inisial|iniciales|initials?|initialled)(?: (?:de|of))?:? [\"'(]?[A-Z]{1,4}\b"
)

_SPEAKS = r"was|is|who|told|said|says|admitted|denied|confessed|quien|fue|natural|asal|warga|dari|yang|ditangkap"
_YEARS = r"(?:-| )?(?:years?|yrs?|y/?o|anos?|tahun|thn|th)\b\.?(?: (?:old|de edad))?"
_AGE = re.compile(
    rf"(?:(?P<bracket> ?[(\[] ?)|(?P<comma>,? (?:-{{1,2}} )?))"
    rf"(?:(?:aged?|de|con|berusia|berumur|umur|usia|edad) )?(?<!\d)"
    rf"[1-9]\d?(?![\d,.]\d)(?P<years>{_YEARS})?(?P<end> ?[)\],.;:]|$| -| (?:{_SPEAKS})\b)"
)
_AGE_BEFORE_NAME = re.compile(r"\b\d{2}[- ]years?[- ]old,? (?:[a-z]{2,20} ){0,2}(?=[A-Z])")
_INITIALS_WITH_AGE = re.compile(
    r"(?<![\w.-])(?P<letters>(?:[A-Z]\. ?){1,4}|[A-Z]{1,4})(?:, | ?[(\[] ?)(?:(?:aged?|usia|umur|berusia|de) )?"
    rf"[1-9]\d?(?: ?[)\]]|{_YEARS}|(?<=\d)(?=[,.;]|$))"
)
INITIALS_SIGN = re.compile(r"\d|[A-Z]\.")
_INITIALS = re.compile(r"(?<![\w.'-])[A-Z]\.(?: ?[A-Z]\.){1,3}(?![A-Za-z])")

_WORD = re.compile(r"[\"'(]?([^\W\d_](?:[^\W\d_]|['-](?=[^\W\d_])){0,39})(\.?)")
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "bin", "binti", "van", "von", "da", "dos", "al", "el"})
_ARTICLES = frozenset({"the", "el", "la", "los", "las", "si", "sang"})
_MOST_WORDS = 5
_LONGEST_ACRONYM = 6
_HEADLINE_VERB = re.compile(r".{2,40}(?:s|ed|ing)$")


def is_title(word: str) -> bool:
    """Whether a title stands in it, such as "Dr" in "(Dr."."""
    return not _TITLES.isdisjoint(_LETTERS.findall(word.lower()))


def has_titled_name(text: str, allowed: AllowList) -> bool:
    """Judge, Mrs, coronel, bidan … and a name. Titles that are common words need a name that is none."""
    text = cased(text)
    title_case = _is_title_case(text)
    for title in _LETTERS.finditer(text):
        word = title[0].lower()
        if word in _SURE:
            gap = _GAP.match(text, title.end())
            words = _words_after(text, gap.end()) if gap else []
            named = words and fold(words[0]) not in _NEVER_NAMES and not allowed.covers(words)
            if named and not _PUBLIC_HOSPITAL.search(text[max(0, title.start() - 8) : title.start()]):
                return True
        elif (
            word in _OTHER
            and text.startswith(" ", title.end())
            and _is_name(_words_after(text, title.end() + 1), allowed, title_case=title_case)
        ):
            return True
    return False


def has_introduced_name(text: str, allowed: AllowList) -> bool:
    """Named, known as, alias, llamada, bernama … and a name."""
    if _INITIALS_INTRODUCED.search(text) or _NICKNAME.search(text):
        return True
    text = cased(text)
    title_case = _is_title_case(text)
    return any(
        _is_name(_words_after(text, introduction.end()), allowed, title_case=title_case)
        for introduction in _INTRODUCTION.finditer(text)
    )


def has_name_with_age(text: str, allowed: AllowList) -> bool:
    """Two capitalised words beside an age, or one before it where the age is in brackets or has its unit."""
    for age in _AGE_BEFORE_NAME.finditer(text):
        if len(_name_in(_words_after(text, age.end()), allowed, title_case=False)) > 1:
            return True
    for age in _AGE.finditer(text):
        words = _words_before(text, age.start())
        if (
            not words
            or allowed.covers(words)
            or (age["comma"] and not age["comma"].startswith(",") and not age["years"])
        ):
            continue
        alone = len(words) == 1
        if alone and (len(words[0]) < 3 or words[0].isupper()):  # initials are another rule's
            continue
        if not alone or age["years"] or age["bracket"] or (age["end"] == "," and age["comma"]):
            return True
    return False


def has_initials(text: str, allowed: AllowList, *, with_age: bool = False) -> bool:
    """As in "A.B." or "AN (23)", but not "U.S." or "BBC"; `with_age` asks for an age in every case."""
    found = [m["letters"] for m in _INITIALS_WITH_AGE.finditer(text)] if DIGIT.search(text) else []
    if not with_age:
        found += [m[0] for m in _INITIALS.finditer(text)]
    for letters in found:
        bare = letters.replace(".", "").replace(" ", "")
        if bare.lower() not in ACRONYMS and not allowed.covers([letters]) and not allowed.covers([bare]):
            return True
    return False


def _words_after(text: str, start: int) -> list[str]:
    """The run of capitalised words that begins here, particles between them left out."""
    words: list[str] = []
    position = start
    for _ in range(2 * _MOST_WORDS):
        word = _WORD.match(text, position)
        if word is None or len(words) == _MOST_WORDS:
            break
        if word[1][0].isupper():
            words.append(word[1])
        elif not words or word[1] not in _PARTICLES:
            break
        position = word.end()
        if (word[2] and len(word[1]) > 1) or not text.startswith(" ", position):
            break
        position += 1
    return words


def _words_before(text: str, end: int) -> list[str]:
    """The run of capitalised words that ends here, up to the nearest common word."""
    words: list[str] = []
    for token in reversed(text[max(0, end - 120) : end].split(" ")[-2 * _MOST_WORDS :]):
        if token in _PARTICLES and words:
            continue
        word = token.strip("\"'")
        letters = word.removesuffix(".") if len(word) == 2 else word  # "B."
        if not letters or not letters[0].isupper() or not letters.replace("-", "").replace("'", "").isalpha():
            break
        if fold(letters) in COMMON_WORDS or len(words) == _MOST_WORDS:
            break
        words.append(letters)
    return words[::-1]


def _is_name(words: list[str], allowed: AllowList, *, title_case: bool) -> bool:
    return any(len(word) > 1 for word in _name_in(words, allowed, title_case=title_case))


def _name_in(words: list[str], allowed: AllowList, *, title_case: bool) -> list[str]:
    """What of the run can only be a name: up to the first common word, and nothing if it is a place."""
    name: list[str] = []
    for word in words:
        folded = fold(word)
        if not name and (folded in _ARTICLES or (title_case and _HEADLINE_VERB.match(folded))):
            continue
        if folded in COMMON_WORDS or folded in ACRONYMS or (word.isupper() and 1 < len(word) <= _LONGEST_ACRONYM):
            break
        name.append(word)
    return [] if allowed.covers(words) or allowed.covers(name) else name


def _is_title_case(text: str) -> bool:
    words = [word for word in text[:400].split() if len(word) > 3 and word[0].isalpha()]
    return len(words) >= 3 and sum(word[0].isupper() for word in words) * 3 >= len(words) * 2
