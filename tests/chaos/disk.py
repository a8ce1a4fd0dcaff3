"""A disk of the server's own that can be filled, where a small file system can be mounted."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

SIZE = "400m"
BLOCK = 1 << 20


class Disk:
    """A folder; `is_small` where it is a file system of its own, else `why` not."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.is_small, self.why = folder, False, ""

    def __enter__(self) -> Self:
        self.folder.mkdir(mode=0o755)
        if os.geteuid() != 0:
            self.why = "only root can mount a small file system"
            return self
        mounted = subprocess.run(  # noqa: S603 - the system's own program
            ["/bin/mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(self.folder)],
            check=False,
            capture_output=True,
            text=True,
        )
        self.is_small, self.why = mounted.returncode == 0, mounted.stderr.strip()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.is_small:
            subprocess.run(["/bin/umount", "--lazy", str(self.folder)], check=False)  # noqa: S603 - as above
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def full(self) -> Iterator[None]:
        """Leave no byte free while the body runs."""
        ballast = self.folder / "ballast"
        try:
            with ballast.open("wb", buffering=0) as file:
                try:
                    while True:
                        file.write(b"\0" * BLOCK)
                except OSError:
                    pass
            yield
        finally:
            ballast.unlink(missing_ok=True)
