"""Accounts and grants as they stand."""

from __future__ import annotations

from domain.account.state import Credential, stream_of
from projections.accounts import AccountRow, accounts
from projections.grants import GrantRow, grants
from tests.projections.histories import CREDENTIAL, GRANTS, staff
from tests.projections.memory import Memory

LIN, CHEN = stream_of("linxiaohe"), stream_of("chenyan")


def account(events: int, stream_id: object = LIN) -> AccountRow:
    """The row of an account after so many events of all."""
    row: AccountRow = Memory(accounts, staff().recorded[:events]).rows[(stream_id,)]
    return row


def test_an_account_has_its_row_from_its_opening_on() -> None:
    row = account(1)

    assert (row.account, row.closed, row.closed_at, row.sessions_end) == ("linxiaohe", False, 0, 0)
    assert row.credentials == ()
    assert row.name.sealed == "林晓禾".encode()[::-1]


def test_what_counts_stands_in_its_row_and_ends_the_sessions_before() -> None:
    set_, removed = account(6), account(9)

    assert set_.credentials == (Credential(credential=CREDENTIAL, kind="password"),)
    assert set_.sessions_end == 6
    assert removed.credentials == ()
    assert removed.sessions_end == 9


def test_a_name_is_replaced_and_ends_nothing() -> None:
    row = account(7)

    assert row.name.sealed == "林禾".encode()[::-1]
    assert row.sessions_end == 6


def test_a_closing_is_remembered_when_the_account_is_open_again() -> None:
    closed, again = account(11), account(12)

    assert (closed.closed, closed.closed_at, closed.sessions_end) == (True, 11, 11)
    assert (again.closed, again.closed_at, again.sessions_end) == (False, 11, 11)
    assert account(12, CHEN).sessions_end == 10


def test_every_event_counts_as_a_version() -> None:
    assert [account(n).version for n in (1, 2, 6, 7, 12)] == [1, 2, 3, 4, 7]


def test_every_grant_keeps_its_row() -> None:
    rows: dict[object, GrantRow] = {
        row.grant: row for row in Memory(grants, staff().recorded).rows.values()
    }

    first, second, deputy = (rows[grant] for grant in GRANTS)
    assert [row.withdrawn for row in (first, second, deputy)] == [False, False, True]
    assert (first.account, first.account_id, first.granted_at) == ("linxiaohe", LIN, 2)
    assert (deputy.of, deputy.deputy_for) == (first.grant, "linxiaohe")
    assert deputy.reason is not None
