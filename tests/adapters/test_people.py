"""Who may do what today, on a real log: rights change with their event, in every process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adapters.demo.cast import AREA, COMMUNITY, DISTRICT, STREET
from adapters.house import open_house
from adapters.people import People
from domain.account import commands as c
from domain.account.state import NIL, Grant, grant_id, stream_of
from domain.actor import SYSTEM, Actor, Role
from domain.affair.commands import Command
from domain.clock import local_day
from domain.commands import RegisterUnit
from domain.errors import (
    LastOfItsRole,
    NotAllowed,
    NotFound,
    NotPermittedNow,
    Refusal,
    VersionMismatch,
    ViewOutdated,
)
from domain.log import Append, Receipt, Recorded
from tests.adapters.worker.office import SINCE, Office, office

AREA_2 = f"{COMMUNITY}-02"
SEC = Actor(account="anning", role=Role.SEC, unit=DISTRICT)
ADM = Actor(account="shilei", role=Role.ADM, unit=DISTRICT)


class Staff:
    """Opens and grants in a few words."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @property
    def people(self) -> People:
        return self.office.house.people

    @property
    def today(self) -> date:
        return local_day(self.office.clock.at)

    def asked(self, by: Actor, account: str) -> dict[str, Any]:
        return {
            "command_id": uuid4(),
            "by": by,
            "occurred_at": self.office.clock.at,
            "account": account,
        }

    def run(self, kind: type, by: Actor, account: str, /, **given: Any) -> UUID:
        """Carry it out; the id of the command."""
        command: Command = kind(**self.asked(by, account), **given)
        self.office.run(command)
        return command.command_id

    def opened(self, account: str, name: str = "林晓禾") -> None:
        self.run(c.OpenAccount, SYSTEM, account, name=name)

    def granted(
        self, account: str, role: Role, unit: str = "", by: Actor = SYSTEM, **given: Any
    ) -> UUID:
        """The id of the new grant."""
        values = {"valid_from": self.today, **given}
        command = self.run(c.GrantRole, by, account, role=role, unit=unit, **values)
        return grant_id(account, by.account, command)

    def deputy(self, account: str, principal: str, of: UUID, days: int = 3) -> UUID:
        command = self.run(
            c.AppointDeputy,
            SEC,
            account,
            principal=principal,
            of=of,
            valid_from=self.today,
            valid_until=self.today + timedelta(days=days - 1),
        )
        return grant_id(account, SEC.account, command)

    def held(self, account: str, on: date | None = None) -> list[tuple[str, str]]:
        return [(one.role.value, one.unit) for one in self.people.grants(account, on or self.today)]


@pytest.fixture
def staff(database_url: str, tmp_path: Path) -> Iterator[Staff]:
    """An office on a Friday morning, with nobody in it."""
    with office(database_url, tmp_path) as opened:
        opened.run(
            RegisterUnit(
                command_id=uuid4(),
                by=SYSTEM,
                occurred_at=opened.clock.at,
                code=AREA_2,
                kind="area",
                name="第二责任片区",
                parent=COMMUNITY,
                valid_from=SINCE,
            )
        )
        opened.house.reference.refresh()
        yield Staff(opened)


# --- what one is today -----------------------------------------------------------------------


def test_whoever_was_never_opened_is_nobody(staff: Staff) -> None:
    assert staff.people.standing("linxiaohe") is None
    assert staff.people.bearer("linxiaohe", uuid4(), staff.today) is None
    assert staff.people.grants("linxiaohe", staff.today) == ()
    assert staff.people.name_of("linxiaohe") == "linxiaohe"
    assert staff.people.known("linxiaohe", staff.today) is None


def test_a_grant_holds_on_its_days(staff: Staff) -> None:
    staff.opened("linxiaohe")
    tomorrow, later = staff.today + timedelta(days=1), staff.today + timedelta(days=3)

    grant = staff.granted(
        "linxiaohe", Role.CW, AREA, valid_from=tomorrow, valid_until=tomorrow + timedelta(days=1)
    )

    days = [staff.today, tomorrow, tomorrow + timedelta(days=1), later]
    assert [bool(staff.held("linxiaohe", day)) for day in days] == [False, True, True, False]
    assert [staff.people.grant(grant, day) is not None for day in days] == [
        False,
        True,
        True,
        False,
    ]
    assert staff.people.grant(grant, tomorrow) == Grant(
        account="linxiaohe",
        grant=grant,
        role=Role.CW,
        unit=AREA,
        lines=(),
        valid_from=tomorrow,
        valid_until=tomorrow + timedelta(days=1),
    )


