"""Every route × every role × own, sibling and foreign unit: answered as the matrix says.

A row says of a route which right it asks for, how what it is about is found, and what an answer
looks like that lets pass. Whoever has no such right at all gets 403; what lies out of reach gets
404 and is told like what is not there, by pages and by the API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from starlette.routing import Mount, Route

from tests.web import test_drafts as drafts
from tests.web.district import (
    ADDRESS,
    AREA,
    AREA_2,
    RESIDENT,
    SANITATION,
    SUMMARY,
    TELEPHONE,
    THEIR_AREA,
    doing,
    png,
    registration,
)
from tests.web.forms import Browser
from tests.web.matrix import (
    EVERYBODY,
    GONE,
    NOBODY,
    RIGHTS,
    ROLES,
    WHERE,
    Ask,
    Person,
    Thing,
    Where,
    World,
    made,
)
from tests.web.matrix import opened as session_of
from tests.web.test_commands import visit

About = Literal["", "affair", "area", "line", "session"]
"""What a request is about: nothing in particular, an affair, a place, a line of service, a session
with places, which is of another line than the affairs."""

PLACED = "WT"
"""The line whose affairs take places."""


@dataclass(frozen=True, slots=True)
class Row:
    """A route with what it asks for. name: distinguishes rows of one route.

    right: a row of the matrix; empty for whoever has signed in.
    passes: the answers of a request that is let pass. outside: of one out of reach.
    closed: False where nobody needs to have signed in.
    """

    method: str
    path: str
    right: str
    about: About
    ask: Ask
    passes: tuple[int, ...] = (200,)
    outside: int = 404
    closed: bool = True
    name: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.method, self.path, self.name)))

    @property
    def safe(self) -> bool:
        """Whether to ask changes nothing."""
        return self.method == "GET"

    def places(self, person: Person) -> tuple[Where, ...]:
        """Where the things lie that are asked for. Of another line even what is next door is."""
        if self.about == "session":
            # What is held for the next area is held for one's own.
            near = [where for where in WHERE if where != "sibling" or person.level != "A"]
            return tuple(near) if person.knows(PLACED) else ("own",)
        return WHERE if self.about in ("affair", "area") and person.line else ("own",)

    def expected(self, person: Person, where: Where) -> tuple[int, ...]:
        """The statuses that the matrix promises."""
        if not person.may(self.right):
            return (403,)
        if self.about == "":
            return self.passes
        line = PLACED if self.about == "session" else "CG"
        verdict = person.verdict(self.right, where, affair=self.about == "affair", line=line)
        if verdict == "out of reach" and self.about == "line":
            return (403,)
        return {"passes": self.passes, "no right": (403,), "out of reach": (self.outside,)}[verdict]


def look(path: str) -> Ask:
    """Ask for an address; `{number}`, `{id}`, `{photo}`, `{area}`, `{session}` stand for what is
    meant."""
    return lambda world, who, thing: world.ask(who.account, "GET", filled(path, thing))


def filled(path: str, thing: Thing) -> str:
    """The path, about this thing."""
    return path.format(
        number=thing.number,
        id=thing.id,
        photo=thing.photo,
        area=thing.area,
        session=thing.session,
    )


def send(path: str, *, json: Any = None, **sent: Any) -> Ask:
    """Send something to an address of the API."""

    def ask(world: World, who: Person, thing: Thing) -> httpx2.Response:
        told = dict(sent, json=json(thing) if callable(json) else json) if json else sent
        return world.ask(who.account, "POST", filled(path, thing), **told)

    return ask


def fill(path: str, **fields: str) -> Ask:
    """Send the form of a page."""
    return lambda world, who, thing: world.ask(
        who.account,
        "POST",
        filled(path, thing),
        **world.form(who.account, **{key: filled(text, thing) for key, text in fields.items()}),
    )


def plain(path: str, **fields: str) -> Ask:
    """Send a form that carries nothing but its fields."""
    return lambda world, who, thing: world.ask(
        who.account, "POST", filled(path, thing), data=fields
    )


def token(path: str, **fields: str) -> Ask:
    """Send a form that carries its token and these fields."""
    return lambda world, who, thing: world.ask(
        who.account,
        "POST",
        filled(path, thing),
        data={
            "form-token": world.form_token(who.account),
            **{key: filled(text, thing) for key, text in fields.items()},
        },
    )


def own(path: str) -> Ask:
    """Look at one's own account."""
    return lambda world, who, thing: world.ask(who.account, "GET", path.format(account=who.account))


