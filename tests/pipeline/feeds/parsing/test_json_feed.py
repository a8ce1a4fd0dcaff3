from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FeedUnreadableError
from pipeline.feeds.parsing import json_feed
from pipeline.feeds.parsing.raw import RawEnclosure, RawEntry

VERSION = "https://jsonfeed.org/version/1.1"
URL = "https://paper.example/feed.json"


def entry(**fields: Any) -> RawEntry:
    text = json.dumps({"version": VERSION, "items": [fields]})
    (found,) = json_feed.document(text, URL).entries
    return found


def test_feed_tells_of_itself() -> None:
    feed = {
        "version": VERSION,
        "title": "Harbour Post",
        "home_page_url": "https://paper.example/",
        "language": "en-GB",
        "authors": [{"name": "Desk"}],
        "items": [],
    }
    found = json_feed.document(json.dumps(feed), URL)
    assert (found.format, found.title, found.links, found.language, found.authors) == (
        "json",
        "Harbour Post",
        ("https://paper.example/",),
        "en-GB",
        ("Desk",),
    )


FIELDS: list[tuple[str, dict[str, Any], str, Any]] = [
    ("id", {"id": " a-1 "}, "guid", "a-1"),
    ("number_as_id", {"id": 17}, "guid", "17"),
    ("truth_is_no_id", {"id": True}, "guid", None),
    ("list_is_no_id", {"id": [1]}, "guid", None),
    ("url", {"url": "/a"}, "links", ("/a",)),
    ("external_url_second", {"external_url": "/e", "url": "/a"}, "links", ("/a", "/e")),
    ("title_as_written", {"title": "1 < 2"}, "title", "1 < 2"),
    ("title_kind_is_open", {"title": "1 < 2"}, "title_kind", None),
    ("c1_is_windows_1252", {"title": "wait\x85"}, "title", "wait…"),
    ("no_title", {"title": None}, "title", None),
    ("summary_is_text", {"summary": "a & b"}, "summary", "a &amp; b"),
    ("html", {"content_html": "<p>a</p>", "content_text": "a"}, "content", "<p>a</p>"),
    ("text_is_escaped", {"content_text": "1 < 2"}, "content", "1 &lt; 2"),
    ("published", {"date_published": "2025-01-01"}, "published", ("2025-01-01",)),
    ("updated", {"date_modified": "2025-01-01"}, "updated", ("2025-01-01",)),
    (
        "authors",
        {"authors": [{"name": "Ana"}, {"url": "x"}, {"name": "Ben"}]},
        "authors",
        ("Ana", "Ben"),
    ),
    ("author_of_version_1", {"author": {"name": "Ana"}}, "authors", ("Ana",)),
    ("author_as_text", {"author": " Ana "}, "authors", ("Ana",)),
    ("authors_as_one_object", {"authors": {"name": "Ana"}}, "authors", ("Ana",)),
    ("authors_as_texts", {"authors": ["Ana", "Ben"]}, "authors", ("Ana", "Ben")),
    ("author_as_a_list", {"author": [{"name": "Ana"}, {"name": "Ben"}]}, "authors", ("Ana", "Ben")),
    ("author_without_a_name", {"authors": {"url": "https://a.example/"}}, "authors", ()),
    ("author_that_is_a_truth", {"authors": True}, "authors", ()),
    ("date_as_a_number", {"date_published": 1735689600}, "published", ("1735689600",)),
    ("date_as_a_fraction", {"date_published": 1735689600.5}, "published", ("1735689600.5",)),
    ("tags", {"tags": ["Sea", 3, "Ports"]}, "categories", ("Sea", "Ports")),
    ("tag_as_text", {"tags": "Sea"}, "categories", ("Sea",)),
    ("no_tags", {"tags": None}, "categories", ()),
    (
        "attachment_as_one_object",
        {"attachments": {"url": "/a.mp3"}},
        "enclosures",
        (RawEnclosure(url="/a.mp3"),),
    ),
    ("language", {"language": "fi"}, "language", "fi"),
    (
        "attachment",
        {"attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}, {}, 3]},
        "enclosures",
        (RawEnclosure(url="/a.mp3", media_type="audio/mpeg", length="9"),),
    ),
]


@pytest.mark.parametrize(
    ("fields", "name", "expected"), [c[1:] for c in FIELDS], ids=[c[0] for c in FIELDS]
)
def test_field_of_an_entry(fields: dict[str, Any], name: str, expected: Any) -> None:
    assert getattr(entry(**fields), name) == expected


def test_items_that_are_no_objects_are_passed_over() -> None:
    text = json.dumps({"version": VERSION, "items": [1, None, {"id": "a"}, []]})
    assert [one.guid for one in json_feed.document(text, URL).entries] == ["a"]


def test_line_breaks_in_texts_are_allowed() -> None:
    text = json.dumps({"version": VERSION, "items": [{"title": "one two"}]}).replace(
        "one ", "one\n"
    )
    assert json_feed.document(text, URL).entries[0].title == "one\ntwo"


def test_what_stands_behind_the_feed_does_not_matter() -> None:
    text = json.dumps({"version": VERSION, "items": []}) + "\n<!-- served in 3 ms -->"
    assert json_feed.document(text, URL).entries == ()


def test_list_of_php_with_a_place_missing_is_a_list() -> None:
    text = json.dumps({"version": VERSION, "items": {"0": {"id": "a"}, "2": {"id": "b"}}})
    assert [one.guid for one in json_feed.document(text, URL).entries] == ["a", "b"]


REFUSED = [
    ("items_that_are_texts", f'{{"version": "{VERSION}", "items": ["a", "b"]}}', "unreadable"),
    ("items_as_text", f'{{"version": "{VERSION}", "items": "a"}}', "unreadable"),
    ("other_object", '{"a": 1}', "not_a_feed"),
    ("list", "[]", "not_a_feed"),
    ("no_json", "{hello}", "not_a_feed"),
    ("cut", f'{{"version": "{VERSION}", "items": [{{', "unreadable"),
    ("cut_before_its_version", '{"items": [{"id": ', "unreadable"),
    ("nested_without_end", '{"items": ' + "[" * 200_000, "unreadable"),
]


@pytest.mark.parametrize(("text", "reason"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_is_no_json_feed_says_why(text: str, reason: str) -> None:
    with pytest.raises(FeedUnreadableError) as caught:
        json_feed.document(text, URL)
    assert caught.value.reason == reason


def test_feed_without_a_version_is_known_by_its_items() -> None:
    assert json_feed.document('{"items": [{"id": "a"}]}', URL).entries[0].guid == "a"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["id", "title", "url", "authors", "author", "tags", "attachments", "content_text"]
)


@given(st.dictionaries(KEYS, VALUES))
def test_values_of_any_type_are_survived(fields: dict[str, Any]) -> None:
    assert isinstance(entry(**fields), RawEntry)


HEAD = f'{{"version": "{VERSION}", "title": "Post", "items": ['
SALVAGED = [
    pytest.param(HEAD + '{"id": "a"}, {"id": "b", "ti', ["a"], "Post", id="cut-in-an-item"),
    pytest.param(HEAD + '{"id": "a"}, {"id": "b"}', ["a", "b"], "Post", id="cut-behind-an-item"),
    pytest.param(HEAD + '{"id": "a"},]}', ["a"], "Post", id="trailing-comma"),
    pytest.param(HEAD + '{"id": "a"},, {"id": "b"}]}', ["a", "b"], "Post", id="two-commas"),
    pytest.param('{"items": [{"id": "a"}], "title": "Po', ["a"], None, id="cut-behind-the-items"),
    pytest.param('{"a": x, "items": [{"id": "a"}]}', ["a"], None, id="broken-before-the-items"),
    pytest.param(
        HEAD + '{"id": "a"}, {"id": "b", "title": "say "x""}, {"id": "c"}]}',
        ["a", "c"],
        "Post",
        id="damage-in-one-item",
    ),
    pytest.param(
        HEAD + '{"id": "a", "authors": [{"name": "x}]}, {"id": "c"}]}',
        ["c"],
        "Post",
        id="first-item",
    ),
]


@pytest.mark.parametrize(("text", "guids", "title"), SALVAGED)
def test_items_before_the_damage_are_kept(text: str, guids: list[str], title: str | None) -> None:
    found = json_feed.document(text, URL)
    assert [one.guid for one in found.entries] == guids
    assert (found.title, found.recovered) == (title, True)


TRICKY = [{"id": f"g{n}", "title": 'a ] , [ { "b'} for n in range(8)]
WHOLE = json.dumps({"version": VERSION, "items": TRICKY})


@given(st.integers(WHOLE.find("}") + 1, len(WHOLE) - 1))
def test_a_cut_costs_no_whole_item(at: int) -> None:
    items_before = WHOLE[:at].count("}")
    found = json_feed.document(WHOLE[:at], URL)
    assert [one.guid for one in found.entries] == [f"g{n}" for n in range(8)][:items_before]


STARTS = [
    pytest.param("<b>Warning</b> " + HEAD, 15, id="warning"),
    pytest.param("{}" + HEAD, 2, id="another-object"),
    pytest.param("x" * 20_000 + HEAD, -1, id="too-far"),
    pytest.param('<b>x</b>{"items": []}', -1, id="no-version"),
    pytest.param("", -1, id="nothing"),
]


@pytest.mark.parametrize(("text", "at"), STARTS)
def test_feed_behind_something_else_is_found_by_its_version(text: str, at: int) -> None:
    assert json_feed.start(text) == at
