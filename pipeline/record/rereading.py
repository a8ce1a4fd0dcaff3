"""What a kept page says to a better reader, written as if it had just come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.record.paging import store_page, store_text
from pipeline.storage import pages, stored_pages

if TYPE_CHECKING:
    from pipeline.record.outcomes import PageRead
    from pipeline.storage.database import Database


async def write_reread(db: Database, article_id: int, read: PageRead) -> bool:
    """Write what was read from a kept page; False when it came too late to be of use.

    It is late when the article is being worked on, was removed or became an alias, or has the
    text of a newer answer by now. The place of a stored article in the queue stays as it is; one
    that had no text is stored now, and looked at again.
    """
    async with db.transaction() as tx:
        due = await stored_pages.hold(tx, article_id, read.at)
        if due is None or due.outcome not in {"stored", "failed", "quarantined"}:
            return False
        if read.response is None or (due.fetched_at and read.response.fetched_at < due.fetched_at):
            return False
        if due.outcome == "stored":
            await store_text(tx, due, read)
            return True
        look = await store_page(tx, due, read)
        if look.outcome != "alias":
            await pages.finish(tx, due, look)
        return True
