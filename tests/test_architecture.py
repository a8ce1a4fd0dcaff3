"""Who may import what, and what is in the wheel: the shape of the project, checked as code."""

from __future__ import annotations

import ast
import contextlib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hatchling import build
from importlinter.cli import lint_imports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(
    path.relative_to(ROOT)
    for folder in ("pipeline", "jobs")
    for path in ROOT.glob(f"{folder}/**/*.py")
)
TREES = {path: ast.parse((ROOT / path).read_bytes()) for path in MODULES}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}

each_module = pytest.mark.parametrize("module", MODULES, ids=str)


def _imported(module: Path) -> Iterator[str]:
    """Every name that a module imports, in full: `from a import b` is a.b."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _importers(package: str) -> set[str]:
    """The modules that import a package or anything in it."""
    return {
        str(module)
        for module in MODULES
        if any(name == package or name.startswith(f"{package}.") for name in _imported(module))
    }


def _calls(module: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(TREES[module]) if isinstance(node, ast.Call))


def test_import_contracts_are_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    code = lint_imports(no_cache=True, no_logo=True)
    assert code == 0, capsys.readouterr().out


@each_module
def test_module_says_what_it_is(module: Path) -> None:
    assert ast.get_docstring(TREES[module])


@each_module
def test_imports_are_absolute(module: Path) -> None:
    imports = [node for node in ast.walk(TREES[module]) if isinstance(node, ast.ImportFrom)]
    assert [node.lineno for node in imports if node.level] == []


@pytest.mark.parametrize(
    ("package", "homes"),
    [
        ("feedparser", {"pipeline/feeds/parse.py"}),
        ("trafilatura", {"pipeline/articles/text/text_extraction.py"}),
        ("pebble", {"pipeline/web/workers.py"}),
        ("py3langid", {"pipeline/articles/facts/language.py"}),
        ("pydantic_settings", {"pipeline/config.py"}),
    ],
)
def test_library_has_one_home(package: str, homes: set[str]) -> None:
    assert _importers(package) == homes


@pytest.mark.parametrize("package", ["psycopg", "psycopg_pool"])
def test_database_is_reached_from_storage_only(package: str) -> None:
    importers = _importers(package)
    assert importers
    assert {str(Path(module).parent) for module in importers} == {"pipeline/storage"}


def test_web_is_reached_from_its_folder_only() -> None:
    """A server of pages (aiohttp.web) is not the client, and the service manager is on this machine."""
    ours = Path("jobs/service_manager.py")
    outside = [m for m in MODULES if m.parts[:2] != ("pipeline", "web") and m != ours]
    names = {name for module in outside for name in _imported(module)}
    reached = {name for name in names if name.split(".")[0] in {"aiohttp", "socket", "ssl"}}
    assert {name for name in reached if not f"{name}.".startswith("aiohttp.web.")} == set()
    assert "pipeline/web/fetch.py" in _importers("aiohttp")


@pytest.mark.parametrize(
    "client", ["requests", "httpx", "urllib3", "urllib.request", "http.client"]
)
def test_there_is_one_http_client(client: str) -> None:
    assert _importers(client) == set()


def test_feedparser_is_given_bytes_in_memory_only() -> None:
    """Bare bytes and texts are tried as a file name and as an address first: /dev/zero is both."""
    calls = [
        node
        for module in MODULES
        for node in _calls(module)
        if ast.unparse(node.func).endswith("feedparser.parse")
    ]
    assert len(calls) == 1
    (first, *more) = calls[0].args
    assert more == []
    assert isinstance(first, ast.Call)
    assert ast.unparse(first.func) in {"io.BytesIO", "BytesIO"}
    assert not any(name.startswith("feedparser.") for m in MODULES for name in _imported(m))


def test_steps_read_no_clock() -> None:
    """`now` is an argument. A Response made by hand is the exception."""
    readers = {
        str(module)
        for module in MODULES
        if module.parts[0] == "pipeline"
        and any(ast.unparse(node.func) in CLOCKS for node in _calls(module))
    }
    assert readers == {"pipeline/model/web.py"}


@pytest.mark.parametrize("package", ["random", "secrets", "structlog"])
def test_pipeline_draws_nothing_and_logs_nothing(package: str) -> None:
    assert [module for module in _importers(package) if module.startswith("pipeline/")] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.Path]:
    """The wheel, built here and now."""
    folder = tmp_path_factory.mktemp("wheel")
    with contextlib.chdir(ROOT):
        name = build.build_wheel(str(folder))
    with zipfile.ZipFile(folder / name) as archive:
        yield zipfile.Path(archive)


def _files(wheel: zipfile.Path, wanted: Callable[[str], bool]) -> set[str]:
    return {name for name in wheel.root.namelist() if wanted(name)}


def test_wheel_holds_every_sql_file_inside_the_pipeline(wheel: zipfile.Path) -> None:
    expected = {
        f"pipeline/_sql/{path.relative_to(ROOT / 'sql').as_posix()}"
        for path in ROOT.glob("sql/**/*.sql")
    }
    assert _files(wheel, lambda name: name.endswith(".sql")) == expected
    for kind in ("migrations", "queries", "views", "checks"):
        assert any(name.startswith(f"pipeline/_sql/{kind}/") for name in expected)


def test_wheel_holds_every_module(wheel: zipfile.Path) -> None:
    found = _files(wheel, lambda name: name.endswith(".py") and "/_sql/" not in name)
    assert found == {m.as_posix() for m in MODULES}


def test_wheel_holds_the_list_of_tracking_parameters(wheel: zipfile.Path) -> None:
    inside = (wheel / "pipeline" / "urls" / "tracking.txt").read_text("utf-8")
    assert inside == (ROOT / "pipeline" / "urls" / "tracking.txt").read_text("utf-8")


def test_wheel_holds_nothing_else_at_its_top(wheel: zipfile.Path) -> None:
    tops = {name.split("/")[0] for name in wheel.root.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"pipeline", "jobs"}


def test_wheel_offers_the_command(wheel: zipfile.Path) -> None:
    (folder,) = (path for path in wheel.iterdir() if path.name.endswith(".dist-info"))
    points = (folder / "entry_points.txt").read_text("utf-8").split("\n")
    assert "broadsheet = jobs.cli:main" in points
