"""Accounts as pages tell them: who may look, and each role with where it is held and until when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.account.state import Grant
from domain.clock import local_day
from domain.errors import NotFound
from projections.grants import GrantRow
from web.entrance import reach_any
from web.people import KnownAccount
from web.ports import Office, SignedIn
from web.telling import Teller
from web.words import Words

KEEPERS = ("accounts", "role_grants", "read_audit_trail")
"""Whoever has one of these rights looks at accounts: ADM, SEC, AUD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role that is told: where, on which days, whose deputy.

    standing: in_force, to_come or over. grant: its id, where it can be taken back.
    """

    role: str
    unit: str
    lines: str
    since: str
    until: str
    deputy_for: str
    granted_by: str
    standing: str
    grant: UUID | None = None


def keeper(who: SignedIn) -> None:
    """Let pass whoever looks at accounts. Raises NotAllowed."""
    reach_any(who, KEEPERS)


def known_to(office: Office, who: SignedIn, account: str) -> KnownAccount:
    """An account, for who keeps them; one's own is open to oneself. Raises NotAllowed, NotFound."""
    if account != who.actor.account:
        keeper(who)
    known = office.people.known(account, local_day(office.now()))
    if known is None:
        raise NotFound("account", account)
    return known


def held_of(grant: Grant, teller: Teller, words: Words) -> Held:
    """A grant that is in force."""
    return Held(
        role=words(f"role.{grant.role.value}"),
        unit=teller.unit_name(grant.unit),
        lines=words("list.comma").join(grant.lines),
        since=words.day(grant.valid_from),
        until=words.day(grant.valid_until) if grant.valid_until else "",
        deputy_for=teller.staff(grant.deputy_for) if grant.deputy_for else "",
        granted_by="",
        standing="in_force",
    )


def standing_of(row: GrantRow, known: KnownAccount, today: date) -> str:
    """How a grant of an account stands on a day."""
    if row.grant in known.in_force:
        return "in_force"
    return "to_come" if row.grant in known.held and today < row.valid_from else "over"


def told_of(
    row: GrantRow, teller: Teller, words: Words, standing: str = "", *, takes: bool = False
) -> Held:
    """A grant as it is kept. takes: the reader may take it back, where there is something left."""
    return Held(
        role=words(f"role.{row.role}"),
        unit=teller.unit_name(row.unit),
        lines=words("list.comma").join(row.lines),
        since=words.day(row.valid_from),
        until=words.day(row.valid_until) if row.valid_until else "",
        deputy_for=teller.staff(row.deputy_for) if row.deputy_for else "",
        granted_by=teller.staff(row.by),
        standing=standing,
        grant=row.grant if takes and standing != "over" else None,
    )