def unit_form() -> dict[str, str]:
    """What the form of a unit sends."""
    return {
        "command_id": str(uuid4()),
        "asked_at": "2011-07-25T16:00:00+08:00",
        "name": "改名片区",
        "valid_from": "2011-07-25",
    }


def publication_form() -> dict[str, str]:
    """What the form of a publication sends."""
    at = "2011-07-25T16:00:00+08:00"
    return {"command_id": str(uuid4()), "asked_at": at, "draft": "1"}


def given(thing: Thing) -> dict[str, Any]:
    """What is sent to assign one affair."""
    at = "2011-07-25T16:00:00+08:00"
    return {"affairs": [thing.number], "account": "suqing", "occurred_at": at}


def session(thing: Thing) -> dict[str, Any]:
    """What is sent to open a session."""
    return {
        "matter": "WT01",
        "unit": thing.community,
        "title": "国画课",
        "venue": "社区活动室",
        "capacity": 20,
        "standby": 5,
        "starts_at": "2011-07-29T14:00:00+08:00",
        "ends_at": "2011-07-29T16:00:00+08:00",
        "occurred_at": "2011-07-25T16:00:00+08:00",
    }


RUNS, BOOKS = "run_offerings", "run_offerings or register_affair"
RESIZED: dict[str, Any] = {
    "resize": {"capacity": 2, "standby": 2, "occurred_at": "2011-07-25T16:05:00+08:00"},
    "cancel": {"reason": "老师生病", "occurred_at": "2011-07-25T16:05:00+08:00"},
}
"""What is done about a session, and what is sent to do it."""


def read_draft() -> dict[str, Any]:
    """What is sent to publish the first draft."""
    return {"draft": 1, "occurred_at": "2011-07-25T16:00:00+08:00"}


REVEALING = {"fields": ["telephone"], "reason": "contact"}


def revealing() -> dict[str, str]:
    """What the form of a look sends."""
    return {"command-id": str(uuid4()), "fields": "telephone", "reason": "contact", "note": ""}


API, NOW = "/api/v1", doing("07-25 16:00")
OF_AFFAIR = {
    "work_affair": "remind",
    "assist_affair": "sign_in",
    "refer": "open_joint",
    "extend_or_suspend": "suspend",
    "return_visit": "return_visit",
    "supervise": "supervise",
    "assign_affair": "assign",
}
"""An action that asks for each right."""


