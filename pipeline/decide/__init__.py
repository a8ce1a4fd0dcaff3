"""What is to be written of an outcome: pure decisions, each an intent that says all of it.

    claim + outcome + facts -> intent

Nothing here touches a database, a clock or a network; `pipeline.persist` loads the facts before
and applies the intents after, a group of them in one transaction.
"""

from pipeline.decide.outcomes import Child, Failed, FeedRead, PageRead, Same

__all__ = ["Child", "Failed", "FeedRead", "PageRead", "Same"]
