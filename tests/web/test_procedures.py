"""Procedure pages: the ten lines, and what each says in both languages, from the line itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from domain.actor import SYSTEM
from domain.commands import PublishLine
from tests.builders import lines
from tests.builders.affairs import CG
from tests.specified import told
from tests.steps import coverage
from tests.web.district import FOUNDED, PEOPLE, District, at
from tests.web.test_pages import Seen
from tests.workflows.small import SHARED, SMALL
from web import specifications
from web.conditions import Conditions
from web.pages.frame import LINES
from web.specifications import FEATURES, governing
from web.words import words_of
from workflows.conditions import VOCABULARY, compiled
from workflows.loading import read
from workflows.publication import defined


@pytest.mark.parametrize("account", [entry.account for entry in PEOPLE])
def test_everybody_may_read_how_a_line_goes(district: District, account: str) -> None:
    assert district.page(account, "/procedures").status_code == 200
    assert district.page(account, "/procedures/CG").status_code == 200


def test_nobody_reads_it_without_signing_in(district: District) -> None:
    for path in ("/procedures", "/procedures/CG"):
        assert district.client.get(path, follow_redirects=False).status_code == 303


def test_the_ten_lines_stand_in_their_order_with_what_is_in_force(district: District) -> None:
    text = Seen(district.page("zhoumin", "/procedures").text).text

    places = [text.index(f"{code} ") for code in LINES]
    assert places == sorted(places)
    assert "2011.1" in text
    assert text.count("还没有发布") == len(LINES) - 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_all_that_the_line_says(district: District, language: str) -> None:
    words = words_of("zh" if language == "zh" else "en")
    text = Seen(district.page("zhoumin", f"/procedures/CG?lang={language}").text).text

    for step in (*CG.spec.all_transitions(),):
        assert step.id in text
        assert words.label(step.label) in text
        assert (step.law or "") in text
        for field in step.fields:
            assert words.label(field.label) in text
    for label in CG.states.values():
        assert words.label(label) in text
    for clock in CG.spec.all_clocks():
        assert words.label(clock.label) in text
    for code, matter in CG.spec.matters.items():
        assert code in text
        assert words.label(matter) in text
        assert all(words.label(material) in text for material in matter.materials)


@pytest.mark.parametrize("told", [
    "同样的步骤未到次数上限（G4、G6、3 次）",
    "经办人本人须回避，由他人办理（G12、G13、G14、G15）",
    "在当前状态未超规定时间（4 个工作小时）",
    "每一步都要：事务没有挂起。",
    "转入“已办结”的还要：协办均已完成。",
    "CG01、类别代码为“渣土”：2 个工作日",
    "确认“不属于受理范围”",
    "评分 3 以上",
    "CG04：20 个工作日",
    "处于 已派遣、处置 时",
    "转办时开始",
    "已办过所需的步骤（G5、G8）：已派遣",
    "计为受理",
    "可挂起",
])  # fmt: skip
def test_guards_and_clocks_are_told_in_words(district: District, told: str) -> None:
    assert told in Seen(district.page("zhoumin", "/procedures/CG").text).text


def test_the_english_page_has_no_word_of_ours_in_chinese(district: District) -> None:
    html = district.page("zhoumin", "/procedures/CG?lang=en").text
    text = Seen(html).text

    for word in ("步骤", "状态", "时限", "条件", "社区工作者", "流程图", "个工作日"):
        assert word not in without_chinese_parts(html.partition("Specifications")[0])
    assert "Persuade again" in text


def test_a_share_and_a_start_are_told_as_they_are_counted() -> None:
    mz, words = lines.of("MZ")[-1], words_of("zh")
    conditions = Conditions(mz.spec, words)

    assert "到会人数达到评议成员人数的 2/3" in conditions.told(mz.steps["B8"].after)
    clock = mz.clock("urgent_aid")
    assert clock is not None
    assert [conditions.happening(one) for one in clock.starts_on] == ["登记", "受理"]


def test_every_guard_that_the_line_uses_is_told(district: District) -> None:
    html = district.page("zhoumin", "/procedures/CG").text

    used = [guard for way in (*CG.steps.values(), *CG.entries.values(), *CG.actions.values())
            for guard in (*way.before, *way.after)]  # fmt: skip
    assert len(used) > 30
    for guard in used:
        for part in guard.parts():
            assert f"{part.name}:" not in html


@pytest.mark.parametrize("name", sorted(VOCABULARY))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_guard_of_the_vocabulary_can_be_told(name: str, language: str) -> None:
    written = yaml.safe_load(VOCABULARY[name].example)
    guard = compiled({written: True} if isinstance(written, str) else written)

    (told,) = Conditions(CG.spec, words_of("zh" if language == "zh" else "en")).told([guard])

    assert told
    assert "_" not in told.replace("rework_due", "").replace("scrap_", "") or "（" in told + "（"


def test_a_combination_is_told_with_its_parts() -> None:
    words = words_of("zh")
    guard = compiled({"not": {"any_of": [{"referral_open": True}, {"accepted": True}]}})

    (told,) = Conditions(CG.spec, words).told([guard])

    assert told == "以下都要：没有转办待签收；事务尚未受理"


def test_an_age_is_told_in_years_and_how_it_rises() -> None:
    rises = {"since": "2025-01-01", "every": 4, "to": 63}
    guard = compiled({"age_below": {"born": "due", "years": 60, "rises": rises}})

    (zh,) = Conditions(CG.spec, words_of("zh")).told([guard])
    (en,) = Conditions(CG.spec, words_of("en")).told([guard])

    assert (
        zh
        == "未到规定的年龄（处置期限、60 周岁、自 2025年1月1日 起每 4 个月延迟一个月，至 63 周岁）"
    )
    assert "60 years of age" in en
    assert "a month later for every 4 months" in en


def test_an_older_version_can_be_read_and_an_unknown_one_is_not_there(fresh: District) -> None:
    publish(fresh, SMALL)
    publish(fresh, SMALL.replace('version: "2011.1"', 'version: "2030.1"')
            .replace("from: 2011-07-01, to: 2020-12-31", "from: 2030-01-01"))  # fmt: skip

    page = Seen(fresh.page("zhoumin", "/procedures/ZA").text).text
    later = Seen(fresh.page("zhoumin", "/procedures/ZA?version=2030.1").text).text

    assert "2011年7月1日至2020年12月31日" in page
    assert "现行" in page
    assert "非现行" in later
    assert "各版本" in later
    assert fresh.page("zhoumin", "/procedures/ZA?version=2031.1").status_code == 404
    assert fresh.page("zhoumin", "/procedures/ZZ").status_code == 404
    listed = Seen(fresh.page("zhoumin", "/procedures").text).text
    assert listed.index("XF") < listed.index("便民维修")


def test_a_line_that_is_not_in_force_today_is_still_told(fresh: District) -> None:
    publish(fresh, SMALL.replace("from: 2011-07-01, to: 2020-12-31", "from: 2012-01-01"))

    assert "非现行" in fresh.page("zhoumin", "/procedures/ZA").text
    assert "现在没有施行的版本" in fresh.page("zhoumin", "/procedures").text


# --- specifications ----------------------------------------------------------------------------


def test_the_features_that_govern_a_line_are_named_and_said_not_to_have_run(
    district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(specifications, "RESULTS", tmp_path / "none.json")
    text = Seen(district.page("zhoumin", "/procedures/CG").text).text

    names = [one.name for one in governing("城市管理与环境卫生")]
    assert "劝导" in names
    assert "回访与满意度" in names
    assert len(names) == len([*(FEATURES / "城管").iterdir(), *(FEATURES / "共同规则").iterdir()])
    assert all(name in text for name in names)
    assert text.count("这里没有运行") == len(names)


def test_how_the_specifications_last_ended_is_told(
    district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = tmp_path / "results.json"
    monkeypatch.setattr(specifications, "RESULTS", results)
    whole, failing, part, changed, *others = governing("城市管理与环境卫生")
    ran = [
        *((whole.path, title, True) for title in whole.scenarios),
        *((failing.path, title, True) for title in failing.scenarios),
        # One of its examples.
        (failing.path, failing.scenarios[0], False),
        (part.path, part.scenarios[0], True),
        *((changed.path, title, True) for title in changed.scenarios),
    ]
    told(ran, results, datetime(2012, 6, 15, 1, 30, tzinfo=UTC))
    # What runs later in part keeps what else is known of it; what ran of another text does not.
    told([(part.path, part.scenarios[1], True)], results, datetime(2012, 6, 15, 2, tzinfo=UTC))
    results.write_text(results.read_text("utf-8").replace(changed.sha256, "0" * 64), "utf-8")

    text = Seen(district.page("zhoumin", "/procedures/CG").text).text
    assert "全部通过 · 2012年6月15日 09:30" in text
    assert f"{len(whole.scenarios)} 个场景全部通过" in text
    assert "1 个场景不通过" in text
    assert failing.scenarios[0] in text
    assert f"{len(part.scenarios)} 个场景中运行了 2 个，均通过 · 2012年6月15日 10:00" in text
    assert text.count("修改后没有运行") == 1
    assert text.count("这里没有运行") == len(others)


def test_every_scenario_of_a_feature_is_counted() -> None:
    read = {
        Path(feature.filename).resolve().relative_to(FEATURES).as_posix(): [*feature.scenarios]
        for feature in coverage.read(FEATURES)
    }
    counted = {
        one.path: [*one.scenarios]
        for code in lines.codes()
        for one in governing(lines.of(code)[-1].spec.names.zh)
    }
    assert counted
    assert counted == {path: read[path] for path in counted}


def test_results_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    (tmp_path / "half").write_text('{"城管/劝导.feature": {"sha', "utf-8")
    assert specifications.runs(tmp_path / "half") == {}
    assert specifications.runs(tmp_path / "missing") == {}


def test_the_folder_of_a_line_is_short_for_its_name(tmp_path: Path) -> None:
    for folder in ("维修", "修维", "民政"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "一.feature").write_text(f"功能: {folder}\n", "utf-8")

    assert [one.name for one in governing("便民维修", tmp_path)] == ["维修"]
    assert governing("../民政", tmp_path / "维修") == ()


def test_without_the_folder_no_specification_is_named(tmp_path: Path) -> None:
    assert governing("城市管理与环境卫生", tmp_path) == ()


def test_a_line_without_features_of_its_own_has_the_shared_ones() -> None:
    assert {one.shared for one in governing("便民维修")} == {True}


def publish(district: District, text: str) -> None:
    district.house.desk.run(
        PublishLine(
            command_id=district.house.new_id(),
            by=SYSTEM,
            occurred_at=FOUNDED,
            **defined(read(text, "ZA.yaml", SHARED)),
        )
    )
    district.house.reference.refresh()


def without_chinese_parts(html: str) -> str:
    """The page without the elements that say they are Chinese: laws, names, features."""
    parts = html.split('lang="zh-CN"')
    return parts[0] + "".join(part.partition("</")[2] for part in parts[1:])


def test_the_district_is_the_one_that_the_tests_mean(district: District) -> None:
    assert district.house.reference.lines.in_force("CG", date(2011, 7, 25)).version == "2011.1"


def test_an_affair_that_no_version_covers_any_more_can_be_read(fresh: District) -> None:
    publish(fresh, SMALL.replace("to: 2020-12-31", "to: 2011-07-31"))
    number = fresh.registered("zhoumin", matter="ZA02")["number"]
    fresh.clock.at = at("08-05 09:00")

    for path in (f"/affairs/{number}", f"/affairs/{number}/history"):
        assert fresh.page("zhoumin", path).status_code == 200
    assert fresh.api("zhoumin", "GET", f"/affairs/{number}").status_code == 200