def rows() -> Iterator[Row]:
    """The whole table."""
    view, public = "view_affair", ""
    # --- the API
    yield Row("GET", f"{API}/affairs", view, "", look(f"{API}/affairs?open=all"))
    for part in ("", "/history", "/state", "/options"):
        path = f"{API}/affairs/{{affair}}{part}"
        yield Row("GET", path, view, "affair", look(f"{API}/affairs/{{number}}{part}"))
        yield Row("GET", path, view, "affair", look(f"{API}/affairs/{{id}}{part}"), name="by id")
    yield Row(
        "GET",
        f"{API}/attachments/{{attachment}}",
        view,
        "affair",
        look(f"{API}/attachments/{{photo}}"),
    )
    yield Row("GET", f"{API}/assignments", "assign_affair", "", look(f"{API}/assignments"))
    yield Row(
        "GET",
        f"{API}/statistics",
        "statistics",
        "",
        look(f"{API}/statistics?from=2011-07-01&to=2011-07-31"),
    )
    yield Row("GET", f"{API}/audit", "read_audit_trail", "", look(f"{API}/audit"))
    yield Row(
        "GET",
        f"{API}/audit",
        "read_audit_trail",
        "affair",
        look(f"{API}/audit?affair={{number}}"),
        name="of one",
    )
    yield Row("GET", f"{API}/lines", public, "", look(f"{API}/lines"))
    yield Row("GET", f"{API}/lines/{{code}}", public, "", look(f"{API}/lines/CG"))
    line, both = f"{API}/lines/CG", "draft_line or publish_line"
    yield Row("GET", f"{API}/drafts", both, "", look(f"{API}/drafts"))
    yield Row(
        "GET",
        f"{API}/lines/{{code}}/differences",
        public,
        "",
        look(f"{line}/differences?old=2011.1&new=2011.1"),
    )
    yield Row(
        "GET",
        f"{API}/lines/{{code}}/differences",
        both,
        "",
        look(f"{line}/differences?new=2011.9"),
        (404,),
        name="of a draft",
    )
    version = f"{API}/lines/{{code}}/versions/{{version}}"
    days = "from=2011-07-01&to=2011-07-31"
    way = f"{line}/versions/2011.1/trial?{days}"
    yield Row("GET", f"{version}/trial", both, "", look(way))
    way = f"{line}/versions/2011.1/migration"
    yield Row("GET", f"{version}/migration", "publish_line", "", look(way))
    yield Row(
        "POST", f"{version}/migration", "publish_line", "", send(way, json={"reason": "按新版本"})
    )
    yield Row(
        "POST",
        f"{API}/drafts",
        "draft_line",
        "",
        send(f"{API}/drafts", json=drafts.body()),
        (201,),
    )
    yield Row(
        "POST",
        f"{version}/publication",
        "publish_line",
        "",
        send(f"{line}/versions/2011.2/publication", json=read_draft()),
        (201,),
    )
    yield Row(
        "POST",
        f"{API}/affairs",
        "register_affair",
        "area",
        send(f"{API}/affairs", json=lambda thing: registration(area=thing.area)),
        (201,),
    )
    yield Row(
        "POST",
        f"{API}/affairs",
        "register_affair",
        "area",
        send(f"{API}/affairs", json=lambda thing: registration(area="", community=thing.community)),
        (201,),
        name="of a community",
    )
    yield Row(
        "POST",
        f"{API}/visits",
        "record_visit",
        "area",
        send(f"{API}/visits", json=lambda thing: visit(area=thing.area)),
        (201,),
    )
    for name, key in (("", "{number}"), ("by id", "{id}")):
        affair = f"{API}/affairs/{key}"
        yield Row(
            "POST",
            f"{API}/affairs/{{affair}}/steps/{{step}}",
            "work_affair",
            "affair",
            send(f"{affair}/steps/G1", json=doing("07-25 16:00", place="116.99,36.65")),
            name=name,
        )
        yield Row(
            "POST",
            f"{API}/affairs/{{affair}}/entries/{{entry}}",
            "work_affair",
            "affair",
            send(
                f"{affair}/entries/supplement_notice",
                json=doing("07-25 16:00", missing_list="身份证"),
            ),
            name=name,
        )
        for right, action in OF_AFFAIR.items():
            yield Row(
                "POST",
                f"{API}/affairs/{{affair}}/actions/{{action}}",
                right,
                "affair",
                send(f"{affair}/actions/{action}", json=NOW),
                name=f"{right} {name}".strip(),
            )
        yield Row(
            "POST",
            f"{API}/affairs/{{affair}}/attachments",
            "work_affair",
            "affair",
            send(f"{affair}/attachments", files={"file": ("a.txt", b"x")}),
            (201,),
            name=name,
        )
    yield Row(
        "POST",
        f"{API}/assignments",
        "assign_affair",
        "affair",
        send(f"{API}/assignments", json=given),
        (207,),
    )
    one = f"{API}/offerings/{{offering}}"
    there = f"{API}/offerings/{{session}}"
    yield Row("GET", f"{API}/offerings", BOOKS, "", look(f"{API}/offerings"))
    yield Row("GET", one, BOOKS, "session", look(there))
    yield Row(
        "POST", f"{API}/offerings", RUNS, "session", send(f"{API}/offerings", json=session), (201,)
    )
    for deed, told in RESIZED.items():
        yield Row("POST", f"{one}/{deed}", RUNS, "session", send(f"{there}/{deed}", json=told))
    for name, key in (("", "{number}"), ("by id", "{id}")):
        yield Row(
            "POST",
            f"{API}/affairs/{{affair}}/reveal",
            "reveal",
            "affair",
            send(f"{API}/affairs/{key}/reveal", json=REVEALING),
            name=name,
        )
    # --- the pages
    yield Row("GET", "/offerings", BOOKS, "", look("/offerings"))
    yield Row("GET", "/offerings/new", RUNS, "", look("/offerings/new"))
    yield Row("POST", "/offerings/new", RUNS, "", fill("/offerings/new"), (422,))
    page = "/offerings/{offering}"
    yield Row("GET", page, BOOKS, "session", look("/offerings/{session}"))
    for deed in RESIZED:
        way = f"/offerings/{{session}}?do={deed}"
        yield Row("GET", page, RUNS, "session", look(way), name=deed)
        yield Row("POST", page, RUNS, "session", fill(way), (422,), name=deed)
    yield Row("GET", "/", view, "", look("/?show=all"))
    yield Row("GET", "/assignments", "assign_affair", "", look("/assignments"))
    asked = {"command_id": str(uuid4()), "affair": "{number}", "account": "suqing"}
    yield Row(
        "POST",
        "/assignments",
        "assign_affair",
        "affair",
        token("/assignments", **asked),
        outside=200,
    )
    yield Row("GET", "/live", view, "", look("/live"))
    yield Row("GET", "/find", view, "", look("/find"))
    yield Row("GET", "/find", view, "affair", look("/find?number={number}"), (303,), name="one")
    for part in ("", "/timeline", "/materials", "/relations", "/history"):
        path = f"/affairs/{{affair}}{part}"
        yield Row("GET", path, view, "affair", look(f"/affairs/{{number}}{part}"))
    yield Row("GET", "/affairs/{affair}", view, "affair", look("/affairs/{id}"), name="by id")
    path, way = "/affairs/{affair}/reveal", "/affairs/{number}/reveal"
    yield Row("GET", path, "reveal", "affair", look(way))
    yield Row("POST", path, "reveal", "affair", token(way, **revealing()))
    yield Row("GET", "/attachments/{attachment}", view, "affair", look("/attachments/{photo}"))
    for right, action in OF_AFFAIR.items():
        # To assign what is restricted is the API's: every form shows the affair it is about.
        path, way = "/affairs/{affair}/{kind}/{name}", f"/affairs/{{number}}/actions/{action}"
        yield Row("GET", path, right, "affair", look(way), (200, 409), name=right)
        yield Row("POST", path, right, "affair", fill(way), (303, 409, 422), name=right)
    yield Row(
        "GET",
        "/affairs/{affair}/{kind}/{name}",
        "work_affair",
        "affair",
        look("/affairs/{number}/steps/G1"),
        (200, 409),
        name="a step",
    )
    yield Row("GET", "/affairs/new", "register_affair", "", look("/affairs/new"))
    yield Row(
        "GET",
        "/affairs/new",
        "register_affair",
        "line",
        look("/affairs/new?matter=CG01"),
        name="of a matter",
    )
    yield Row(
        "POST",
        "/affairs/new",
        "register_affair",
        "line",
        fill("/affairs/new?matter=CG01", **{"own-unit": "{area}"}),
        (200, 422),
    )
    yield Row("GET", "/filters", view, "", look("/filters"))
    for path, fields in (
        ("/filters", {"name": "x", "address": "/"}),
        ("/filters/rename", {"name": "x", "to": "y"}),
        ("/filters/drop", {"name": "x"}),
    ):
        yield Row("POST", path, view, "", token(path, **fields), (303,))
    yield Row("GET", "/handed-on", public, "", look("/handed-on?number=CG-2011-0001"))
    for path in ("/procedures", "/units", "/settings"):
        yield Row("GET", path, public, "", look(path))
    yield Row("GET", "/procedures/{code}", public, "", look("/procedures/CG"))
    page, versions = "/procedures/{code}/versions", "/procedures/CG/versions"
    yield Row("GET", page, public, "", look(versions))
    yield Row("GET", f"{page}/{{version}}", public, "", look(f"{versions}/2011.1"))
    yield Row(
        "GET", f"{page}/{{version}}", both, "", look(f"{versions}/2011.9"), (404,), name="a draft"
    )
    yield Row(
        "GET",
        f"{page}/{{version}}",
        both,
        "",
        look(f"{versions}/2011.1?{days}"),
        name="to try it",
    )
    yield Row(
        "POST",
        f"{page}/{{version}}",
        "publish_line",
        "",
        token(f"{versions}/2011.3", **publication_form()),
        (303,),
    )
    path, way = f"{page}/{{version}}/migration", f"{versions}/2011.1/migration"
    yield Row("GET", path, "publish_line", "", look(way))
    yield Row("POST", path, "publish_line", "", token(way, reason="按新版本"), (200,))
    yield Row("GET", "/drafts", both, "", look("/drafts"))
    yield Row("POST", "/drafts", "draft_line", "", token("/drafts", note="x"), (422,))
    yield Row("GET", "/units/{code:path}", public, "", look("/units/{area}"))
    yield Row(
        "GET",
        "/units/{code:path}",
        "register_unit",
        "area",
        look("/units/{area}?do=rename"),
        name="to change it",
    )
    yield Row(
        "POST",
        "/units/{code:path}",
        "register_unit",
        "area",
        token("/units/{area}?do=rename", **unit_form()),
        (303,),
    )
    yield Row(
        "POST",
        "/settings",
        public,
        "",
        token("/settings", language="zh", theme="light", shortcuts="on"),
        (303,),
    )
    keeper = "accounts or role_grants or read_audit_trail"
    yield Row("GET", "/accounts", keeper, "", look("/accounts"))
    sought = token("/accounts/all/find", text="敏", kind="all")
    yield Row("POST", "/accounts/all/find", keeper, "", sought)
    for part in ("", "/rights"):
        path = "/accounts/{account}" + part
        yield Row("GET", path, keeper, "", look(f"/accounts/sunping{part}"))
        yield Row("GET", path, public, "", own(f"/accounts/{{account}}{part}"), name="own")
    # What is done about an account: its form, and the form sent.
    for deed, right in (("rename", "accounts"), ("grant&role=CW", "role_grants")):
        way = f"/accounts/sunping?do={deed}"
        yield Row("GET", "/accounts/{account}", right, "", look(way), name=deed)
        yield Row("POST", "/accounts/{account}", right, "", token(way), (422,), name=deed)
    yield Row("POST", "/accounts", "accounts", "", token("/accounts?do=open"), (422,))
    yield Row("GET", "/rights", public, "", look("/rights"))
    yield Row("GET", "/masks", public, "", look("/masks"))
    yield Row("GET", "/audit", "read_audit_trail", "", look("/audit"))
    of_one = look("/audit?affair={number}")
    yield Row("GET", "/audit", "read_audit_trail", "affair", of_one, name="of one")
    yield Row("GET", "/audit/door", "read_audit_trail", "", look("/audit/door"))
    yield Row("GET", "/sessions", public, "", look("/sessions"))
    yield Row("GET", "/sessions/factor", public, "", look("/sessions/factor"))
    yield Row("POST", "/sessions/factor", public, "", token("/sessions/factor"), (303, 422))
    unlinked = f"/sessions/identity/{GONE.id}/unlink"
    path = "/sessions/identity/{identity}/unlink"
    yield Row("POST", path, public, "", token(unlinked), (303, 404))
    yield Row("GET", "/role", public, "", look("/role"))
    # What one does with one's own session; of somebody else's nothing is known.
    other = f"/sessions/{GONE.id}/end"
    yield Row("POST", "/sessions/{session}/end", public, "", token(other), (303, 404))
    yield Row("POST", "/sessions/password", public, "", token("/sessions/password"), (303, 422))
    yield Row("POST", "/sessions/identity", public, "", token("/sessions/identity"), (200, 404))
    # --- for whoever comes; a form that was not drawn for who sends it is refused
    for path in ("/signin", "/signin/back", "/api/openapi.json", "/healthz", "/readyz", "/metrics"):
        yield Row("GET", path, public, "", look(path), closed=False)
    yield Row("GET", "/static", public, "", look("/static/tenlines.css"), closed=False)
    for path, status in (("/signin/code", 401), ("/signin/with", 404)):
        yield Row("GET", path, public, "", look(path), (status,), closed=False)
    yield Row("GET", "/invitation/{token}", public, "", look("/invitation/x"), (410,), closed=False)
    for path, fields in (
        ("/signin", {"account": "x", "password": "x"}),
        ("/signin/code", {"code": "1"}),
        ("/signout", {}),
        ("/signout/everywhere", {}),
        ("/role", {"grant": GONE.id}),
    ):
        yield Row("POST", path, public, "", plain(path, **fields), (403,), closed=False)
    yield Row(
        "POST", "/invitation/{token}", public, "", plain("/invitation/x"), (403,), closed=False
    )
    yield Row("POST", "/signin/back", public, "", plain("/signin/back"), (404,), closed=False)


