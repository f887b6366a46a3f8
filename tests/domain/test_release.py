"""A release's digest and moment."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.release import digest_of, utc_text

_digests = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64)
_states = st.dictionaries(st.text(alphabet="abc/-0", min_size=1, max_size=8), _digests, max_size=8)


@given(_states, st.randoms())
def test_a_digest_does_not_depend_on_the_order(state: dict[str, str], chance: object) -> None:
    pairs = list(state.items())
    shuffled = sorted(pairs, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert digest_of(shuffled) == digest_of(pairs)


@given(_states, _states)
def test_two_states_share_a_digest_iff_they_are_equal(one: dict[str, str], other: dict[str, str]) -> None:
    assert (digest_of(one.items()) == digest_of(other.items())) == (one == other)


def test_a_digest_is_sha256_over_sorted_lines() -> None:
    assert digest_of([]) == hashlib.sha256(b"").hexdigest()
    assert digest_of([("b", "2"), ("a", "1")]) == hashlib.sha256(b"a\x001\nb\x002\n").hexdigest()


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC), "2026-11-24T07:00:00Z"),
        (datetime(2026, 11, 24, 7, 0, 0, 999_999, tzinfo=UTC), "2026-11-24T07:00:00Z"),
        (datetime(2026, 11, 24, 2, 0, 0, tzinfo=timezone(timedelta(hours=-5))), "2026-11-24T07:00:00Z"),
        (datetime(2026, 11, 24, 0, 30, 0, tzinfo=timezone(timedelta(hours=7))), "2026-11-23T17:30:00Z"),
    ],
)
def test_a_moment_is_written_in_utc_to_the_second(moment: datetime, text: str) -> None:
    assert utc_text(moment) == text
