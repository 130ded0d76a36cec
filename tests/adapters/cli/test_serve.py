"""`tenlines serve` and `tenlines worker` as processes: they begin, answer, and end when told."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.demo import tokens
from adapters.house import House, create, open_house
from adapters.projector import state
from adapters.settings import Settings
from tests.adapters.cli.conftest import Tenlines
from tests.adapters.cli.test_usage import SCRIPT

SECONDS = 30


@pytest.fixture
def place(shown: Path, tmp_path: Path) -> Path:
    """A demonstration of this test's own."""
    return Path(shutil.copytree(shown, tmp_path / "var"))


@contextmanager
def running(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A process of ours; killed where the test has not ended it."""
    process = subprocess.Popen(
        [SCRIPT, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LANG": "en_GB.UTF-8"},
    )
    watch = threading.Timer(SECONDS, process.kill)
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        process.kill()
        process.communicate()


def address_of(server: subprocess.Popen[str]) -> str:
    """The address that a server prints once it can be asked, after the accounts to try."""
    assert server.stdout is not None
    while (line := server.stdout.readline()) and not line.startswith("http://"):
        pass
    return line.strip()


def ended(process: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=SECONDS)
    return process.returncode, out, err


def asked(address: str, path: str, token: str = "") -> Any:
    request = urllib.request.Request(address + path)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.loads(answer.read())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_the_story_until_told_to_stop(place: Path, number: int) -> None:
    token = tokens(place)["linxiaohe"]
    with running("--data-dir", place, "serve", "--port", "0") as server:
        address = address_of(server)

        ready = asked(address, "/readyz")
        affair = asked(address, "/api/v1/affairs/CG-2011-0001", token)
        figures = asked(address, "/api/v1/statistics?from=2011-07-01&to=2011-11-30", token)
        code, _, err = ended(server, number)

    assert address.startswith("http://127.0.0.1:")
    assert ready["ready"] is True
    assert affair["state"] == "archived"
    assert figures["indicators"]["mean_handling_working_days"]["value"] == 2.0
    assert code == 0
    assert "Traceback" not in err


def test_the_api_and_the_command_line_tell_the_same_figures(
    place: Path, tenlines: Tenlines
) -> None:
    auditor = tokens(place)["bailu"]
    with running("--data-dir", place, "serve", "--port", "0") as server:
        address = address_of(server)
        theirs = asked(address, "/api/v1/statistics?from=2011-07-01&to=2012-06-30", auditor)
        ended(server, signal.SIGTERM)

    period = ("--from", "2011-07-01", "--to", "2012-06-30")
    assert tenlines("--data-dir", place, "stats", *period, "--json").json == theirs


def test_a_port_that_is_taken_is_one_line(place: Path, tenlines: Tenlines) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        ran = tenlines("--data-dir", place, "serve", "--port", port)

    assert ran.code == 1
    assert f"127.0.0.1:{port}" in ran.err
    assert "Traceback" not in ran.err


def test_without_accounts_it_says_what_to_do(tmp_path: Path, tenlines: Tenlines) -> None:
    create(Settings(data_dir=tmp_path / "var")).close()

    ran = tenlines("--data-dir", tmp_path / "var", "serve", "--port", "0")

    assert ran.code == 1
    assert "--organisation" in ran.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_brings_the_views_level_and_lets_go_of_its_lease(place: Path, number: int) -> None:
    for views in place.glob("log-views.db*"):
        views.unlink()
    house = open_house(Settings(data_dir=place))
    try:
        with running("--data-dir", place, "worker") as worker:
            level = house.follower.wait_for(57, timeout=SECONDS)
            code, _, err = ended(worker, number)

        with house.follower.database.reading() as connection:
            held = connection.execute(sa.select(state.leases)).all()
    finally:
        house.close()
    assert level
    assert (code, held) == (0, [])
    assert "Traceback" not in err


def test_of_two_workers_the_second_takes_over_where_the_first_ends(place: Path) -> None:
    house = open_house(Settings(data_dir=place))
    try:
        with (
            running("--data-dir", place, "worker") as one,
            running("--data-dir", place, "worker") as other,
        ):
            leads, waits = one, other
            if leader(house, {one.pid, other.pid}) == other.pid:
                leads, waits = other, one
            ended(leads, signal.SIGTERM)

            assert leader(house, {waits.pid}) == waits.pid
            assert ended(waits, signal.SIGTERM)[0] == 0
    finally:
        house.close()


def leader(house: House, wanted: set[int]) -> int:
    """The process of `wanted` that holds the lease, once one of them does; 0 if none will."""
    wait = threading.Event()
    for _ in range(SECONDS * 10):
        with house.follower.database.reading() as connection:
            holder = connection.execute(sa.select(state.leases.c.holder)).scalar()
        if holder and (found := int(holder.split("/")[-2])) in wanted:
            return found
        wait.wait(0.1)
    return 0
