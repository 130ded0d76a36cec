"""Accounts: who is opened and closed, which roles go together, who stands in for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from domain.account import commands as c
from domain.account import decide
from domain.account import events as e
from domain.account.state import NIL, Account, evolve, stream_of
from domain.actor import SYSTEM, Actor, Role
from domain.errors import (
    FieldInvalid,
    LastOfItsRole,
    Malformed,
    NotAfterTheLast,
    NotForOneself,
    NotFound,
    NotPermittedNow,
    Refusal,
    RolesApart,
)
from domain.organisation import OrganisationUnit
from domain.personal import Personal

NOW = datetime(2011, 7, 22, 2, tzinfo=UTC)
TODAY, SUNDAY = date(2011, 7, 22), date(2011, 7, 24)
AREA, AREA_2, THEIR_AREA = "370103008001-01", "370103008001-02", "370103008002-01"
COMMUNITY, NEIGHBOURS, STREET, DISTRICT = "370103008001", "370103008002", "370103008", "370103"
STREET_CG, STREET_MZ, DISTRICT_CG = "370103008/cg", "370103008/mz", "370103/cg"
SEC = Actor(account="anning", role=Role.SEC, unit=DISTRICT)
ADM = Actor(account="shilei", role=Role.ADM, unit=DISTRICT)


def unit(code: str, kind: str, parent: str) -> OrganisationUnit:
    return OrganisationUnit(code, kind, parent, (), ((date(2011, 7, 1), code),))


UNITS = {
    code: unit(code, kind, parent)
    for code, kind, parent in (
        (DISTRICT, "district", ""),
        (DISTRICT_CG, "department", DISTRICT),
        (STREET, "street", DISTRICT),
        (STREET_CG, "department", STREET),
        (STREET_MZ, "department", STREET),
        ("370103008/hw", "provider", STREET),
        (COMMUNITY, "community", STREET),
        (NEIGHBOURS, "community", STREET),
        (AREA, "area", COMMUNITY),
        (AREA_2, "area", COMMUNITY),
        (THEIR_AREA, "area", NEIGHBOURS),
    )
}
LIMITED = frozenset({Role.SC, Role.DO, Role.DL, Role.MED})
FACTS = decide.Facts(now=NOW, units=UNITS, limited=LIMITED)


def asked(by: Actor = SEC, account: str = "linxiaohe", number: int = 1) -> dict[str, Any]:
    return {
        "command_id": UUID(int=number),
        "by": by,
        "occurred_at": NOW,
        "account": account,
    }


@dataclass(frozen=True)
class Life:
    """An account and what has happened to it; every decision is told by the one before."""

    account: str = "linxiaohe"
    state: Account | None = None
    events: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.state is None:
            opened = decide.open_account(
                None, c.OpenAccount(**asked(ADM, self.account), name="林晓禾"), FACTS
            )
            object.__setattr__(self, "state", evolve(None, cast(e.AccountEvent, opened[0])))

    @property
    def known(self) -> Account:
        assert self.state is not None
        return self.state

    def then(self, events: list[object]) -> Life:
        state = self.known
        for event in events:
            state = evolve(state, cast(e.AccountEvent, event))
        return replace(self, state=state, events=[*self.events, *events])

    def granting(self, role: Role, unit: str = "", **given: Any) -> list[object]:
        number = given.pop("number", len(self.events) + 1)
        command = c.GrantRole(
            **asked(given.pop("by", SEC), self.account, number),
            role=role,
            unit=unit,
            **{"valid_from": TODAY, **given},
        )
        return decide.grant(self.known, command, FACTS)

    def holds(self, role: Role, unit: str = "", **given: Any) -> Life:
        return self.then(self.granting(role, unit, **given))

    def standing_in(self, principal: Life, nth: int = 0, **given: Any) -> list[object]:
        of = given.pop("of", None) or principal.known.grants[nth].grant
        command = c.AppointDeputy(
            **asked(given.pop("by", SEC), self.account, len(self.events) + 1),
            principal=principal.account,
            of=of,
            **{"valid_from": TODAY, "valid_until": SUNDAY, **given},
        )
        return decide.appoint(self.known, command, principal.known, FACTS)


# --- opened, renamed, closed -----------------------------------------------------------------


def test_an_account_is_opened_with_a_name_and_no_role() -> None:
    (event,) = decide.open_account(None, c.OpenAccount(**asked(ADM), name=" 林晓禾 "), FACTS)

    assert event == e.AccountOpened(
        account="linxiaohe",
        name=Personal(stream_of("linxiaohe")),
        by="shilei",
        occurred_at=NOW,
    )
    assert event.name.clear == "林晓禾"
    assert evolve(None, event) == Account(account="linxiaohe")


def test_a_code_is_opened_once() -> None:
    with pytest.raises(NotPermittedNow, match="this code already"):
        decide.open_account(Life().known, c.OpenAccount(**asked(ADM), name="林晓禾"), FACTS)


@pytest.mark.parametrize("code", ["", "ab", "SYS", "sys", "Lin", "9lin", "lin xiaohe", "a" * 33])
def test_a_code_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(FieldInvalid):
        decide.open_account(None, c.OpenAccount(**asked(ADM, code), name="林晓禾"), FACTS)


@pytest.mark.parametrize("name", ["", "  ", "名" * 101])
def test_a_name_is_there_and_short(name: str) -> None:
    with pytest.raises(Malformed):
        decide.open_account(None, c.OpenAccount(**asked(ADM), name=name), FACTS)
    with pytest.raises(Malformed):
        decide.rename(Life().known, c.RenameAccount(**asked(ADM), name=name), FACTS)


@pytest.mark.parametrize("sign", ["\u202e", "\u200f", "\u200b", "\ufeff", "\xad", "\x00", "\ud800"])
def test_a_name_holds_no_sign_that_nobody_sees(sign: str) -> None:
    name = f"林{sign}晓禾"

    with pytest.raises(Malformed) as refusal:
        decide.open_account(None, c.OpenAccount(**asked(ADM), name=name), FACTS)
    with pytest.raises(Malformed):
        decide.rename(Life().known, c.RenameAccount(**asked(ADM), name=name), FACTS)

    assert refusal.value.field == "name"
    assert refusal.value.because == f"holds a sign that nobody sees, U+{ord(sign):04X}"


# A middle dot, a rare character, one with the variant in which its bearer writes it.
@pytest.mark.parametrize("name", ["买买提·吐尔逊", "\U00031350明", "葛\U000e0100", "O’Brien Zoë"])
def test_a_name_is_taken_as_its_bearer_writes_it(name: str) -> None:
    assert decide.rename(Life().known, c.RenameAccount(**asked(ADM), name=name), FACTS)


def test_a_name_is_changed() -> None:
    (event,) = decide.rename(Life().known, c.RenameAccount(**asked(ADM), name="林禾"), FACTS)

    assert isinstance(event, e.AccountRenamed)
    assert event.name.clear == "林禾"


def test_whoever_is_closed_holds_nothing_and_gets_nothing_back() -> None:
    life = Life().holds(Role.CW, AREA)
    life = life.then(
        decide.set_credential(
            life.known,
            c.SetCredential(**asked(SYSTEM), credential=UUID(int=7), kind="password"),
            FACTS,
        )
    )

    closed = life.then(decide.close(life.known, c.CloseAccount(**asked(ADM)), FACTS))
    again = closed.then(decide.reopen(closed.known, c.ReopenAccount(**asked(ADM)), FACTS))

    assert closed.known == Account(account="linxiaohe", closed=True)
    assert again.known == Account(account="linxiaohe")


def test_with_a_closed_account_nothing_is_done_but_to_open_it_again() -> None:
    life = Life()
    closed = life.then(decide.close(life.known, c.CloseAccount(**asked(ADM)), FACTS))

    deeds: tuple[Callable[[], object], ...] = (
        lambda: closed.granting(Role.CW, AREA),
        lambda: decide.rename(closed.known, c.RenameAccount(**asked(ADM), name="林"), FACTS),
        lambda: decide.close(closed.known, c.CloseAccount(**asked(ADM)), FACTS),
        lambda: decide.end_sessions(closed.known, c.EndSessions(**asked(ADM)), FACTS),
    )
    for deed in deeds:
        with pytest.raises(NotPermittedNow, match="closed"):
            deed()
    with pytest.raises(NotPermittedNow, match="not closed"):
        decide.reopen(life.known, c.ReopenAccount(**asked(ADM)), FACTS)


def test_nobody_decides_on_an_account_of_their_own() -> None:
    life = Life().holds(Role.CW, AREA)
    oneself = Actor(account="linxiaohe", role=Role.SEC, unit=DISTRICT)
    deputy = Actor(account="anning", role=Role.SEC, unit=DISTRICT, deputy_for="linxiaohe")

    deeds: tuple[Callable[[Actor], object], ...] = (
        lambda by: decide.rename(life.known, c.RenameAccount(**asked(by), name="林"), FACTS),
        lambda by: decide.close(life.known, c.CloseAccount(**asked(by)), FACTS),
        lambda by: life.granting(Role.CW, AREA_2, by=by),
        lambda by: decide.withdraw(
            life.known,
            c.WithdrawRole(**asked(by), grant=life.known.grants[0].grant),
            FACTS,
        ),
        lambda by: Life("chenyan").holds(Role.CW, AREA_2).standing_in(life, by=by),
    )
    for by in (oneself, deputy):
        for deed in deeds:
            with pytest.raises(NotForOneself):
                deed(by)


def test_nothing_happens_in_time_to_come() -> None:
    later = {**asked(ADM), "occurred_at": NOW + timedelta(seconds=1)}

    with pytest.raises(NotAfterTheLast):
        decide.close(Life().known, c.CloseAccount(**later), FACTS)
    with pytest.raises(NotAfterTheLast):
        decide.end_sessions(Life().known, c.EndSessions(**later), FACTS)


# --- roles -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "unit", "lines"),
    [
        (Role.CW, AREA, ()),
        (Role.FD, COMMUNITY, ()),
        (Role.MED, COMMUNITY, ("TJ",)),
        (Role.CD, COMMUNITY, ()),
        (Role.SC, STREET_CG, ("CG",)),
        (Role.SC, STREET, ("CG", "MZ")),
        (Role.SL, STREET, ()),
        (Role.DO, DISTRICT_CG, ("CG",)),
        (Role.DL, DISTRICT, ("CG",)),
        (Role.SRV, "370103008/hw", ()),
        (Role.SUP, DISTRICT, ()),
        (Role.AUD, DISTRICT, ()),
        (Role.POL, DISTRICT, ()),
        (Role.ADM, DISTRICT, ()),
        (Role.SEC, DISTRICT, ()),
        (Role.RES, "", ()),
    ],
)
def test_a_role_is_granted_for_a_unit_of_its_kind(
    role: Role, unit: str, lines: tuple[str, ...]
) -> None:
    life = Life().holds(role, unit, lines=lines)

    (held,) = life.known.grants
    assert held.own
    assert held.actor == Actor(account="linxiaohe", role=role, unit=unit, lines=lines)


@pytest.mark.parametrize(
    ("role", "unit", "lines", "field"),
    [
        (Role.CW, COMMUNITY, (), "unit"),
        (Role.CD, AREA, (), "unit"),
        (Role.SC, DISTRICT_CG, ("CG",), "unit"),
        (Role.DO, STREET_CG, ("CG",), "unit"),
        (Role.SUP, STREET, (), "unit"),
        (Role.SRV, STREET_CG, (), "unit"),
        (Role.RES, COMMUNITY, (), "unit"),
        (Role.CW, "", (), "unit"),
        (Role.CW, "370103008001-99", (), "unit"),
        (Role.SC, STREET_CG, (), "lines"),
        (Role.SC, STREET_CG, ("城管",), "lines"),
        (Role.CW, AREA, ("CG",), "lines"),
        (Role.SYS, "", (), "role"),
    ],
)
def test_another_unit_or_other_lines_are_refused(
    role: Role, unit: str, lines: tuple[str, ...], field: str
) -> None:
    with pytest.raises(FieldInvalid) as refused:
        Life().granting(role, unit, lines=lines)

    assert refused.value.field == field


def test_a_role_begins_not_before_its_unit_and_ends_not_before_it_begins() -> None:
    with pytest.raises(FieldInvalid, match="on the first day"):
        Life().granting(Role.CW, AREA, valid_from=date(2011, 6, 30))
    with pytest.raises(Malformed, match="valid_until"):
        Life().granting(Role.CW, AREA, valid_from=SUNDAY, valid_until=TODAY)


@pytest.mark.parametrize("apart", [Role.ADM, Role.SEC, Role.AUD])
@pytest.mark.parametrize("other", [Role.ADM, Role.SEC, Role.AUD, Role.CW, Role.RES])
def test_administrator_security_and_auditor_hold_nothing_else(apart: Role, other: Role) -> None:
    if apart is other:
        return
    first, second = {apart: DISTRICT}, {other: {Role.CW: AREA, Role.RES: ""}.get(other, DISTRICT)}

    for held, wanted in ((first, second), (second, first)):
        ((role, unit),), ((new, of),) = held.items(), wanted.items()
        life = Life().holds(role, unit, valid_until=SUNDAY)
        with pytest.raises(RolesApart):
            life.granting(new, of, valid_from=SUNDAY)
        assert life.holds(new, of, valid_from=SUNDAY + timedelta(days=1)).known.grants


def test_other_roles_go_together() -> None:
    life = Life().holds(Role.CW, AREA).holds(Role.MED, COMMUNITY, lines=("TJ",))

    assert [held.role for held in life.known.grants] == [Role.CW, Role.MED]


def test_the_same_role_is_not_granted_twice_for_a_day() -> None:
    life = Life().holds(Role.CW, AREA, valid_until=SUNDAY)

    with pytest.raises(NotPermittedNow, match="held there"):
        life.granting(Role.CW, AREA)
    assert life.granting(Role.CW, AREA, valid_from=SUNDAY + timedelta(days=1))
    assert life.granting(Role.CW, AREA_2)


def test_for_other_lines_the_same_role_is_another() -> None:
    life = Life().holds(Role.SC, STREET, lines=("CG",))

    assert life.granting(Role.SC, STREET, lines=("MZ",))
    with pytest.raises(NotPermittedNow):
        life.granting(Role.SC, STREET, lines=("MZ", "CG"))


def test_what_is_withdrawn_is_over() -> None:
    life = Life().holds(Role.CW, AREA)
    (held,) = life.known.grants
    command = c.WithdrawRole(**asked(), grant=held.grant, reason="调离")

    after = life.then(decide.withdraw(life.known, command, FACTS))

    assert after.known.grants == ()
    with pytest.raises(NotFound):
        decide.withdraw(after.known, command, FACTS)


@pytest.mark.parametrize(
    ("role", "by"), [(Role.ADM, SEC), (Role.SEC, Actor(account="an", role=Role.SEC, unit=DISTRICT))]
)
def test_the_last_of_those_whom_the_district_needs_stays(role: Role, by: Actor) -> None:
    life = Life("liuyan").holds(role, DISTRICT, by=by)
    withdraw = c.WithdrawRole(**asked(by, "liuyan"), grant=life.known.grants[0].grant)
    close = c.CloseAccount(**asked(SYSTEM, "liuyan"))
    others = replace(FACTS, elsewhere=frozenset({role}))

    with pytest.raises(LastOfItsRole):
        decide.withdraw(life.known, withdraw, FACTS)
    with pytest.raises(LastOfItsRole):
        decide.close(life.known, close, FACTS)
    assert decide.withdraw(life.known, withdraw, others)
    assert decide.close(life.known, close, others)


def test_a_role_of_days_past_or_to_come_may_always_end() -> None:
    life = Life().holds(Role.ADM, DISTRICT, valid_from=SUNDAY)

    assert decide.close(life.known, c.CloseAccount(**asked(SYSTEM)), FACTS)


# --- deputies --------------------------------------------------------------------------------


def test_a_worker_of_the_same_community_stands_in_for_another() -> None:
    principal = Life().holds(Role.CW, AREA)
    deputy = Life("chenyan").holds(Role.CW, AREA_2)

    after = deputy.then(deputy.standing_in(principal))

    own, new = after.known.grants
    assert own.own
    assert not new.own
    assert (new.of, new.valid_until) == (principal.known.grants[0].grant, SUNDAY)
    assert new.actor == Actor(account="chenyan", role=Role.CW, unit=AREA, deputy_for="linxiaohe")
    assert new.actor.accounts == ("chenyan", "linxiaohe")


@pytest.mark.parametrize(
    ("role", "theirs", "beside", "lines"),
    [
        (Role.CD, COMMUNITY, NEIGHBOURS, ()),
        (Role.FD, COMMUNITY, NEIGHBOURS, ()),
        (Role.MED, COMMUNITY, NEIGHBOURS, ("TJ",)),
        (Role.SC, STREET_CG, STREET_MZ, ("CG",)),
    ],
)
def test_the_same_role_in_a_unit_beside_stands_in(
    role: Role, theirs: str, beside: str, lines: tuple[str, ...]
) -> None:
    principal = Life().holds(role, theirs, lines=lines)
    deputy = Life("chenyan").holds(role, beside, lines=lines)

    (event,) = deputy.standing_in(principal)

    assert isinstance(event, e.RoleGranted)
    assert (event.unit, event.lines) == (theirs, lines)


@pytest.mark.parametrize(
    ("role", "unit"),
    [(Role.FD, COMMUNITY), (Role.CW, AREA), (Role.SL, STREET), (Role.RES, "")],
)
def test_nobody_of_another_role_stands_in_for_the_director(role: Role, unit: str) -> None:
    principal = Life().holds(Role.CD, COMMUNITY)
    deputy = Life("chenyan").holds(role, unit)

    with pytest.raises(NotPermittedNow, match="the same role in a unit beside"):
        deputy.standing_in(principal)


def test_a_worker_of_another_community_does_not_stand_in() -> None:
    with pytest.raises(NotPermittedNow, match="beside"):
        Life("wanglei").holds(Role.CW, THEIR_AREA).standing_in(Life().holds(Role.CW, AREA))


def test_a_deputy_holds_their_own_role_on_all_those_days() -> None:
    principal = Life().holds(Role.CW, AREA)
    deputy = Life("chenyan").holds(Role.CW, AREA_2, valid_until=TODAY)

    with pytest.raises(NotPermittedNow, match="beside"):
        deputy.standing_in(principal)


def test_the_principal_holds_the_role_on_all_those_days() -> None:
    principal = Life().holds(Role.CW, AREA, valid_until=TODAY)

    with pytest.raises(NotPermittedNow, match="on all these days"):
        Life("chenyan").holds(Role.CW, AREA_2).standing_in(principal)


def test_sixty_days_and_no_more() -> None:
    principal, deputy = Life().holds(Role.CW, AREA), Life("chenyan").holds(Role.CW, AREA_2)

    assert deputy.standing_in(principal, valid_until=TODAY + timedelta(days=59))
    with pytest.raises(FieldInvalid, match="60 days"):
        deputy.standing_in(principal, valid_until=TODAY + timedelta(days=60))
    with pytest.raises(Malformed, match="valid_until"):
        deputy.standing_in(principal, valid_from=SUNDAY, valid_until=TODAY)


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.ADM, DISTRICT),
        (Role.SEC, DISTRICT),
        (Role.AUD, DISTRICT),
        (Role.SRV, "370103008/hw"),
        (Role.RES, ""),
    ],
)
def test_for_some_roles_nobody_stands_in(role: Role, unit: str) -> None:
    with pytest.raises(NotPermittedNow, match="nobody stands in"):
        Life("chenyan").standing_in(Life().holds(role, unit))


def test_a_deputy_has_no_deputy() -> None:
    deputy = Life("chenyan").holds(Role.CW, AREA_2)
    deputy = deputy.then(deputy.standing_in(Life().holds(Role.CW, AREA)))
    third = Life("sunjia").holds(Role.CW, "370103008001-02", valid_from=date(2011, 7, 1))

    with pytest.raises(NotPermittedNow, match="no deputy"):
        third.standing_in(deputy, nth=1)


def test_nobody_stands_in_where_they_hold_the_role_themselves() -> None:
    principal, deputy = Life().holds(Role.FD, COMMUNITY), Life("suqing").holds(Role.FD, COMMUNITY)

    with pytest.raises(NotPermittedNow, match="held there"):
        deputy.standing_in(principal)


def test_nobody_stands_in_for_themselves_or_for_a_grant_that_is_not_there() -> None:
    life = Life().holds(Role.CW, AREA)

    with pytest.raises(NotForOneself):
        life.standing_in(life)
    with pytest.raises(NotFound):
        Life("chenyan").holds(Role.CW, AREA_2).standing_in(life, of=UUID(int=99))


def test_who_stands_in_does_not_become_auditor_meanwhile() -> None:
    deputy = Life("chenyan").holds(Role.CW, AREA_2, valid_until=SUNDAY)
    deputy = deputy.then(deputy.standing_in(Life().holds(Role.CW, AREA)))

    with pytest.raises(RolesApart):
        deputy.granting(Role.AUD, DISTRICT, valid_from=SUNDAY)
    assert deputy.granting(Role.AUD, DISTRICT, valid_from=SUNDAY + timedelta(days=1))


# --- means of coming in ----------------------------------------------------------------------


def test_what_counts_is_known_by_its_id_and_no_more() -> None:
    life = Life()
    password = c.SetCredential(**asked(SYSTEM), credential=UUID(int=7), kind="password")
    removed = c.RemoveCredential(**asked(), credential=UUID(int=7))

    after = life.then(decide.set_credential(life.known, password, FACTS))
    gone = after.then(decide.remove_credential(after.known, removed, FACTS))

    assert [(one.credential, one.kind) for one in after.known.credentials] == [
        (UUID(int=7), "password")
    ]
    assert gone.known == life.known
    refused: list[Refusal] = []
    deeds: tuple[Callable[[], object], ...] = (
        lambda: decide.set_credential(after.known, password, FACTS),
        lambda: decide.set_credential(life.known, replace(password, kind="token"), FACTS),
        lambda: decide.remove_credential(life.known, removed, FACTS),
    )
    for deed in deeds:
        with pytest.raises(Refusal) as told:
            deed()
        refused.append(told.value)
    assert [type(one) for one in refused] == [NotPermittedNow, FieldInvalid, NotFound]


def test_sessions_end_without_a_trace_in_the_state() -> None:
    life = Life()

    (event,) = decide.end_sessions(life.known, c.EndSessions(**asked(ADM)), FACTS)

    assert evolve(life.known, cast(e.AccountEvent, event)) == life.known


def test_a_grant_in_its_own_right_names_no_principal() -> None:
    (event,) = Life().granting(Role.CW, AREA)

    assert isinstance(event, e.RoleGranted)
    assert (event.of, event.deputy_for) == (NIL, "")
