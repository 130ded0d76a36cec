"""养老助老与残疾人服务: who assesses after an objection, and when a service is assessed again."""

from typing import Any

import pytest

from domain.errors import StepNotOpen
from tests.builders import lines
from tests.builders.lived import Lived

(YL,) = lines.of("YL")

TWO = {"assessor_1": "guilan", "assessor_2": "jianjun"}
OTHERS = {"other_assessor_1": "xiaohe", "other_assessor_2": "zhoumin"}
CARE = {"condition": "age", "living": "alone", "needs": "助浴"}
NOTICE = {"eligible": True, "grade": "二级", "tier": "一档", "notice_name": "刘*"}
REFUSED = {"reason": "能力完好", "remedies_told": True}


def noticing(**by: str) -> Lived:
    told = Lived(YL, "YL01").registered("2011-07-04", **CARE)
    told.step("K1", "FD", "2011-07-04", condition_met=True)
    told.step("K3", "SC", "2011-07-05", **(by or TWO))
    return posted(told, "2011-07-13")


def posted(told: Lived, at: str) -> Lived:
    return told.step("K5", "SC", at, **NOTICE, notice_place="公示栏")


def objected(**by: str) -> Lived:
    return noticing(**by).step("K6", "CD", "2011-07-15", grounds="与子女同住")


def approving(told: Lived, at: str) -> Lived:
    return posted(told, "2011-07-18").step("K7", "SC", at)


def serving() -> Lived:
    told = noticing().step("K7", "SC", "2011-07-21")
    told.step("K11", "DL", "2011-07-26", hours="30", lead_unit="370103008/fw")
    return started(told, "2011-08-01")


def started(told: Lived, at: str) -> Lived:
    begun = {"agreement_signed": True, "started_at": f"{at}T09:00:00+08:00"}
    return told.step("K12", "CW", at, **begun)


# --- other assessors -----------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "record"), [("K5", NOTICE), ("K8", REFUSED)])
def test_after_an_objection_nothing_follows_before_others_have_assessed(
    step: str, record: dict[str, Any]
) -> None:
    told, more = objected(), {"notice_place": "公示栏"} if step == "K5" else {}

    with pytest.raises(StepNotOpen) as refused:
        told.step(step, "SC", "2011-07-18", **record, **more)

    assert refused.value.own == (
        "有异议退回复评的，须先另派评估人员。",
        "After an objection, other assessors are needed first.",
    )
    told.entry("other_assessors", "SC", "2011-07-18", **OTHERS)
    told.step(step, "SC", "2011-07-18", **record, **more)
    assert told.now.standing.state in ("noticing", "resolved")


@pytest.mark.parametrize(
    "named",
    [
        {"other_assessor_1": "xiaohe"},
        {"other_assessor_1": "xiaohe", "other_assessor_2": "xiaohe"},
        {"other_assessor_1": "guilan", "other_assessor_2": "xiaohe"},
        {"other_assessor_1": "jianjun", "other_assessor_2": "xiaohe"},
        {"other_assessor_1": "xiaohe", "other_assessor_2": "guilan"},
        {"other_assessor_1": "xiaohe", "other_assessor_2": "jianjun"},
    ],
)
def test_others_are_two_and_none_of_the_first(named: dict[str, str]) -> None:
    with pytest.raises(StepNotOpen) as refused:
        objected().entry("other_assessors", "SC", "2011-07-18", **named)

    assert refused.value.own == (
        "须另派两名评估员，或者另定医院。",
        "Two other assessors are needed, or another hospital.",
    )


def test_another_hospital_may_assess_but_not_the_same() -> None:
    told = objected(hospital="区人民医院")

    with pytest.raises(StepNotOpen):
        told.entry("other_assessors", "SC", "2011-07-18", other_hospital="区人民医院")

    told.entry("other_assessors", "SC", "2011-07-18", other_hospital="市中医院")
    assert posted(told, "2011-07-18").now.standing.state == "noticing"


