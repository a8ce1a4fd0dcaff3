"""The recorded web: what answers when, and what is said of a folder that cannot be read."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.errors import FetchError, NotRecordedError, UsageError
from pipeline.model import Request, Response
from pipeline.web import recorded_web
from pipeline.web.recorded_web import Archive, Recording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
NINE, TEN = EIGHT + timedelta(hours=1), EIGHT + timedelta(hours=2)
FEED, PAGE = "https://mill.example/feed", "https://mill.example/1"
TAG = '"m-1"'
GOOD = f'url = "{FEED}"\nat = 2026-03-02T08:00:00Z\nfeed = true\n'


def _recording(url: str, at: datetime, **known: Any) -> Recording:
    return Recording(url=url, at=at, **known)


def _ask(
    recorded: Archive,
    url: str,
    moment: datetime,
    **asked: Any,
) -> Response:
    request = Request(url=url, **{"purpose": "page", **asked})
    exchange = recorded.at(moment)

    async def answer() -> Response:
        return await exchange(request, url)

    return asyncio.run(answer())


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a seeds folder: an index of the given tables, and a page."""

    def written(*tables: str, folder: str = "seeds") -> Path:
        home = tmp_path / folder
        home.mkdir(exist_ok=True)
        (home / "page.html").write_bytes(b"<p>\xff")
        index = "".join(f"[[recording]]\n{table}\n" for table in tables)
        (home / recorded_web.INDEX).write_text(index, "utf-8")
        return home

    return written


# What answers.


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param(EIGHT, 201, id="at-the-moment-itself"),
        pytest.param(NINE - timedelta(seconds=1), 201, id="just-before-the-next"),
        pytest.param(NINE, 202, id="at-the-next"),
        pytest.param(TEN, 202, id="long-after-the-last"),
    ],
)
def test_newest_recording_at_or_before_the_moment_answers(moment: datetime, expected: int) -> None:
    recorded = Archive(
        [_recording(PAGE, NINE, status=202), _recording(PAGE, EIGHT, status=201)]  # in any order
    )
    assert _ask(recorded, PAGE, moment).status == expected


def test_answer_is_what_was_recorded_with_its_time(write: Write) -> None:
    table = 'status = 404\nheaders = { ETag = "x", Content-Type = "text/html" }\nfile = "page.html"'
    recorded = recorded_web.load(
        [write(GOOD, f'url = "{PAGE}"\nat = 2026-03-02T08:00:00Z\n{table}')]
    )
    assert _ask(recorded, PAGE, TEN) == Response(
        PAGE, 404, {"etag": "x", "content-type": "text/html"}, b"<p>\xff", EIGHT
    )


def test_recording_without_a_file_has_no_body() -> None:
    assert _ask(Archive([_recording(PAGE, EIGHT)]), PAGE, NINE).body == b""


@pytest.mark.parametrize(
    ("validators", "expected"),
    [
        pytest.param({}, 200, id="unconditional"),
        pytest.param({"etag": TAG}, 304, id="etag"),
        pytest.param({"last_modified": "Mon, 02 Mar 2026 07:00:00 GMT"}, 304, id="last-modified"),
    ],
)
def test_304_answers_a_conditional_request_only(validators: dict[str, str], expected: int) -> None:
    recorded = Archive([_recording(FEED, EIGHT), _recording(FEED, NINE, status=304)])
    assert _ask(recorded, FEED, TEN, **validators).status == expected


def test_304_alone_is_no_answer_to_an_unconditional_request() -> None:
    recorded = Archive([_recording(FEED, EIGHT, status=304), _recording(FEED, TEN)])
    with pytest.raises(NotRecordedError) as caught:
        _ask(recorded, FEED, NINE)
    assert caught.value.next_at == TEN


def test_robots_without_a_recording_is_404() -> None:
    url = "https://mill.example/robots.txt"
    assert _ask(Archive([]), url, NINE, purpose="robots") == Response(url, 404, {}, b"", NINE)


def test_recorded_robots_answers(write: Write) -> None:
    url = "https://mill.example/robots.txt"
    recorded = Archive([_recording(url, EIGHT, file=write(GOOD) / "page.html")])
    assert _ask(recorded, url, NINE, purpose="robots").body == b"<p>\xff"