def test_a_right_that_is_taken_back_is_gone_in_every_process(staff: Staff) -> None:
    staff.opened("linxiaohe")
    other = staff.office.another().house.people
    grant = staff.granted("linxiaohe", Role.CW, AREA)
    before = other.bearer("linxiaohe", grant, staff.today)

    staff.run(c.WithdrawRole, SEC, "linxiaohe", grant=grant, reason="调离")

    after = other.bearer("linxiaohe", grant, staff.today)
    assert before is not None
    assert before.grant is not None
    assert before.grant.actor == Actor(account="linxiaohe", role=Role.CW, unit=AREA)
    assert after is not None
    assert after.grant is None
    assert after.standing.version == before.standing.version + 1


def test_a_closed_account_holds_nothing_and_gets_nothing_back(staff: Staff) -> None:
    staff.opened("linxiaohe")
    old = staff.granted("linxiaohe", Role.CW, AREA)

    staff.run(c.CloseAccount, ADM, "linxiaohe", reason="退休")
    closed = staff.people.bearer("linxiaohe", old, staff.today)
    staff.run(c.ReopenAccount, ADM, "linxiaohe")
    again = staff.people.bearer("linxiaohe", old, staff.today)
    new = staff.granted("linxiaohe", Role.CW, AREA)

    assert closed is not None
    assert closed.standing.closed
    assert closed.grant is None
    assert again is not None
    assert not again.standing.closed
    assert again.grant is None
    assert [one.grant for one in staff.people.grants("linxiaohe", staff.today)] == [new]
    known = staff.people.known("linxiaohe", staff.today)
    assert known is not None
    assert [row.grant for row in known.grants] == [old, new]
    assert known.in_force == {new}


def test_a_grant_of_another_is_worth_nothing(staff: Staff) -> None:
    staff.opened("linxiaohe")
    staff.opened("chenyan", "陈砚")
    grant = staff.granted("linxiaohe", Role.CW, AREA)

    found = staff.people.bearer("chenyan", grant, staff.today)

    assert found is not None
    assert found.grant is None


def test_who_is_at_several_units_is_asked_at_once(staff: Staff) -> None:
    for account, unit in (("linxiaohe", AREA), ("chenyan", AREA_2), ("zhoumin", AREA)):
        staff.opened(account, account)
        staff.granted(account, Role.CW, unit)

    found = staff.people.at_each((AREA_2, "370199", AREA), staff.today)

    assert {unit: [one.account for one in grants] for unit, grants in found.items()} == {
        AREA_2: ["chenyan"], "370199": [], AREA: ["linxiaohe", "zhoumin"],
    }  # fmt: skip
    assert found[AREA] == list(staff.people.at(AREA, staff.today))
    assert staff.people.at_each((AREA,), staff.today - timedelta(days=1)) == {AREA: []}
    assert staff.people.at_each((), staff.today) == {}


def test_accounts_are_listed_by_kind_and_found_by_name_or_code(staff: Staff) -> None:
    for account, name in (("linxiaohe", "林晓禾"), ("chenyan", "陈砚"), ("suqing", "苏青")):
        staff.opened(account, name)
    staff.granted("linxiaohe", Role.CW, AREA)
    staff.granted("linxiaohe", Role.RES)
    staff.granted("chenyan", Role.RES)
    staff.granted("suqing", Role.CW, AREA_2, valid_until=staff.today)
    tomorrow = staff.today + timedelta(days=1)

    def codes(kind: str, on: date = staff.today, **asked: str) -> list[str]:
        found, onward = staff.people.listed(kind, on, **asked)
        assert onward == ""
        return [one.account for one in found]

    assert staff.people.kinds(staff.today) == {"staff": 2, "residents": 2, "idle": 0, "all": 3}
    assert staff.people.kinds(tomorrow) == {"staff": 1, "residents": 2, "idle": 1, "all": 3}
    assert codes("staff") == ["linxiaohe", "suqing"]
    assert codes("residents") == ["chenyan", "linxiaohe"]
    assert (codes("idle"), codes("idle", tomorrow)) == ([], ["suqing"])
    assert codes("all", after="chenyan") == ["linxiaohe", "suqing"]
    assert codes("all", text="晓") == codes("all", text="XIAO") == ["linxiaohe"]
    held = staff.people.grants_of_each(("suqing", "nobody", "linxiaohe"), staff.today)
    assert {one: [grant.role for grant in grants] for one, grants in held.items()} == {
        "suqing": [Role.CW], "nobody": [], "linxiaohe": [Role.CW, Role.RES],
    }  # fmt: skip


