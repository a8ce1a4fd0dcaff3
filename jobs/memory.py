"""Giving memory back: what glibc's allocator keeps of bodies that are long gone is bounded.

A page is some hundred thousand bytes that live for a moment, in the main process as bytes, as pickles
and as text. Once one such block was freed, glibc takes the next ones from its heap (mallopt(3), "dynamic
mmap threshold"), where smaller objects settle between them: the heap grew by 75 MB in three minutes at
full speed, with as many Python objects at its end as at its beginning.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

TRIM_SECONDS = 60.0
# Numbers of <malloc.h>.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
# A block of this size or more goes back to the system when it is freed; the value stays as it is set.
MMAP_BYTES = 64 * 1024
TRIM_BYTES = 1024 * 1024
ARENAS = 2  # of the event loop, and of the threads that talk with the workers


def bound() -> bool:
    """Let large blocks go back when they are freed; return whether this allocator can be told."""
    library = _glibc()
    if library is None:
        return False
    settings = (
        (_M_MMAP_THRESHOLD, MMAP_BYTES),
        (_M_TRIM_THRESHOLD, TRIM_BYTES),
        (_M_ARENA_MAX, ARENAS),
    )
    return all(library.mallopt(name, value) == 1 for name, value in settings)


async def trim() -> int:
    """Give back the free pages of the heap; return 1 if there were any. It takes milliseconds."""
    library = _glibc()
    return int(library.malloc_trim(0)) if library is not None else 0


@cache
def _glibc() -> Any:
    """The C library if it is glibc, else None."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return (
        library
        if hasattr(library, "mallopt") and hasattr(library, "gnu_get_libc_version")
        else None
    )
