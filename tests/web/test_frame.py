"""What every page stands in: modules by right, language, light and dark, print head; search by
number, settings, and the pages that say no."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from domain import errors as e
from domain.actor import Actor, Role
from tests.web.district import PEOPLE, SUMMARY, District, told
from tests.web.test_door import ORIGIN
from tests.web.test_pages import Seen
from web.pages import find
from web.pages.frame import MODULES, STATIC, modules_of
from web.problems import HTTP_CODES, http_problem
from web.refusals import TABLE
from web.words import words_of
from workflows.rights import matrix


@pytest.fixture(scope="module")
def number(district: District) -> str:
    return told(district)


class Somebody:
    """Who signed in, in some role."""

    name = "某人"
    session: Any = None

    def __init__(self, actor: Actor) -> None:
        self.actor = actor


# --- modules -----------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", PEOPLE, ids=lambda entry: entry.account)
def test_the_masthead_shows_the_modules_that_the_matrix_opens(
    district: District, entry: object
) -> None:
    account, role = getattr(entry, "account"), getattr(entry, "role")  # noqa: B009
    opened = {
        module.address
        for module in MODULES
        if not module.rights or any(role.value in matrix()[right] for right in module.rights)
    }

    page = district.page(account, "/settings")

    assert page.status_code == 200
    assert modules_on(page.text) == [one.address for one in MODULES if one.address in opened]


def test_a_right_limited_to_lines_opens_nothing_without_a_line() -> None:
    officer = Actor(account="a", role=Role.SC, unit="370103008/cg")

    names = [module.name for module in modules_of(Somebody(officer))]

    assert names == ["procedures", "units", "settings"]


def test_nobody_is_shown_the_door_alone(district: District) -> None:
    answer = district.client.get("/nowhere")

    assert answer.status_code == 404
    assert modules_on(answer.text) == ["/signin"]
    assert "/find" not in answer.text


@pytest.mark.parametrize(
    ("path", "here"),
    [("/", "/"), ("/affairs/{number}", "/"), ("/procedures/CG", "/procedures"),
     ("/units/370103008/cg", "/units"), ("/settings", "/settings"), ("/find", None)],
)  # fmt: skip
def test_the_module_one_is_in_is_marked(
    district: District, number: str, path: str, here: str | None
) -> None:
    seen = Seen(district.page("zhoumin", path.format(number=number)).text)
    nav = [link for link in seen.all("a") if link.get("href") in {m.address for m in MODULES}]

    marked = {link["href"] for link in nav if link.get("aria-current") == "page"}

    assert marked == ({here} if here else set())


def test_the_brand_leads_to_the_first_module_of_the_role(district: District) -> None:
    administrator = Seen(district.page("shilei", "/settings").text)
    director = Seen(district.page("zhoumin", "/settings").text)

    assert brand(administrator) == "/procedures"
    assert brand(director) == "/"


@pytest.mark.parametrize("account", ["mengzhu", "shilei", "anning"])
def test_who_may_not_look_at_affairs_comes_in_to_the_first_module(
    district: District, account: str
) -> None:
    landed = district.page(account, "/")

    assert (landed.status_code, landed.headers["location"]) == (303, "/procedures")
    assert district.page(account, landed.headers["location"]).status_code == 200
    # A list that is asked for by name is refused, as ever.
    assert district.page(account, "/?line=CG").status_code == 403


def test_a_printed_page_says_what_it_is_as_of_when_and_who_printed_it(district: District) -> None:
    text = Seen(district.page("zhoumin", "/procedures/CG").text).text

    assert "CG 城市管理与环境卫生 2011.1" in text
    assert "截至 2011年7月25日 16:10·打印人 周敏" in text


# --- search by number --------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{}", " {} ", "cg-2011-0001", "ｃｇ－２０１１－０００１"])
def test_a_number_leads_to_its_affair(district: District, number: str, typed: str) -> None:
    answer = district.page("zhoumin", "/find", params={"number": typed.format(number)})

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/affairs/{number}"


def test_a_number_of_another_community_is_answered_like_one_that_does_not_exist(
    district: District, number: str
) -> None:
    foreign = district.page("sunping", "/find", params={"number": number})
    none = district.page("sunping", "/find", params={"number": "CG-2011-7777"})

    assert foreign.status_code == none.status_code == 404
    assert foreign.text == none.text.replace("CG-2011-7777", number)
    assert f"没有编号为 {number} 的事务" in foreign.text
    assert SUMMARY not in foreign.text


def test_without_a_number_the_form_is_shown(district: District) -> None:
    answer = district.page("zhoumin", "/find?number=%20&lang=en")

    assert answer.status_code == 200
    assert "Find by number" in answer.text


def test_who_may_see_no_affair_may_not_search(district: District) -> None:
    assert district.page("shilei", "/find?number=CG-2011-0001").status_code == 403


@pytest.mark.parametrize("typed", ["x" * 65, "CG\x00", "CG\n2011"])
def test_a_number_that_cannot_be_one_is_refused(district: District, typed: str) -> None:
    assert district.page("zhoumin", "/find", params={"number": typed}).status_code == 422


@pytest.mark.parametrize(
    "typed",
    [
        " cg－2011－０００1 ",
        "cg 2011 0001",
        "CG20110001",
        "cg-2011 1",
        "CG—2011–0001",
        "ｃｇ２０１１０００１",
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert find.told_number(typed) == "CG-2011-0001"


@pytest.mark.parametrize(
    "typed", ["CG", "CG-2011", "C-2011-0001", "CG-2011-0001-X", "CG-2011-12345"]
)
def test_what_is_of_another_shape_is_looked_up_as_it_stands(typed: str) -> None:
    assert find.told_number(typed) == typed


def test_no_word_promises_a_receipt_that_nobody_is_given(district: District) -> None:
    for path in ("/find", "/find?number=CG-2011-7777", "/nowhere"):
        assert "回执" not in district.page("zhoumin", path).text
        assert (
            "receipt"
            not in district.page("zhoumin", f"{path}{'&' if '?' in path else '?'}lang=en").text
        )


# --- settings ----------------------------------------------------------------------------------


def test_what_is_chosen_is_kept_in_the_browser(district: District) -> None:
    answer = chosen(district, {"language": "en", "theme": "dark", "shortcuts": "off"})
    cookies = {"lang": "en", "theme": "dark", "shortcuts": "off"}

    assert answer.status_code == 303
    assert {name: answer.cookies[name] for name in cookies} == cookies
    page = district.page("zhoumin", "/settings?saved=yes", headers=kept(district, cookies))
    assert "Saved." in page.text
    assert '<meta name="color-scheme" content="dark">' in page.text
    assert 'media="screen"' in page.text
    assert 'data-shortcuts="off"' in page.text


def test_the_settings_list_every_key_that_does_something(district: District) -> None:
    script = (STATIC / "app.js").read_text("utf-8")
    plain = re.findall(r'^  "?([a-z/])"?: ', script.partition("const keys")[2], re.MULTILINE)
    html = district.page("zhoumin", "/settings").text

    listed = re.findall(r"<kbd>(.+?)</kbd>", html)
    assert set(listed) == {*map(str.upper, plain), "N", "1–9"}
    # Whatever is drawn beside an action comes from the same list.
    for path in (STATIC.parent / "templates").glob("*.html"):
        text = path.read_text("utf-8")
        assert re.findall(r'<kbd[^>]*>[^{]|aria-keyshortcuts="[^{]', text) == [], path


def test_by_default_the_system_chooses_and_shortcuts_are_on(district: District) -> None:
    chosen_before = {"theme": "dark", "shortcuts": "off"}
    answer = chosen(
        district, {"language": "zh", "theme": "system", "shortcuts": "on"}, chosen_before
    )

    assert {'theme=""', 'shortcuts=""'} <= {
        part.split(";")[0] for part in answer.headers.get_list("set-cookie")
    }
    page = district.page("zhoumin", "/settings").text
    assert '<meta name="color-scheme" content="light dark">' in page
    assert 'media="screen and (prefers-color-scheme:dark)"' in page
    assert "data-shortcuts" not in page


def test_who_wants_light_is_sent_no_dark(district: District) -> None:
    page = district.page("zhoumin", "/settings", headers=kept(district, {"theme": "light"})).text

    assert '<meta name="color-scheme" content="light">' in page
    assert "dark.css" not in page


@pytest.mark.parametrize(
    "form",
    [
        {"language": "fr", "theme": "dark", "shortcuts": "on"},
        {"language": "zh", "theme": "pink", "shortcuts": "on"},
        {"language": "zh", "theme": "dark"},
        {"language": "zh", "theme": "dark", "shortcuts": "on", "more": "1"},
    ],
)
def test_a_choice_that_is_not_offered_is_refused(district: District, form: dict[str, str]) -> None:
    answer = chosen(district, form)

    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def test_a_cookie_with_nonsense_is_as_good_as_none(district: District) -> None:
    page = district.page("zhoumin", "/settings", headers=kept(district, {"theme": "<b>"})).text

    assert '<meta name="color-scheme" content="light dark">' in page


def test_settings_are_for_those_who_signed_in(district: District) -> None:
    assert district.client.get("/settings", follow_redirects=False).status_code == 303


# --- saying no ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("account", "method", "path", "status"),
    [
        ("zhoumin", "GET", "/nowhere", 404),
        ("sunping", "GET", "/affairs/{number}", 404),
        ("shilei", "GET", "/affairs/new", 403),
        ("zhoumin", "GET", "/signout", 405),
        ("zhoumin", "POST", "/settings", 422),
        ("zhoumin", "POST", "/settings?large", 413),
    ],
)
def test_a_page_that_says_no_says_what_to_do_next_in_the_frame(
    district: District, number: str, account: str, method: str, path: str, status: int,
    language: str,
) -> None:  # fmt: skip
    path, large = path.format(number=number).partition("?")[::2]
    answer = district.client.request(
        method,
        path,
        data={"form-token": district.form_token(district.cookies[account])}
        if method == "POST"
        else None,
        headers={
            **ORIGIN,
            "Cookie": f"tenlines={district.cookies[account]}; lang={language}",
            **({"Content-Length": str(10**9)} if large else {}),
        },
    )
    words, seen = words_of("zh" if language == "zh" else "en"), Seen(answer.text)

    assert answer.status_code == status
    assert words("problem.next") in seen.text
    assert words(f"problem.next.{status}") in seen.text
    assert modules_on(answer.text)
    assert len(seen.all("h1")) == 1


def test_every_answer_that_says_no_has_its_advice() -> None:
    asked = {403, 404, 409, 412, 413, 422, 429, 500, 503}
    advised = {status for status in range(400, 600) if words_of("zh").has(f"problem.next.{status}")}

    assert asked <= advised
    assert {kind.status for kind in TABLE.values()} <= advised
    assert advised <= {405, 429} | {kind.status for kind in TABLE.values()} | set(HTTP_CODES)


def test_what_nobody_foresaw_is_a_page_too(fresh: District) -> None:
    def fails(_: Request) -> Response:
        raise RuntimeError("the roof is off")

    fresh.app.add_route("/falls", fails)

    answer = fresh.page("zhoumin", "/falls")

    assert answer.status_code == 500
    assert words_of("zh")("problem.next.500") in answer.text
    assert "roof" not in answer.text


def test_too_many_requests_have_words_of_their_own() -> None:
    problem = http_problem(HTTPException(429), words_of("en"))

    assert (problem.code, problem.title) == ("too-many", "Too many requests")


def test_a_refusal_without_advice_of_its_own_gets_the_general_one() -> None:
    words = words_of("zh")

    assert not words.has("problem.next.418")
    assert words("problem.next.other")
    assert e.Refusal.code == "refused"


# --- style -------------------------------------------------------------------------------------


def test_dark_changes_tokens_and_nothing_else() -> None:
    light, dark = ((STATIC / name).read_text("utf-8") for name in ("tenlines.css", "dark.css"))
    tokens = {part.partition(":")[0].strip() for part in dark.partition("{")[2].split(";")}

    assert dark.count("{") == 1
    assert tokens
    assert all(token.startswith("--") and f"{token}:" in light for token in tokens)


def modules_on(html: str) -> list[str | None]:
    nav = html.partition('<nav class="mods"')[2].partition("</nav>")[0]
    return [link.get("href") for link in Seen(nav).all("a")]


def brand(seen: Seen) -> str | None:
    return next(link["href"] for link in seen.all("a") if link.get("class") == "brand")


def kept(district: District, cookies: Mapping[str, str]) -> dict[str, str]:
    told_back = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": f"tenlines={district.cookies['zhoumin']}; {told_back}"}


def chosen(
    district: District, form: Mapping[str, str], cookies: Mapping[str, str] = {}
) -> httpx2.Response:
    return district.client.post(
        "/settings",
        data={"form-token": district.form_token(district.cookies["zhoumin"]), **form},
        headers={**ORIGIN, **kept(district, cookies)},
        follow_redirects=False,
    )