def test_a_deputy_is_worth_what_the_principal_is_worth(staff: Staff) -> None:
    staff.opened("linxiaohe")
    staff.opened("chenyan", "陈砚")
    first = staff.granted("linxiaohe", Role.CW, AREA)
    staff.granted("chenyan", Role.CW, AREA_2)

    grant = staff.deputy("chenyan", "linxiaohe", first)
    during = staff.people.grant(grant, staff.today)
    after = staff.held("chenyan", staff.today + timedelta(days=3))
    both = staff.held("chenyan")
    holders = staff.people.who_holds(Role.CW, AREA, staff.today)
    staff.run(c.WithdrawRole, SEC, "linxiaohe", grant=first)

    assert during is not None
    assert during.actor == Actor(account="chenyan", role=Role.CW, unit=AREA, deputy_for="linxiaohe")
    assert both == [("CW", AREA_2), ("CW", AREA)]
    assert after == [("CW", AREA_2)]
    assert [one.account for one in holders] == ["linxiaohe", "chenyan"]
    assert staff.held("chenyan") == [("CW", AREA_2)]
    assert staff.people.bearer("chenyan", grant, staff.today) is not None
    assert staff.people.grant(grant, staff.today) is None


def test_with_the_principals_account_the_deputys_grant_ends(staff: Staff) -> None:
    staff.opened("linxiaohe")
    staff.opened("chenyan", "陈砚")
    first = staff.granted("linxiaohe", Role.CW, AREA)
    staff.granted("chenyan", Role.CW, AREA_2)
    staff.deputy("chenyan", "linxiaohe", first)

    staff.run(c.CloseAccount, ADM, "linxiaohe")

    assert staff.held("chenyan") == [("CW", AREA_2)]


def test_a_name_is_shown_as_it_was_given_last_and_not_once_it_is_erased(staff: Staff) -> None:
    staff.opened("linxiaohe")
    staff.run(c.RenameAccount, ADM, "linxiaohe", name="林禾")
    renamed = staff.people.name_of("linxiaohe")

    staff.office.house.keys.destroy(stream_of("linxiaohe"))

    assert renamed == "林禾"
    assert staff.people.name_of("linxiaohe") == "已依法删除"


def test_names_asked_together_are_those_asked_one_by_one(staff: Staff) -> None:
    staff.opened("linxiaohe", "林晓禾")
    staff.opened("chenyan", "陈砚")
    staff.opened("zhoumin", "周敏")
    staff.office.house.keys.destroy(stream_of("chenyan"))
    asked = ("zhoumin", "nobody", "chenyan", "linxiaohe", "zhoumin")

    names = staff.people.names_of(asked)

    assert names == {
        "zhoumin": "周敏", "nobody": "nobody", "chenyan": "已依法删除", "linxiaohe": "林晓禾",
    }  # fmt: skip
    assert names == {account: staff.people.name_of(account) for account in asked}
    assert staff.people.names_of(()) == {}


def test_a_name_is_nowhere_in_the_tables(staff: Staff) -> None:
    staff.opened("linxiaohe", "林晓禾")
    staff.granted("linxiaohe", Role.CW, AREA, reason="接替林晓禾之父")

    with staff.office.house.log.database.reading() as connection:
        for name in ("events", "accounts", "grants"):
            rows = connection.execute(sa.select(sa.text("*")).select_from(sa.text(name))).all()
            assert rows
            assert "林晓禾" not in repr(rows)
            assert "林晓禾".encode() not in b"".join(
                bytes(value) for row in rows for value in row if isinstance(value, bytes)
            )


