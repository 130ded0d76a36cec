"""What watches over the application: health, numbers, the record of requests, threads."""

from __future__ import annotations

import io
import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from tests.web.district import RESIDENT, TELEPHONE, District, doing, persuading, registration
from web import background
from web.app import create_app
from web.journal import Journal, Lines


def test_a_process_that_answers_is_alive(district: District) -> None:
    assert district.client.get("/healthz").json() == {"status": "ok"}


def test_ready_is_who_has_a_database_reference_and_level_views(fresh: District) -> None:
    behind = fresh.client.get("/readyz")
    fresh.follow()
    level = fresh.client.get("/readyz")

    # The district was founded weeks ago, and no worker has followed since.
    assert behind.status_code == 503
    assert behind.json()["checks"]["views"]["ok"] is False
    assert level.status_code == 200
    assert level.json()["ready"] is True
    assert level.json()["checks"]["reference"]["units"] == 9
    assert level.json()["checks"]["database"]["head"] == fresh.house.log.head()


def test_keys_that_do_not_open_are_not_ready(fresh: District) -> None:
    fresh.follow()
    engine = sa.create_engine(fresh.house.settings.key_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE house_keys SET wrapped = zeroblob(60)")
    engine.dispose()

    ready = fresh.client.get("/readyz")

    assert ready.status_code == 503
    assert ready.json()["checks"]["keys"] == {"ok": False, "because": "master-key-wrong"}


@pytest.fixture
def away(fresh: District) -> District:
    """A district whose database has gone away."""
    fresh.follow()
    for database in (fresh.house.log.database, fresh.house.follower.database):
        database.engine.dispose()
        path = database.path
        assert path is not None
        path.rename(path.with_suffix(".gone"))
        path.mkdir()
    return fresh


def test_a_database_that_is_away_is_said_so_without_details(away: District) -> None:
    ready = away.client.get("/readyz")
    listed = away.api("linxiaohe", "GET", "/affairs")
    sent = away.api("linxiaohe", "POST", "/affairs", json=registration())

    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == {"ok": False, "because": "storage-unavailable"}
    for answer in (listed, sent):
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"]
        assert "sqlite" not in answer.text.lower()
        assert "gone" not in answer.text
    assert away.client.get("/metrics").status_code == 200
    assert away.client.get("/healthz").status_code == 200


def numbers(district: District) -> dict[str, float]:
    text = district.client.get("/metrics").text
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_numbers_tell_how_it_is_going(fresh: District) -> None:
    fresh.follow()
    affair = persuading(fresh)
    fresh.api("zhoumin", "POST", f"/affairs/{affair}/steps/G8", json=doing("07-22 16:00"))
    stale = {"If-Match": '"1"'}
    fresh.api("zhoumin", "POST", f"/affairs/{affair}/steps/G8", stale, json=doing("07-22 16:00"))

    found = numbers(fresh)

    assert found['tenlines_command_seconds_count{command="Register"}'] == 1
    assert found['tenlines_command_seconds_count{command="TakeStep"}'] == 2
    assert found['tenlines_refusals_total{code="step-not-open"}'] == 1
    assert found["tenlines_conflicts_total"] == 1
    appended = found["tenlines_append_seconds_count"]
    assert appended == found["tenlines_append_commands_count"] >= 3
    assert found['tenlines_append_commands_bucket{le="1.0"}'] == appended
    assert found['tenlines_append_seconds_bucket{le="+Inf"}'] == appended
    assert 0 < found["tenlines_append_seconds_sum"] < 60
    assert found["tenlines_log_head"] == fresh.house.log.head()
    assert found["tenlines_projection_lag_events"] == 3
    assert found["tenlines_projection_lag_seconds"] == 0
    assert found["tenlines_due_backlog"] >= 1
    assert found["tenlines_sealed_height"] == 0
    for view in ("audit_trail", "worklist", "reactions"):
        assert found[f'tenlines_parked_streams{{view="{view}"}}'] == 0
    route = 'method="POST",route="/api/v1/affairs/{affair}/steps/{step}",status="409"'
    assert found[f"tenlines_request_seconds_count{{{route}}}"] == 1
    assert affair not in fresh.client.get("/metrics").text


def test_each_application_has_numbers_of_its_own(district: District) -> None:
    other = create_app(district.house)

    assert other.state.metrics.registry is not district.app.state.metrics.registry


# --- the record of requests --------------------------------------------------------------------


@pytest.fixture
def recorded(fresh: District, tmp_path: Path) -> tuple[TestClient, io.StringIO, District]:
    """The same district behind an application that writes its record here."""
    stream = io.StringIO()
    app = create_app(fresh.house, log=Lines(stream))
    return TestClient(app, raise_server_exceptions=False), stream, fresh


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_without_anything_personal(
    recorded: tuple[TestClient, io.StringIO, District],
) -> None:
    client, stream, district = recorded
    token = {"Authorization": f"Bearer {district.tokens['linxiaohe']}"}

    number = client.post("/api/v1/affairs", json=registration(), headers=token).json()["number"]
    client.get(f"/api/v1/affairs/{number}", headers=token)
    client.get(f"/api/v1/affairs?number={number}", headers=token)
    client.get(f"/{RESIDENT}%0D%0A{TELEPHONE}?q={TELEPHONE}")
    client.post("/api/v1/affairs", json=registration(telephone=TELEPHONE * 9), headers=token)

    told = lines(stream)
    assert len(told) == 5
    assert told[1] | {"milliseconds": 0, "timestamp": "", "request_id": ""} == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "route": "/api/v1/affairs/{affair}",
        "status": 200,
        "role": "CW",
        "milliseconds": 0,
        "timestamp": "",
        "request_id": "",
    }
    assert [line["route"] for line in told[2:]] == ["/api/v1/affairs", "-", "/api/v1/affairs"]
    assert [line["status"] for line in told] == [201, 200, 200, 404, 422]
    for secret in (RESIDENT, TELEPHONE, number, district.tokens["linxiaohe"], "linxiaohe"):
        assert secret not in stream.getvalue()


