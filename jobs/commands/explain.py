"""broadsheet articles explain: how a page was read, and why."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from jobs import article_explanation, output
from jobs.article_explanation import Explained
from jobs.commands import explanations
from jobs.commands.options import MOST_NUMBERS, DatabaseUrl, Json, Replay
from pipeline import urls
from pipeline.errors import BadUrlError, UsageError
from pipeline.model import Response


def explain(
    source: Annotated[
        str, typer.Argument(metavar="ID|URL|FILE", help="An article, an address or an HTML file.")
    ],
    *,
    address: Annotated[
        str, typer.Option("--url", metavar="URL", help="With FILE: the address it is of.")
    ] = "https://page.example/",
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Say how a page is read, and why.

    Which way its text was found and why; every wall and kind of page whose rule holds, or would hold
    if the page showed less; every headline, author and date with its source, the winner marked; for
    an article its revisions, and what its kept page would change today.

    ID reads the page that is kept, with what the feeds say. URL asks once, FILE asks nobody; nothing
    is written. Exit code 1 says that the page gives no article.

    Examples: broadsheet articles explain 12; broadsheet articles explain https://example.org/a;
    broadsheet articles explain page.html --url https://example.org/a
    """
    explained = asyncio.run(_explained(source, address, database_url, replay=replay))
    if as_json:
        output.print_json(explanations.as_row(explained))
    else:
        explanations.show(explained)
    raise typer.Exit(0 if explained.explanation.article else 1)


async def _explained(
    source: str, address: str, database_url: str | None, *, replay: bool
) -> Explained:
    if source.isascii() and source.isdigit():
        if not 0 < int(source) <= MOST_NUMBERS:
            raise UsageError(f"{source} is no number of an article")
        return await article_explanation.of_article(int(source), database_url, replay=replay)
    if "://" in source:
        return await article_explanation.of_url(_fetchable(source))
    try:
        body = await asyncio.to_thread(Path(source).read_bytes)
    except OSError as error:
        raise UsageError(
            f"{source} is no number, no address, and cannot be read as a file: {error.strerror}"
        ) from error
    return await article_explanation.of_page(_saved(_fetchable(address), body))


def _saved(url: str, body: bytes) -> Response:
    """A file as if it was the answer of its address now."""
    return Response(url, body=body, fetched_at=datetime.now(UTC).replace(microsecond=0))


def _fetchable(source: str) -> str:
    try:
        return urls.fetchable(source)
    except BadUrlError as error:
        raise UsageError(f"{error.message}: give the address of a page") from error