def test_posts_are_who_one_acts_as_on_a_day(staff: Staff) -> None:
    staff.opened("linxiaohe")
    staff.granted("linxiaohe", Role.CW, AREA)

    assert staff.people.posts("linxiaohe", staff.today) == (
        Actor(account="linxiaohe", role=Role.CW, unit=AREA),
    )
    assert staff.people.posts("linxiaohe", staff.today - timedelta(days=1)) == ()
    assert staff.people.posts("chenyan", staff.today) == ()


def test_sessions_end_where_the_log_says_so(staff: Staff) -> None:
    staff.opened("linxiaohe")

    def end() -> int:
        found = staff.people.standing("linxiaohe")
        assert found is not None
        return found.sessions_end

    head = staff.office.house.log.head
    ends = [end()]
    password, identity = uuid4(), uuid4()
    told: list[tuple[type, Actor, dict[str, Any], bool]] = [
        (c.SetCredential, SYSTEM, {"credential": password, "kind": "password"}, True),
        (c.SetCredential, SYSTEM, {"credential": identity, "kind": "identity"}, False),
        (c.RenameAccount, ADM, {"name": "林禾"}, False),
        (c.RemoveCredential, SEC, {"credential": identity}, False),
        (c.RemoveCredential, SEC, {"credential": password}, True),
        (c.EndSessions, ADM, {}, True),
        (c.CloseAccount, ADM, {}, True),
    ]
    for kind, by, given, ends_them in told:
        staff.run(kind, by, "linxiaohe", **given)
        assert end() == (head() if ends_them else ends[-1]), kind
        ends.append(end())

    assert ends[0] == 0


# --- who may decide --------------------------------------------------------------------------


def test_the_administrator_opens_and_security_grants(staff: Staff) -> None:
    staff.run(c.OpenAccount, ADM, "linxiaohe", name="林晓禾")
    staff.granted("linxiaohe", Role.CW, AREA, by=SEC)

    for kind, by, given in (
        (c.OpenAccount, SEC, {"name": "陈砚"}),
        (c.OpenAccount, Actor(account="zhoumin", role=Role.CD, unit=COMMUNITY), {"name": "陈砚"}),
        (c.GrantRole, ADM, {"role": Role.CW, "unit": AREA, "valid_from": staff.today}),
        (c.CloseAccount, SEC, {}),
        (c.WithdrawRole, ADM, {"grant": NIL}),
        (c.RemoveCredential, ADM, {"credential": NIL}),
        (c.SetCredential, ADM, {"credential": NIL, "kind": "password"}),
        (c.EndSessions, Actor(account="bailu", role=Role.AUD, unit=DISTRICT), {}),
    ):
        with pytest.raises(NotAllowed):
            staff.run(kind, by, "chenyan" if kind is c.OpenAccount else "linxiaohe", **given)


def test_whose_account_it_is_sets_a_password_and_ends_their_sessions(staff: Staff) -> None:
    staff.opened("linxiaohe")
    oneself = Actor(account="linxiaohe", role=Role.CW, unit=AREA)
    password = uuid4()

    staff.run(c.SetCredential, oneself, "linxiaohe", credential=password, kind="password")
    staff.run(c.EndSessions, oneself, "linxiaohe")
    staff.run(c.RemoveCredential, oneself, "linxiaohe", credential=password)

    standing = staff.people.standing("linxiaohe")
    assert standing is not None
    assert standing.credentials == ()


def test_an_account_that_is_not_there_is_not_found(staff: Staff) -> None:
    for kind, given in (
        (c.CloseAccount, {}),
        (c.GrantRole, {"role": Role.RES, "valid_from": staff.today}),
        (c.EndSessions, {}),
    ):
        with pytest.raises(NotFound):
            staff.run(kind, SYSTEM, "linxiaohe", **given)
    staff.opened("linxiaohe")
    with pytest.raises(NotFound):
        staff.deputy("linxiaohe", "chenyan", uuid4())


def test_whoever_had_read_another_version_is_told(staff: Staff) -> None:
    staff.opened("linxiaohe")
    staff.granted("linxiaohe", Role.CW, AREA)

    with pytest.raises(VersionMismatch) as refused:
        staff.run(c.CloseAccount, ADM, "linxiaohe", expected_version=1)

    (since,) = refused.value.since
    assert isinstance(since, Recorded)
    assert since.topic == "account.role_granted.v1"