ROWS = tuple(rows())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A district that is only looked at."""
    with made(tmp_path_factory.mktemp("matrix")) as found:
        yield found


# --- the table is whole -------------------------------------------------------------------------


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """Every way to ask the application."""
    found: set[tuple[str, str]] = set()
    for route in app.routes:
        assert isinstance(route, Route | Mount), route
        methods = (route.methods or set()) - {"HEAD"} if isinstance(route, Route) else {"GET"}
        found |= {(method, route.path) for method in methods}
    return found


def test_every_route_has_its_row(world: World) -> None:
    assert routes_of(world.district.app) == {(row.method, row.path) for row in ROWS}


def test_a_route_without_a_row_is_caught(world: World) -> None:
    del world
    app = FastAPI()
    app.add_api_route("/affairs/{affair}/secrets", lambda: None, methods=["GET"])

    assert not routes_of(app) <= {(row.method, row.path) for row in ROWS}


def test_every_role_asks_and_every_right_that_a_route_may_ask_for_is_known() -> None:
    assert {person.role for person in EVERYBODY} == set(ROLES)
    assert {right for row in ROWS for right in row.right.split(" or ")} <= {"", *RIGHTS}


# --- what each combination is answered -----------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_route_answers_each_role_as_the_matrix_says(
    world: World, row: Row, record_property: Any
) -> None:
    wrong: list[str] = []
    missing: dict[str, Any] = {}
    asked, head = 0, world.head()
    for person in EVERYBODY if row.right else EVERYBODY[: len(ROLES)]:
        for where in row.places(person):
            expected = row.expected(person, where)
            if not row.safe and row.closed and expected == row.passes:
                continue
            thing = world.thing(person, where, affair=row.about == "affair")
            answer = row.ask(world, person, thing)
            asked += 1
            if status_of(answer) not in expected:
                wrong.append(
                    f"{person}, {where}: {answer.status_code}, not {expected}: {told(answer)[:300]}"
                )
            elif answer.status_code == 403 and row.path.startswith(API):
                named = answer.json()["action"]
                if named != row.right and person.may(named):
                    wrong.append(f"{person}, {where}: {named} is said to be missing")
            # Forms of intake are drawn again; all else is told like what is not there.
            if expected == (row.outside,) and row.outside != 422:
                if person.account not in missing:
                    missing[person.account] = seen(row.ask(world, person, GONE), GONE)
                if seen(answer, thing) != missing[person.account]:
                    wrong.append(f"{person}, {where}: told apart from what is missing")

    record_property("combinations", asked)
    assert not wrong, wrong[:3]
    assert world.head() == head


def status_of(answer: httpx2.Response) -> int:
    """The status; of one of many, its own."""
    if answer.status_code == 207:
        (one,) = answer.json()["results"]
        return int(one["status"])
    return answer.status_code


def told(answer: httpx2.Response) -> str:
    """The body as a text."""
    return answer.text if "text" in answer.headers.get("content-type", "") else str(answer.content)


def seen(answer: httpx2.Response, thing: Thing) -> tuple[Any, ...]:
    """All that whoever asked for a thing is told, but for the name that was asked for."""
    text = answer.text
    named = (thing.number, thing.id, thing.photo, thing.session, thing.area, thing.community)
    for key in filter(None, named):
        text = text.replace(key, "…")
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, headers, text


@pytest.mark.parametrize("row", [row for row in ROWS if row.closed], ids=str)
def test_nobody_gets_in_without_having_signed_in(world: World, row: Row) -> None:
    head = world.head()

    answer = row.ask(world, NOBODY, world.things["zhoumin", "own"])

    if row.path.startswith((API, "/live")):
        assert answer.status_code == 401
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/signin")
    assert world.head() == head


# --- and each way to change something lets somebody ----------------------------------------------


def stored(world: World, by: str, path: str, **sent: Any) -> httpx2.Response:
    """Send it to the API about a new affair of the first area."""
    number = world.district.registered()["number"]
    return world.ask(by, "POST", f"{API}{path.format(number=number)}", **sent)


def taken_in(world: World) -> httpx2.Response:
    """An affair that is taken in by pages, from the form to the last button."""
    browser = Browser(world.district, "sunping")
    page = browser.send(
        browser.look("/affairs/new?matter=CG02"),
        "下一步：核对",
        own__source="hall",
        own__unit=THEIR_AREA,
        own__summary=SUMMARY,
        own__applicant=RESIDENT,
        own__telephone=TELEPHONE,
        own__address=ADDRESS,
    )
    return browser.post(page, "确认登记")


def reminded(world: World) -> httpx2.Response:
    """A reminder, by its page."""
    browser = Browser(world.district, "zhoumin")
    number = world.district.registered()["number"]
    page = browser.look(f"/affairs/{number}/actions/remind")
    return browser.post(page, "催办")


def renamed(world: World) -> httpx2.Response:
    """Another name for the second area."""
    return with_token(world, "zhoumin", f"/units/{AREA_2}?do=rename", **unit_form())


def with_token(world: World, by: str, path: str, **fields: str) -> httpx2.Response:
    """A form of somebody's."""
    return world.ask(by, "POST", path, data={"form-token": world.form_token(by), **fields})


