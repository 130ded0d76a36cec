"""The trail: one row per event, whatever it is about."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import date
from uuid import UUID

import pytest

import domain
from domain.affair import events as e
from domain.affair.neutral import ACTIONS as NEUTRAL
from domain.organisation import UnitRegistered
from domain.topics import TOPICS
from projections.audit import ACTIONS, audit_trail
from tests.projections.histories import AREA, COMMUNITY, Log, at, story
from tests.projections.memory import Memory


def test_every_event_of_the_house_leaves_a_row() -> None:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)

    assert set(audit_trail.handlers) == set(TOPICS.values())


def test_the_story_is_on_the_trail_step_by_step() -> None:
    log = story()

    rows = Memory(audit_trail, log.recorded).rows

    assert list(rows) == [(position,) for position in range(1, 16)]
    assert [row.action for row in rows.values()] == [
        "recorded",
        "register",
        "G1",
        "G4",
        "open_joint",
        "persuasion",
        "joint_done",
        "G8",
        "G9",
        "G12",
        "G13",
        "G16",
        "return_visit",
        "X1",
        "X7",
    ]
    assert (rows[(8,)].left, rows[(8,)].to, rows[(8,)].actor) == ("persuading", "filed", "zhoumin")
    assert (rows[(15,)].left, rows[(15,)].to) == ("closed", "archived")
    assert (rows[(2,)].left, rows[(2,)].to) == ("", "registered")
    assert (rows[(13,)].left, rows[(13,)].to) == ("", "")


def test_a_row_says_who_in_which_role_by_which_command() -> None:
    case = Log().affair(by="suqing")

    row = Memory(audit_trail, case.log.recorded).only()

    assert (row.stream_id, row.version, row.topic) == (case.id, 1, "affair.registered.v1")
    assert (row.actor, row.role, row.unit) == ("suqing", "CW", AREA)
    assert row.command_id == UUID(int=1001)
    assert (row.occurred_at, row.recorded_at) == (at("07-22 10:05"), at("07-22 10:06"))


def test_what_did_not_happen_at_an_instant_has_only_its_recording() -> None:
    log = Log()
    log.add(
        UUID(int=5),
        UnitRegistered(
            code=COMMUNITY,
            kind="community",
            name="建新社区",
            parent="370103008",
            lines=(),
            valid_from=date(2011, 7, 1),
        ),
    )

    row = Memory(audit_trail, log.recorded).only()

    assert (row.occurred_at, row.action) == (None, "registered")


@pytest.mark.parametrize(
    ("event", "given", "action", "states"),
    [
        (e.Merged, {"into": UUID(int=1), "left": "onsite", "to": "terminated"}, "merge", True),
        (
            e.Warned,
            {"clock": "onsite", "colour": "red", "due_at": at("07-26 00:00")},
            "warn",
            False,
        ),
        (e.ClocksRecounted, {"clocks": ()}, "recount", False),
    ],
)
def test_what_no_step_names_has_a_word_of_its_own(
    event: type, given: dict[str, object], action: str, states: bool
) -> None:
    case = Log().affair().then(event, "07-26 00:00", **given)

    row = Memory(audit_trail, case.log.recorded).rows[(2,)]

    assert row.action == action
    assert bool(row.to) is states


def test_neutral_actions_bear_the_names_of_the_common_rules() -> None:
    # A proposal that is confirmed becomes an order like any other: who gave it says the rest.
    assert set(NEUTRAL) - {"confirm_supervision"} <= set(ACTIONS.values())
