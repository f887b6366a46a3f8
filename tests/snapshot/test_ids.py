"""Ids as whole numbers: one for each, and nothing else has any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.snapshot.ids import packed, unpacked

IDS = st.from_regex(r"[A-Z]{2}-[0-9]{4}-[0-9]{4,12}", fullmatch=True)


@given(st.lists(IDS, max_size=5))
def test_every_id_comes_back(ids: list[str]) -> None:
    assert [unpacked(number) for number in packed(ids).tolist()] == ids


@given(st.lists(IDS, max_size=20))
def test_numbers_sort_as_ids_do(ids: list[str]) -> None:
    assert [unpacked(number) for number in sorted(packed(ids).tolist())] == sorted(ids)


def test_leading_zeros_tell_ids_apart_and_the_greatest_fits() -> None:
    ids = ["AA-0000-0000", "PE-2018-0001", "PE-2018-00001", "PE-2018-000000000001", "ZZ-9999-999999999999"]
    numbers = packed(ids).tolist()
    assert len({*numbers}) == len(ids)
    assert min(numbers) == 0
    assert max(numbers) < 2**63


@pytest.mark.parametrize(
    "text",
    ["", "x", "pe-2018-0001", "PE-2018-001", "PE-2018-1234567890123", "PE-2018-0001 ", "PE-2018-00-1", "PE_2018-0001",
     "P1-2018-0001", "PE-20x8-0001", "PE-2018-٠٠٠١", "PE-2018-0001\n", "PE-2018-0001;PE-2018-0002"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        packed(["PE-2018-0001", text])
