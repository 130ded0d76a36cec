"""How often somebody may ask: each account, each kind of request, each address; and who goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from adapters.settings import RATES, Settings, rates_of
from adapters.time import Told
from tests.web.district import NOW, District, Silent, doing, registration, standing
from tests.web.matrix import EVERYBODY, FIRST, GONE, NOBODY, Thing, World, made
from tests.web.test_matrix import API, ROWS, Row
from tests.web.test_watching import numbers
from web.app import create_app
from web.rates import REPEATED, Buckets, kind_of, network

SECOND = 1_000_000_000


class Clock:
    """Nanoseconds as somebody says."""

    def __init__(self) -> None:
        self.at = 0

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def bucket(clock: Clock, count: int = 3, seconds: int = 60, most: int = 10_000) -> Buckets:
    return Buckets({"write": (count, seconds)}, now=clock, most=most)


# --- the bucket ----------------------------------------------------------------------------------


def test_so_many_may_come_at_once_and_then_one_after_another(clock: Clock) -> None:
    buckets = bucket(clock)

    assert [buckets.take("write", "a") is None for _ in range(4)] == [True, True, True, False]
    clock.at = 20 * SECOND
    assert [buckets.take("write", "a") is None for _ in range(2)] == [True, False]
    clock.at = 9_000 * SECOND
    assert [buckets.take("write", "a") is None for _ in range(4)] == [True, True, True, False]


def test_who_asks_too_early_is_told_how_long_to_wait_and_then_let_pass(clock: Clock) -> None:
    buckets = bucket(clock)
    for _ in range(3):
        buckets.take("write", "a")

    clock.at = SECOND // 2
    excess = buckets.take("write", "a")
    assert excess is not None
    assert (excess.seconds, excess.times) == (20, 1)
    clock.at += (excess.seconds - 1) * SECOND
    early = buckets.take("write", "a")
    assert early is not None
    assert (early.seconds, early.times) == (1, 2)
    clock.at += SECOND
    assert buckets.take("write", "a") is None


def test_names_and_kinds_are_counted_apart_and_what_has_no_limit_not_at_all(clock: Clock) -> None:
    buckets = Buckets({"write": (1, 60), "read": (1, 60)}, now=clock)

    assert buckets.take("write", "a") is None
    assert buckets.take("write", "b") is None
    assert buckets.take("read", "a") is None
    assert buckets.take("write", "a") is not None
    assert all(buckets.take("search", "a") is None for _ in range(9))


def test_memory_is_bounded_and_a_full_bucket_is_forgotten(clock: Clock) -> None:
    buckets = bucket(clock, most=100)

    for number in range(1_000):
        buckets.take("write", str(number))
    assert len(buckets._kept["write"]) == 100
    clock.at = 61 * SECOND
    buckets.take("write", "another")
    assert [*buckets._kept["write"]] == ["another"]


def test_a_busy_name_is_not_forgotten_for_many_others(clock: Clock) -> None:
    buckets = bucket(clock, count=1, most=3)

    buckets.take("write", "busy")
    for number in range(10):
        assert buckets.take("write", "busy") is not None
        buckets.take("write", str(number))


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_what_one_line_is_given(host: str, counted: str) -> None:
    assert network(host) == counted


@pytest.mark.parametrize(
    ("method", "route", "kind"),
    [
        ("GET", "/affairs/{affair}", "read"),
        ("HEAD", "/affairs/{affair}", "read"),
        ("GET", "/", "search"),
        ("GET", "/find", "search"),
        ("GET", "/audit/door", "search"),
        ("GET", "/api/v1/affairs", "search"),
        ("GET", "/api/v1/statistics", "search"),
        ("POST", "/api/v1/affairs", "write"),
        ("POST", "/affairs/{affair}/{kind}/{name}", "write"),
        ("POST", "/api/v1/affairs/{affair}/reveal", "reveal"),
        ("GET", "/affairs/{affair}/reveal", "read"),
        ("POST", "/api/v1/exports", "export"),
        ("GET", "/exports/{export}", "export"),
        ("GET", "", "read"),
    ],
)
def test_a_request_is_of_the_kind_that_its_route_says(method: str, route: str, kind: str) -> None:
    assert kind_of(method, route) == kind


# --- settings ------------------------------------------------------------------------------------


def test_settings_say_what_differs() -> None:
    assert rates_of("") == RATES
    assert rates_of("write=5/60 address=off") == {
        name: (5, 60) if name == "write" else rate
        for name, rate in RATES.items()
        if name != "address"
    }
    assert rates_of("off") == {}


@pytest.mark.parametrize("told", ["write", "write=0/60", "write=5/0", "write=5", "talk=5/60", "on"])
def test_a_limit_that_is_none_is_refused(told: str) -> None:
    with pytest.raises(ValidationError):
        Settings(rates=told)


# --- answers -------------------------------------------------------------------------------------


@contextmanager
def limited(district: District, rates: str) -> Iterator[District]:
    """The same house behind an application with these limits."""
    settings = district.house.settings.model_copy(update={"rates": rates})
    app = create_app(replace(district.house, settings=settings), log=Silent())
    app.state.streams.close()
    with TestClient(app, raise_server_exceptions=False) as client:
        yield replace(district, app=app, client=client)


def test_too_many_calls_are_a_problem_that_says_when(district: District) -> None:
    with limited(district, "read=2/3600") as here:
        here.api("zhoumin", "GET", "/lines")
        here.api("zhoumin", "GET", "/lines/CG")
        answer = here.api("zhoumin", "GET", "/lines", {"Accept-Language": "en"})
        other = here.api("linxiaohe", "GET", "/lines")

    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    wait = int(answer.headers["retry-after"])
    assert 0 < wait <= 1800
    assert answer.json()["type"] == "urn:tenlines:problem:too-many"
    assert answer.json()["detail"].endswith(f"Wait {wait} s and try again.")
    assert other.status_code == 200


def test_too_many_pages_are_a_page_in_either_language(district: District) -> None:
    with limited(district, "read=1/3600") as here:
        here.page("zhoumin", "/settings")
        zh = here.page("zhoumin", "/settings", headers={"Accept-Language": "zh"})
        en = here.page("zhoumin", "/units?lang=en")

    assert (zh.status_code, en.status_code) == (429, 429)
    assert int(zh.headers["retry-after"]) > 0
    assert "请求太频繁" in zh.text
    assert f"请等 {zh.headers['retry-after']} 秒后再试" in zh.text
    assert "Too many requests" in en.text
    # Who it is is known, and so the page is theirs.
    assert "周敏" in zh.text


def test_a_write_that_is_one_too_many_writes_nothing(district: District) -> None:
    with limited(district, "write=1/3600") as here:
        number = here.registered()["number"]
        head = here.house.log.head()
        place = doing("07-22 10:30", place="116.99,36.65", note="占道")
        again = here.api("linxiaohe", "POST", f"/affairs/{number}/steps/G1", json=place)
        more = here.api("linxiaohe", "POST", "/affairs", json=registration())
        read = here.api("linxiaohe", "GET", f"/affairs/{number}")

    assert (again.status_code, more.status_code, read.status_code) == (429, 429, 200)
    assert here.house.log.head() == head


def test_an_address_is_limited_whoever_asks_but_not_who_watches(district: District) -> None:
    with limited(district, "off") as free:
        assert all(free.client.get("/signin").status_code == 200 for _ in range(9))
    with limited(district, "address=3/3600") as here:
        three = [here.client.get("/signin").status_code for _ in range(3)]
        page, call = here.client.get("/signin"), here.client.get("/api/v1/lines")
        static = here.client.get("/static/tenlines.css")
        watching = [here.client.get(path).status_code for path in ("/healthz", "/metrics")]

    assert three == [200, 200, 200]
    assert (page.status_code, call.status_code, static.status_code) == (429, 429, 429)
    assert page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert watching == [200, 200]


def test_whose_page_it_is_is_not_looked_up_for_an_address_that_asks_too_often(
    fresh: District,
) -> None:
    forged = {"Cookie": f"tenlines={'x' * 43}"}
    fresh.house.door.place.clock = wall = Told(NOW)
    with limited(fresh, "address=1/3600") as here:
        here.client.get("/settings", headers=forged, follow_redirects=False)
        answers = [here.client.get("/settings", headers=forged).status_code for _ in range(9)]
        # What came within a second is counted with the next.
        wall.at += timedelta(seconds=2)
        fresh.house.porter.refused("session refused", "unknown")
        seen = fresh.house.door.journal.read(what="session refused")

    assert answers == [429] * 9
    assert sum(one.times for one in seen) == 2


def test_what_is_refused_is_counted(district: District) -> None:
    with limited(district, "read=1/3600") as here:
        for _ in range(4):
            here.api("zhoumin", "GET", "/lines")

        assert numbers(here)['tenlines_requests_limited_total{kind="read"}'] == 3


def test_who_goes_on_all_the_same_stands_in_the_journal_of_the_door(fresh: District) -> None:
    with limited(fresh, "read=1/3600") as here:
        for _ in range(REPEATED):
            here.api("zhoumin", "GET", "/lines")
        before = fresh.house.door.journal.read(what="rate exceeded")
        here.api("zhoumin", "GET", "/lines")
        seen = fresh.house.door.journal.read(what="rate exceeded")
        page = here.page("bailu", "/audit/door?what=rate exceeded")

    assert before == []
    assert [(one.account, one.why, one.times) for one in seen] == [("zhoumin", "read", 1)]
    assert "请求过多被拒" in page.text
    assert "查看" in page.text


def test_a_limit_holds_while_the_door_is_away(fresh: District) -> None:
    door = fresh.house.door.place.database
    assert door.path is not None
    with limited(fresh, "address=1/3600") as here:
        here.client.get("/signin")
        door.engine.dispose()
        door.path.rename(door.path.with_suffix(".gone"))
        door.path.mkdir()
        pages = [here.page("zhoumin", "/") for _ in range(2 * REPEATED)]
        metrics = numbers(here)

    assert {page.status_code for page in pages} == {429}
    assert all("请求太频繁" in page.text for page in pages)
    assert metrics['tenlines_requests_limited_total{kind="address"}'] == 2 * REPEATED


# --- every route ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world in which everybody has asked as often as they may."""
    rates = " ".join(f"{kind}=1/3600" for kind in RATES if kind != "address")
    with made(tmp_path_factory.mktemp("spent")) as world, limited(world.district, rates) as here:
        for person in EVERYBODY:
            world.form_token(person.account)
        spent = replace(world, district=here)
        for entry in FIRST.values():
            for path in ("/lines", "/affairs", "/exports"):
                spent.ask(entry.account, "GET", f"{API}{path}")
            for path in ("/visits", f"/affairs/{GONE.number}/reveal"):
                spent.ask(entry.account, "POST", f"{API}{path}", json={})
        yield spent


