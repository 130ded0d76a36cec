"""Every form of the office, sent as no browser sends one: 4xx with the field named, never 5xx.
And every page, asked in its address for what is not there.

Both are those of the matrix (tests/web/test_matrix.py), whose table has every route.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, cast
from urllib.parse import urlencode

import httpx2
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match

from tests.web.forms import ORIGIN, Browser
from tests.web.matrix import EVERYBODY, Person, World, made
from tests.web.test_matrix import ROWS, Row
from web.asked import known
from web.problems import WATCHERS

NO_PAGES = ("/api/", "/live", "/static")
PAGES = [row for row in ROWS if row.method == "GET" and not row.path.startswith(NO_PAGES)]
FORMS = [row for row in ROWS if row.method == "POST" and not row.path.startswith("/api/")]
TOKEN = "form-token"
SEVERAL = {"affair", "fields"}
"""Fields of which a form asks for any number."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made(tmp_path_factory.mktemp("forms")) as found:
        yield found


@dataclass(frozen=True, slots=True)
class Form:
    """Takes the place of the world where one only wants to know what is sent."""

    world: World

    def ask(self, account: str, method: str, path: str, **sent: Any) -> tuple[str, dict[str, str]]:
        """The address, and the fields that are sent there."""
        del method
        # The only form without one is sent by the page that the provider leads back to.
        token = {} if path == "/signin/back" else {TOKEN: self.world.form_token(account)}
        return path, {**token, **sent.get("data", {})}

    def form(self, account: str, **fields: Any) -> dict[str, Any]:
        """The fields of a form that was drawn."""
        return self.world.form(account, **fields)

    def form_token(self, account: str) -> str:
        """The token of a form that was drawn."""
        return self.world.form_token(account)


def of(row: Row, world: World) -> tuple[Person, str, dict[str, str]]:
    """Somebody who may send the form, its address and its fields, those too that are drawn."""
    person = next(one for one in EVERYBODY if row.expected(one, "own") == row.passes)
    thing = world.thing(person, "own", affair=row.about == "affair")
    path, fields = cast(
        tuple[str, dict[str, str]], row.ask(cast(World, Form(world)), person, thing)
    )
    page = Browser(world.district, person.account).look(path)
    if page.action.partition("?")[0] == path.partition("?")[0]:
        drawn = {name: texts[0] for name, texts in (page.options | page.values).items()}
        fields = {name: fields.get(name, text) for name, text in drawn.items() if name}
    return person, path, fields


def sent(
    world: World, person: Person, path: str, fields: Sequence[tuple[str, str | bytes]]
) -> httpx2.Response:
    """The answer to the fields; bytes are sent as they are."""
    answer: httpx2.Response = world.district.client.post(
        path,
        content=urlencode(fields),
        headers={
            "Cookie": f"tenlines={world.district.cookies[person.account]}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": ORIGIN,
        },
        follow_redirects=False,
    )
    return answer


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_a_field_that_stands_twice_is_named(world: World, row: Row) -> None:
    person, path, fields = of(row, world)
    head = world.head()

    for name in fields.keys() - SEVERAL:
        answer = sent(world, person, path, [*fields.items(), (name, fields[name])])

        assert answer.status_code == 422, (name, answer.text)
        assert f"{name}：同一名称出现两次" in answer.text
    assert world.head() == head


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_a_field_that_no_form_has_is_named(world: World, row: Row) -> None:
    person, path, fields = of(row, world)
    head = world.head()

    for name, told in (("colour", "colour"), ("a\0b", r"a\x00b"), ("\u202eb", r"\u202eb")):
        answer = sent(world, person, path, [*fields.items(), (name, "red")])

        assert answer.status_code == 422, (name, answer.text)
        assert f"{told}：没有要求填写这一项" in answer.text
    assert world.head() == head


UNFIT = {"NUL": "a\0b", "half of a pair": b"\xed\xa0\x80", "100 KB": "长" * 33_334}


