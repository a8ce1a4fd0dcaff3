"""What came of asking, grouping and an operator's word, written in one transaction each.

Each module loads the facts, lets `pipeline.decide` or `pipeline.stories` decide, and writes.
"""

from pipeline.persist.pages import write_page, write_pages, write_reread
from pipeline.persist.polls import write_poll, write_polls
from pipeline.persist.robots import write_robots
from pipeline.persist.stories import write_places

__all__ = [
    "write_page",
    "write_pages",
    "write_places",
    "write_poll",
    "write_polls",
    "write_reread",
    "write_robots",
]
