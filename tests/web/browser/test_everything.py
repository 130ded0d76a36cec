"""Every page × every role × both languages: nothing for axe to find, no sideways scroll.

The addresses are those of the matrix (tests/web/test_matrix.py), whose table has every route. What
a role is refused is a page like any other. A page is a frame and what stands in it: where each has
been looked at in that language, whoever's it was, it is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import Browser

from tests.web.browser.looking import found_on, opened
from tests.web.matrix import EVERYBODY, ROLES, Person, World, made
from tests.web.serving import served
from tests.web.test_matrix import ROWS, Row

pytestmark = [pytest.mark.browser, pytest.mark.faults]

NO_PAGES = (
    "/api/", "/live", "/static", "/attachments/", "/healthz", "/readyz", "/metrics",
)  # fmt: skip
PAGES = tuple(row for row in ROWS if row.method == "GET" and not row.path.startswith(NO_PAGES))
NOBODY = "nobody is in"


class Addresses:
    """Takes the place of the world where one only wants to know what is asked for."""

    def ask(self, account: str, method: str, path: str, **sent: Any) -> str:
        """The address."""
        assert method == "GET"
        assert not sent
        return path


def addresses(row: Row, world: World, person: Person) -> Iterator[str]:
    """What a row asks for as somebody: what is their own, and what lies out of reach."""
    for where in dict.fromkeys((row.places(person)[0], row.places(person)[-1])):
        thing = world.thing(person, where, affair=row.about == "affair")
        yield cast(str, row.ask(cast(World, Addresses()), person, thing))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A district with something at every place."""
    with made(tmp_path_factory.mktemp("everything")) as found:
        yield found


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with served(world.district.app) as found:
        yield found


@pytest.fixture(scope="module")
def seen() -> dict[str, set[str]]:
    """The parts of pages that have been looked at, by language."""
    return {"zh": set(), "en": set()}


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", [*(role.value for role in ROLES), NOBODY])
def test_every_page_shuts_nobody_out(
    world: World,
    address: str,
    chromium: Browser,
    seen: dict[str, set[str]],
    role: str,
    language: str,
) -> None:
    person = next((one for one in EVERYBODY if one.role.value == role), EVERYBODY[0])
    token = "" if role == NOBODY else world.district.cookies[person.account]
    wrong: dict[str, list[str]] = {}
    looked = 0
    with opened(chromium, address, token, language) as window:
        for path in dict.fromkeys(path for row in PAGES for path in addresses(row, world, person)):
            status, html = window.fetch(path)
            assert status < 500, path
            parts = parts_of(html)
            if not parts <= seen[language]:
                seen[language] |= parts
                assert window.look(path) == status
                looked += 1
                found = [*found_on(window.page), *window.complaints()]
                if found:
                    print(path, found)
                    wrong[path] = found

    print(f"{role} {language}: {looked} pages")
    assert wrong == {}


# Addresses, tokens and numbers are other ones, and nothing that is drawn. The title says the same
# as the heading, and is printed.
def parts_of(html: str) -> set[str]:
    """The frame of a page and what stands in it, without what differs where the same is drawn."""
    html = re.sub(r'(href|value|action|id|for)="[^"]*"', "", html)
    html = re.sub(r"[A-Z]{2}-\d{4}-\d{4,}|[0-9a-f]{8,}", "", html)
    before, main, inside = html.partition("<main")
    assert main, html
    frame = re.sub(r'(?s)<title>.+?</title>|<div class="print-only">.+?</div>', "", before)
    return {frame, inside}


def test_a_page_with_something_else_in_it_or_around_it_is_another(
    world: World, address: str, chromium: Browser
) -> None:
    shapes = []
    for role, path in (
        ("CD", "/find"), ("CD", "/find"), ("CD", "/units"), ("CD", "/nowhere"),
        ("CD", "/nowhere/else"), ("AUD", "/nowhere"),
    ):  # fmt: skip
        person = next(one for one in EVERYBODY if one.role.value == role)
        with opened(chromium, address, world.district.cookies[person.account]) as window:
            shapes.append(parts_of(window.fetch(path)[1]))

    assert shapes[0] == shapes[1] != shapes[2]
    assert shapes[3] == shapes[4] != shapes[5]
    assert shapes[3] & shapes[5]