def handed_out(world: World) -> httpx2.Response:
    """An affair given to a colleague, by the page for many."""
    number = world.district.registered()["number"]
    asked = {"command_id": str(uuid4()), "affair": number, "account": "suqing"}
    return with_token(world, "zhoumin", "/assignments", **asked)


def looked(world: World) -> httpx2.Response:
    """A telephone number looked at in clear, by its form."""
    number = world.district.registered()["number"]
    return with_token(world, "linxiaohe", f"/affairs/{number}/reveal", **revealing())


def opened(world: World) -> httpx2.Response:
    """An account that an administrator opens."""
    asked = {"command-id": str(uuid4()), "account": "tanhe", "name": "谭禾"}
    return with_token(world, "shilei", "/accounts?do=open", **asked)


def called_otherwise(world: World) -> httpx2.Response:
    """Another name of somebody."""
    asked = {"command-id": str(uuid4()), "name": "孙平"}
    return with_token(world, "shilei", "/accounts/sunping?do=rename", **asked)


def held(world: World) -> httpx2.Response:
    """A session that a director opens by its page."""
    told = {
        **{name: str(value) for name, value in session(Thing(AREA)).items()},
        "starts_at": "2011-07-29T14:00",
        "ends_at": "2011-07-29T16:00",
        "command-id": str(uuid4()),
        "drawn-version": "0",
    }
    told.pop("occurred_at")
    return with_token(world, "zhoumin", "/offerings/new", **told)


