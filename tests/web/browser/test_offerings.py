"""Sessions in a real browser: accessible in both languages, on a telephone, and without scripts."""

from __future__ import annotations

from uuid import UUID

import pytest

from adapters.worker import Worker
from domain.actor import SYSTEM
from domain.commands import PublishLine
from tests.web.browser.conftest import Served
from tests.web.browser.test_accessible import LANGUAGES, well
from tests.web.district import FOUNDED
from tests.web.test_offerings import enrolled, opened
from workflows.loading import FOLDER, load
from workflows.publication import defined

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def session(shared: Served) -> UUID:
    """A class of one place, with one who waits; and one that was cancelled."""
    house = shared.district.house
    told = defined(load(FOLDER / "WT.yaml"))
    house.desk.run(PublishLine(command_id=house.new_id(), by=SYSTEM, occurred_at=FOUNDED, **told))
    house.reference.refresh()
    made, gone = opened(shared.district), opened(shared.district, title="国画课")
    for _ in range(2):
        enrolled(shared.district, made)
    enrolled(shared.district, gone)
    Worker(house).drain()
    answer = shared.district.api(
        "zhoumin",
        "POST",
        f"/offerings/{gone}/cancel",
        json={"reason": "老师生病", "occurred_at": house.now().isoformat()},
    )
    assert answer.status_code == 200
    return made


PAGES = (
    "/offerings",
    "/offerings?show=past",
    "/offerings/new",
    "/offerings/{session}",
    "/offerings/{session}?do=resize",
    "/offerings/{session}?do=cancel",
    "/affairs/new?matter=WT02",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_no_wider_than_a_telephone(
    shared: Served, session: UUID, path: str, language: str
) -> None:
    with shared.window("zhoumin", language=language) as page:
        answer = page.goto(path.format(session=session))
        assert answer is not None
        assert answer.status == 200
        well(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_cancelled_session_is_accessible(
    shared: Served, session: UUID, language: str
) -> None:
    with shared.window("zhoumin", language=language) as page:
        page.goto("/offerings?show=past")
        page.get_by_role("link", name="国画课").click()
        assert page.get_by_text("老师生病").first.is_visible()
        well(page)


def test_a_session_is_opened_mended_resized_and_cancelled_without_scripts(
    shared: Served, session: UUID
) -> None:
    with shared.window("suqing", scripts=False, width=320) as page:
        page.goto("/offerings")
        page.get_by_role("link", name="开放场次").click()
        page.get_by_label("场地预约").check()
        page.get_by_label("名称").fill("羽毛球场")
        page.get_by_label("地点").fill("社区广场")
        page.locator("#f-starts_at").fill("2011-07-30T09:00")
        page.locator("#f-ends_at").fill("2011-07-30T08:00")
        page.locator("#f-capacity").fill("４")
        page.locator("#f-standby").fill("0")
        page.get_by_role("button", name="开放场次").click()
        links = [link.get_attribute("href") for link in page.locator(".oops a").all()]
        assert links == ["#f-ends_at"]
        page.locator("#f-ends_at").fill("2011-07-30T10:00")
        page.get_by_role("button", name="开放场次").click()
        assert page.get_by_text("已开放，可以报名").is_visible()
        assert page.get_by_text("已占 0 / 4").is_visible()
        page.get_by_role("link", name="调整名额").click()
        page.locator("#f-capacity").fill("6")
        page.get_by_role("button", name="调整名额").click()
        assert page.get_by_text("已占 0 / 6").is_visible()
        page.get_by_role("link", name="取消这一场").click()
        assert page.get_by_text("还没有人报名").is_visible()
        page.get_by_label("取消理由").fill("场地维修")
        page.get_by_role("button", name="取消这一场").click()
        assert page.get_by_text("已取消，不再给名额").is_visible()
        assert page.get_by_text("场地维修").first.is_visible()


@pytest.mark.parametrize("scripts", [False, True])
def test_those_with_a_place_are_ticked_and_let_go_by_keyboard(
    shared: Served, session: UUID, scripts: bool
) -> None:
    house = shared.district.house
    gone = opened(shared.district, title=f"剪纸课{scripts}", capacity=3)
    numbers = [enrolled(shared.district, gone) for _ in range(3)]
    Worker(house).drain()
    called_off = {"reason": "老师生病", "occurred_at": house.now().isoformat()}
    shared.district.api("zhoumin", "POST", f"/offerings/{gone}/cancel", json=called_off)

    with shared.window("zhoumin", scripts=scripts) as page:
        page.goto(f"/offerings/{gone}")
        page.get_by_role("button", name="对勾选的办").press("Enter")
        assert page.locator(".oops a").first.get_attribute("href") == "#held"
        if scripts:
            well(page)
        page.get_by_role("link", name="全部勾选").press("Enter")
        page.get_by_label(f"勾选 {numbers[2]}").press("Space")
        page.get_by_label("承办方原因").press("Space")
        page.locator("input[name=applicant_told][value=yes]").press("Space")
        page.get_by_label("说明").fill("已电话告知")
        page.get_by_role("button", name="对勾选的办").press("Enter")
        assert page.get_by_text("已办 2 件").is_visible()
        if scripts:
            well(page)
        page.get_by_role("link", name="剪纸课").last.click()
        assert page.locator("input[name=affair]").count() == 1
