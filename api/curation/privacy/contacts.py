"""Ways to reach a person: e-mail addresses, handles and phone numbers."""

import re

from api.curation.privacy.spelling import holds_any

_EMAIL = re.compile(
    r"(?:(?<=[\w%+-])|(?<=[\w%+-][ '\"]))@ ?['\"]?[a-z0-9-]{1,63} ?\. ?[a-z0-9-]{2,63}"
    r"|[\[({<] ?(?:at|arroba|a) ?[\])}>] ?[a-z0-9-]{1,63} ?(?:\.|[\[({<] ?(?:dot|punto|titik) ?[\])}>]) ?[a-z]{2}"
    r"|(?<=\w )(?:at|arroba) [a-z0-9-]{1,63} (?:dot|punto|titik) [a-z]{2}"
    r"|mailto:",
)
_HANDLE = re.compile(
    r"(?<![\w@.])@[a-z_][\w.]{1,30}"
    r"|\b(?:facebook|fb|instagram|tiktok|twitter|x|telegram|youtube)\.com/@?\w"
    r"|\b(?:wa|t|m|fb|ig)\.me/\+?\w"
    r"|\b(?:instagram|ig|tiktok|telegram|line|twitter) ?(?:id|user|handle|:) ?:? ?@?[a-z_][\w.]{2,30}",
)

# Cheap signs, one of which every address holds.
_EMAIL_SIGNS = ("@", "mailto:", "dot", "punto", "titik")
_AT_IN_BRACKETS = re.compile(r"[\[({<] ?(?:at|arroba|a) ?[\])}>]")
# One of the words of every address, and of every account.
EMAIL_SIGN = re.compile(r"@|mailto:|dot|punto|titik|[\[({<](?:at|arroba|a|$)", re.IGNORECASE)
HANDLE_SIGN = re.compile(
    r"@|\.com/|\.me/|instagram|tiktok|telegram|twitter|(?:ig|line)(?:id|user|handle|:|$)", re.IGNORECASE
)
_SIX_DIGITS = re.compile(r"\d(?:(?:[ ().-]{0,3}|[,/])\d){5}")

# A run of digits with the signs people put between them; what it is gets decided by its shape and neighbours.
_NUMBER = re.compile(r"(?<![\w.,/-])(?:\+ ?)?\(?\+?\d(?:(?:[ ().-]{0,3}|[,/])\d){5,19}(?![\w%])")
# The same from a leading zero on, for a number that follows a year or a count.
_TRUNK_NUMBER = re.compile(r"(?<=\d )\(?0(?:[ ().-]{0,3}\d){6,12}(?![\w%])")
_GROUPED_BY_SPACES = re.compile(r"\d{3}(?: \d{3}){1,4}")
_WRITTEN_AS_FIGURE = re.compile(r"\d{1,3}(?:[.,]\d{3}){1,6}(?:[.,]\d{1,2})?|\d{1,20}[.,]\d{1,20}")
_CASE_NUMBER = re.compile(r"0\d{2,5}-(?:19|20)\d\d")
_DAY = (
    r"(?:(?:19|20)\d\d(?:[-/.](?:0?[1-9]|1[0-2])(?:[-/.](?:0?[1-9]|[12]\d|3[01]))?)?"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:19|20)\d\d|\d\d)"
    r"|[0-2]?\d[.][0-5]\d)"
)
_PERIOD = re.compile(rf"\(?{_DAY}(?: ?[/,-] ?{_DAY})?\)?")
_MONEY_BEFORE = re.compile(
    r"(?:[$€£¥₦₹₱₫]|\b(?:S/\.?|Rp\.?|RM|USD?|IDR|NGN|PEN|MYR|INR|GHS|EUR|GBP|PHP|N|Rs\.?|P|soles|rupiah|"
    r"naira|dollars?)) ?$",
    re.IGNORECASE,
)
_MONEY_AFTER = re.compile(
    r" ?(?:[$€£₦₹₱₫]|(?:us |nuevos )?(?:rupiah|soles|naira|dollars?|dolares|euros?|pesos|rupees|ringgit|yuan|"
    r"francs?|cfa|cedis?|baht|dong|USD?|IDR|NGN|PEN|MYR|people|personas|orang|inhabitants|habitantes|babies|"
    r"children|bayi|anak)\b)",
    re.IGNORECASE,
)
_PHONE_WORD = re.compile(
    r"\b(?:call(?:ed|ing)?|phone[ds]?|telephone|tel|mobile|cell(?:phone)?|whatsapp|wa|sms|text|dial|hotline|fax|"
    r"llam\w{1,6}|telefono|celular|cel|movil|fono|telepon|telp|tlp|hp|handphone|ponsel|nomor|hubungi|contact|"
    r"contacto|kontak)\b[^\d.;]{0,20}$",
    re.IGNORECASE,
)
_LOCAL_SHAPE = re.compile(
    r"\d{3}[ -]\d{3}[ .-]\d{4}|\d{3}-\d{4}|\(\d{1,5}\) ?\d{2,4}[ -]?\d{2,4}(?:[ -]?\d{2,4})?|\d{2,3}-\d{3,4}-\d{3,5}"
    r"|\d{3}\.\d{3}\.\d{4}"
)
_MOBILE_OF_NINE = re.compile(r"9\d{2}[ -]?\d{3}[ -]?\d{3}")
_SHORTEST = 7  # digits of a local number


def has_email(text: str) -> bool:
    """Also when written "name at example dot org"."""
    lowered = text.lower()
    has_sign = holds_any(lowered, _EMAIL_SIGNS) or _AT_IN_BRACKETS.search(lowered) is not None
    return has_sign and _EMAIL.search(lowered) is not None


def has_handle(text: str) -> bool:
    """An account in a social network, by handle or by address."""
    return _HANDLE.search(text.lower()) is not None


def has_phone(text: str) -> bool:
    """International or local; sums of money, grouped figures, dates, periods and record ids are not phones."""
    if not _SIX_DIGITS.search(text):
        return False
    return any(_is_phone(text, number) for number in _NUMBER.finditer(text)) or any(
        not _GROUPED_BY_SPACES.fullmatch(number[0]) for number in _TRUNK_NUMBER.finditer(text)
    )


def _is_phone(text: str, found: re.Match[str]) -> bool:
    number = found[0]
    if number.lstrip("( ").startswith("+"):
        return sum(map(str.isdigit, number)) >= _SHORTEST
    if _PERIOD.fullmatch(number) or _CASE_NUMBER.fullmatch(number) or _WRITTEN_AS_FIGURE.fullmatch(number):
        return False
    before = text[max(0, found.start() - 40) : found.start()]
    if _MONEY_AFTER.match(text, found.end()) or _MONEY_BEFORE.search(before):
        return False
    if _PHONE_WORD.search(before):
        return True
    if number.lstrip("(").startswith("0"):
        return sum(map(str.isdigit, number)) >= _SHORTEST
    return _LOCAL_SHAPE.fullmatch(number) is not None or _MOBILE_OF_NINE.fullmatch(number) is not None
