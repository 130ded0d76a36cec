"""A running affair goes on under another version: its clocks are told anew, its past stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.demo.cast import LINE_CHIEF
from domain.affair.commands import MigrateAffair
from domain.affair.events import ProcedureMigrated
from domain.commands import PublishLine
from domain.errors import Malformed, NotAllowed, NotFound, NotPermittedNow
from tests.adapters.worker.office import DIRECTOR, Office, at
from workflows.line import Line
from workflows.loading import FOLDER, load
from workflows.publication import defined

CHIEF = LINE_CHIEF.actor
CG = load(FOLDER / "CG.yaml")


def published(desk: Office, **changes: Any) -> str:
    """Another version of CG; its name."""
    line = CG.model_copy(update={"version": "2011.2", **changes})
    desk.run(PublishLine(command_id=uuid4(), by=CHIEF, occurred_at=desk.clock.at, **defined(line)))
    desk.house.reference.refresh()
    return line.version


def longer(clock: str, count: int) -> dict[str, Any]:
    clocks = tuple(
        one.model_copy(update={"limit": one.limit.model_copy(update={"count": count})})
        if one.name == clock and one.limit
        else one
        for one in CG.clocks
    )
    return {"clocks": clocks}


def moving(desk: Office, affair: UUID, version: str, **given: Any) -> MigrateAffair:
    values: dict[str, Any] = {
        "command_id": uuid4(),
        "by": CHIEF,
        "occurred_at": desk.clock.at,
        "affair_id": affair,
        "version": version,
        "reason": "按新的时限办理",
        **given,
    }
    return MigrateAffair(**values)


def due(desk: Office, affair: UUID, clock: str) -> Any:
    found = desk.house.affairs.get(affair)[0].clock(clock)
    assert found is not None
    return found.due_at


def test_its_running_clocks_are_those_of_the_version_it_goes_on_under(desk: Office) -> None:
    affair = desk.persuading()
    before = due(desk, affair, "persuading")
    version = published(desk, **longer("persuading", 3))

    desk.run(moving(desk, affair, version))

    state, _ = desk.house.affairs.get(affair)
    assert before == at("07-26 00:00")
    assert due(desk, affair, "persuading") == at("07-28 00:00")
    assert (state.identity.line_version, state.standing.state) == ("2011.2", "persuading")
    last = desk.history(affair)[-1].event
    assert isinstance(last, ProcedureMigrated)
    assert (last.from_version, last.to_version) == ("2011.1", "2011.2")
    assert [(one.name, one.change) for one in last.clocks] == [("persuading", "started")]
    assert desk.house.reveal(last.record.get("reason"), affair) == "按新的时限办理"
    # What was over keeps what it came to.
    assert due(desk, affair, "acceptance") == at("07-26 00:00")
    for row in desk.house.queries.due(at("2012-01-01 00:00"), 50):
        if row.affair_id == affair and row.clock == "persuading":
            assert row.due_at == at("07-28 00:00")


def test_the_same_clocks_change_nothing_but_the_version(desk: Office) -> None:
    affair = desk.persuading()
    version = published(desk)

    desk.run(moving(desk, affair, version))

    assert desk.history(affair)[-1].event.clocks == ()
    assert desk.house.affairs.get(affair)[0].identity.line_version == version


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"matters": {"CG02": CG.matters["CG02"]}}, "that version has no matter CG01"),
        ({"states": "gone"}, "that version has no state persuading"),
    ],
)
def test_what_has_no_place_there_cannot_move(
    desk: Office, changes: dict[str, Any], because: str
) -> None:
    affair = desk.persuading()
    if changes.get("states") == "gone":
        changes = _without_persuasion()
    else:
        changes = {**changes, **_only_garbage()}
    version = published(desk, **changes)

    with pytest.raises(NotPermittedNow) as refused:
        desk.run(moving(desk, affair, version))

    assert refused.value.because == because
    assert desk.house.affairs.get(affair)[0].identity.line_version == "2011.1"


def _only_garbage() -> dict[str, Any]:
    clocks = tuple(
        one.model_copy(
            update={"limits": tuple(case for case in one.limits if case.matters == ("CG02",))}
        )
        if one.limits
        else one
        for one in CG.clocks
    )
    return {"clocks": clocks}


def _without_persuasion() -> dict[str, Any]:
    gone = ("G4", "G6", "G7", "G8")
    return {
        "states": {name: one for name, one in CG.states.items() if name != "persuading"},
        "transitions": tuple(one for one in CG.transitions if one.id not in gone),
        "entries": (),
        "clocks": tuple(one for one in CG.clocks if one.name != "persuading"),
        "redo": tuple(
            one.model_copy(update={"when": ({"step_taken": ["G5"]},)}) if one.when else one
            for one in CG.redo
        ),
    }


def test_what_is_not_accepted_over_or_moved_already_stays(desk: Office) -> None:
    fresh, moved, over = desk.registered(), desk.persuading(), desk.persuading()
    version = published(desk)
    desk.run(moving(desk, moved, version))
    told: dict[str, object] = {"ground": "moved_out", "reason": "已搬走"}
    desk.take(over, "X9", told, by=DIRECTOR)

    for affair, because in (
        (fresh, "it is not accepted yet: it takes the version in force by itself"),
        (moved, "it goes by this version already"),
        (over, "the affair is over"),
    ):
        with pytest.raises(NotPermittedNow) as refused:
            desk.run(moving(desk, affair, version))
        assert refused.value.because == because


def test_only_who_publishes_moves_and_says_why(desk: Office) -> None:
    affair = desk.persuading()
    version = published(desk)

    with pytest.raises(NotAllowed):
        desk.run(moving(desk, affair, version, by=DIRECTOR))
    with pytest.raises(Malformed):
        desk.run(moving(desk, affair, version, reason="  "))
    with pytest.raises(NotFound):
        desk.run(moving(desk, affair, "2099.1"))


def test_the_line_of_the_tests_is_sound_without_what_they_take_away() -> None:
    from workflows.soundness import faults_of

    line: Line = CG.model_copy(update=_without_persuasion())
    assert [fault.wrong for fault in faults_of(line)] == []
