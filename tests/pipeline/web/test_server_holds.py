"""Who shares a server, and for how long it is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import FetchError
from pipeline.model import Response
from pipeline.web.server_holds import UNSAID_HOLD, ServerHolds

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ADDRESS, OTHER = "192.0.2.1", "192.0.2.2"


def _busy(seconds: int | None = 600, status: int = 429) -> Response:
    headers = {} if seconds is None else {"retry-after": str(seconds)}
    return Response("https://x.example/", status=status, headers=headers, fetched_at=NOW)


def _rest(holds: ServerHolds, host: str, *addresses: str, at: datetime = NOW) -> timedelta | None:
    """How long a host has to wait; None when it may be asked."""
    try:
        holds.require_free(host, addresses, at)
    except FetchError as error:
        return error.retry_after
    return None


def test_refusal_names_both_hosts_and_the_server() -> None:
    holds = ServerHolds()
    holds.note("a.tumblr.com", [ADDRESS], _busy())
    with pytest.raises(
        FetchError, match=r"b\.tumblr\.com .*192\.0\.2\.1.* a\.tumblr\.com"
    ) as caught:
        holds.require_free("b.tumblr.com", [ADDRESS], NOW)
    assert (caught.value.reason, caught.value.response) == ("rate_limited", None)


SHARED = [
    ("tumblr", "a.tumblr.com", "b.tumblr.com", True),
    ("www_of_the_platform", "a.tumblr.com", "www.tumblr.com", True),
    ("private_suffix", "a.github.io", "b.github.io", True),
    ("below_a_name", "a.tumblr.com", "x.b.tumblr.com", True),
    ("with_a_port", "a.tumblr.com", "b.tumblr.com:8443", True),
    ("two_names_of_a_content_network", "a.example.com", "b.example.org", False),
    ("two_companies_under_one_suffix", "a.co.uk", "b.co.uk", False),
    ("end_of_a_name", "a.tumblr.com", "nottumblr.com", False),
    ("two_addresses_as_names", "192.0.2.1", "192.0.2.1:8080", False),
    ("itself", "a.tumblr.com", "a.tumblr.com", False),
]


@pytest.mark.parametrize(
    ("busy", "other", "expected"), [row[1:] for row in SHARED], ids=[row[0] for row in SHARED]
)
def test_names_of_one_owner_at_one_address_share_a_server(
    busy: str, other: str, *, expected: bool
) -> None:
    holds = ServerHolds()
    holds.note(busy, [ADDRESS], _busy())
    assert (_rest(holds, other, ADDRESS) is not None) is expected


def test_one_common_address_is_enough() -> None:
    holds = ServerHolds()
    holds.note("a.tumblr.com", [ADDRESS, OTHER], _busy())
    assert _rest(holds, "b.tumblr.com", "192.0.2.7", OTHER) == timedelta(seconds=600)
    assert _rest(holds, "b.tumblr.com", "192.0.2.7") is None


def test_hold_ends_when_the_server_said() -> None:
    holds = ServerHolds()
    holds.note("a.tumblr.com", [ADDRESS], _busy())
    half = NOW + timedelta(seconds=300)
    assert _rest(holds, "b.tumblr.com", ADDRESS, at=half) == timedelta(seconds=300)
    assert _rest(holds, "b.tumblr.com", ADDRESS, at=NOW + timedelta(seconds=600)) is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_busy(None), UNSAID_HOLD),
        (_busy(60, status=503), timedelta(seconds=60)),
        (_busy(None, status=503), None),
        (_busy(60, status=301), None),
        (_busy(60, status=200), None),
    ],
    ids=["unsaid", "503", "503_unsaid", "redirect", "success"],
)
def test_answers_that_ask_for_a_hold(answer: Response, expected: timedelta | None) -> None:
    holds = ServerHolds()
    holds.note("a.tumblr.com", [ADDRESS], answer)
    assert _rest(holds, "b.tumblr.com", ADDRESS) == expected


def test_newest_answer_counts() -> None:
    holds = ServerHolds()
    holds.note("a.tumblr.com", [ADDRESS], _busy(600))
    holds.note("b.tumblr.com", [ADDRESS], _busy(60))
    assert _rest(holds, "c.tumblr.com", ADDRESS) == timedelta(seconds=60)