def changed(world: World, deed: str) -> httpx2.Response:
    """A session of the first community, changed by the API."""
    id_ = session_of(world.district, AREA[:12])
    return world.ask("suqing", "POST", f"{API}/offerings/{id_}/{deed}", json=RESIZED[deed])


def called_off(world: World) -> httpx2.Response:
    """A session that does not take place, by its page."""
    id_ = session_of(world.district, AREA[:12])
    asked = {"command-id": str(uuid4()), "drawn-version": "1", "reason": "老师生病"}
    return with_token(world, "zhoumin", f"/offerings/{id_}?do=cancel", **asked)


def draft_form() -> dict[str, str]:
    """What the form of a draft sends."""
    text = drafts.text_of("2011.3", since="2011-07-25")
    return {"asked-at": "2011-07-25T16:00:00+08:00", "text": text, "note": "试行"}


def moved_by_page(world: World) -> httpx2.Response:
    """Whatever runs goes on under the version that was published by its page."""
    stored(world, "linxiaohe", "/affairs/{number}/steps/G1", json=doing(WHEN, **PLACE))
    path = "/procedures/CG/versions/2011.3/migration"
    return with_token(world, "hemei", path, reason="按新版本办理")


def moved(world: World) -> httpx2.Response:
    """Whatever runs goes on under the version that was published just now."""
    stored(world, "linxiaohe", "/affairs/{number}/steps/G1", json=doing(WHEN, **PLACE))
    path = f"{API}/lines/CG/versions/2011.2/migration"
    return world.ask("hemei", "POST", path, json={"reason": "按新版本办理"})


