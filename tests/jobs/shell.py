"""The installed command, started the way a shell starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = str(Path(sys.executable).parent / "broadsheet")
OURS = ("BROADSHEET_", "DATABASE_URL")
LIMIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Runs commands in a folder; of the machine's settings none is passed on."""

    folder: Path
    data_dir: Path

    def run(self, *arguments: str, **settings: str) -> Ran:
        """Run a command to its end; `settings` are environment variables."""
        done = subprocess.run(  # noqa: S603 - the project's own command
            [PROGRAM, *arguments],
            check=False,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            cwd=self.folder,
            env=self._environment(settings),
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command and return it running."""
        return subprocess.Popen(  # noqa: S603 - as above
            [PROGRAM, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self._environment(settings),
        )

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        machine = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return {
            **machine,
            "BROADSHEET_DATA_DIR": str(self.data_dir),
            "BROADSHEET_LISTEN": "",
            **settings,
        }
