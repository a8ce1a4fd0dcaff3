"""Keep a copy of news.articles in step: prints each new or changed article as a line of JSON.

    python follow.py postgresql:///news [LAST_CHANGE_SEQ]

Remember the last change_seq that you have dealt with and give it when you start again: nothing is
missed, whatever happened meanwhile. A row that comes again replaces the one before (upsert).
"""

import json
import sys

import psycopg
from psycopg.rows import dict_row

CHANGED = """
SELECT change_seq, article_id, url, title, site, published_at, story_id
FROM news.articles
WHERE change_seq > %s
ORDER BY change_seq
LIMIT 1000
"""


def main(url: str, last: int) -> None:
    """Print what changed after `last`, then wait for more; ends with Ctrl-C."""
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        # First listen, then read: what is published in between is told.
        connection.execute("LISTEN news_articles")
        while True:
            rows = connection.execute(CHANGED, (last,)).fetchall()
            for row in rows:
                print(json.dumps(row, default=str, ensure_ascii=False), flush=True)
                last = row["change_seq"]
            if not rows:
                # A minute at most, should a connection die without a word.
                list(connection.notifies(timeout=60, stop_after=1))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