WHEN = "07-25 16:00"
PLACE = {"place": "116.99,36.65", "note": "占道三米"}
STORING: dict[tuple[str, int], Callable[[World], httpx2.Response]] = {
    ("/api/v1/affairs", 201): lambda world: world.ask(
        "linxiaohe", "POST", f"{API}/affairs", json=registration()
    ),
    ("/api/v1/affairs/{affair}/steps/{step}", 200): lambda world: stored(
        world, "linxiaohe", "/affairs/{number}/steps/G1", json=doing(WHEN, **PLACE)
    ),
    ("/api/v1/affairs/{affair}/entries/{entry}", 200): lambda world: stored(
        world,
        "suqing",
        "/affairs/{number}/entries/supplement_notice",
        json=doing(WHEN, missing_list="身份证"),
    ),
    ("/api/v1/affairs/{affair}/actions/{action}", 200): lambda world: stored(
        world, "zhoumin", "/affairs/{number}/actions/open_joint", json=doing(WHEN, unit=SANITATION)
    ),
    ("/api/v1/assignments", 207): lambda world: world.ask(
        "zhoumin",
        "POST",
        f"{API}/assignments",
        json=given(Thing(AREA, world.district.registered()["number"])),
    ),
    ("/api/v1/drafts", 201): lambda world: world.ask(
        "mengzhu", "POST", f"{API}/drafts", json=drafts.body(since="2011-07-25")
    ),
    ("/api/v1/lines/{code}/versions/{version}/publication", 201): lambda world: world.ask(
        "hemei", "POST", f"{API}/lines/CG/versions/2011.2/publication", json=read_draft()
    ),
    ("/api/v1/lines/{code}/versions/{version}/migration", 200): moved,
    ("/api/v1/visits", 201): lambda world: world.ask(
        "linxiaohe", "POST", f"{API}/visits", json=visit()
    ),
    ("/api/v1/offerings", 201): lambda world: world.ask(
        "zhoumin", "POST", f"{API}/offerings", json=session(Thing(AREA))
    ),
    ("/api/v1/offerings/{offering}/resize", 200): lambda world: changed(world, "resize"),
    ("/api/v1/offerings/{offering}/cancel", 200): lambda world: changed(world, "cancel"),
    ("/offerings/new", 303): held,
    ("/offerings/{offering}", 303): called_off,
    ("/drafts", 303): lambda world: with_token(
        world, "mengzhu", "/drafts", **{"command-id": str(uuid4())}, **draft_form()
    ),
    ("/procedures/{code}/versions/{version}", 303): lambda world: with_token(
        world, "hemei", "/procedures/CG/versions/2011.3", **publication_form()
    ),
    ("/procedures/{code}/versions/{version}/migration", 200): moved_by_page,
    ("/api/v1/affairs/{affair}/reveal", 200): lambda world: stored(
        world, "linxiaohe", "/affairs/{number}/reveal", json=REVEALING
    ),
    ("/affairs/{affair}/reveal", 200): looked,
    ("/affairs/new", 303): taken_in,
    ("/affairs/{affair}/{kind}/{name}", 303): reminded,
    ("/units/{code:path}", 303): renamed,
    ("/assignments", 200): handed_out,
    ("/accounts", 200): opened,
    ("/accounts/{account}", 303): called_otherwise,
}
"""What goes into the log."""
KEEPING: dict[tuple[str, int], Callable[[World], httpx2.Response]] = {
    ("/api/v1/affairs/{affair}/attachments", 201): lambda world: stored(
        world, "linxiaohe", "/affairs/{number}/attachments", files={"file": ("gate.png", png())}
    ),
    ("/filters", 303): lambda world: with_token(
        world, "suqing", "/filters", name="迟的", address="/?due=late"
    ),
    ("/filters/rename", 303): lambda world: with_token(
        world, "suqing", "/filters/rename", name="迟的", to="早该办的"
    ),
    ("/filters/drop", 303): lambda world: with_token(
        world, "suqing", "/filters/drop", name="早该办的"
    ),
    ("/settings", 303): lambda world: with_token(
        world, "anning", "/settings", language="en", theme="dark", shortcuts="off"
    ),
    ("/accounts/all/find", 200): lambda world: with_token(
        world, "bailu", "/accounts/all/find", text="敏"
    ),
}
"""What is kept elsewhere, with the attachments, at the door, and what is only looked for. Later
ones need the earlier."""


