"""The years of a redacted record: no finer than a year, and as doubtful as the date was."""

import pytest

from api.domain.dates import parse_edtf
from api.domain.redaction import YEARS, years_of


@pytest.mark.parametrize(("edtf", "years"), [
    ("2018-11-06", "2018"), ("2018-11", "2018"), ("2018", "2018"), ("2018?", "2018?"), ("2018-11-06~", "2018?"),
    ("2018-04-25/2018-04-27", "2018"), ("2017-12-31/2018-01-01", "2017/2018"), ("2013?/2018", "2013?/2018?"),
    ("0001-01-01", "0001"), ("9999", "9999"), ("2018%", "2018?"),
])  # fmt: skip
def test_a_date_is_coarsened_to_its_years(edtf: str, years: str) -> None:
    assert years_of(edtf) == years
    assert YEARS.fullmatch(years)
    before, after = parse_edtf(edtf), parse_edtf(years)
    assert after.start <= before.start <= before.end <= after.end
    assert after.is_certain == before.is_certain