def test_a_code_is_opened_once_and_a_repeated_command_gets_the_first_answer(staff: Staff) -> None:
    command = c.OpenAccount(**staff.asked(ADM, "linxiaohe"), name="林晓禾")
    first = staff.office.run(command)

    assert replace(staff.office.run(command), repeated=False) == first
    with pytest.raises(NotPermittedNow):
        staff.opened("linxiaohe")


def test_two_administrators_cannot_both_be_taken_away_at_once(staff: Staff) -> None:
    grants = {}
    for account in ("shilei", "liuyan"):
        staff.opened(account)
        grants[account] = staff.granted(account, Role.ADM, DISTRICT)
    offices = [staff.office, staff.office.another()]

    def take(n: int) -> Refusal | None:
        account = ("shilei", "liuyan")[n]
        command = c.WithdrawRole(**staff.asked(SEC, account), grant=grants[account])
        try:
            offices[n].run(command)
        except LastOfItsRole as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(2) as threads:
        refused = list(threads.map(take, range(2)))

    assert sorted(type(one).__name__ for one in refused) == ["LastOfItsRole", "NoneType"]
    assert len(staff.people.who_holds(Role.ADM, DISTRICT, staff.today)) == 1


def test_somebody_who_holds_it_for_a_while_only_does_not_count(staff: Staff) -> None:
    for account in ("shilei", "liuyan"):
        staff.opened(account)
    last = staff.granted("shilei", Role.ADM, DISTRICT)
    staff.granted("liuyan", Role.ADM, DISTRICT, valid_until=staff.today + timedelta(days=9))

    with pytest.raises(LastOfItsRole):
        staff.run(c.WithdrawRole, SEC, "shilei", grant=last)
    with pytest.raises(LastOfItsRole):
        staff.run(c.CloseAccount, SYSTEM, "shilei")


def test_who_stood_by_a_grant_that_has_moved_on_is_decided_anew(staff: Staff) -> None:
    staff.opened("linxiaohe")
    staff.opened("chenyan", "陈砚")
    first = staff.granted("linxiaohe", Role.CW, AREA)
    staff.granted("chenyan", Role.CW, AREA_2)
    withdrawal = c.WithdrawRole(**staff.asked(SYSTEM, "linxiaohe"), grant=first)
    log, other = staff.office.house.log, staff.office.another()

    class Meanwhile:
        """Takes the principal's grant away just before the deputy's is stored."""

        def append(self, append: Append) -> Receipt:
            other.run(withdrawal)
            return log.append(append)

        async def append_async(self, append: Append) -> Receipt:
            raise AssertionError

        def append_many(self, appends: Sequence[Append]) -> Sequence[Receipt | Exception]:
            raise AssertionError

    desk = replace(staff.office.house.desk, log=Meanwhile())
    command = c.AppointDeputy(
        **staff.asked(SEC, "chenyan"),
        principal="linxiaohe",
        of=first,
        valid_from=staff.today,
        valid_until=staff.today,
    )

    with pytest.raises(NotFound):
        desk.run(command)

    assert staff.held("chenyan") == [("CW", AREA_2)]


# --- a district made before there were accounts ------------------------------------------------


def test_a_house_made_before_says_how_its_views_come(staff: Staff) -> None:
    house, settings = staff.office.house, staff.office.house.settings
    staff.opened("linxiaohe")
    with house.log.database.writing() as connection:
        for name in ("accounts", "grants"):
            connection.exec_driver_sql(f"DROP TABLE {name}")
            connection.exec_driver_sql(f"DELETE FROM checkpoints WHERE view = '{name}'")

    with pytest.raises(ViewOutdated, match="tenlines rebuild --outdated"):
        open_house(settings)
    with closing(open_house(settings, outdated=True)) as opened:
        for refusal in opened.outdated():
            opened.rebuild(refusal.view)
    with closing(open_house(settings)) as opened:
        assert opened.people.name_of("linxiaohe") == "林晓禾"


def test_the_street_is_no_place_for_a_worker(staff: Staff) -> None:
    staff.opened("linxiaohe")

    with pytest.raises(Refusal, match="area"):
        staff.granted("linxiaohe", Role.CW, STREET)