@pytest.mark.parametrize(
    ("moment", "next_at"),
    [
        pytest.param(EIGHT - timedelta(hours=9), EIGHT, id="before-the-first"),
        pytest.param(EIGHT - timedelta(seconds=1), EIGHT, id="just-before"),
    ],
)
def test_what_is_recorded_later_says_when(moment: datetime, next_at: datetime) -> None:
    recorded = Archive([_recording(PAGE, NINE), _recording(PAGE, EIGHT)])
    with pytest.raises(NotRecordedError, match=f"{re.escape(PAGE)}: no recording") as caught:
        _ask(recorded, PAGE, moment)
    assert (caught.value.reason, caught.value.next_at) == ("not_recorded", next_at)


def test_what_is_never_recorded_says_so() -> None:
    with pytest.raises(NotRecordedError) as caught:
        _ask(Archive([_recording(FEED, EIGHT)]), PAGE, NINE)
    assert caught.value.next_at is None


def test_recorded_error_is_raised_until_the_next_recording() -> None:
    recorded = Archive([_recording(PAGE, EIGHT, error="timeout"), _recording(PAGE, TEN)])
    with pytest.raises(FetchError, match=f"timeout: {re.escape(PAGE)}") as caught:
        _ask(recorded, PAGE, NINE)
    assert (caught.value.reason, caught.value.response) == ("timeout", None)
    assert _ask(recorded, PAGE, TEN).status == 200


def test_addresses_are_compared_letter_for_letter() -> None:
    with pytest.raises(NotRecordedError):
        _ask(Archive([_recording(PAGE, EIGHT)]), PAGE + "?", NINE)


# Moments and feeds.


def test_moments_come_once_and_in_order() -> None:
    recorded = Archive([_recording(FEED, TEN), _recording(PAGE, EIGHT), _recording(FEED, EIGHT)])
    assert recorded.moments() == (EIGHT, TEN)


def test_feeds_of_a_moment_are_those_recorded_at_it() -> None:
    other = "https://apse.example/feed"
    recorded = Archive(
        [
            _recording(FEED, EIGHT, is_feed=True),
            _recording(other, EIGHT, is_feed=True),
            _recording(PAGE, EIGHT),
            _recording(FEED, TEN, is_feed=True),
            _recording(other, TEN),
        ]
    )
    assert recorded.feeds_at(EIGHT) == (other, FEED)
    assert recorded.feeds_at(NINE) == ()
    assert recorded.feeds_at(TEN) == (FEED,)


def test_feeds_come_once_in_the_order_of_their_first_recording_as_a_feed() -> None:
    late, early = "https://a.example/feed", "https://z.example/feed"
    recorded = Archive(
        [
            _recording(late, EIGHT),
            _recording(late, TEN, is_feed=True),
            _recording(early, NINE, is_feed=True),
            _recording(early, TEN, is_feed=True),
            _recording(PAGE, EIGHT),
        ]
    )
    assert recorded.feeds() == (early, late)


# What is said of a folder that cannot be read.


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("at = 2026-03-02T08:00:00Z", "'url' must be an http or https address"),
        ("url = 5\nat = 2026-03-02T08:00:00Z", "'url' must be an http or https address"),
        ('url = "ftp://a.example/x"\n', "'url' must be an http or https address"),
        ('url = "http://[::bad/"\n', "'url' must be an http or https address"),
        (f'url = "{PAGE}"', "'at' must be a time with its zone"),
        (f'url = "{PAGE}"\nat = 2026-03-02T08:00:00', "'at' must be a time with its zone"),
        (f'url = "{PAGE}"\nat = 2026-03-02', "'at' must be a time with its zone"),
        (f'url = "{PAGE}"\nat = "2026-03-02T08:00:00Z"', "'at' must be a time with its zone"),
        (GOOD + "status = 99", "'status' must be a number from 200 to 599"),
        (GOOD + "status = 600", "'status' must be a number from 200 to 599"),
        (GOOD + 'status = "200"', "'status' must be a number from 200 to 599"),
        (GOOD + "status = true", "'status' must be a number from 200 to 599"),
        (GOOD + "headers = { age = 5 }", "'headers' must be a table of texts"),
        (GOOD + 'headers = "age: 5"', "'headers' must be a table of texts"),
        (GOOD + 'file = "missing.html"', "missing.html is missing"),
        (GOOD + 'file = "."', "is missing"),
        (GOOD + 'error = "http_5xx"', "'error' must be one of bad_encoding, blocked_address, "),
        (GOOD + 'error = ["dns"]', "'error' must be one of "),
        (GOOD.replace("true", '"yes"'), "'feed' must be true or false"),
        (GOOD + "colour = 5", "unknown key 'colour'; known: at, error, feed, file, headers, "),
    ],
)
def test_bad_recording_is_named_with_what_is_wrong(table: str, message: str, write: Write) -> None:
    with pytest.raises(UsageError) as caught:
        recorded_web.load([write(GOOD, table)])
    assert message in str(caught.value)
    assert f"{recorded_web.INDEX}: recording 2 (" in str(caught.value)