LIMITED = [row for row in ROWS if row.closed and row.path not in ("/live", "/role")]
"""Streams have seats of their own, and a role is chosen by whoever may have none today. What is
for whoever comes is limited by address and by the counters of the door."""


@pytest.mark.parametrize("row", LIMITED, ids=str)
def test_every_route_of_who_is_in_is_limited(spent: World, row: Row) -> None:
    person = next(one for one in EVERYBODY if one.may(row.right))
    there = row.about in ("affair", "session")
    thing = spent.things[person.account, "own"] if there else Thing(*_place)
    head = spent.head()

    answer = row.ask(spent, person, thing)

    assert answer.status_code == 429, answer.text[:300]
    assert spent.head() == head


_place = ("370103008001-01",)


def test_nobody_is_still_nobody(spent: World) -> None:
    assert spent.ask(NOBODY.account, "GET", f"{API}/lines").status_code == 401


# --- and the office never meets them -------------------------------------------------------------


def test_a_morning_of_work_meets_no_limit(tmp_path: Path) -> None:
    with standing(tmp_path, rates="") as district:
        for _ in range(30):
            number = district.registered()["number"]
            place = doing("07-22 10:30", place="116.99,36.65", note="占道")
            district.api("linxiaohe", "POST", f"/affairs/{number}/steps/G1", json=place)
            pages = [
                district.page("linxiaohe", path).status_code
                for path in ("/", f"/affairs/{number}", f"/affairs/{number}/timeline")
            ]
            assert pages == [200, 200, 200]
