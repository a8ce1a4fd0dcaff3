"""Which articles tell the same text. Pure."""

from pipeline.stories.grouping import group

__all__ = ["group"]
