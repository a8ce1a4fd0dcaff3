"""`broadsheet run`, whose workers are killed by a poisoned page. Workers import this module, too."""

from __future__ import annotations

import os
import signal
from typing import Any

from pipeline.articles import extract
from tests.chaos.web import POISON

_article = extract.article


def article(page: Any, *arguments: Any, **named: Any) -> Any:
    """Read a page, or die of it."""
    if POISON.encode() in page.body:
        os.kill(os.getpid(), signal.SIGKILL)
    return _article(page, *arguments, **named)


# Found under its own name by the workers, who are given functions by name.
article.__module__, article.__qualname__ = _article.__module__, _article.__qualname__
extract.article = article

if __name__ == "__main__":
    from jobs.cli import main

    main()
