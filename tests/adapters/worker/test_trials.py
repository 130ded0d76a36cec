"""Which affairs are tried and moved, on each database, and that each is moved once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from adapters.demo.cast import LINE_CHIEF
from adapters.trials import Trials
from domain.actor import Actor, Role
from domain.affair.commands import MigrateAffair
from domain.clock import local_day
from domain.errors import NotPermittedNow
from tests.adapters.worker.office import DIRECTOR, Office, at
from tests.adapters.worker.test_migration import CG, longer, moving, published
from workflows.rights import EVERYWHERE, NOWHERE

CHIEF = LINE_CHIEF.actor
DAY = date(2011, 7, 22)


def trials(desk: Office) -> Trials:
    house = desk.house
    return Trials(house.log.database, house.history, house.desk, house.now)


def test_affairs_are_found_by_line_and_day_the_latest_first(desk: Office) -> None:
    first = desk.registered()
    desk.until("07-23 00:00")
    second, third = desk.registered(), desk.registered()

    found = trials(desk)

    def ids(start: date, end: date) -> list[UUID]:
        return [one.id for one in found.registered(EVERYWHERE, "CG", start, end)]

    assert ids(DAY, DAY) == [first]
    assert ids(DAY, date(2011, 7, 23)) == [third, second, first]
    assert ids(date(2011, 7, 24), date(2011, 7, 31)) == []
    assert found.registered(EVERYWHERE, "WT", DAY, DAY) == []
    assert found.registered(NOWHERE, "CG", DAY, DAY) == []


def test_running_affairs_are_those_that_somebody_may_view(desk: Office) -> None:
    running, over = desk.persuading(), desk.persuading()
    desk.take(over, "X9", {"ground": "moved_out", "reason": "已搬走"}, by=DIRECTOR)
    other = Actor(account="luna", role=Role.DL, unit="370103", lines=("WT",))

    assert [one.id for one in trials(desk).running(CHIEF, "CG")] == [running]
    assert trials(desk).running(other, "CG") == []


def test_what_somebody_moved_meanwhile_is_not_moved_twice(desk: Office) -> None:
    affair = desk.persuading()
    version = published(desk, **longer("persuading", 3))
    line = desk.house.reference.lines.version("CG", version)
    found = list(trials(desk).moves(trials(desk).running(CHIEF, "CG"), line))
    desk.run(
        MigrateAffair(
            command_id=uuid4(),
            by=CHIEF,
            occurred_at=desk.clock.at,
            affair_id=affair,
            version=line.version,
            reason="别处已迁移",
        )
    )

    (late,) = [trials(desk).move(one, line, CHIEF, "按新的时限办理") for one in found]

    assert late.found.because == "it goes by this version already"
    assert [one.topic for one in desk.history(affair)].count("affair.procedure_migrated.v1") == 1


def test_it_is_moved_there_and_back_and_there_again(desk: Office) -> None:
    affair = desk.persuading()
    there, back = published(desk, **longer("persuading", 3)), "2011.1"
    lines = desk.house.reference.lines

    for version, due in ((there, "07-28 00:00"), (back, "07-26 00:00"), (there, "07-28 00:00")):
        line = lines.version("CG", version)
        (one,) = trials(desk).moves(trials(desk).running(CHIEF, "CG"), line)
        assert trials(desk).move(one, line, CHIEF, "按新的时限办理").refusal is None
        clock = desk.house.affairs.get(affair)[0].clock("persuading")
        assert clock is not None
        assert clock.due_at == at(due)


def test_nothing_is_moved_to_a_version_before_its_first_day(desk: Office) -> None:
    affair, tomorrow = desk.persuading(), local_day(desk.clock.at) + timedelta(days=1)
    version = published(desk, valid=CG.valid.model_copy(update={"since": tomorrow}))
    line = desk.house.reference.lines.version("CG", version)
    (told,) = trials(desk).moves(trials(desk).running(CHIEF, "CG"), line)

    with pytest.raises(NotPermittedNow) as refused:
        desk.run(moving(desk, affair, version))
    desk.clock.at += timedelta(days=1)
    desk.run(moving(desk, affair, version))

    assert told.found.because == refused.value.because == f"that version begins on {tomorrow}"
    assert desk.house.affairs.get(affair)[0].identity.line_version == version
