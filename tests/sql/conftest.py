"""A database with the replayed seeds in it, made once and cloned for each test that wants it."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.storage import embedded, schema
from tests.pipeline.storage import builders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.storage.embedded import Server

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def replayed_template(server: Server, root: Path) -> str:
    """The name of a database that holds what the seeds bring."""
    url = embedded.create(server, "template_replayed")
    schema.migrate(url)
    asyncio.run(builders.replay_seeds(url, root))
    return "template_replayed"


@pytest.fixture
def replayed_url(server: Server, replayed_template: str) -> str:
    """A database of the test's own that holds what the seeds bring."""
    return _clone(server, replayed_template)


def _clone(server: Server, template: str) -> str:
    name = f"sql_copy_{next(_numbers)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                psycopg.sql.Identifier(name), psycopg.sql.Identifier(template)
            )
        )
    return server.url(name)


@pytest.fixture(scope="module")
def template_connection(
    server: Server, template: str
) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection to one database with the present schema and no rows, for a whole module."""
    with psycopg.connect(_clone(server, template), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def replayed_connection(
    server: Server, replayed_template: str
) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection to one database with what the seeds bring, for a whole module."""
    with psycopg.connect(_clone(server, replayed_template), autocommit=True) as connection:
        yield connection
