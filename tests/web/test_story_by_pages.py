"""The story's affair from intake to archive by pages alone, over HTTP, without a script."""

from __future__ import annotations

from datetime import datetime

from tests.web.district import District, at
from tests.web.forms import Browser, Page
from tests.web.tale import INTAKE, PHOTO, REGISTERED, STATES, TALE, Done


def taken_in(district: District) -> str:
    """The affair taken in at the pages; its number."""
    district.clock.at = REGISTERED
    browser = Browser(district, "linxiaohe")
    matters = browser.look(browser.look("/affairs/new").links["CG01 乱堆物堆料与废品"])
    check = browser.send(matters, "下一步：核对", **spelt(INTAKE), files=[("photos", PHOTO)])
    assert check.errors == []
    page = browser.send(check, "确认登记")
    assert "已登记，编号 CG-2011-0001。现在轮到您" in flat(page)
    assert "期限 2011年7月25日 24:00" in flat(page)
    return "CG-2011-0001"


def spelt(filled: dict[str, str]) -> dict[str, str]:
    return {name.replace("-", "__"): value for name, value in filled.items()}


def flat(page: Page) -> str:
    return " ".join(page.text.split())


def do(district: District, number: str, deed: Done) -> Page:
    """One deed by its link on the affair page; where it led."""
    district.clock.at = deed.at
    browser = Browser(district, deed.by)
    form = browser.look(browser.look(f"/affairs/{number}").links[deed.what])
    assert form.values["occurred-at"] == [deed.at.strftime("%Y-%m-%dT%H:%M")]
    files = [(deed.photos, PHOTO)] if deed.photos else []
    return browser.send(form, deed.what, files=files, **deed.filled)


def test_the_scrap_heap_goes_from_intake_to_archive_by_pages_alone(fresh: District) -> None:
    number = taken_in(fresh)

    for deed in TALE:
        page = do(fresh, number, deed)
        assert page.errors == []
        assert page.status == 200
        said = "不在您的查看范围内" if deed.handed_on else f"已办：{deed.what}"
        assert said in flat(page), deed

    affair = fresh.api("suqing", "GET", f"/affairs/{number}").json()
    assert affair["state"] == "archived"
    assert affair["follow_up"]["rating"] == 5
    life = fresh.api("suqing", "GET", f"/affairs/{number}/history").json()["items"]
    went = [one["to"] for one in life if one["to"] and one["to"] != one["left"]]
    assert ["registered", *went] == list(STATES)
    when = {one["what"]: datetime.fromisoformat(one["occurred_at"]) for one in life}
    assert when["G9"] == at("07-25 09:20")
    assert when["X1"] == at("07-27 10:01")


def test_what_the_story_forbids_is_not_offered_and_not_done(fresh: District) -> None:
    number = taken_in(fresh)
    browser = Browser(fresh, "linxiaohe")
    for deed in TALE[:3]:
        do(fresh, number, deed)

    # No attempt yet: the worker is told what is needed, and the page does not open.
    assert "劝导未果上报" not in browser.look(f"/affairs/{number}").links
    refused = browser.look(f"/affairs/{number}/steps/G8")
    assert refused.status == 409
    assert "须满足：" in refused.text

    for deed in TALE[3:6]:
        do(fresh, number, deed)
    assert browser.look(f"/affairs/{number}/steps/G9").status == 409
    for deed in TALE[6:9]:
        do(fresh, number, deed)
    # Who handled it does not check it, nor closes it.
    assert Browser(fresh, "zhenglan").look(f"/affairs/{number}/steps/G16").status == 409
    do(fresh, number, TALE[9])
    assert browser.look(f"/affairs/{number}/steps/X1").status == 409
