"""A time that has to pass, and no more: its end is recorded, and nothing follows."""

from domain.affair import events as e
from tests.workflows.played import Told
from tests.workflows.small import small
from workflows.machine import CompiledLine

WAITING = CompiledLine(small("fires: S5, record: {reason: 到期}", "fires: none"))


def waiting() -> Told:
    told = Told(line=WAITING).registered("07-22 10:05", "ZA02")
    return told.step("S2", "CW", "07-22 10:30", account="cw").step("S4", "CW", "07-25 09:00")


def test_its_end_is_recorded_and_nothing_follows() -> None:
    told = waiting()
    before = len(told.events)

    told.expired("parts", "timer")

    assert [type(event) for event in told.events[before:]] == [e.Warned]
    assert told.now.standing.state == "waiting"
    assert told.now.work.orders == 0


def test_nobody_is_warned_that_it_will_end() -> None:
    told = waiting()
    before = len(told.events)

    told.expired("parts", "yellow").expired("parts", "red")

    assert told.events[before:] == []


def test_it_can_be_waited_for() -> None:
    told = waiting()

    assert told.running() == {"parts": "08-15", "whole": "08-05"}
    assert WAITING.timer("parts") is None
    assert told.step("S6", "CW", "07-26 09:00").now.standing.state == "repairing"
