"""Query strings are decoded strictly, and nothing that a socket can carry is more than a refusal."""

from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from api.domain.errors import InvalidQuery
from api.schemas.parameters.queries import PageSchema
from api.serving.files import BY_PATH
from api.serving.query_string import decode, encode

PARAMETERS = sorted({name for schema in (PageSchema(), *BY_PATH.values()) for name in schema.fields})
PATHS = ("/v1/incidents", *BY_PATH, "/v1/incidents/PE-2018-0001", "/v1/sources", "/v1/citation")


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        (b"", []),
        (b"&&", []),
        (b"a", [("a", "")]),
        (b"a=", [("a", "")]),
        (b"=a", [("", "a")]),
        (b"a=b=c", [("a", "b=c")]),
        (b"a=1&a=2", [("a", "1"), ("a", "2")]),
        (b"b=1&a=2", [("b", "1"), ("a", "2")]),
        (b"a=1;b=2", [("a", "1;b=2")]),
        (b"a=b+c%20d", [("a", "b c d")]),
        (b"a=%2B%26%3D%25", [("a", "+&=%")]),
        (b"a=%C3%A9%c3%a9", [("a", "éé")]),
        (b"a=\xc3\xa9", [("a", "é")]),
        (b"%61=1", [("a", "1")]),
        (b"a=%F0%9F%91%B6", [("a", "\N{BABY}")]),
        (b"_=1&utm_source=x&utm_campaign_id=y&fbclid=z&gclid=&a=1", [("a", "1")]),
        (b"__=1&utm=2&utm_1=3&GCLID=4", [("__", "1"), ("utm", "2"), ("utm_1", "3"), ("GCLID", "4")]),
        (b"_=%FF", []),
        (b"_=%", []),
    ],
)
def test_pairs_keep_their_order_and_what_everybody_ignores_is_left_out(
    query: bytes, pairs: list[tuple[str, str]]
) -> None:
    assert decode(query) == pairs


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        (b"a=%", "a", "two hexadecimal digits"),
        (b"a=%1", "a", "two hexadecimal digits"),
        (b"a=%%31", "a", "two hexadecimal digits"),
        (b"a=%u0041", "a", "two hexadecimal digits"),
        (b"%=a", "(unreadable)", "two hexadecimal digits"),
        (b"a=%FF", "a", "UTF-8"),
        (b"a=\xff", "a", "UTF-8"),
        (b"a=%C0%80", "a", "UTF-8"),
        (b"a=%ED%A0%80", "a", "UTF-8"),
        (b"a=%F4%90%80%80", "a", "UTF-8"),
        (b"%FF=a", "(unreadable)", "UTF-8"),
        (b"a=%00", "a", "control characters"),
        (b"a=\x00", "a", "control characters"),
        (b"a=%0A", "a", "control characters"),
        (b"a=%7F", "a", "control characters"),
        (b"a=%C2%80", "a", "control characters"),
        (b"a=%E2%80%A8", "a", "control characters"),
        (b"a=%EF%BB%BF", "a", "control characters"),
        (b"a=%EF%BF%BF", "a", "control characters"),
        (b"a%09=1", "(unreadable)", "control characters"),
    ],
)
def test_what_is_no_text_is_refused_by_name_and_rule(query: bytes, parameter: str, words: str) -> None:
    with pytest.raises(InvalidQuery) as caught:
        decode(b"fine=1&" + query)
    (problem,) = caught.value.problems
    assert problem.parameter == parameter
    assert words in problem.rule


def test_addresses_stay_readable() -> None:
    pairs = [("bbox", "-82,-19,-68,0"), ("datetime", "2018-01-01/2018-12-31"), ("q", "niño & más"), ("a b", "c=d#e")]
    assert encode(pairs) == (
        "bbox=-82,-19,-68,0&datetime=2018-01-01/2018-12-31&q=ni%C3%B1o%20%26%20m%C3%A1s&a%20b=c%3Dd%23e"
    )


@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(st.characters(exclude_categories=["C", "Z"])))
    )
)
def test_what_is_encoded_is_decoded_the_same(pairs: list[tuple[str, str]]) -> None:
    assert decode(encode(pairs).encode()) == [pair for pair in pairs if pair[0] not in ("fbclid", "gclid")]


def status_of(app: Flask, path: str, query: bytes) -> int:
    """What comes of a query string, as a server would hand it over."""
    environ = {"QUERY_STRING": query.decode("latin-1"), "PATH_INFO": path}
    with app.test_client().open("/", environ_overrides=environ) as response:
        assert response.status_code < 400 or response.content_type == "application/problem+json"
        return response.status_code


@given(st.sampled_from(PATHS), st.binary(max_size=200))
@example("/v1/incidents", b"\xff")
@example("/v1/incidents", b"a=%")
def test_any_bytes_are_answered(app: Flask, path: str, query: bytes) -> None:
    assert status_of(app, path, query) in (200, 400)


@given(
    st.sampled_from(PATHS),
    st.lists(st.tuples(st.sampled_from(PARAMETERS), st.text(max_size=30)), max_size=4),
)
def test_any_text_in_any_parameter_is_answered(app: Flask, path: str, pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in pairs)
    assert status_of(app, path, query.encode()) in (200, 400, 404)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40))
@example('"')
@example("\N{COMBINING GRAVE ACCENT}")
@example("a\N{ZERO WIDTH JOINER}b")
@example("\N{THAI CHARACTER SARA I}")
@example("\N{IDEOGRAPHIC NUMBER ZERO}")
def test_any_words_can_be_searched_for(app: Flask, words: str) -> None:
    assert status_of(app, "/v1/incidents", f"q={quote(words)}".encode()) in (200, 400)


@given(st.binary(max_size=60))
def test_any_path_is_answered(app: Flask, path: bytes) -> None:
    assert status_of(app, "/" + path.decode("latin-1"), b"") in (200, 308, 404)
