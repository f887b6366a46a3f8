"""A set of ids is a set, whatever they look like."""

from hypothesis import given
from hypothesis import strategies as st

from api.domain.ids import IdSet

IDS = st.one_of(
    st.from_regex(r"[A-Z]{2}-[0-9]{4}-[0-9]{4,6}", fullmatch=True),
    st.sampled_from(
        ["PE-2018-0001", "PE-2018-00001", "PE-2018-1001", "PE-2019-0001", "", "1", "001", "invented", "x٣٣٣"]
    ),
)


@given(st.lists(IDS), st.lists(IDS))
def test_an_id_set_is_a_set(first: list[str], others: list[str]) -> None:
    ids = IdSet(first)
    assert set(ids) == set(first)
    assert ids <= set(first) <= ids
    assert len(ids) == len(set(first))
    assert sorted(ids) == sorted(set(first))
    for identifier in others:
        assert (identifier in ids) == (identifier in set(first))
    seen = set(first)
    for identifier in others:
        assert ids.add(identifier) == (identifier not in seen)
        seen.add(identifier)
    assert set(ids) == seen


def test_what_is_no_text_is_in_no_set_of_ids() -> None:
    number: object = 7
    assert number not in IdSet(["PE-2018-0001"])
