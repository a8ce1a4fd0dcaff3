"""The command line as people use it, and a replayed world for the commands that only look."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.jobs.shell import Ran, Shell
from tests.jobs.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.storage.embedded import Server


@pytest.fixture(scope="session")
def shell(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The command, in an empty folder and with the data folder of the test run."""
    return Shell(folder=tmp_path_factory.mktemp("folder"), data_dir=data_dir)


@pytest.fixture(scope="session")
def replayed(shell: Shell, server: Server, root: Path) -> Ran:
    """What `broadsheet replay seeds` printed; the embedded database `replay` holds it."""
    assert server
    return shell.run("replay", str(root / "seeds"))


@pytest.fixture(scope="module")
def sites() -> Iterator[Callable[[], Site]]:
    """Makes news sites that end with the module."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Site())
