"""From summed measures to the indicators of domain reference 5, and what each of them means."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypedDict


class Figure(TypedDict):
    """value: None where nothing can be said. denominator: None for what is only counted."""

    value: float | int | None
    numerator: int
    denominator: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An indicator: numerator and denominator are sums of these measures.

    denominator: None for what is only counted. unit: count, ratio or working_days.
    recorded: False while no event of the log speaks of it yet.
    """

    name: str
    zh: str
    en: str
    says_zh: str
    says_en: str
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] | None = ()
    unit: str = "ratio"
    recorded: bool = True


DEFINITIONS = (
    Definition(
        name="acceptance_volume",
        zh="受理量",
        en="Acceptance volume",
        says_zh="期内首次受理的事务数；重办不另计，受理后撤回的仍计。",
        says_en="Affairs first accepted in the period; reopening adds nothing, withdrawal later "
        "takes nothing away.",
        numerator=("volume",),
        denominator=None,
        unit="count",
    ),
    Definition(
        name="resolution_rate",
        zh="办结率",
        en="Resolution rate",
        says_zh="期内受理且已办结（首次停钟，否则已办结或已终止）÷ 期内受理。",
        says_en="Accepted in the period and ended (first clock stop, else resolved or "
        "terminated) ÷ accepted in the period.",
        numerator=("accepted_ended",),
        denominator=("accepted",),
    ),
    Definition(
        name="on_time_rate",
        zh="按期办结率",
        en="On-time rate",
        says_zh="期内到期且按期办结 ÷ 期内到期；未办结算逾期，每次重办另计；"
        "无总时限的，任一环节逾期即算逾期，以最后环节的期限为到期日。",
        says_en="Due in the period and ended in time ÷ due in the period; what goes on counts as "
        "late, each reopening counts by itself; without a total limit, late if any stage was "
        "late, due with the last stage.",
        numerator=("on_time",),
        denominator=("due",),
    ),
    Definition(
        name="satisfaction_rate",
        zh="满意率",
        en="Satisfaction rate",
        says_zh="最终评价 3 分以上 ÷ 已评价；每件事务一次最终评价，未回访、未联系上、拒访、"
        "免回访的不计。",
        says_en="Final rating 3 or better ÷ rated; one final rating per affair; not yet visited, "
        "unreachable, refused and exempt are left out.",
        numerator=("satisfied",),
        denominator=("rated",),
    ),
    Definition(
        name="strict_satisfaction",
        zh="严格满意率",
        en="Strict satisfaction",
        says_zh="最终评价 3 分以上 ÷（已评价 + 未联系上）。",
        says_en="Final rating 3 or better ÷ (rated + unreachable).",
        numerator=("satisfied",),
        denominator=("rated", "unreachable"),
    ),
    Definition(
        name="first_satisfaction_rate",
        zh="首评满意率",
        en="First satisfaction rate",
        says_zh="首次评价 3 分以上 ÷ 有首次评价的事务。",
        says_en="First rating 3 or better ÷ affairs with a first rating.",
        numerator=("first_satisfied",),
        denominator=("first_rated",),
    ),
    Definition(
        name="return_visit_rate",
        zh="回访率",
        en="Return-visit rate",
        says_zh="（已评价 + 拒访 + 未联系上）÷ 期内应回访；免回访的除外。",
        says_en="(Rated + refused + unreachable) ÷ return visits that fell due in the period, "
        "exempt ones removed.",
        numerator=("visit_made",),
        denominator=("visit_due",),
    ),
    Definition(
        name="visit_count",
        zh="走访量",
        en="Visits",
        says_zh="期内计数的入户走访；每户每天至多一次。",
        says_en="Counted household visits in the period; at most one a household a day.",
        numerator=("visits",),
        denominator=None,
        unit="count",
    ),
    *(
        Definition(
            name=f"visit_completion_{light}",
            zh=f"走访完成率（{zh}灯户）",
            en=f"Visit completion, {light}",
            says_zh="Σ min(计数走访, 最低次数) ÷ Σ 最低次数，按期内结束的户与周期；"
            "尚未记录户的灯色。",
            says_en="Σ min(counted, minimum) ÷ Σ minimum over household-periods that ended in the "
            "period; households' lights are not recorded yet.",
            recorded=False,
        )
        for light, zh in (("red", "红"), ("yellow", "黄"), ("green", "绿"))
    ),
    Definition(
        name="daily_work_count",
        zh="日常工作量",
        en="Daily work",
        says_zh="期内的日常工作记录；尚未记录日常工作。",
        says_en="Records of daily work in the period; daily work is not recorded yet.",
        denominator=None,
        unit="count",
        recorded=False,
    ),
    Definition(
        name="spot_check_pass_rate",
        zh="抽查合格率",
        en="Spot-check pass rate",
        says_zh="合格 ÷ 抽查；有争议的待裁定；尚未记录抽查。",
        says_en="Passed ÷ checked, disputes left out until ruled; spot checks are not recorded "
        "yet.",
        recorded=False,
    ),
    Definition(
        name="mean_handling_working_days",
        zh="平均办理时长（工作日）",
        en="Mean handling, working days",
        says_zh="期内办结的工作日之和 ÷ 件次；受理日不计，办结日计，扣除中止。",
        says_en="Working days of what ended in the period ÷ endings; the day of acceptance left "
        "out, that of the end included, less what was suspended.",
        numerator=("handled_days",),
        denominator=("handled_count",),
        unit="working_days",
    ),
    Definition(
        name="reopen_rate",
        zh="重办率",
        en="Reopen rate",
        says_zh="期内重办 ÷ 期内办结。",
        says_en="Reopened in the period ÷ resolved in the period.",
        numerator=("reopened",),
        denominator=("resolved",),
    ),
    Definition(
        name="referral_rate",
        zh="转办率",
        en="Referral rate",
        says_zh="期内受理且曾转办或上报出社区 ÷ 期内受理。",
        says_en="Accepted in the period and ever referred or escalated out of the community ÷ "
        "accepted in the period.",
        numerator=("accepted_referred",),
        denominator=("accepted",),
    ),
    Definition(
        name="single_handed_rate",
        zh="单方处理率",
        en="Single-handed rate",
        says_zh="期内受理且未曾转办、上报、协办 ÷ 期内受理。",
        says_en="Accepted in the period and never referred, escalated or handled jointly ÷ "
        "accepted in the period.",
        numerator=("accepted_single_handed",),
        denominator=("accepted",),
    ),
)


def indicators(sums: Mapping[str, int]) -> dict[str, Figure]:
    """Every indicator from the measures summed over a period and scope; what is absent is 0.

    A ratio's value is a fraction of 1, rounded to six digits, half to even. A zero
    denominator makes the value None, never 0 or 1. What is counted has its number as value
    and numerator.
    """
    return {each.name: _figure(each, sums) for each in DEFINITIONS}


def _figure(definition: Definition, sums: Mapping[str, int]) -> Figure:
    above = sum(sums.get(measure, 0) for measure in definition.numerator)
    if definition.denominator is None:
        return Figure(value=above, numerator=above, denominator=None)
    below = sum(sums.get(measure, 0) for measure in definition.denominator)
    value = float(round(Fraction(above, below), 6)) if below else None
    return Figure(value=value, numerator=above, denominator=below)


def definitions() -> tuple[Definition, ...]:
    """What each indicator means, in both languages, in the order in which they are printed."""
    return DEFINITIONS