@pytest.mark.parametrize("text", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("row", FORMS, ids=str)
def test_a_text_that_cannot_be_kept_is_refused(world: World, row: Row, text: str | bytes) -> None:
    person, path, fields = of(row, world)
    head = world.head()

    for name in fields:
        answer = sent(world, person, path, [*({**fields, name: text}).items()])

        assert 400 <= answer.status_code < 500, (name, answer.status_code)
    assert world.head() == head


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_text_of_another_direction_breaks_nothing(world: World, row: Row) -> None:
    person, path, fields = of(row, world)

    for name in fields:
        answer = sent(world, person, path, [*({**fields, name: "\u202eשלום\u202c\u200f"}).items()])

        assert answer.status_code < 500, (name, answer.status_code)


@pytest.mark.parametrize("row", [row for row in PAGES if row.path not in WATCHERS], ids=str)
def test_no_page_takes_a_name_that_it_does_not_know_or_one_twice(world: World, row: Row) -> None:
    person, path, _ = of(row, world)
    bare = path.partition("?")[0]
    unknown = world.district.page(person.account, f"{bare}?colour=red")
    twice = world.district.page(person.account, f"{bare}?lang=zh&lang=zh")

    assert twice.status_code == 422
    assert "lang：同一名称出现两次" in twice.text
    # A client of OAuth 2.0 passes over what it does not know (RFC 6749 4.1.2).
    if row.path != "/signin/back":
        assert unknown.status_code == 422
        assert "colour：没有要求填写这一项" in unknown.text


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_a_file_in_the_place_of_a_text_is_named(world: World, row: Row) -> None:
    person, path, fields = of(row, world)
    head = world.head()

    for name in fields:
        rest = {one: text for one, text in fields.items() if one != name}
        answer = world.district.client.post(
            path,
            data=rest,
            files={name: ("名单.txt", "王芳".encode())},
            headers={
                "Cookie": f"tenlines={world.district.cookies[person.account]}",
                "Origin": ORIGIN,
            },
            follow_redirects=False,
        )

        assert 400 <= answer.status_code < 500, (name, answer.status_code)
        # Without its token nobody knows whose form it is.
        named = re.search(rf"不是文件|{name}：应", answer.text)
        assert name == TOKEN or named, (name, answer.text)
    assert world.head() == head


LIMITS = {
    "fields": ([(f"x{n}", "1") for n in range(401)], "一张表单至多带 400 项内容。"),
    "bad UTF-8": ([("summary", b"\xff")], "summary：应为 UTF-8 编码的文字"),
    "a bad name": ([(b"\xff", "1")], "：应为 UTF-8 编码的文字"),
}


@pytest.mark.parametrize(("fields", "told"), LIMITS.values(), ids=LIMITS)
@pytest.mark.parametrize("path", ["/affairs/new?matter=CG01", "/settings"])
def test_a_limit_that_was_passed_is_told(
    world: World, path: str, fields: Sequence[tuple[Any, Any]], told: str
) -> None:
    person = next(one for one in EVERYBODY if one.account == "linxiaohe")
    head = world.head()

    answer = sent(world, person, path, fields)

    assert answer.status_code in (413, 422)
    assert answer.headers["content-type"].startswith("text/html")
    assert told in answer.text
    assert "接下来怎么办" in answer.text
    assert world.head() == head


PARTS = {
    "files": (b'name="photos"; filename="a.txt"', 51, "one form holds at most 50 files"),
    "fields": (b'name="note"', 401, "one form holds at most 400 fields"),
}


@pytest.mark.parametrize(("part", "count", "told"), PARTS.values(), ids=PARTS)
def test_the_same_of_a_form_with_files(world: World, part: bytes, count: int, told: str) -> None:
    one = b"--x\r\nContent-Disposition: form-data; " + part + b"\r\n\r\na\r\n"

    answer = multipart(world, "/affairs/new?matter=CG01", one * count)

    assert answer.status_code == 413
    assert told in answer.text.lower()


def test_a_text_too_long_for_any_form_is_named(world: World) -> None:
    long = b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n' + b"a" * 1_100_000

    answer = multipart(world, "/affairs/new?matter=CG01", long + b"\r\n")

    assert answer.status_code == 422
    assert "note: a text of at most 1 MiB" in answer.text


def multipart(world: World, path: str, parts: bytes) -> httpx2.Response:
    """The answer to a form with these parts, in English."""
    answer: httpx2.Response = world.district.client.post(
        path,
        content=parts + b"--x--\r\n",
        headers={
            "Cookie": f"tenlines={world.district.cookies['linxiaohe']}",
            "Content-Type": "multipart/form-data; boundary=x",
            "Accept-Language": "en",
            "Origin": ORIGIN,
        },
    )
    return answer


STRANGE = ("\0", "\ufffd", "-1", "9" * 400, "长" * 3_000, "[]", "٣", "2011-02-30", '"><script>')


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_no_page_breaks_over_what_its_address_asks(world: World, row: Row) -> None:
    person, path, _ = of(row, world)
    bare = path.partition("?")[0]
    names = next(
        {*known(route.dependant)}
        for route in world.district.app.routes
        if isinstance(route, APIRoute)
        and route.matches({"type": "http", "path": bare, "method": "GET"})[0] is Match.FULL
    )

    for name, text in product(names, STRANGE):
        answer = world.district.page(person.account, f"{bare}?{urlencode({name: text})}")

        assert answer.status_code < 500, (name, text[:20], answer.text)
        assert "<script>" not in answer.text
