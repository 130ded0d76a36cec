"""Random walks: what a line calls open is open, and no walk leaves the states of the file."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.actor import Actor, Role
from domain.affair.evolve import project
from domain.affair.state import ENDS
from domain.clock import local_day
from domain.errors import FieldInvalid, NotPermittedNow, StepNotOpen
from domain.record import Kind
from tests.workflows.played import SPOT, Told
from tests.workflows.scenes import CALENDAR, CG, OTHER, sample
from workflows.ways import Option

ROLES = [role for role in Role if role not in (Role.AUD, Role.POL, Role.ADM, Role.SEC)]
FAR = 40
EXITS = ("X7", "X8", "X9")


def offered(told: Told, at: datetime) -> list[tuple[Role, Option]]:
    """Everything that is open to somebody, by an account that has handled nothing."""
    found: list[tuple[Role, Option]] = []
    for role in ROLES:
        asked = (told.now, actor(role), at, CALENDAR)
        for options in (CG.options(*asked), CG.entry_options(*asked), CG.action_options(*asked)):
            found += [(role, option) for option in options if option.open]
    return found


def actor(role: Role) -> Actor:
    return Actor(account=f"{role.lower()}-1", role=role, unit="370103008/cg")


def filled(option: Option, at: datetime, draw: Any) -> dict[str, object]:
    """A record of what must be recorded, and perhaps of what may be."""
    record: dict[str, object] = {}
    for field in option.fields:
        if field.required or (field.name != "merged_into" and draw(st.booleans())):
            codes = list(field.choices)
            value = draw(st.sampled_from(codes)) if codes else sample(field)
            record[field.name] = str(local_day(at)) if field.kind is Kind.DATE else value
    if record.get("ground") == "duplicate":
        record["merged_into"] = str(OTHER)
    return {name: value for name, value in record.items() if value != ""}


def refused(told: Told, option: Option, by: Actor, at: datetime, record: dict[str, object]) -> str:
    """What was in the way after all; empty where it was done."""
    try:
        told.taken(option, by, at, record)
    except (StepNotOpen, NotPermittedNow, FieldInvalid) as refusal:
        return refusal.because
    return ""


@settings(max_examples=40, deadline=None)
@given(data=st.data(), matter=st.sampled_from(list(CG.spec.matters)))
def test_a_walk_stays_within_the_line(data: st.DataObject, matter: str) -> None:
    told = Told().registered("07-22 10:05", matter)
    told.step("G1", "CW", "07-22 10:30", **SPOT)
    at = told.now.standing.last_at

    for _ in range(FAR):
        at += timedelta(hours=data.draw(st.sampled_from([0, 1, 30])))
        choices = offered(told, at)
        # Three times in four onward, or the walk would stand still or be withdrawn at once.
        onward = [one for one in choices if one[1].kind != "action" and one[1].step not in EXITS]
        wanted = data.draw(st.sampled_from([onward, onward, onward, choices])) or choices
        if not wanted:
            break
        role, option = data.draw(st.sampled_from(wanted))
        because = refused(told, option, actor(role), at, filled(option, at, data.draw))
        # Only what was recorded, or what the decider itself knows, may still be in the way.
        assert not because or option.kind == "action" or because in option.depends
        assert told.now.standing.state in CG.states

    assert project(None, told.events) == told.now
    if told.now.standing.state in ENDS:
        assert told.running() == {}
