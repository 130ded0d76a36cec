"""`tenlines serve` and `tenlines worker` as processes: they begin, answer, and end when told."""

from __future__ import annotations

import json
import os
import re
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

import httpx2
import pytest
import sqlalchemy as sa

from adapters.demo import passwords, tokens
from adapters.demo.cast import AREA
from adapters.house import House, open_house
from adapters.projector import state
from adapters.settings import Settings
from tests.adapters.cli.conftest import Tenlines
from tests.adapters.cli.test_usage import SCRIPT
from tests.builders.lines import EVENTS

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


def test_told_to_stop_at_once_it_stops(place: Path) -> None:
    """Between the address and the first request, when the server does not listen to signals yet."""
    with running("--data-dir", place, "serve", "--port", "0") as server:
        address_of(server)
        server.send_signal(signal.SIGTERM)
        assert server.wait(SECONDS) == 0


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


def test_people_sign_in_with_the_password_that_is_printed(place: Path) -> None:
    password = passwords(place)["linxiaohe"]
    with (
        running("--data-dir", place, "serve", "--port", "0") as server,
        httpx2.Client(base_url=address_of(server), trust_env=False, timeout=SECONDS) as client,
    ):
        found = re.search(r'name="form-token" value="([0-9a-f]+)"', client.get("/signin").text)
        assert found
        form = {"form-token": found.group(1), "account": "linxiaohe", "password": password}
        origin = {"Origin": str(client.base_url)}
        wrong = client.post("/signin", data={**form, "password": "wrong"}, headers=origin)
        right = client.post("/signin", data=form, headers=origin)
        page = client.get("/")
        ended(server, signal.SIGTERM)

    assert (wrong.status_code, right.status_code, page.status_code) == (401, 303, 200)
    assert "林晓禾" in page.text


def test_a_port_that_is_taken_is_one_line(place: Path, tenlines: Tenlines) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        ran = tenlines("--data-dir", place, "serve", "--port", port)

    assert ran.code == 1
    assert ran.err == (
        f"127.0.0.1:{port} cannot be used: Address already in use; nothing was done or stored\n"
    )


def test_a_demonstration_is_not_replaced_under_a_server(place: Path, tenlines: Tenlines) -> None:
    token = tokens(place)["linxiaohe"]
    with running("--data-dir", place, "serve", "--port", "0") as server:
        address = address_of(server)
        refused = tenlines("--data-dir", place, "demo", "--fresh", "--story-only")
        told = registered(address, token)
        assert ended(server, signal.SIGTERM)[0] == 0

    kept = tenlines("--data-dir", place, "replay", told["number"], "--json")
    replaced = tenlines("--data-dir", place, "demo", "--fresh", "--story-only")
    gone = tenlines("--data-dir", place, "replay", told["number"])

    assert refused.code == 1
    assert "stop tenlines serve" in refused.err
    assert str(server.pid) in refused.err
    assert (kept.code, replaced.code, gone.code) == (0, 0, 1)


def registered(address: str, token: str) -> Any:
    """An affair that a server has answered for."""
    body = {
        "matter": "CG02",
        "source": "hotline",
        "area": AREA,
        "summary": "垃圾桶满溢",
        "applicant": "王芳",
        "telephone": "13800001234",
        "occurred_at": "2012-06-15T17:50:00+08:00",
    }
    request = urllib.request.Request(
        f"{address}/api/v1/affairs",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.loads(answer.read())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_brings_the_views_level_and_lets_go_of_its_lease(place: Path, number: int) -> None:
    for views in place.glob("log-views.db*"):
        views.unlink()
    house = open_house(Settings(data_dir=place))
    try:
        with running("--data-dir", place, "worker") as worker:
            level = house.follower.wait_for(EVENTS, timeout=SECONDS)
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
        with running("--data-dir", place, "worker") as leads:
            assert leader(house, {leads.pid}) == leads.pid
            with running("--data-dir", place, "worker") as waits:
                assert waits.stderr is not None
                said = ""
                while "this one waits" not in said and (line := waits.stderr.readline()):
                    said += line
                ended(leads, signal.SIGTERM)

                assert leader(house, {waits.pid}) == waits.pid
                code, _, err = ended(waits, signal.SIGTERM)
                assert code == 0
                assert "this one waits" in said
                assert "The worker has started." not in said
                assert "The worker has started." in err
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
