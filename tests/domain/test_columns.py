"""The flat record's columns are a contract: their names and order never change by accident."""

import orjson
import pytest

from api.domain.columns import COLUMN_NAMES, COLUMNS, MONEY_MEASURES, WIDE_MEASURES

EXPECTED = """
id title summary category date_edtf date_start date_end date_precision date_note
country country_iso3 country_name admin1 admin1_name place place_name lon lat precision uncertainty_m place_id
methods purposes roles outcome outcome_date
arrested_low arrested_best arrested_high
children_recovered_low children_recovered_best children_recovered_high
women_recovered_low women_recovered_best women_recovered_high
children_sold_alleged_low children_sold_alleged_best children_sold_alleged_high
premises_searched_low premises_searched_best premises_searched_high
price_per_child_low price_per_child_best price_per_child_high price_per_child_currency
payment_to_parent_low payment_to_parent_best payment_to_parent_high payment_to_parent_currency
cash_seized_low cash_seized_best cash_seized_high cash_seized_currency
verification confidence source_count source_ids source_urls related redacted redaction_reason
updated updated_release citation
""".split()


def test_the_columns_stand_in_the_published_order() -> None:
    assert list(COLUMN_NAMES) == EXPECTED


def test_every_column_says_what_it_holds() -> None:
    assert len(set(COLUMN_NAMES)) == len(COLUMNS)
    for column in COLUMNS:
        assert column.description.endswith("."), column.name
        assert orjson.dumps(column.description)


def test_money_measures_are_wide_and_alone_have_a_currency() -> None:
    assert set(WIDE_MEASURES) >= MONEY_MEASURES
    with_currency = {name.removesuffix("_currency") for name in COLUMN_NAMES if name.endswith("_currency")}
    assert with_currency == MONEY_MEASURES


@pytest.mark.parametrize("name", ["id", "title", "date_start", "lon", "lat", "country", "updated_release"])
def test_what_every_incident_has_is_not_nullable(name: str) -> None:
    (column,) = [column for column in COLUMNS if column.name == name]
    assert not column.is_nullable


def test_every_figure_may_be_unknown() -> None:
    starts = tuple(f"{measure}_" for measure in WIDE_MEASURES)
    figures = [column for column in COLUMNS if column.name.startswith(starts)]
    assert len(figures) == 3 * len(WIDE_MEASURES) + len(MONEY_MEASURES)
    assert all(column.is_nullable for column in figures)


@pytest.mark.parametrize("name", ["outcome", "verification", "confidence"])
def test_what_a_redacted_record_lacks_is_nullable_and_says_why(name: str) -> None:
    (column,) = [column for column in COLUMNS if column.name == name]
    assert column.is_nullable
    assert "redacted" in column.description
