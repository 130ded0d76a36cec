"""What refusals by the own guards of a line are called, by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from domain import errors
from domain.errors import Refusal


class Why(NamedTuple):
    """The kinds of refusal it may be, and what its reason begins with; none for any."""

    kind: type[Refusal] | tuple[type[Refusal], ...]
    because: str | tuple[str, ...] = ()


REASONS: Mapping[str, Mapping[str, Why]] = {
    "CG": {
        "还没有劝导未果的记录": Why(errors.StepNotOpen, "entries_at_least"),
        "已经劝导三次": Why(errors.StepNotOpen, "steps_fewer_than"),
        "处置人不得核查自己的处置": Why(errors.StepNotOpen, "actor_is_not"),
        "派遣已超过四个工作时": Why(errors.StepNotOpen, "time_in_state_at_most"),
    },
    "DJ": {
        "有效期超过九十日": Why(errors.FieldInvalid, "not after"),
    },
    "JS": {"已经发证的不得撤回": Why(errors.StepNotOpen, "withdrawal_open")},
    "LB": {"已经认定的不得撤回": Why(errors.StepNotOpen, "withdrawal_open")},
    "TJ": {
        "达成协议之后不得撤回": Why(errors.StepNotOpen, "withdrawal_open"),
        "法院受理已经记过": Why(errors.StepNotOpen, "entries_fewer_than"),
        "该事项不作调解": Why(errors.StepNotOpen, "matter_in"),
        "该事项不是法律咨询": Why(errors.StepNotOpen, "matter_in"),
        "该事项不能重办": Why(errors.StepNotOpen, "matter_in"),
    },
    "WT": {
        "名额已满": Why(errors.StepNotOpen, "place_left"),
        "候补也已满": Why(errors.StepNotOpen, "standby_left"),
        "九十日内爽约三次，三十日内不得预约": Why(errors.StepNotOpen, "not_barred"),
        "活动还没有开始": Why(errors.StepNotOpen, "field_reached"),
        "没有名额留待答复": Why(errors.StepNotOpen, "place_kept"),
        "维修的人不得验收自己的维修": Why(errors.StepNotOpen, "actor_is_not"),
        "活动场次已开始或已取消": Why(errors.FieldInvalid, "an offering of this matter"),
    },
    "XF": {
        "请求复查的三十日已过": Why(errors.StepNotOpen, ("within_clock", "state")),
        "已出具处理意见，只能请求复查": Why(errors.StepNotOpen, ("redo_possible", "state")),
        "转送已超过五个工作日": Why(errors.StepNotOpen, "time_in_state_at_most"),
        "已出具意见的不得撤回": Why(errors.StepNotOpen, "withdrawal_open"),
    },
    "YL": {
        "公示未满七日": Why(errors.StepNotOpen, "notice_days_passed"),
        "公示期已过": Why(errors.StepNotOpen, "within_clock"),
        "评估员不得审批": Why(errors.StepNotOpen, "actor_is_not"),
        "公示的姓名没有脱敏": Why(errors.StepNotOpen, "names_masked"),
        "暂停已超过九十日": Why(errors.StepNotOpen, "time_in_state_at_most"),
        "已批准的不得撤回": Why(errors.StepNotOpen, "withdrawal_open"),
    },
    "ZZ": {
        "红色险情和家暴侵害报告不得撤回": Why(errors.StepNotOpen, "withdrawal_open"),
        "该事项没有帮扶": Why(errors.StepNotOpen, "matter_in"),
        "该事项不能当场登记": Why(errors.StepNotOpen, "matter_in"),
    },
}
