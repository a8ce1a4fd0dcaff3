"""The values of the flow: built as people write them, never changed, and at home in any process."""

from __future__ import annotations

import dataclasses
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from pipeline import model
from pipeline.model import Counts, Document, Entry, Hop, Request, Response, StoryText
from pipeline.reasons import Reason

MOMENT = datetime(2026, 3, 2, 8, tzinfo=UTC)
VALUES: list[Any] = [
    value for name in model.__all__ if dataclasses.is_dataclass(value := getattr(model, name))
]
# A value for each type that a field may have; a field of another type is another decision.
SAMPLES: dict[str, Any] = {
    "str": "río",
    "bytes": b"\x00\xff",
    "int": 7,
    "float": 0.5,
    "bool": True,
    "datetime": MOMENT,
    "UUID": UUID(int=1),
    "list[str]": ["río"],
    "tuple[str, ...]": ("río", ""),
    "tuple[int, ...]": (-1, 2**40),
    "Sequence[float]": [0.5],
    "Sequence[int]": [7],
    "Mapping[str, str]": {"etag": '"a"'},
    "IdentityRule": "guid",
    "Rung": "guid",
    "Sequence[Key]": ["guid"],
    "Sequence[str]": ["río"],
    "Reason": Reason.DNS,
    "Literal['active', 'gone']": "gone",
    "Literal['feed', 'page', 'robots']": "page",
}


def _sample(annotation: str) -> Any:
    wanted = annotation.removesuffix(" | None")
    if wanted in SAMPLES:
        return SAMPLES[wanted]
    if wanted.startswith("tuple["):
        kinds = [kind for kind in wanted[len("tuple[") : -1].split(", ") if kind != "..."]
        return tuple(_sample(kind) for kind in kinds)
    return _built(getattr(model, wanted))


def _built(value: Any) -> Any:
    return value(**{f.name: _sample(str(f.type)) for f in dataclasses.fields(value)})


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_value_comes_through_a_pickle_as_it_was(value: Any) -> None:
    full = _built(value)
    assert pickle.loads(pickle.dumps(full)) == full  # noqa: S301 - made on the line itself


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_value_cannot_be_changed_nor_prolonged(value: Any) -> None:
    full = _built(value)
    first = dataclasses.fields(value)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(full, first, None)
    assert not hasattr(full, "__dict__")


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_times_say_so_in_their_names(value: Any) -> None:
    times = [f.name for f in dataclasses.fields(value) if "datetime" in str(f.type)]
    assert [name for name in times if not name.endswith(("_at", "_since"))] == []


def test_every_value_is_offered_by_the_package() -> None:
    assert {value.__name__ for value in VALUES} | {"Fetch"} == set(model.__all__)
    assert {value.__module__.rpartition(".")[0] for value in VALUES} == {"pipeline.model"}


def test_response_is_built_by_position() -> None:
    built = Response("https://a.example/", 404, {"etag": '"x"'}, b"body", MOMENT)
    assert built == Response(
        url="https://a.example/",
        status=404,
        headers={"etag": '"x"'},
        body=b"body",
        fetched_at=MOMENT,
    )
    assert (built.hops, built.duration_seconds) == ((), 0.0)


def test_response_needs_only_address_and_body() -> None:
    before = datetime.now(UTC)
    built = Response("https://a.example/", body=b"body")
    assert (built.status, built.headers) == (200, {})
    assert timedelta() <= built.fetched_at - before < timedelta(minutes=1)
    assert built.fetched_at.tzinfo is UTC


def test_headers_of_one_response_are_not_those_of_another() -> None:
    assert Response("https://a.example/").headers is not Response("https://a.example/").headers


@pytest.mark.parametrize(
    ("hops", "expected"),
    [
        ((), "https://a.example/last"),
        ((Hop(url="https://a.example/first", status=301),), "https://a.example/first"),
        (
            (
                Hop(url="https://a.example/first", status=302),
                Hop(url="https://a.example/second", status=301),
            ),
            "https://a.example/first",
        ),
    ],
)
def test_requested_url_is_that_of_the_first_hop(hops: tuple[Hop, ...], expected: str) -> None:
    assert Response("https://a.example/last", hops=hops).requested_url == expected


def test_story_text_is_built_by_position() -> None:
    built = StoryText(3, "https://a.example/x", "A title", "A text.", MOMENT)
    assert built == StoryText(
        id=3, url="https://a.example/x", title="A title", text="A text.", published_at=MOMENT
    )
    assert StoryText(3, "https://a.example/x", None, "").published_at is None


def test_request_without_validators_is_unconditional() -> None:
    asked = Request(url="https://a.example/", purpose="feed")
    assert (asked.etag, asked.last_modified) == (None, None)


def test_document_and_entry_need_nothing_but_a_format() -> None:
    assert Document(format="rss").entries == ()
    assert Entry() == Entry(guid=None, url=None, title=None, authors=(), position=0)


def test_seen_is_the_sum_of_what_became_of_the_entries() -> None:
    assert Counts().seen == 0
    assert Counts(new=1, known=20, updated=300, skipped=4000, rejected=50000).seen == 54321
