"""The pages: no script, nothing personal in clear, both languages, the door and its lock."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser

import pytest

from adapters import calendars
from adapters.worker.recounter import Recounter
from domain.actor import SYSTEM
from domain.clock import SHANGHAI
from domain.commands import ImportCalendar
from tests.web.district import (
    ADDRESS,
    RESIDENT,
    SUMMARY,
    TELEPHONE,
    District,
    at,
    persuading,
    told,
)
from web.pages.frame import STATIC, static


@pytest.fixture(scope="module")
def number(district: District) -> str:
    """The scrap heap up to the check of 25 July."""
    return told(district)


class Seen(HTMLParser):
    """What a browser is given: elements, addresses it would fetch, headings, texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        """Attributes of every element of that name."""
        return [attributes for tag, attributes in self.tags if tag == name]

    @property
    def ids(self) -> list[str | None]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


PAGES = [
    "/",
    "/?show=all",
    "/?show=ended",
    "/?due=late",
    "/affairs/{number}",
    "/affairs/{number}/timeline",
    "/affairs/{number}/materials",
    "/affairs/{number}/relations",
    "/affairs/{number}/history",
    "/signin",
    "/sessions",
    "/role",
    "/nowhere",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_runs_nothing_and_fetches_nothing_from_outside(
    district: District, number: str, path: str, language: str
) -> None:
    answer = district.page(
        "linxiaohe", path.format(number=number), headers={"Accept-Language": language}
    )
    seen = Seen(answer.text)

    # One module of our own, and nothing inline.
    (script,) = re.findall(r"<script.*?</script>", answer.text, re.DOTALL)
    assert script == f'<script src="{static("app.js")}" type="module"></script>'
    assert not seen.all("style")
    assert not [tag for tag, found in seen.tags if any(n.startswith("on") for n in found)]
    assert not [tag for tag, found in seen.tags if "style" in found]
    fetched = [found.get("href") or "" for found in seen.all("link")]
    fetched += [found.get("src") or "" for found in seen.all("img")]
    assert all(address.startswith("/static/") for address in fetched)
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.all("html")[0]["lang"] == ("zh-CN" if language == "zh" else "en")
    assert len(seen.all("h1")) == 1
    assert answer.headers["content-language"] == seen.all("html")[0]["lang"]
    assert len(answer.content) < 60_000


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_its_headers(district: District, number: str, path: str) -> None:
    headers = district.page("linxiaohe", path.format(number=number)).headers

    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-request-id"]
    assert "server" not in headers
    assert "strict-transport-security" not in headers


def test_over_tls_the_browser_is_told_to_stay_there(district: District) -> None:
    answer = district.client.get("https://testserver/signin")

    assert answer.headers["strict-transport-security"]


def test_the_api_has_the_headers_too(district: District) -> None:
    for path in ("/affairs", "/affairs/none", "/statistics"):
        headers = district.api("linxiaohe", "GET", path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("by", ["linxiaohe", "zhoumin", "bailu", "zhenglan"])
def test_no_page_shows_a_person_in_clear(
    district: District, number: str, path: str, by: str
) -> None:
    text = district.page(by, path.format(number=number)).text

    assert RESIDENT not in text
    assert TELEPHONE not in text


def test_the_page_of_an_affair_says_whose_turn_by_when_and_on_what_law(
    district: District, number: str
) -> None:
    seen = Seen(district.page("linxiaohe", f"/affairs/{number}").text)

    for told_there in (
        number,
        SUMMARY,
        "张*",
        "138****1234",
        ADDRESS,
        "核查",
        "建新社区·林晓禾",
        "还剩 1 个工作日",
        "2011年7月26日 24:00",
        "下一步，轮到您",
        "核查结案",
        "城市市容和环境卫生管理条例",
        "街道环卫所",
        "第 10 条",
        "公开",
        "截至",
    ):
        assert told_there in seen.text, told_there


def test_the_timeline_tells_everything_newest_first(district: District, number: str) -> None:
    text = Seen(district.page("linxiaohe", f"/affairs/{number}/timeline").text).text

    assert "占道三米" in text
    assert text.index("第 10 条") < text.index("第 1 条")


def test_the_same_page_in_english_has_no_word_of_ours_in_chinese(
    district: District, number: str
) -> None:
    text = Seen(district.page("linxiaohe", f"/affairs/{number}?lang=en").text).text

    for word in (
        "Next step: your turn",
        "Working days left: 1",
        "Whose turn",
        "Rework",
        "Public",
    ):
        assert word in text
    for word in ("轮到", "期限", "时间线", "事实", "材料", "社区工作者", "内部"):
        assert word not in text


def test_what_stays_inside_is_marked(district: District) -> None:
    affair = persuading(district)
    district.done("gaoyuan", affair, "actions/supervise", "07-25 09:00", reason="拖得太久")

    text = Seen(district.page("linxiaohe", f"/affairs/{affair}/timeline").text).text

    assert "督办 内部" in " ".join(text.split())
    for told_there in ("全部 4", "公开 3", "内部 1"):
        assert told_there in text


def test_others_are_told_what_waits_for_whom(district: District, number: str) -> None:
    text = Seen(district.page("bailu", f"/affairs/{number}").text).text

    assert "下一步，轮到建新社区·林晓禾" in text
    assert "现在不能办的" in text


def test_the_list_is_in_groups_by_deadline(fresh: District) -> None:
    late = fresh.registered(occurred_at=at("07-20 09:00").isoformat())["number"]
    today = fresh.registered(occurred_at=at("07-22 16:00").isoformat())["number"]
    later = fresh.registered(occurred_at=at("07-25 09:00").isoformat())["number"]

    text = Seen(fresh.page("linxiaohe", "/").text).text

    order = [text.index(word) for word in ("逾期", late, today, later)]
    assert order == sorted(order)
    for words in ("逾期 2 个工作日", "今天到期", "还剩 1 个工作日", "2011年7月21日 24:00"):
        assert words in text
    assert number_of(fresh.page("linxiaohe", "/?due=late").text) == [late]
    assert number_of(fresh.page("linxiaohe", "/?due=today").text) == [today]


def test_a_provisional_deadline_is_marked_until_its_year_is_known(fresh: District) -> None:
    fresh.clock.at = datetime(2013, 1, 2, 9, 0, tzinfo=SHANGHAI)
    late = datetime(2012, 12, 31, 10, 5, tzinfo=SHANGHAI).isoformat()
    number = fresh.registered(occurred_at=late)["number"]

    def shown(path: str, words: str) -> bool:
        return words in Seen(fresh.page("linxiaohe", path).text).text

    affair, english = f"/affairs/{number}", f"/affairs/{number}?lang=en"
    marks = [("/", "暂定期限"), (affair, "暂定期限"), (affair, "24:00（暂定）")]
    marks += [("/?lang=en", "Provisional"), (english, "Provisional"), (english, "(provisional)")]
    assert [mark for mark in marks if not shown(*mark)] == []
    assert not shown(affair, "逾期")

    (table,) = calendars.seed((2013,), by="shilei", occurred_at=fresh.clock.at)
    fresh.house.desk.run(
        ImportCalendar(
            command_id=fresh.house.new_id(),
            by=SYSTEM,
            occurred_at=fresh.clock.at,
            year=table.year,
            version=table.version,
            source=table.source,
            holidays=table.holidays,
            workdays=table.workdays,
        )
    )
    fresh.house.reference.refresh()
    assert Recounter(fresh.house).recount() == 1

    for path in ("/", "/?lang=en"):
        assert not shown(path, "暂定期限")
        assert not shown(path, "Provisional")
    assert shown(affair, "按新日历重定期限")
    assert shown(affair, "2013年1月4日 24:00")
    assert shown(english, "Deadlines recounted")
    history = fresh.api("linxiaohe", "GET", f"/affairs/{number}/history").json()
    assert "recounted" in str(history)


def number_of(html: str) -> list[str]:
    return re.findall(r'href="/affairs/([A-Z]+-\d+-\d+)"', html)


def test_a_long_list_goes_on_on_the_next_page(
    fresh: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.worklist.PAGE", 2)
    made = [fresh.registered()["number"] for _ in range(5)]

    shown: list[str] = []
    address: str | None = "/?line=CG"
    while address:
        html = fresh.page("linxiaohe", address).text
        shown += number_of(html)
        onward = re.search(r'href="([^"]+)" rel="next"', html)
        address = onward.group(1).replace("&amp;", "&") if onward else None

    assert shown == made


def test_filters_stand_as_tags_that_can_be_taken_away(district: District, number: str) -> None:
    seen = Seen(district.page("zhoumin", "/?line=CG&state=checking&whose=mine").text)

    chips = [found["href"] for found in seen.all("a") if found.get("class") == "chip"]
    assert chips == [
        "/?state=checking&whose=mine",
        "/?line=CG&whose=mine",
        "/?line=CG&state=checking",
    ]


@pytest.mark.parametrize(
    "query", ["colour=red", "show=some", "due=soon", "cursor=x", "cursor=1", "state=%00"]
)
def test_a_filter_that_is_none_is_refused(district: District, query: str) -> None:
    answer = district.page("linxiaohe", f"/?{query}")

    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")


def test_an_empty_list_says_what_to_expect(district: District) -> None:
    assert "没有符合这些条件的事务" in district.page("linxiaohe", "/?line=XF").text
    assert "现在没有在办的事务" in district.page("hansong", "/").text


@pytest.mark.parametrize("account", ["shilei", "anning", "mengzhu"])
def test_a_role_without_the_right_is_told_so_and_can_leave(
    district: District, account: str
) -> None:
    answer = district.page(account, "/affairs/new")

    assert answer.status_code == 403
    assert "没有权限" in answer.text
    assert 'action="/signout"' in answer.text


@pytest.mark.parametrize("account", ["wanglei", "chenyan", "hansong"])
def test_a_stranger_sees_what_is_missing(district: District, number: str, account: str) -> None:
    there = district.page(account, f"/affairs/{number}")
    missing = district.page(account, "/affairs/CG-1999-0001")

    assert there.status_code == missing.status_code == 404
    assert there.text.replace(number, "") == missing.text.replace("CG-1999-0001", "")


# --- the door ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/affairs/CG-2011-0001", "/attachments/" + "0" * 32])
def test_nobody_is_led_to_the_door_and_back(district: District, path: str) -> None:
    answer = district.client.get(path, follow_redirects=False)

    assert answer.status_code == 303
    onward = "" if path == "/" else f"?next={path}"
    assert answer.headers["location"] == f"/signin{onward}"


def test_a_page_can_be_asked_for_its_head_alone(district: District) -> None:
    for path in ("/", "/signin", "/affairs/CG-2011-0001"):
        head = district.client.head(path, follow_redirects=False)
        whole = district.client.get(path, follow_redirects=False)
        assert head.status_code == whole.status_code != 405
        assert head.headers.get("location") == whole.headers.get("location")
    assert district.client.head("/signout").status_code == 405


def test_looking_never_writes(district: District) -> None:
    head = district.house.log.head()
    for path in ("/signout", "/signin?password=x", "/role?grant=x", "/sessions"):
        assert district.page("linxiaohe", path).status_code in (405, 422, 200)
    assert district.house.log.head() == head


# --- languages ---------------------------------------------------------------------------------


def test_who_chooses_a_language_keeps_it(district: District, number: str) -> None:
    chosen = district.page("linxiaohe", "/?lang=en")
    assert "lang=en" in chosen.headers["set-cookie"]

    cookie = f"tenlines={district.cookies['linxiaohe']}; lang=en"
    kept = district.client.get(f"/affairs/{number}", headers={"Cookie": cookie})
    assert kept.headers["content-language"] == "en"
    back = district.client.get("/?lang=zh", headers={"Cookie": cookie})
    assert back.headers["content-language"] == "zh-CN"
    none = district.client.get("/?lang=fr", headers={"Cookie": cookie})
    assert none.headers["content-language"] == "en"


def test_who_is_led_elsewhere_keeps_it_too(district: District) -> None:
    stranger = district.client.get("/?lang=en", follow_redirects=False)
    administrator = district.page("shilei", "/?lang=en")

    for answer in (stranger, administrator):
        assert answer.status_code == 303
        assert "lang=en" in answer.headers["set-cookie"]
        assert "Secure" not in answer.headers["set-cookie"]
    address = str(district.client.base_url).replace("http:", "https:")
    sealed = district.client.get(f"{address}/?lang=en", follow_redirects=False)
    assert "Secure" in sealed.headers["set-cookie"]


def test_the_other_language_is_one_click_away_on_the_same_page(
    district: District, number: str
) -> None:
    seen = Seen(district.page("linxiaohe", "/?line=CG&show=all").text)

    (toggle,) = (found for found in seen.all("a") if found.get("hreflang"))
    assert toggle["href"] == "/?line=CG&show=all&lang=en"
    assert toggle["lang"] == "en"


# --- style -------------------------------------------------------------------------------------


def test_styles_are_small_and_of_our_own(district: District) -> None:
    sheets = list(STATIC.glob("*.css"))
    text = "".join(sheet.read_text("utf-8") for sheet in sheets)

    assert len(text.encode()) < 40_000
    assert "@import" not in text
    assert "url(" not in text
    answer = district.client.get(static("tenlines.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")


def test_the_script_is_small_and_of_our_own(district: District) -> None:
    text = (STATIC / "app.js").read_text("utf-8")
    answer = district.client.get(static("app.js"))

    assert [path.name for path in STATIC.glob("*.js")] == ["app.js"]
    assert len(text.encode()) < 10_000
    assert not re.search(r"\beval\b|innerHTML|https?://|\bimport\b|\.style\b", text)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert "javascript" in answer.headers["content-type"]


def test_every_class_of_the_pages_is_drawn() -> None:
    css = (STATIC / "tenlines.css").read_text("utf-8")
    drawn = set(re.findall(r"\.([a-z][a-z0-9-]*)", css))
    templates = STATIC.parent / "templates"

    used = {
        name
        for path in templates.glob("*.html")
        for value in re.findall(r'class="([^"{}]*)"', path.read_text("utf-8"))
        for name in value.split()
    }

    assert used - drawn - {"unit"} == set()


def test_a_style_sheet_says_no_words_as_it_knows_no_language() -> None:
    said = [
        text
        for path in STATIC.glob("*.css")
        for content in re.findall(r"content:([^;}]*)", path.read_text("utf-8"))
        for text in re.findall(r'"([^"]*)"', content)
    ]

    assert " / " in said
    assert not [text for text in said if re.search(r"[^\W\d_]", text)]


def test_nothing_outside_the_folder_is_served(district: District) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/", "/static/none.css"):
        assert district.client.get(path).status_code == 404


def test_an_affair_that_waits_for_nobody_in_particular_is_told_too(district: District) -> None:
    affair = persuading(district)
    district.done("linxiaohe", affair, "entries/persuasion", "07-22 16:00", result="ineffective")
    district.done("zhoumin", affair, "steps/G8", "07-25 08:50")

    text = Seen(district.page("zhoumin", f"/affairs/{affair}").text).text

    # Filed, and not dispatched to anybody yet: the turn of the street's office of the line.
    assert "街道城管科·街道科室经办" in text


# --- what a page cannot be asked ---------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/rights", "/units", "/procedures/CG", "/settings"])
def test_a_page_refuses_what_it_does_not_know(district: District, address: str) -> None:
    known = district.page("linxiaohe", f"{address}?lang=zh")
    unknown = district.page("linxiaohe", f"{address}?lang=zh&linee=CG")

    assert known.status_code == 200
    assert unknown.status_code == 422
    assert "linee" in unknown.text
