"""A disk that is full: a clean refusal, no half command, and service when there is room again."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.tracing import ROOT

# Whoever is not root is root of what they alone see, if the kernel allows it.
OWN_TREE = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's user may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="tenlines-full-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize(
    ("database", "megabytes"),
    [("sqlite", 8), pytest.param("postgres", 96, marks=pytest.mark.postgres)],
)
def test_a_house_on_a_full_disk_refuses_and_serves_again_when_there_is_room(
    place: Path, database: str, megabytes: int
) -> None:
    mounts = ["mount", "-t", "tmpfs", "tmpfs", str(place)]
    if subprocess.run([*OWN_TREE, *mounts], capture_output=True, check=False).returncode:
        assert "CI" not in os.environ, "a small disk is required here"
        pytest.skip("no small disk may be mounted here: the limit on files stands in for it")
    if database == "postgres" and os.geteuid():
        assert "CI" not in os.environ, "root is required here"
        pytest.skip("PostgreSQL refuses to run as root, and only root may mount its disk")

    module = [sys.executable, "-m", "tests.faults.full"]
    done = subprocess.run(
        [*OWN_TREE, *module, str(place / "disk"), database, str(megabytes)],
        capture_output=True,
        text=True,
        timeout=110,
        cwd=ROOT,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    print(counted)
    # Four times it was filled, and four times it said so; with room before and after, never.
    assert counted["refused"] == 4
    assert counted["refused_with_room"] == 0
    assert counted["answered"] >= counted["answered_before"] + 40
