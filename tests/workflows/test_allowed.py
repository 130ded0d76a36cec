"""What an account may do and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.account.state import Grant
from domain.actor import Role
from workflows.allowed import Allowed, Reach, allowed, lacking
from workflows.rights import NOWHERE, matrix, scope_of

AREA, COMMUNITY, STREET, DISTRICT = "370103008001-01", "370103008001", "370103008", "370103"
UNITS = {
    **dict.fromkeys((Role.FD, Role.MED, Role.CD), COMMUNITY),
    **dict.fromkeys((Role.SC, Role.SL), STREET),
    Role.CW: AREA,
    Role.SRV: "370103008/hw",
    Role.RES: "",
}
LIMITED = (Role.SC, Role.DO, Role.DL, Role.MED)


def held(role: Role, **given: Any) -> Grant:
    values: dict[str, Any] = {
        "account": "linxiaohe",
        "grant": UUID(int=1),
        "role": role,
        "unit": UNITS.get(role, DISTRICT),
        "lines": ("CG",) if role in LIMITED else (),
        "valid_from": date(2011, 7, 1),
        "valid_until": None,
        **given,
    }
    return Grant(**values)


def row(right: str, *grants: Grant) -> Allowed:
    (found,) = (one for one in allowed(grants) if one.right == right)
    return found


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYS])
def test_every_cell_of_the_matrix_is_told_and_no_other(role: Role) -> None:
    grant = held(role)

    rows = allowed([grant])
    without = lacking([grant])

    cells = {right: cells[role.value] for right, cells in matrix().items() if role in cells}
    assert {one.right: one.cell for one in rows} == cells
    assert {one.right for one in without} == matrix().keys() - cells.keys()
    # What is told as within reach is what decisions let pass.
    for one in rows:
        assert (one.reach is Reach.NOWHERE) == (scope_of(grant.actor, one.right) == NOWHERE)


@pytest.mark.parametrize(
    ("role", "right", "reach", "where", "lines"),
    [
        (Role.CW, "work_affair", Reach.AREA, AREA, ()),
        (Role.CD, "work_affair", Reach.COMMUNITY, COMMUNITY, ()),
        (Role.SC, "work_affair", Reach.STREET, STREET, ("CG",)),
        (Role.SL, "archive", Reach.STREET, STREET, ()),
        (Role.DL, "work_affair", Reach.DISTRICT, DISTRICT, ("CG",)),
        (Role.DL, "publish_line", Reach.DISTRICT, DISTRICT, ()),
        (Role.MED, "view_affair", Reach.ASSIGNED, "", ()),
        (Role.SRV, "work_affair", Reach.ASSIGNED, "", ()),
        (Role.RES, "work_affair", Reach.SELF, "", ()),
        (Role.POL, "statistics", Reach.SUMS, "", ()),
        (Role.SEC, "role_grants", Reach.DISTRICT, DISTRICT, ()),
    ],
)
def test_how_far_it_reaches(
    role: Role, right: str, reach: Reach, where: str, lines: tuple[str, ...]
) -> None:
    found = row(right, held(role))

    assert (found.reach, found.where, found.lines) == (reach, where, lines)


def test_a_role_for_a_unit_above_its_level_reaches_nothing_and_so_it_is_told() -> None:
    assert row("work_affair", held(Role.CD, unit=STREET)).reach is Reach.NOWHERE
    assert row("work_affair", held(Role.SC, lines=())).reach is Reach.NOWHERE


def test_each_grant_gives_its_own_row_in_the_order_of_the_matrix() -> None:
    own = held(Role.CW)
    deputed = replace(
        own, grant=UUID(int=2), unit=f"{COMMUNITY}-02", of=UUID(int=9), deputy_for="chenyan"
    )

    rows = allowed([own, deputed])

    assert [one.grant for one in rows[:2]] == [own, deputed]
    assert [one.right for one in rows[::2]] == [
        right for right, cells in matrix().items() if "CW" in cells
    ]
    assert {one.grant.deputy_for for one in rows} == {"", "chenyan"}


def test_who_holds_nothing_may_nothing_and_learns_who_may() -> None:
    assert allowed([]) == ()
    (archive,) = (one for one in lacking([]) if one.right == "archive")
    assert archive.held_by == ("FD", "CD", "SC", "SL")
