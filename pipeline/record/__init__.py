"""What came of asking and reading, written in one transaction each and fenced by the lease."""

from pipeline.record.outcomes import Child, Failed, FeedRead, PageRead, Same
from pipeline.record.paging import write_page, write_robots
from pipeline.record.placing import write_places
from pipeline.record.polling import write_poll, write_same

__all__ = [
    "Child",
    "Failed",
    "FeedRead",
    "PageRead",
    "Same",
    "write_page",
    "write_places",
    "write_poll",
    "write_robots",
    "write_same",
]
