"""Versions of lines by pages: drafted from a file, read, tried, published, and affairs moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.district import District, persuading, standing
from tests.web.forms import Browser
from tests.web.test_drafts import body, drafted, published, text_of

POLICY, CHIEF, OTHER = "mengzhu", "hemei", "suqing"
VERSION = "/procedures/CG/versions/2011.2"
NOTE = "劝导的时限放宽"


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    """A district of the test's own."""
    with standing(tmp_path) as made:
        yield made


def publisher(district: District) -> Browser:
    """Whoever publishes, at the form that does it."""
    return Browser(district, CHIEF, form="publish-form")


def test_a_file_is_drafted_read_and_published(district: District) -> None:
    policy, chief = Browser(district, POLICY), publisher(district)

    stored = policy.post(
        policy.look("/drafts"), "起草", files=[("file", ("CG.yaml", text_of().encode()))], note=NOTE
    )
    read = chief.look(VERSION)
    done = chief.post(read, "发布 2011.2 第 1 稿")

    assert (stored.status_code, stored.headers["location"]) == (303, f"{VERSION}?done=draft")
    assert NOTE in read.text
    assert "第 1 稿，孟竹" in read.text
    assert "1 个工作日" in read.text
    assert "3 个工作日" in read.text
    assert "不再用 2011.1 版" in read.text
    assert done.headers["location"] == "/procedures/CG/versions?done=publish"
    assert district.house.reference.lines.version("CG", "2011.2")
    assert "没有草案" in policy.look("/drafts").text


def test_the_text_may_be_pasted(district: District) -> None:
    policy = Browser(district, POLICY)

    stored = policy.post(policy.look("/drafts"), "起草", text=text_of(), note=NOTE)

    assert stored.status_code == 303


def test_every_fault_is_listed_with_its_line_and_nothing_is_lost(district: District) -> None:
    policy, head = Browser(district, POLICY), district.house.log.head()
    text = text_of().replace("    to: persuading\n", "    to: nowhere\n")
    line = text.splitlines().index("    to: nowhere") + 1

    page = policy.send(
        policy.look("/drafts"), "起草", files=[("file", ("CG.yaml", text.encode()))], note=NOTE
    )

    assert page.status == 422
    assert page.title.startswith("错误：")
    assert f"第 {line} 行：" in page.text
    assert page.values["note"] == [NOTE]
    assert "to: nowhere" in page.values["text"][0]
    assert district.house.log.head() == head
    # Put right where it stands.
    mended = page.values["text"][0].replace("to: nowhere", "to: persuading")
    assert policy.post(page, "起草", text=mended, note=NOTE).status_code == 303


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"note": NOTE}, "请选择条线文件，或者粘贴全文"),
        ({"text": "x: 1"}, "请用一句话说明改了什么、为什么"),
        ({"note": NOTE, "files": [("file", ("a.yaml", b"\xff\xfe"))]}, "文件不是 UTF-8 编码"),
        ({"note": NOTE, "files": [("file", ("a.yaml", b"\x00"))]}, "文件含有不能保存的字符"),
    ],
)
def test_what_is_missing_is_told(district: District, sent: dict[str, object], told: str) -> None:
    policy = Browser(district, POLICY)

    page = policy.send(policy.look("/drafts"), "起草", **sent)  # type: ignore[arg-type]

    assert page.status == 422
    assert [words for _, words in page.errors] == [told]


def test_a_draft_that_was_changed_meanwhile_is_shown_anew(district: District) -> None:
    drafted(district)
    chief = publisher(district)
    page = chief.look(VERSION)
    drafted(district, count=5)

    again = chief.send(page, "发布 2011.2 第 1 稿")

    assert again.status == 422
    assert "您读过之后，草案又改过" in again.text
    assert "5 个工作日" in again.text
    assert "发布 2011.2 第 2 稿" in again.buttons


def test_what_begins_in_the_past_has_no_button(district: District) -> None:
    drafted(district, since="2011-07-24")

    page = publisher(district).look(VERSION)

    assert "应不早于 2011-07-25：已经发生的不按新版本重判" in page.text
    assert not [words for words in page.buttons if words.startswith("发布")]


def test_others_see_published_versions_and_no_draft(district: District) -> None:
    drafted(district)
    other = Browser(district, OTHER)

    versions = other.look("/procedures/CG/versions")

    assert versions.status == 200
    assert "2011.1" in versions.text
    assert "2011.2" not in versions.text
    assert other.look(VERSION).status == 403
    assert other.look("/drafts").status == 403
    assert other.look("/procedures/QQ/versions").status == 404
    policy = Browser(district, POLICY).look("/procedures/CG/versions")
    assert "2011.2" in policy.text


def test_a_trial_lists_what_the_reader_may_view(district: District) -> None:
    number = persuading(district)
    drafted(district, count=0)
    days = f"{VERSION}?from=2011-07-01&to=2011-07-31"

    chief, policy = Browser(district, CHIEF).look(days), Browser(district, POLICY).look(days)

    for page in (chief, policy):
        assert "试算 1 件，1 件会有不同" in page.text
    assert number in chief.text
    assert "劝导：" in chief.text
    assert number not in policy.text
    assert "您无权查看的只计数，不列出。" in policy.text


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("from=2011-07-01&to=", "请填写首日和末日"),
        ("from=2011-07-02&to=2011-07-01", "末日不得早于首日"),
    ],
)
def test_days_that_are_wrong_are_told_at_their_field(
    district: District, days: str, told: str
) -> None:
    drafted(district)

    page = Browser(district, CHIEF).look(f"{VERSION}?{days}")

    assert page.status == 422
    assert page.errors[0] == ("#from", told)


def test_running_affairs_are_moved_after_a_dry_run_with_a_reason(district: District) -> None:
    number = persuading(district)
    drafted(district, since="2011-07-25")
    published(district)
    chief, path = Browser(district, CHIEF), f"{VERSION}/migration"

    page = chief.look(path)
    head = district.house.log.head()
    without = chief.send(page, "迁移这 1 件")
    assert district.house.log.head() == head
    done = chief.send(without, "迁移这 1 件", reason="按新的时限办理")
    again = chief.look(path)

    assert number in page.text
    assert "会迁移 1 件" in page.text
    assert (without.status, without.errors[0]) == (422, ("#reason", "请写明理由"))
    assert "已迁移 1 件" in done.text
    assert "没有要迁移的在办事务" in again.text
    assert district.house.log.head() == head + 1


def test_pages_of_versions_are_there_in_english(district: District) -> None:
    persuading(district)
    drafted(district)
    chief = Browser(district, CHIEF)

    for path, told in (
        ("/drafts?lang=en", "1 draft"),
        (f"{VERSION}?from=2011-07-01&to=2011-07-31&lang=en", "3 working days"),
        ("/procedures/CG/versions?lang=en", "1 version"),
        ("/procedures/CG/versions/2011.1/migration?lang=en", "No running affair"),
    ):
        assert told in chief.look(path).text


def test_a_new_line_has_no_version_to_compare_with(district: District) -> None:
    text = text_of().replace("code: CG", "code: QQ").replace("CG0", "QQ0")
    sent = {**body(), "text": text}
    assert district.api(POLICY, "POST", "/drafts", json=sent).status_code == 201

    page = Browser(district, POLICY).look("/procedures/QQ/versions/2011.2")

    assert page.status == 200
    assert "本条线还没有发布过版本" in page.text
