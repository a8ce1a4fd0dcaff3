"""What was freed goes back to the system: the heap does not keep the bodies of a busy minute."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jobs import memory

# Bodies that come and go, each leaving a small object behind it in the heap.
BUSY = """
import asyncio, sys
from jobs import memory

def rss():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

if sys.argv[1] == "bound":
    assert memory.bound()
bytearray(8 << 20)  # from now on glibc would take such blocks from its heap
before, kept = rss(), []
for _ in range(40):
    bodies = []
    for size in range(100_000, 300_000, 5_000):
        bodies.append(bytearray(b"x" * size))
        kept.append(bytearray(600))
    del bodies
print(rss() - before)
"""


def _grown_kb(how: str) -> int:
    ran = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", BUSY, how], check=True, capture_output=True, text=True
    )
    return int(ran.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is of Linux")
def test_bodies_that_are_gone_take_no_memory() -> None:
    if not memory.bound():
        pytest.skip("another C library")
    bounded, free = _grown_kb("bound"), _grown_kb("free")
    assert bounded < 4_000
    assert free > 2 * bounded
