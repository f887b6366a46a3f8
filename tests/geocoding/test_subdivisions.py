"""ISO 3166-2 codes against the official lists, as ISO publishes them."""

from collections import Counter

import pytest

from api.geocoding.gazetteer import Gazetteer

# Online Browsing Platform of ISO, with the changes of November 2023: IN-CG, IN-OD, IN-TS and IN-UK, four new Papuan
# provinces, Maguindanao in two.
OFFICIAL = {
    "ID": "AC BA BB BE BT GO JA JB JI JK JT KB KI KR KS KT KU LA MA MU NB NT PA PB PD PE PS PT RI SA SB SG SN SR SS ST"
    " SU YO",
    "IN": "AN AP AR AS BR CG CH DH DL GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD PB PY RJ SK TN TR TS UK UP WB",
    "MY": "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16",
    "NG": "AB AD AK AN BA BE BO BY CR DE EB ED EK EN FC GO IM JI KD KE KN KO KT KW LA NA NI OG ON OS OY PL RI SO TA"
    " YO ZA",
    "PE": "AMA ANC APU ARE AYA CAJ CAL CUS HUC HUV ICA JUN LAL LAM LIM LMA LOR MDD MOQ PAS PIU PUN SAM TAC TUM UCA",
    "PH": "00 01 02 03 05 06 07 08 09 10 11 12 13 14 15 40 41",
}
PHILIPPINE_PROVINCES = (
    "ABR AGN AGS AKL ALB ANT APA AUR BAN BAS BEN BIL BOH BTG BTN BUK BUL CAG CAM CAN CAP CAS CAT CAV CEB COM DAO DAS"
    " DAV DIN DVO EAS GUI IFU ILI ILN ILS ISA KAL LAG LAN LAS LEY LUN MAD MAS MDC MDR MGN MGS MOU MSC MSR NCO NEC NER"
    " NSA NUE NUV PAM PAN PLW QUE QUI RIZ ROM SAR SCO SIG SLE SLU SOR SUK SUN SUR TAR TAW WSA ZAN ZAS ZMB ZSI"
)


def codes_at(gazetteer: Gazetteer, country: str, level: int) -> Counter[str]:
    """How many areas of a level have each code; "" for none."""
    return Counter(row.iso for row in gazetteer._matcher.lookup.stream_areas(country, level))


@pytest.mark.parametrize("country", OFFICIAL)
def test_every_first_level_area_has_its_official_code_and_no_other(gazetteer: Gazetteer, country: str) -> None:
    official = Counter(f"{country}-{code}" for code in OFFICIAL[country].split())
    assert codes_at(gazetteer, country, 1) == official


def test_every_philippine_province_has_its_official_code(gazetteer: Gazetteer) -> None:
    codes = codes_at(gazetteer, "PH", 2)
    del codes[""]
    assert codes == Counter(f"PH-{code}" for code in PHILIPPINE_PROVINCES.split())


@pytest.mark.parametrize(
    ("former", "current"), [("IN-TG", "IN-TS"), ("IN-CT", "IN-CG"), ("IN-OR", "IN-OD"), ("IN-UT", "IN-UK")]
)
def test_codes_that_iso_has_replaced_are_understood_and_not_answered(
    gazetteer: Gazetteer, former: str, current: str
) -> None:
    area = gazetteer.area(current)
    assert area is not None
    found = gazetteer.candidates(area.name, country="IN", subdivision=former)
    assert found[0].admin1 == current
    assert gazetteer.area(former) is None


@pytest.mark.parametrize(
    ("text", "subdivision"),
    [
        ("Hyderabad, India", "IN-TS"), ("Raipur, India", "IN-CG"), ("Bhubaneswar, India", "IN-OD"),
        ("Dehradun, India", "IN-UK"), ("Leh, India", "IN-LA"), ("Jayapura, Indonesia", "ID-PA"),
        ("Callao, Peru", "PE-CAL"), ("Putrajaya, Malaysia", "MY-16"), ("Abuja, Nigeria", "NG-FC"),
    ],
)  # fmt: skip
def test_a_citys_code_is_its_areas(gazetteer: Gazetteer, text: str, subdivision: str) -> None:
    assert gazetteer.candidates(text)[0].admin1 == subdivision
