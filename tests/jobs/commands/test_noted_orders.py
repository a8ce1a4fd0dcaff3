"""What an operator orders is a row of news.orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.shell import Ran


def test_orders_are_rows_with_the_role_and_what_they_were_carried_out_on(
    cli: Callable[..., Ran], database_url: str
) -> None:
    world = World(database_url)
    world.add_feeds("https://press.example/a", "https://press.example/b")
    key = "X-Api-Key=hunter2"
    for command in (
        ("feeds", "pause", "2", "1"),
        ("feeds", "resume", "1"),
        ("feeds", "set", "1", "--every", "30m", "--header", key),
        ("feeds", "remove", "2"),
    ):
        ran = cli(*command, "--database-url", database_url)
        assert ran.code == 0, ran.err
    rows = world.rows("SELECT ordered_by, command, detail FROM news.orders ORDER BY order_id")
    assert {by for by, _, _ in rows} == {"postgres"}
    assert [row[1:] for row in rows][:2] == [
        ("feeds pause", "feed 1, 2"),
        ("feeds resume", "feed 1"),
    ]
    assert [command for _, command, _ in rows][2:] == ["feeds set", "feeds remove"]
    assert "hunter2" not in str(rows)


def test_an_order_that_was_not_carried_out_is_not_noted(
    cli: Callable[..., Ran], database_url: str
) -> None:
    assert cli("feeds", "pause", "9", "--database-url", database_url).code == 1
    assert World(database_url).rows("SELECT * FROM news.orders") == []
