"""Regions of the world by UN M49, and the countries that lie in them."""

WORLD = "001"
_LATIN_AMERICA = {
    "005": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
    "013": "BZ CR GT HN MX NI PA SV",
    "029": "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
}
_MEMBERS = _LATIN_AMERICA | {
    "009": "AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
    "011": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG",
    "014": "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW",
    "015": "DZ EG EH LY MA SD TN",
    "017": "AO CD CF CG CM GA GQ ST TD",
    "018": "BW LS NA SZ ZA",
    "021": "BM CA GL PM US",
    "030": "CN HK JP KP KR MN MO TW",
    "034": "AF BD BT IN IR LK MV NP PK",
    "035": "BN ID KH LA MM MY PH SG TH TL VN",
    "143": "KG KZ TJ TM UZ",
    "145": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "150": "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME "
    "MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
    "419": " ".join(_LATIN_AMERICA.values()),
}
REGIONS: dict[str, frozenset[str]] = {code: frozenset(members.split()) for code, members in _MEMBERS.items()}
"""Countries by UN M49 region, such as 035, South-eastern Asia. XK counts to Europe, TW to Eastern Asia."""


def areas_of(country: str) -> frozenset[str]:
    """The country itself, the regions that hold it, and the world."""
    return frozenset({country, WORLD} | {region for region, members in REGIONS.items() if country in members})
