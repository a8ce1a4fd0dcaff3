"""Values that stand for no identifier and no link at all."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from pipeline.feeds import parse
from pipeline.feeds.parsing.placeholders import is_placeholder, is_placeholder_address
from pipeline.model import Response

TEXT = files("pipeline.feeds.parsing").joinpath("placeholders.toml").read_text("utf-8")
GROUPS: list[dict[str, Any]] = tomllib.loads(TEXT)["placeholder"]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["example"])
def test_each_group_has_an_example_and_a_near_miss(group: dict[str, Any]) -> None:
    assert is_placeholder(f" {group['example']}\n")
    assert not is_placeholder(group["near_miss"])
    assert all(value == value.casefold() for value in group["values"])


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://site.example/undefined", True),
        ("https://site.example/N/A", True),
        ("https://site.example/%5Bobject%20Object%5D", True),
        ("https://site.example/none", False),
        ("https://site.example/news/undefined", False),
        ("https://site.example/", False),
        ("https://[broken", False),
    ],
)
def test_address_of_a_program_that_had_nothing(url: str, *, expected: bool) -> None:
    assert is_placeholder_address(url) is expected


@pytest.mark.parametrize("link", ["N/A", "-", "#", "null", "0"])
def test_placeholder_is_not_made_an_address(link: str) -> None:
    body = f"<rss><channel><link>https://site.example/</link><item><title>T</title><link>{link}</link></item></channel></rss>"
    document = parse.document(Response("https://site.example/feed", body=body.encode()))
    assert [entry.url for entry in document.entries] == [None]