def test_others_are_named_only_after_an_objection() -> None:
    told = noticing().step("K7", "SC", "2011-07-21")
    told.step("K13", "DO", "2011-07-22", reason="缺评估表")

    with pytest.raises(StepNotOpen) as refused:
        told.entry("other_assessors", "SC", "2011-07-22", **OTHERS)

    assert refused.value.own == (
        "有异议退回复评的，才另派评估人员。",
        "Other assessors are named only after an objection.",
    )
    assert posted(told, "2011-07-22").now.standing.state == "noticing"


def test_each_objection_asks_for_others_and_a_return_by_the_district_does_not() -> None:
    told = posted(
        objected().entry("other_assessors", "SC", "2011-07-18", **OTHERS), "2011-07-19"
    ).step("K6", "CD", "2011-07-20", grounds="与子女同住")

    with pytest.raises(StepNotOpen):
        posted(told, "2011-07-21")

    told.entry("other_assessors", "SC", "2011-07-21", other_hospital="市中医院")
    posted(told, "2011-07-21").step("K7", "SC", "2011-07-29")
    told.step("K13", "DO", "2011-08-01", reason="缺评估表")
    assert posted(told, "2011-08-02").now.standing.state == "noticing"


@pytest.mark.parametrize("who", ["guilan", "jianjun", "xiaohe", "zhoumin"])
def test_nobody_approves_what_they_assessed(who: str) -> None:
    told = objected().entry("other_assessors", "SC", "2011-07-18", **OTHERS)
    approving(told, "2011-07-26")
    approved = {"hours": "30", "lead_unit": "370103008/fw"}

    with pytest.raises(StepNotOpen) as refused:
        told.step("K11", "DL", "2011-07-27", who, **approved)

    assert refused.value.because == "actor_is_not"
    assert told.step("K11", "DL", "2011-07-27", **approved).now.standing.state == "contracted"


def test_nobody_grants_a_card_that_they_assessed() -> None:
    told = Lived(YL, "YL03").registered("2011-07-04", condition="disability")
    told.step("K1", "FD", "2011-07-04", condition_met=True).step("K3", "SC", "2011-07-05", **TWO)
    posted(told, "2011-07-13").step("K6", "CD", "2011-07-15", grounds="等级不符")
    approving(told.entry("other_assessors", "SC", "2011-07-18", **OTHERS), "2011-07-26")

    with pytest.raises(StepNotOpen) as refused:
        told.step("K9", "DL", "2011-07-27", "zhoumin", card_number="7")

    assert refused.value.because == "actor_is_not"


# --- twelve months -------------------------------------------------------------------------------


def test_a_pause_does_not_begin_the_twelve_months_anew() -> None:
    told = serving().step("K15", "CW", "2011-09-01", pause_cause="hospital")

    assert told.running()["reassessment"] == "2012-07-31"
    told.step("K16", "CW", "2011-09-20")
    assert told.running()["reassessment"] == "2012-07-31"


def test_another_provider_does_not_begin_them_anew() -> None:
    told = serving().step(
        *("K17", "SC", "2011-09-01"),
        resident_asks=True,
        lead_unit="370103008/wy",
        reason="时间不定",
    )

    assert started(told, "2011-09-05").running()["reassessment"] == "2012-07-31"


def test_what_fell_due_in_a_pause_is_assessed_once_service_goes_on() -> None:
    told = serving().step("K15", "CW", "2012-07-01", pause_cause="travel")

    assert told.ran_out("reassessment").now.standing.state == "paused"
    told.step("K16", "CW", "2012-08-10")

    assert told.ran_out("reassessment_owed").now.standing.state == "reassessing"
    told.step("K19", "SC", "2012-08-15", new_grade="三级")
    # August 16 to 15 August 2013 is the 365th day.
    assert told.running()["reassessment"] == "2013-08-15"
    assert "reassessment_owed" not in told.running()


def test_a_service_that_goes_on_in_time_owes_nothing() -> None:
    told = serving().step("K15", "CW", "2011-09-01", pause_cause="hospital")

    assert "reassessment_owed" not in told.step("K16", "CW", "2011-09-20").running()


def test_the_end_of_a_service_ends_them() -> None:
    told = serving().step("K21", "CW", "2011-10-10", end_cause="moved")

    assert "reassessment" not in told.running()