def test_index_in_place_of_its_folder_is_named_with_the_folder(write: Write) -> None:
    folder = write(GOOD)
    with pytest.raises(UsageError, match=re.escape(f"give the folder {folder}")):
        recorded_web.load([folder / recorded_web.INDEX])


def test_misspelled_table_is_answered_with_the_right_name(tmp_path: Path) -> None:
    (tmp_path / recorded_web.INDEX).write_text(f"[[recordings]]\n{GOOD}")
    with pytest.raises(
        UsageError, match=r"table 'recordings': answers are tables \[\[recording\]\]"
    ):
        recorded_web.load([tmp_path])


def test_same_address_at_the_same_time_is_refused(write: Write) -> None:
    with pytest.raises(UsageError, match=re.escape(f"{FEED} is recorded twice at 2026-03-02T0")):
        recorded_web.load([write(GOOD, GOOD)])
    with pytest.raises(UsageError, match="recorded twice"):
        recorded_web.load([write(GOOD, folder="one"), write(GOOD, folder="two")])


def test_bad_recording_is_named_by_its_address(write: Write) -> None:
    with pytest.raises(UsageError, match=re.escape(f"recording 1 ({PAGE}): ")):
        recorded_web.load([write(f'url = "{PAGE}"')])


def test_folder_without_an_index_is_no_seeds_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is no seeds folder: it has no recordings\.toml"):
        recorded_web.load([tmp_path])


@pytest.mark.parametrize(
    "content", [b"[[recording]", b"\xff\xfe", b"[[recording]]\nurl = 1\nurl = 2\n"]
)
def test_index_that_cannot_be_read_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / recorded_web.INDEX).write_bytes(content)
    with pytest.raises(UsageError, match=r"cannot read .*recordings\.toml: "):
        recorded_web.load([tmp_path])


@pytest.mark.parametrize("content", ["[recording]\nx = 1\n", "recording = [1]\n", "recording = 1"])
def test_index_must_be_an_array_of_tables(content: str, tmp_path: Path) -> None:
    (tmp_path / recorded_web.INDEX).write_text(content)
    with pytest.raises(UsageError, match="'recording' must be an array of tables"):
        recorded_web.load([tmp_path])


@pytest.mark.parametrize("tables", [(), (GOOD.replace("feed = true", "feed = false"),)])
def test_recordings_must_hold_a_feed(tables: tuple[str, ...], write: Write) -> None:
    with pytest.raises(UsageError, match="hold no feed: mark at least one with 'feed = true'"):
        recorded_web.load([write(*tables)])


def test_several_folders_are_one_web(write: Write) -> None:
    page = f'url = "{PAGE}"\nat = 2026-03-02T10:00:00+01:00\nfile = "page.html"'
    recorded = recorded_web.load([write(GOOD, folder="one"), write(page, folder="two")])
    assert recorded.moments() == (EIGHT, NINE)
    assert _ask(recorded, PAGE, NINE).body == b"<p>\xff"


def test_folder_without_a_feed_may_stand_beside_one_with(write: Write) -> None:
    page = f'url = "{PAGE}"\nat = 2026-03-02T08:00:00Z'
    assert recorded_web.load([write(page, folder="one"), write(GOOD, folder="two")]).feeds() == (
        FEED,
    )


@pytest.mark.parametrize("error", sorted(recorded_web.ERRORS))
def test_every_error_of_a_transport_can_be_recorded(error: str, write: Write) -> None:
    recorded = recorded_web.load([write(f'{GOOD}error = "{error}"')])
    with pytest.raises(FetchError) as caught:
        _ask(recorded, FEED, EIGHT, purpose="feed")
    assert caught.value.reason == error


def test_seeds_of_the_project_can_be_read(root: Path) -> None:
    recorded = recorded_web.load([root / "seeds"])
    assert recorded.feeds_at(recorded.moments()[0])