def test_a_request_id_is_taken_over_and_never_breaks_a_line(
    recorded: tuple[TestClient, io.StringIO, District],
) -> None:
    client, stream, _ = recorded

    taken = client.get("/healthz", headers={"X-Request-Id": "abc-1"})
    made = client.get("/healthz", headers={"X-Request-Id": 'x" "y'})

    assert taken.headers["x-request-id"] == "abc-1"
    assert re.fullmatch("[0-9a-f]{32}", made.headers["x-request-id"])
    assert [line["request_id"] for line in lines(stream)] == [
        "abc-1",
        made.headers["x-request-id"],
    ]


def test_what_nobody_foresaw_is_recorded_by_place_and_answered_without_details(
    recorded: tuple[TestClient, io.StringIO, District], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, stream, district = recorded

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(f"about {RESIDENT}\nand more")

    monkeypatch.setattr("web.app.HouseOffice.worklist", fail)
    token = district.tokens["linxiaohe"]
    api = client.get("/api/v1/affairs", headers={"Authorization": f"Bearer {token}"})
    page = client.get("/", headers={"Cookie": f"tenlines={district.cookies['linxiaohe']}"})

    assert api.status_code == page.status_code == 500
    assert api.headers["content-type"] == "application/problem+json"
    assert page.headers["content-type"].startswith("text/html")
    for answer in (api, page):
        assert "ZeroDivision" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
    failed = [line for line in lines(stream) if line["event"] == "unexpected"]
    assert [line["error"] for line in failed] == ["ZeroDivisionError"] * 2
    assert failed[0]["places"][-1].startswith("test_watching.py:")
    assert failed[0]["request_id"] == api.headers["x-request-id"]
    assert RESIDENT not in stream.getvalue()


def test_a_line_break_in_a_value_is_written_as_such() -> None:
    stream = io.StringIO()

    Journal(Lines(stream)).began("a\nb\u2028c")

    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue())["name"] == "a\nb\u2028c"


# --- threads -----------------------------------------------------------------------------------


def test_what_runs_beside_the_requests_runs_while_the_application_is_up(
    fresh: District,
) -> None:
    ran, ended = threading.Event(), threading.Event()

    def beside(stop: threading.Event) -> None:
        ran.set()
        stop.wait(30)
        ended.set()

    app = create_app(fresh.house, background=(beside,), log=Quiet())
    with TestClient(app):
        assert ran.wait(5)
        assert not ended.is_set()

    assert ended.is_set()


def test_a_thread_that_fails_is_told_and_begins_anew(
    fresh: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "RESTART_SECONDS", 0.01)
    log, again = Quiet(), threading.Event()
    tries: list[int] = []

    def beside(stop: threading.Event) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise sa.exc.OperationalError("select", {}, ValueError(RESIDENT))
        again.set()
        stop.wait(30)

    app = create_app(fresh.house, background=(beside,), log=log)
    with TestClient(app):
        assert again.wait(5)

    failed = [said for event, said in log.told if event == "unexpected"]
    assert [said["error"] for said in failed] == ["OperationalError"] * 2
    assert RESIDENT not in str(log.told)


class Quiet:
    """A log that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, **said: Any) -> None:
        """Remember."""
        self.told.append((event, said))

    error = info
