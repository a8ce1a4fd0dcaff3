"""The closed list of reasons: what is done about each, and that the database knows the same."""

from __future__ import annotations

import pytest

from pipeline.errors import IngestError
from pipeline.reasons import FeedText, Reason, Retry

OURS = {Reason.NETWORK_DOWN, Reason.HOST_BUSY}


def test_unknown_reason_is_refused() -> None:
    with pytest.raises(KeyError, match="no_such_reason"):
        IngestError("no_such_reason", "https://a.example/")


def test_only_our_own_faults_are_asked_again_soon() -> None:
    assert {one for one in Reason if one.policy.again_soon} == OURS


def test_who_is_not_to_blame_is_not_charged() -> None:
    assert {one for one in Reason if not one.policy.is_charged} == {*OURS, Reason.NOT_RECORDED}


@pytest.mark.parametrize("reason", [one for one in Reason if one.policy.can_be_reread])
def test_what_can_be_read_again_was_fetched(reason: Reason) -> None:
    """A kept page failed in reading, not in fetching: a later attempt may end otherwise too."""
    assert reason.policy.retry is not Retry.NEVER
    assert reason.policy.feed_text is not FeedText.NEVER
