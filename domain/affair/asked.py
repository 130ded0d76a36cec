"""Which unit may be asked for what: nobody is asked for what is theirs already, and a level is
one level. Figures of referral and joint handling are only as true as these rules (三级联动).
"""

from collections.abc import Iterator, Mapping, Sequence

from domain.affair.events import JointOpened, StepTaken
from domain.affair.state import Affair
from domain.errors import FieldInvalid
from domain.organisation import DIGITS, OrganisationUnit, place_of
from domain.ports import Move
from domain.record import NOTHING

Units = Mapping[str, OrganisationUnit]

OF_UNIT = "unit"
"""The level of the unit that a step names as `lead_unit`."""


def place(affair: Affair, level: str) -> str:
    """The code of the affair's own community, street or district."""
    return affair.identity.community[: DIGITS[level]]


def check_referral(affair: Affair, unit: str) -> None:
    """Another unit than the one that leads. Raises FieldInvalid."""
    if unit == affair.standing.lead_unit:
        raise FieldInvalid("refer", "unit", "another unit than the one that leads")


def check_escalation(affair: Affair, unit: str, level: str, units: Units) -> None:
    """The affair's own street or district, whichever is next, or a department of it.

    Raises FieldInvalid.
    """
    known, wanted = units.get(unit), place(affair, level)
    if known is None:
        raise FieldInvalid("escalate", "unit", "the code of a unit that is registered")
    if place_of(unit) != wanted or known.kind not in (level, "department"):
        raise FieldInvalid("escalate", "unit", f"the {level} {wanted} or a department of it")


def lead_of(affair: Affair, move: Move) -> str:
    """Whose turn a step makes it: the unit that it names, else that of the level it goes to;
    empty where it stays. Raises FieldInvalid.
    """
    named, level = move.record.text("lead_unit"), level_of(affair, move)
    if named:
        check_lead(affair, move.step, named, level or affair.standing.level)
        return named
    return place(affair, level) if level else ""


def level_of(affair: Affair, move: Move) -> str:
    """The level that a step brings the affair to, empty where it stays: the one it says, or that of
    the unit it names. Raises FieldInvalid.
    """
    if move.level != OF_UNIT:
        return move.level
    where = place_of(move.record.text("lead_unit"))
    for level in ("community", "street", "district"):
        if where == place(affair, level):
            return level
    raise FieldInvalid(move.step, "lead_unit", "a unit of its own community, street or district")


def invited(affair: Affair, taken: StepTaken) -> Iterator[JointOpened]:
    """A joint task for each unit that a step names. Raises FieldInvalid."""
    units, by, at = taken.record.get("joint_units"), taken.by, taken.occurred_at
    if isinstance(units, tuple):
        named = tuple(str(unit) for unit in units)
        lead = taken.lead_unit or affair.standing.lead_unit
        check_joint(affair, taken.step, "joint_units", named, lead)
        for task, unit in enumerate(named, len(affair.work.joint) + 1):
            yield JointOpened(
                task=task, unit=unit, record=NOTHING, clocks=(), by=by, occurred_at=at
            )


def check_lead(affair: Affair, step: str, unit: str, level: str) -> None:
    """A unit of the level at which the affair is worked on, in its own place.

    Raises FieldInvalid.
    """
    wanted = place(affair, level)
    if place_of(unit) != wanted:
        raise FieldInvalid(step, "lead_unit", f"a unit of the {level} {wanted}")


def check_joint(affair: Affair, name: str, field: str, units: Sequence[str], lead: str) -> None:
    """Units that do not lead and whose task, if they had one, is done. Raises FieldInvalid."""
    if lead in units:
        raise FieldInvalid(name, field, "another unit than the one that leads")
    for joint in affair.work.joint:
        if not joint.done and joint.unit in units:
            raise FieldInvalid(name, field, f"another unit: the joint task of {joint.unit} is open")
