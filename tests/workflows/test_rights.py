"""The permission matrix, cell by cell, and how far each cell reaches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.actor import SYSTEM, Actor, Role
from domain.errors import NotAllowed, NotFound
from workflows.rights import (
    EVERYWHERE,
    NOWHERE,
    STEPS,
    Resource,
    Scope,
    authorise,
    authorise_affair,
    matrix,
    may_work,
    right_of,
    scope_of,
)

ROLES = [
    "RES",
    "CW",
    "FD",
    "MED",
    "CD",
    "SC",
    "SL",
    "DO",
    "DL",
    "SRV",
    "SUP",
    "AUD",
    "POL",
    "ADM",
    "SEC",
]

# In the order of the reference.
assert " ".join(ROLES) == "RES CW FD MED CD SC SL DO DL SRV SUP AUD POL ADM SEC"

# Domain reference, section 2, without the marks of its notes, and the row of
# docs/adr/0012-assignment.md; a dot is no right. Where a note
# narrows a cell to one of the actions of its row, the other action has a dot.
TABLE = """
view_profile       S  A K  a K Tl T Dl Dl a D D . . .
reveal             S  A a  a K a  a a  a  . . . . . .
edit_profile       S  A K  . K .  . .  .  . . . . . .
register_affair    S  A K  K K Tl T Dl .  . D . . . .
view_affair        S  A K  a K Tl T Dl Dl a D D . . .
work_affair        Sa A K  K K Tl T Dl Dl a D . . . .
assist_affair      Sa A K  K K Tl T Dl Dl a D . . . .
refer              .  A K  K K Tl T Dl Dl . . . . . .
extend_or_suspend  .  . .  . K .  T .  Dl . . . . . .
record_visit       .  A .  . K .  . .  .  . . . . . .
record_daily_work  .  A K  . K .  . .  .  . . . . . .
return_visit       S  . K  . K Tl T .  .  . D . . . .
assign_affair      .  . K  . K Tl T Dl Dl . D . . . .
supervise          .  . .  . . T  T D  D  . D . . . .
statistics         n  A K Kl K Tl T Dl Dl . D D n . .
export             S  . .  . K .  T .  Dl . D D . . .
publish_guide      .  . .  . K .  . .  .  . . . D . .
answer_messages    .  A K  . K Tl . Dl .  . . . D . .
moderate_messages  .  . K  . K .  . .  .  . . . D . .
register_unit      .  . .  . K .  . .  .  . . . . D .
import_calendar    .  . .  . . .  . .  .  . . . . D .
draft_line         .  . .  . . .  . .  .  . . . D . .
publish_line       .  . .  . . .  . .  D  . . . . . .
archive            .  . K  . K Tl T .  .  . . . . . .
erase              .  . .  . K .  . .  D  . . . . . D
read_audit_trail   .  . .  . . .  . .  .  . . D . . .
accounts           .  . .  . . .  . .  .  . . . . D .
role_grants        .  . .  . . .  . .  .  . . . . . D
"""
CELLS = {
    action: dict(zip(ROLES, cells, strict=True))
    for action, *cells in (row.split() for row in TABLE.strip().splitlines())
}


@pytest.mark.parametrize("action", CELLS)
def test_each_cell_is_the_one_of_the_table(action: str) -> None:
    allowed = {role: cell for role, cell in CELLS[action].items() if cell != "."}

    assert matrix()[action] == allowed


# Rows that the domain reference does not have: product default.
BEYOND = {"run_offerings"}


def test_no_action_stands_outside_the_table() -> None:
    assert set(matrix()) == set(CELLS) | BEYOND


# One unit of each level, where the role is granted, and what lies where.
DISTRICT, STREET, COMMUNITY, AREA = "370103", "370103008", "370103008001", "370103008001-03"
GRANTED = {"S": "", "Sa": "", "n": "", "a": "370103008/hw", "A": AREA, "K": COMMUNITY}
PLACES = {
    "A": (AREA, ("370103008001-04", "370103008001-030", COMMUNITY)),
    "K": ("370103008001-04", ("370103008002-04", "370103008002")),
    "T": ("370103008002-04", ("370103009001-01", "370103009001")),
    "D": ("370103009001-01", ("370104001001-01", "370104")),
}


def held(role: str, cell: str) -> Actor:
    """An actor of this role as it is granted for the cell."""
    level = cell.rstrip("l")
    unit = GRANTED.get(cell, {"A": AREA, "K": COMMUNITY}.get(level, ""))
    if level in ("T", "D"):
        unit = {"T": STREET, "D": DISTRICT}[level]
        if cell.endswith("l"):
            unit += "/cg"
    return Actor(
        account="liqiang", role=Role(role), unit=unit, lines=("CG",) if cell.endswith("l") else ()
    )


EACH_CELL = [
    pytest.param(action, role, cell, id=f"{action}-{role}")
    for action, cells in CELLS.items()
    for role, cell in cells.items()
]


def passes(actor: Actor, action: str, resource: Resource) -> bool:
    """Whether the decision point lets it pass."""
    try:
        authorise(actor, action, resource)
    except (NotAllowed, NotFound):
        return False
    return True


@pytest.mark.parametrize(("action", "role", "cell"), EACH_CELL)
def test_each_cell_reaches_as_far_as_it_says(action: str, role: str, cell: str) -> None:
    actor = held(role, cell)
    strange = Resource(area=AREA, line="CG", owner="zhangmin", people=("chenyan",))
    level = cell.rstrip("l")

    if cell == ".":
        assert scope_of(actor, action) == NOWHERE
        with pytest.raises(NotAllowed):
            authorise(replace(actor, unit=AREA), action, strange)
    elif level in PLACES:
        within, beyond = PLACES[level]
        assert passes(actor, action, replace(strange, area=within))
        assert not any(passes(actor, action, replace(strange, area=area)) for area in beyond)
        assert passes(actor, action, replace(strange, area=within, line="MZ")) is (
            not cell.endswith("l")
        )
    elif level in ("S", "Sa"):
        assert passes(actor, action, replace(strange, owner="liqiang"))
        assert not passes(actor, action, replace(strange, people=("liqiang",)))
    elif level == "a":
        assert passes(actor, action, replace(strange, people=("chenyan", "liqiang")))
        assert passes(actor, action, replace(strange, units=("370103008/hw",)))
        helps = action in ("view_affair", "view_profile", "reveal", "assist_affair")
        assert passes(actor, action, replace(strange, asked=("370103008/hw",))) is helps
        assert not passes(actor, action, replace(strange, owner="liqiang"))
    else:
        assert level == "n"
        assert scope_of(actor, action).aggregates
        assert not passes(actor, action, strange)


@pytest.mark.parametrize("role", ROLES)
def test_an_action_that_nobody_knows_is_refused(role: str) -> None:
    actor = Actor(account="liqiang", role=Role(role), unit=DISTRICT)

    with pytest.raises(NotAllowed):
        authorise(actor, "grant_everything", Resource())


def test_a_strangers_affair_answers_like_one_that_does_not_exist() -> None:
    worker = held("CW", "A")

    with pytest.raises(NotFound) as refused:
        authorise(worker, "view_affair", Resource(area="370103008002-01"), "CG-2011-0001")

    assert refused.value.key == "CG-2011-0001"


@pytest.mark.parametrize(
    ("role", "action", "unit"),
    [
        ("CW", "view_affair", ""),
        ("CW", "view_affair", COMMUNITY),
        ("CW", "view_affair", STREET),
        ("CW", "view_affair", DISTRICT),
        ("FD", "view_affair", ""),
        ("FD", "view_affair", STREET),
        ("CD", "view_affair", "370103008/cg"),
        ("CD", "view_affair", DISTRICT),
        ("SL", "view_affair", DISTRICT),
        ("SL", "view_affair", "370103/cg"),
        ("SUP", "view_affair", ""),
        ("SUP", "view_affair", "3701"),
    ],
)
def test_a_role_granted_for_a_unit_above_its_level_reaches_nothing(
    role: str, action: str, unit: str
) -> None:
    actor = Actor(account="liqiang", role=Role(role), unit=unit)

    assert scope_of(actor, action).prefix is None
    with pytest.raises(NotAllowed):
        authorise(actor, action, Resource(area=AREA, owner="liqiang", people=("liqiang",)))


@pytest.mark.parametrize("role", ["CD", "SL", "SUP"])
def test_a_role_granted_for_a_unit_below_its_level_reaches_the_level(role: str) -> None:
    actor = Actor(account="liqiang", role=Role(role), unit=AREA)

    assert passes(actor, "view_affair", Resource(area="370103008001-99"))


def test_a_role_of_some_lines_that_was_granted_none_reaches_none() -> None:
    officer = Actor(account="zhenglan", role=Role.SC, unit="370103008/cg")

    assert not passes(officer, "view_affair", Resource(area=AREA, line="CG"))


def test_of_a_restricted_affair_only_the_assigned_may_know() -> None:
    hidden = Resource(area=AREA, line="CG", people=("linxiaohe",), restricted=True)

    for role in ("FD", "CD", "SC", "SL", "DO", "DL", "SUP", "AUD"):
        actor = held(role, CELLS["view_affair"][role])
        assert not passes(actor, "view_affair", hidden), role
        assert passes(replace(actor, account="linxiaohe"), "view_affair", hidden), role
        assert not passes(actor, "view_affair", replace(hidden, units=(actor.unit,))), role
    provider = replace(held("SRV", "a"), account="hansong")
    assert not passes(provider, "view_affair", replace(hidden, units=(provider.unit,)))
    assert passes(provider, "view_affair", replace(hidden, people=("hansong",)))
    assert not passes(held("RES", "S"), "view_affair", replace(hidden, owner="liqiang"))
    assert passes(SYSTEM, "work_affair", hidden)


def test_what_is_restricted_is_assigned_by_people_who_may_not_see_it() -> None:
    hidden = Resource(area=AREA, line="CG", restricted=True)

    for role, cell in CELLS["assign_affair"].items():
        actor = held(role, cell)
        if cell == ".":
            continue
        authorise_affair(actor, "assign_affair", hidden, "CG-2011-0001")
        with pytest.raises(NotFound):
            authorise_affair(actor, "work_affair", hidden, "CG-2011-0001")
        beyond = replace(hidden, area="370104001001-01")
        with pytest.raises(NotFound):
            authorise_affair(actor, "assign_affair", beyond, "CG-2011-0001")


@pytest.mark.parametrize(
    ("role", "unit", "may"),
    [
        ("CW", AREA, True),
        ("CW", "370103008001-04", False),
        ("MED", COMMUNITY, True),
        ("SC", "370103008/cg", True),
        ("SC", "370103009/cg", False),
        ("SRV", "370103008/hw", True),
        ("SRV", "370103008/yl", False),
        ("RES", "", False),
        ("AUD", DISTRICT, False),
        ("ADM", DISTRICT, False),
    ],
)
def test_an_affair_is_given_to_whoever_may_work_on_it_there(
    role: str, unit: str, may: bool
) -> None:
    actor = Actor(account="liqiang", role=Role(role), unit=unit, lines=("CG",))
    resource = Resource(area=AREA, line="CG", units=("370103008/hw",), owner="liqiang")

    assert may_work(actor, resource) is may
    # Who it was given to before, and that it is restricted, changes nothing.
    assert may_work(actor, replace(resource, people=("liqiang",), restricted=True)) is may


def test_the_system_sees_everything_and_nobody_is_the_system_by_name() -> None:
    hidden = Resource(area=AREA, line="CG", restricted=True)
    named = Actor(account=SYSTEM.account, role=Role.CW, unit="370103008002-01")

    assert EVERYWHERE.covers(hidden)
    assert EVERYWHERE.covers(Resource())
    assert not passes(named, "view_affair", Resource(area=AREA))
    assert not Scope(prefix="", own=True, account=SYSTEM.account).covers(hidden)


def test_what_the_principal_is_assigned_to_the_deputy_may_do() -> None:
    hidden = Resource(area=AREA, line="CG", restricted=True, people=("linxiaohe",))
    elsewhere = Actor(account="chenyan", role=Role.CW, unit=f"{COMMUNITY}-02")
    deputy = Actor(account="chenyan", role=Role.CW, unit=AREA, deputy_for="linxiaohe")

    assert passes(deputy, "work_affair", hidden)
    assert not passes(elsewhere, "work_affair", hidden)
    assert not passes(replace(deputy, deputy_for="wangfang"), "work_affair", hidden)
    assert scope_of(deputy, "view_affair").named == ("chenyan", "linxiaohe")


def test_each_kind_of_step_and_each_action_asks_for_its_right() -> None:
    assert right_of("archive", "X7") == "archive"
    assert {right_of("step", "G1"), right_of("reopen", "X2"), right_of("entry", "refer")} == {
        "work_affair"
    }
    assert right_of("action", "suspend") == "extend_or_suspend"
    assert right_of("action", "remind") == "work_affair"
    assert right_of("action", "assign") == "assign_affair"
    assert right_of("action", "recuse") == "assist_affair"
    for name in ("propose_supervision", "confirm_supervision", "decline_supervision"):
        assert right_of("action", name) == "supervise"
    assert {right_of("action", name) for name in ("sign_in", "refuse_referral", "joint_done")} == {
        "assist_affair"
    }
    assert right_of("step", "sign_in") == "work_affair"
    assert {right_of(kind) for kind in ("step", "reopen", "archive")} == set(STEPS)


@pytest.mark.parametrize("unit", ["370103008/jd", "370103009/cg"])
def test_an_officer_who_is_only_asked_to_help_answers_and_reads(unit: str) -> None:
    lines = ("CG",) if unit.endswith("cg") else ("JS",)
    officer = Actor(account="weiping", role=Role.SC, unit=unit, lines=lines)
    asked = Resource(area=AREA, line="CG", asked=(unit,))

    assert [passes(officer, right, asked) for right in ("view_affair", "assist_affair")] == [
        True
    ] * 2
    for right in ("work_affair", "refer", "return_visit", "archive"):
        assert not passes(officer, right, asked)
    assert passes(officer, "work_affair", replace(asked, asked=(), units=(unit,)))


@pytest.mark.parametrize("role", ["DO", "DL"])
def test_what_a_whole_district_leads_is_not_of_every_line(role: str) -> None:
    here = Actor(account="hemei", role=Role(role), unit="370103", lines=("CG",))
    led = Resource(area=AREA, line="YL", units=("370103",))

    for right in ("view_affair", "view_profile", "work_affair", "reveal"):
        assert not passes(here, right, led), right
        assert passes(here, right, replace(led, people=("hemei",))), right
        # An office, which others refer to, answers for whatever it has been given.
        office = replace(here, unit="370103/mz")
        assert passes(office, right, replace(led, units=("370103/mz",))), right
    assert passes(here, "work_affair", replace(led, line="CG"))


def test_an_officer_works_on_every_affair_of_the_street_and_the_line() -> None:
    officer = held("SC", "Tl")

    assert passes(officer, "work_affair", Resource(area=AREA, line="CG", units=("370103008/hw",)))


def test_whoever_registers_has_no_part_in_it_before() -> None:
    mine = Resource(area="370103008002-01", line="CG", owner="liqiang")

    assert not passes(held("CW", "A"), "register_affair", mine)
    assert not passes(held("SC", "Tl"), "register_affair", replace(mine, area=AREA, line="MZ"))


def test_who_has_no_account_owns_and_is_assigned_nothing() -> None:
    nobody = Actor(account="", role=Role.RES)

    assert not passes(nobody, "view_affair", Resource(area=AREA))
    assert not passes(replace(nobody, role=Role.SRV), "view_affair", Resource(area=AREA))


def test_what_belongs_to_the_district_is_for_whoever_reaches_the_district() -> None:
    assert passes(held("ADM", "D"), "import_calendar", Resource())
    assert not passes(held("CD", "K"), "register_unit", Resource())
    assert not passes(held("CD", "K"), "register_unit", Resource(area="370103008002-01"))
    assert passes(held("CD", "K"), "register_unit", Resource(area="370103008001-06"))
