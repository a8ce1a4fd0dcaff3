"""Which host is left alone after a failure."""

from __future__ import annotations

import pytest

from pipeline.decide import holds
from pipeline.errors import FetchError, IngestError, NoArticleError
from pipeline.model import Hop, Response

HOST = "alder.example"
PAGE = "https://alder.example/a"


def _answered(
    status: int, *, url: str = PAGE, led: bool = False, reason: str = "rate_limited"
) -> FetchError:
    hops = (Hop(url=PAGE, status=302),) if led else ()
    return FetchError(reason, url, response=Response(url, status, hops=hops))


ELSEWHERE = "https://birch.example:8443/a"


@pytest.mark.parametrize(
    ("error", "held"),
    [
        pytest.param(FetchError("rate_limited", PAGE), HOST, id="no-answer"),
        pytest.param(_answered(429), HOST, id="its-own-answer"),
        pytest.param(_answered(503), HOST, id="unavailable"),
        pytest.param(
            _answered(429, url=ELSEWHERE, led=True), "birch.example:8443", id="where-it-led"
        ),
        pytest.param(_answered(429, url=f"{PAGE}/b", led=True), HOST, id="within-the-host"),
        pytest.param(_answered(302), None, id="redirect-that-was-not-followed"),
        pytest.param(_answered(503, reason="http_5xx"), None, id="failure"),
        pytest.param(NoArticleError("no_text", PAGE), None, id="no-article"),
    ],
)
def test_the_host_that_said_so_is_held(error: IngestError, held: str | None) -> None:
    assert holds.to_hold(HOST, error) == held
