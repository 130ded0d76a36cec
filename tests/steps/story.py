"""What happened to an affair, told as its page tells it."""

from __future__ import annotations

from typing import Any, Literal

from pytest_bdd import parsers, then

from adapters.demo import deeds
from adapters.demo.deeds import Deed
from domain.affair import events as e
from domain.log import Recorded
from tests.steps.people import Table
from tests.steps.time import MOMENT, told
from tests.steps.world import World
from workflows.machine import CompiledLine

ACTIONS: dict[type, str] = {
    e.Referred: "refer",
    e.SignedIn: "sign_in",
    e.ReferralRefused: "refuse_referral",
    e.JointOpened: "open_joint",
    e.JointDone: "joint_done",
    e.Escalated: "escalate",
    e.SupervisionProposed: "propose_supervision",
    e.SupervisionDeclined: "decline_supervision",
    e.SupervisionAnswered: "answer_supervision",
    e.Assigned: "assign",
    e.Recused: "recuse",
    e.Reminded: "remind",
    e.Extended: "extend",
    e.Suspended: "suspend",
    e.Resumed: "resume",
    e.ReturnVisitRecorded: "return_visit",
    e.AnswerRequested: "request_answer",
    e.AnswerReceived: "receive_answer",
    e.Corrected: "correct",
}
COLOURS = {"yellow": "黄色预警", "red": "红色预警", "timer": "到期"}


def words(line: CompiledLine, event: Any) -> str:
    """What an event is called."""

    def label(kind: Literal["step", "entry", "action"], id_: str) -> str:
        return deeds.label(line, Deed(kind, id_))

    match event:
        case e.Registered():
            return "登记"
        case e.StepTaken() | e.Reopened() | e.Archived():
            return label("step", event.step)
        case e.Merged():
            return label("step", "X9")
        case e.EntryRecorded():
            return label("entry", event.entry)
        case e.Warned():
            return f"{_clock(line, event.clock)}{COLOURS[event.colour]}"
        case e.ClocksRecounted():
            return "按新日历重定期限"
        case e.ProcedureMigrated():
            return "改用新版条线"
        case e.Supervised():
            return label("action", "supervise")
        case _:
            return label("action", ACTIONS[type(event)])


def _clock(line: CompiledLine, name: str) -> str:
    spec = line.clock(name)
    assert spec is not None, name
    return spec.label.zh


def row(world: World, seen: Recorded) -> list[str]:
    """When, who, what."""
    event = seen.event
    return [told(event.occurred_at), world.name_of(event.by), words(world.line, event)]


@then("该事项的经过为")
def story(world: World, datatable: Table) -> None:
    """All that happened, in order, and nothing else; the head is 时间, 人员, 办理."""
    assert [["时间", "人员", "办理"], *(row(world, seen) for seen in world.history())] == datatable


@then(parsers.re(f"经过中有“{MOMENT}(?P<who>[\\u4e00-\\u9fff]+?)：(?P<what>[^”]+)”"))
def told_of(world: World, moment: str, who: str, what: str) -> None:
    """This happened, among other things."""
    rows = [row(world, seen) for seen in world.history()]
    assert [moment, who, what] in rows, rows


@then(parsers.re("经过中没有“(?P<what>[^”]+)”"))
def not_told_of(world: World, what: str) -> None:
    """This never happened."""
    assert what not in [words(world.line, seen.event) for seen in world.history()]
