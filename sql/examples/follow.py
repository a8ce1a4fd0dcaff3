"""Keep a copy of news.articles in step: prints each change as a line of JSON.

    python follow.py postgresql:///news [LAST_CHANGE_SEQ]

New and changed articles and takedowns come in one sequence. A row that comes again replaces the one
before (upsert); one with "is_removed": true is deleted from the copy. Remember the last change_seq
that you have dealt with and give it when you start again: nothing is missed, whatever happened
meanwhile. Needs psycopg 3.
"""

import argparse
import json
import sys

import psycopg
from psycopg.rows import dict_row

CHANGED = """
(
  SELECT change_seq, article_id, false AS is_removed, url, title, site, published_at, story_id
  FROM news.articles
  WHERE change_seq > %(last)s
  ORDER BY change_seq
  LIMIT 1000
)
UNION ALL
(
  SELECT change_seq, article_id, true, NULL, NULL, NULL, NULL, NULL
  FROM news.removals
  WHERE change_seq > %(last)s
  ORDER BY change_seq
  LIMIT 1000
)
ORDER BY change_seq
LIMIT 1000
"""


def follow(url: str, last: int) -> None:
    """Print what changed after `last`, then wait for more; ends with Ctrl-C."""
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        # First listen, then read: what is published in between is told.
        connection.execute("LISTEN news_articles")
        while True:
            rows = connection.execute(CHANGED, {"last": last}).fetchall()
            for row in rows:
                print(json.dumps(row, default=str, ensure_ascii=False), flush=True)
                last = row["change_seq"]
            if not rows:
                # What a notification says is a hint only, the rows are the truth: the reader asks
                # them. A minute at most, should a connection die without a word.
                list(connection.notifies(timeout=60, stop_after=1))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(
        description="Print each change of news.articles, takedowns included, as a line of JSON."
    )
    arguments.add_argument("url", help="connection string, such as postgresql:///news")
    arguments.add_argument(
        "last", nargs="?", type=int, default=0, help="the last change_seq dealt with (0)"
    )
    given = arguments.parse_args()
    try:
        follow(given.url, given.last)
    except KeyboardInterrupt:
        sys.exit(130)
