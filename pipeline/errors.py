"""Expected failures, named for what the caller does next.

    IngestError
    |-- BadUrlError           the address can never be asked for: close the row
    |-- FetchError            no usable response: back off and ask again
    |   |-- GoneError         410: stop asking
    |   `-- NotRecordedError  a replay holds no answer: no retry, nobody is charged
    |-- FeedUnreadableError   a response, but no feed in it: counts as a failed poll
    |-- NoArticleError        a response, but no article in it: close the entry
    `-- WorkerDiedError       reading it killed or outlasted its process: count a death
    UsageError                the operator asked for something that cannot be: exit 2
    DatabaseError             no database, or not one we can use: exit 3

Each expected failure carries a `Reason`, whose policy says what is done about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.reasons import BY_VALUE

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from pipeline.model import Response


class IngestError(Exception):
    """A failure that is recorded on its row, with a reason from the closed list."""

    def __init__(self, reason: str, message: str) -> None:
        """Make a failure with a value of `Reason`, and what was seen, with the URL.

        Raises:
            KeyError: `reason` is not on the closed list.
        """
        super().__init__(reason, message)
        self.reason = BY_VALUE[reason]
        self.message = message

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"

    @property
    def is_nobodys_fault(self) -> bool:
        """Whether it was our own network, or a host that was busy with our other requests."""
        return self.reason.policy.again_soon


class BadUrlError(IngestError):
    """The text is not an http or https address that could be asked for."""

    def __init__(self, message: str, reason: str = "bad_url") -> None:
        super().__init__(message=message, reason=reason)

    def __reduce__(self) -> tuple[type[BadUrlError], tuple[str, str]]:
        return type(self), (self.message, self.reason)


class FetchError(IngestError):
    """No usable response; the schedule asks again later."""

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        response: Response | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        """`response` is what did arrive (a 404 page, say); `retry_after` is the server's wish."""
        super().__init__(reason, message)
        self.response = response
        self.retry_after = retry_after


class GoneError(FetchError):
    """The server says 410: it will not come back."""


class NotRecordedError(FetchError):
    """The recorded web has no answer yet; `next_at` is the first recording, if there is one."""

    def __init__(self, message: str, *, next_at: datetime | None = None) -> None:
        super().__init__("not_recorded", message)
        self.next_at = next_at

    def __reduce__(self) -> tuple[type[NotRecordedError], tuple[str], dict[str, Any]]:
        return type(self), (self.message,), self.__dict__


class FeedUnreadableError(IngestError):
    """The document holds no feed that can be read."""


class NoArticleError(IngestError):
    """The page holds no article."""


class WorkerDiedError(IngestError):
    """Reading the document killed or outlasted the process that did it."""


class UsageError(Exception):
    """What was asked cannot be done; the message says the next step."""


class DatabaseError(Exception):
    """There is no database, or not one this version can use."""
