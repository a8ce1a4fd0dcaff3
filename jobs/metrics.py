"""What Prometheus scrapes: counts of this process, and the queues as the database has them.

No label names a feed, site or article: what is known of one is in the views.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from pipeline import __version__
from pipeline.errors import FetchError
from pipeline.model import Poll

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.heartbeat import Heartbeat
    from jobs.outage_log import OutageLog
    from pipeline.flow import Run
    from pipeline.model import ArticleState, Fetch, Request, Response
    from pipeline.storage.services import Backlog

FETCH_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
EXTRACT_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
DEATHS = {"worker_killed", "worker_timeout"}


class Metrics:
    """The metrics of one service, in a registry of their own."""

    def __init__(self) -> None:
        """Make them all, so that each is there before anything happened."""
        r = self.registry = CollectorRegistry()
        self.fetches = Counter("news_fetch", "Requests by outcome: ok or a reason.", ["outcome"], registry=r)  # fmt: skip
        self.fetch_seconds = Histogram("news_fetch_duration_seconds", "Time of a request, redirects and robots.txt included.", buckets=FETCH_BUCKETS, registry=r)  # fmt: skip
        self.fetch_bytes = Counter("news_fetch_bytes", "Bytes of answers, decoded.", ["kind"], registry=r)  # fmt: skip
        self.entries = Counter("news_entries", "Entries of polls: new, known, updated, skipped, rejected.", ["state"], registry=r)  # fmt: skip
        self.extract_seconds = Histogram("news_extract_duration_seconds", "Time that a document waits for a worker and is read.", buckets=EXTRACT_BUCKETS, registry=r)  # fmt: skip
        self.extract_failures = Counter("news_extract_failures", "Pages that did not become an article, by reason.", ["reason"], registry=r)  # fmt: skip
        self.blocked = Counter("news_egress_blocked", "Requests that the address guard refused.", ["reason"], registry=r)  # fmt: skip
        self.deaths = Counter("news_child_deaths", "Workers that a page killed or that were ended.", ["reason"], registry=r)  # fmt: skip
        self.db_retries = Counter("news_db_retries", "Statements that met an outage of the database and are tried again.", registry=r)  # fmt: skip
        self.network_down = Gauge("news_network_down", "1 while our own network is away.", registry=r)  # fmt: skip
        self.alive = Gauge("news_alive", "1 while all jobs make progress.", registry=r)
        self.job_seconds = Gauge("news_job_last_duration_seconds", "Time of a job's last run.", ["job"], registry=r)  # fmt: skip
        self.lag = Gauge("news_due_lag_seconds", "How long the oldest due item has waited, its host's hold included.", ["stage"], registry=r)  # fmt: skip
        self.depth = Gauge("news_queue_depth", "Items that are due, or wait to be published.", ["stage"], registry=r)  # fmt: skip
        self.feeds = Gauge("news_feeds", "Feeds by state; failing are among the active.", ["state"], registry=r)  # fmt: skip
        self.database_up = Gauge("news_database_up", "1 when the database answered this scrape.", registry=r)  # fmt: skip
        Gauge("news_build_info", "The version, as a label.", ["version"], registry=r).labels(__version__).set(1)  # fmt: skip

    def counted(self, fetch: Fetch) -> Fetch:
        """Return `fetch` with its outcomes, time and bytes counted."""

        async def counted_fetch(request: Request) -> Response:
            began = time.monotonic()
            outcome = "ok"
            try:
                response = await fetch(request)
                self.fetch_bytes.labels("decoded").inc(len(response.body))
            except FetchError as error:
                outcome = str(error.reason)
                if outcome == "blocked_address":
                    self.blocked.labels(outcome).inc()
                raise
            else:
                return response
            finally:
                self.fetches.labels(outcome).inc()
                self.fetch_seconds.observe(time.monotonic() - began)

        return counted_fetch

    def timed(self, run: Run) -> Run:
        """Return `run` with the time in the pool observed."""

        async def timed_run(function: Callable[..., Any], *values: Any) -> Any:
            with self.extract_seconds.time():
                return await run(function, *values)

        return timed_run

    def seen(self, result: Poll | ArticleState) -> None:
        """Count an outcome that was stored."""
        if isinstance(result, Poll):
            for state in ("new", "known", "updated", "skipped", "rejected"):
                self.entries.labels(state).inc(getattr(result.counts, state))
        elif result.reason is not None:
            self.extract_failures.labels(str(result.reason)).inc()
            if result.reason in DEATHS:
                self.deaths.labels(str(result.reason)).inc()

    def text(
        self, backlog: Backlog | None, *, pulse: Heartbeat, outage: OutageLog, is_online: bool
    ) -> bytes:
        """Return all of it as Prometheus reads it; without a backlog the database is away."""
        self.db_retries.inc(outage.total - self.db_retries._value.get())  # noqa: SLF001 - a Counter cannot be set
        self.network_down.set(not is_online)
        self.alive.set(pulse.is_alive())
        for name, job in pulse.jobs.items():
            self.job_seconds.labels(name).set(job.last_seconds)
        self.database_up.set(backlog is not None)
        if backlog:
            self._queues(backlog)
        return generate_latest(self.registry)

    def _queues(self, backlog: Backlog) -> None:
        self.lag.labels("poll").set(backlog.feed_lag_seconds)
        self.lag.labels("ingest").set(backlog.article_lag_seconds)
        self.depth.labels("poll").set(backlog.feeds_due)
        self.depth.labels("ingest").set(backlog.articles_due)
        self.depth.labels("publish").set(backlog.unpublished)
        for state in ("active", "paused", "gone", "failing"):
            self.feeds.labels(state).set(getattr(backlog, f"feeds_{state}"))
