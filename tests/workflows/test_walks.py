"""Walks by chance through every line and version: what a line calls open is open, no walk leaves
the states of the file, every history replays, and from wherever it has come to, an affair can be
brought to its closing within the rules.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.affair.evolve import project
from domain.affair.state import ENDS
from domain.clock import SHANGHAI
from domain.errors import FieldInvalid, NotPermittedNow, Refusal, StepNotOpen
from domain.record import Kind
from tests.builders import lines
from tests.workflows.scenes import CALENDAR, OTHER, sample
from tests.workflows.small import small
from tests.workflows.walking import EXITS, UNITS, Deed, Walk, begun, to_an_end
from workflows.machine import CompiledLine

FRIDAY = datetime(2011, 7, 22, 10, 5, tzinfo=SHANGHAI)
LONGEST = 25
WISHES = ("contact", "contact", "contact", "anonymous", "no_reply")
HOURS = (0, 0, 1, 30, 200, 1500)
OF_THE_REGISTER = (Kind.UNIT, Kind.UNITS, Kind.ACCOUNT)
"""What such a field may say, the units and accounts decide that are there, not the line."""

# A failure tells its history; to find a shorter one takes longer than a test may last.
WALKING = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
LINES = pytest.mark.parametrize(
    "line", lines.versions(), ids=lambda line: f"{line.line}-{line.version}"
)


def next_deed(walk: Walk, data: st.DataObject) -> Deed | None:
    """Something that is open to somebody: three times in four it leads onward, or the walk would
    stand still or be withdrawn at once."""
    onward = data.draw(st.integers(0, 3)) > 0
    ways = [way for way in walk.ways(all_=not onward) if not (onward and way.id in EXITS)]
    first = data.draw(st.integers(0, max(0, len(ways) - 1)))
    for way in (*ways[first:], *ways[:first]):
        if deeds := list(walk.open(way)):
            return deeds[data.draw(st.integers(0, len(deeds) - 1))]
    return None


def recorded(walk: Walk, deed: Deed, data: st.DataObject) -> dict[str, object] | None:
    """What lets it pass, or anything at all."""
    if data.draw(st.integers(0, 2)):
        return walk.record(deed)
    record: dict[str, object] = {}
    for spec in deed.way.reader(walk.matter, deed.by.role).specs:
        if spec.required or (spec.name != "merged_into" and data.draw(st.booleans())):
            codes: list[Any] = [True, False] if spec.kind is Kind.FLAG else list(spec.choices)
            codes = list(UNITS) if spec.kind is Kind.UNIT else codes
            record[spec.name] = (
                data.draw(st.sampled_from(codes)) if codes else sample(spec, walk.at)
            )
    if record.get("ground") == "duplicate":
        record["merged_into"] = str(OTHER)
    return {name: value for name, value in record.items() if value != ""}


def stands_in_the_way(walk: Walk, deed: Deed, record: dict[str, object], refusal: Refusal) -> bool:
    """Whether what is recorded, or what the line cannot know, may have been refused."""
    specs = {spec.name: spec for spec in deed.way.reader(walk.matter, deed.by.role).specs}
    match refusal:
        case FieldInvalid() if refusal.field in specs:
            return deed.way.kind == "action" or specs[refusal.field].kind in OF_THE_REGISTER
        case StepNotOpen() | NotPermittedNow():
            decided = {guard.title for guard in deed.way.after}
            passes = walk.record(deed) == record
            return deed.way.kind == "action" or (refusal.because in decided and not passes)
    return False


def check_offered(walk: Walk, deed: Deed) -> None:
    """The page offers it to that actor too."""
    asked = (walk.affair, deed.by, walk.at, CALENDAR, walk.place)
    line = walk.line
    offered = (*line.options(*asked), *line.entry_options(*asked), *line.action_options(*asked))
    assert deed.way.id in [option.step for option in offered if option.open]


def tried(walk: Walk, deed: Deed, record: dict[str, object]) -> Walk:
    """The walk after it, or as it was where it was refused for a good reason."""
    try:
        return walk.done(deed, record)
    except Refusal as refusal:
        if stands_in_the_way(walk, deed, record, refusal):
            return walk
        raise


def wander(line: CompiledLine, data: st.DataObject) -> Walk:
    """A walk of at most so many deeds, checked at each of them."""
    matter = data.draw(st.sampled_from(sorted(line.spec.matters)))
    wish, full = data.draw(st.sampled_from(WISHES)), data.draw(st.booleans())
    walk = begun(line, matter, FRIDAY, wish, full=full)
    for _ in range(data.draw(st.integers(1, LONGEST))):
        if walk.offering and not data.draw(st.integers(0, 5)):
            walk = walk.freed()
        walk = walk.until(walk.at + timedelta(hours=data.draw(st.sampled_from(HOURS))))
        deed = next_deed(walk, data)
        if deed is None:
            continue
        check_offered(walk, deed)
        record = recorded(walk, deed, data)
        if record is None:
            continue
        before = walk.state
        walk = tried(walk, deed, record)
        assert walk.state in line.states
        if walk.state in ENDS and before not in ENDS:
            running = {clock.name for clock in walk.affair.clocks if clock.running}
            assert running == {"archiving"}
    return walk


def check_walk(line: CompiledLine, data: st.DataObject) -> None:
    """Wander about, then go to the end."""
    walk = wander(line, data)

    assert project(None, walk.events) == walk.affair
    if walk.state not in (*ENDS, "archived"):
        closed = to_an_end(walk)

        assert closed is not None, f"no end of {walk.matter} from {walk.state}: {walk.told()}"
        assert project(None, closed.events) == closed.affair
        assert closed.affair.standing.closed_at is not None


@LINES
def test_an_affair_of_each_matter_can_be_brought_to_its_closing(line: CompiledLine) -> None:
    for matter in line.spec.matters:
        closed = to_an_end(begun(line, matter, FRIDAY), closing=True)

        assert closed is not None, matter
        assert closed.affair.standing.state == "closed"


def test_a_trap_that_guards_alone_have_made_is_seen() -> None:
    # Once it has waited for parts it can be neither repaired nor given up, only wait again.
    waited = "    by: [CW]\n    when: [step_never_taken: [S4]]\n    fields:\n      - {name: cost"
    trapped = small("    by: [CW]\n    fields:\n      - {name: cost", waited)
    steps = [
        step.model_copy(update={"to": "repairing"}) if step.id == "S5" else step
        for step in trapped.transitions
    ]
    line = CompiledLine(trapped.model_copy(update={"transitions": tuple(steps)}))
    free = begun(line, "ZA02", FRIDAY)
    walk = free.done(next(free.open(line.steps["S2"])), {})
    walk = walk.done(next(walk.open(line.steps["S4"])), {})

    assert to_an_end(free) is not None
    assert to_an_end(walk, far_most=500) is None


def test_an_affair_on_which_three_units_work_comes_to_its_end() -> None:
    walk = begun(lines.of("MZ")[0], "MZ02", FRIDAY)
    line = walk.line
    joint = [(line.actions["open_joint"], {"unit": unit}) for unit in UNITS]
    for way, told in ((line.steps["B1"], {}), *joint):
        deed = next(walk.open(way))
        walk = walk.done(deed, {**(walk.record(deed) or {}), **told})

    closed = to_an_end(walk)

    assert closed is not None
    assert [joint.done for joint in closed.affair.work.joint] == [True, True, True]


@LINES
@settings(WALKING, max_examples=5)
@given(data=st.data())
def test_a_walk_stays_within_the_line_and_comes_to_an_end(
    line: CompiledLine, data: st.DataObject
) -> None:
    check_walk(line, data)


@pytest.mark.faults
@pytest.mark.timeout(3600)
@LINES
@settings(WALKING, max_examples=200)
@given(data=st.data())
def test_of_many_walks_none_leaves_the_line(line: CompiledLine, data: st.DataObject) -> None:
    check_walk(line, data)