DOOR = ("/signin", "/signout", "/invitation", "/sessions", "/role")
"""Ways in and out, which need no right: tests/web/test_door.py goes them."""


def test_every_way_to_change_something_is_tried() -> None:
    unsafe = {row.path for row in ROWS if not row.safe and not row.path.startswith(DOOR)}

    assert sorted(path for path, _ in (*STORING, *KEEPING)) == sorted(unsafe)


@pytest.mark.parametrize("way", STORING, ids=lambda way: way[0])
def test_who_may_do_it_does_it(world: World, way: tuple[str, int]) -> None:
    head = world.head()

    answer = STORING[way](world)

    assert answer.status_code == way[1], told(answer)
    if answer.status_code == 207:
        assert status_of(answer) == 200, told(answer)
    # Some first register what they are about.
    assert world.head() > head + (way[0] not in ONE)


ONE = (
    "/api/v1/affairs",
    "/api/v1/drafts",
    "/api/v1/lines/{code}/versions/{version}/publication",
    "/api/v1/visits",
    "/api/v1/offerings",
    "/offerings/new",
    "/drafts",
    "/procedures/{code}/versions/{version}",
    "/affairs/new",
    "/units/{code:path}",
    "/accounts",
    "/accounts/{account}",
)
"""What needs no affair that is there."""


@pytest.mark.parametrize("way", KEEPING, ids=lambda way: way[0])
def test_what_is_no_event_is_done_too(world: World, way: tuple[str, int]) -> None:
    assert KEEPING[way](world).status_code == way[1]
