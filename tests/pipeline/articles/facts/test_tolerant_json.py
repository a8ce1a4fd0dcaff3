from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles.facts import tolerant_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('{"a": [1, 2,], "b": {"c": 3,},}', [{"a": [1, 2], "b": {"c": 3}}]),
        ('// said\n{"a": 1, /* b */ "c": "x" // y\n}', [{"a": 1, "c": "x"}]),
        (
            '{"url": "https://post.example//a", "b": 1,}',
            [{"url": "https://post.example//a", "b": 1}],
        ),
        ('{"a": "one\ntwo\tthree"}', [{"a": "one\ntwo\tthree"}]),
        ('{"a": "It "is", he said", "b": 1}', [{"a": 'It "is", he said', "b": 1}]),
        ('{"a": "The "pier": a story"}', [{"a": 'The "pier": a story'}]),
        (
            '{"a": "He said "no"", "b": ["x "y"", "z"]}',
            [{"a": 'He said "no"', "b": ['x "y"', "z"]}],
        ),
        ("{&quot;a&quot;: &quot;b &amp;amp; c&quot;}", [{"a": "b &amp; c"}]),
        ('{"a": "b"}; var next = {};', [{"a": "b"}, {}]),
        ('{"a": 1} that is all }', [{"a": 1}]),
        ('{"a": 1}\n{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": 1}, {"b": 2}', [{"a": 1}, {"b": 2}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
        ('{"a": "x"\n "b": "y"}', [{"a": "x", "b": "y"}]),
        ('{"a": "it\\\'s \\u00e4 \\x"}', [{"a": "it's \u00e4 x"}]),
        ("{'a': 'b', 'c': undefined, d: 1}", [{"a": "b", "c": None, "d": 1}]),
        ('{"a": "cut off', [{"a": "cut off"}]),
        ('{"a": {"b": [1, 2', [{"a": {"b": [1, 2]}}]),
        ('{"a":', [{"a": None}]),
        ('{"a": 1]}', [{"a": 1}]),
        ("no value at all", []),
        ("", []),
    ],
)
def test_json_is_read_as_it_is_written(written: str, expected: list[object]) -> None:
    assert tolerant_json.values(written) == expected


@given(JSON.filter(lambda value: isinstance(value, dict | list)))
def test_json_is_read_as_json(value: object) -> None:
    assert tolerant_json.values(json.dumps(value)) == [value]
    assert tolerant_json.values(json.dumps([value])[:-1] + ",]") == [[value]]


@given(st.text(alphabet='{}[]",:/*\\ \n1a', max_size=60) | st.text(max_size=60))
def test_no_text_raises(written: str) -> None:
    assert isinstance(tolerant_json.values(written), list)


def test_what_is_nested_too_deep_is_left_out() -> None:
    assert tolerant_json.values("[" * 100_000) == []
    assert tolerant_json.values('{"a":' * 100_000) == []
