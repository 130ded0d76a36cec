"""What can be done about an account from a page: who may, what the form asks, which command it
becomes, and beside which field a refusal stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from domain.account import commands as c
from domain.account.decide import (
    CREDENTIALS,
    NAME_LONGEST,
    NEVER_DEPUTED,
    PLACES,
    REASON_LONGEST,
    beside,
    kind_of,
)
from domain.account.state import NIL, Grant
from domain.actor import Actor, Role
from domain.clock import local_day
from domain.errors import NotForOneself, NotPermittedNow, Refusal
from domain.record import Kind
from web.entrance import reach_any
from web.filling import Filling, put
from web.forms import Drawer, Form, Groups, label_of
from web.people import KnownAccount
from web.ports import Office, SignedIn
from web.posted import Posted
from web.reasons import in_the_way
from web.telling import Teller
from web.words import Words
from workflows.fields import FieldSpec
from workflows.rights import NOWHERE, limited, scope_of

Deed = Literal[
    "open",
    "rename",
    "close",
    "reopen",
    "invite",
    "grant",
    "deputy",
    "withdraw",
    "reset",
    "sessions",
]
ACCOUNTS, GRANTS = "accounts", "role_grants"
RIGHTS: Mapping[Deed, tuple[str, ...]] = {
    "open": (ACCOUNTS,),
    "rename": (ACCOUNTS,),
    "invite": (ACCOUNTS,),
    "close": (ACCOUNTS,),
    "reopen": (ACCOUNTS,),
    "grant": (GRANTS,),
    "deputy": (GRANTS,),
    "withdraw": (GRANTS,),
    "reset": (GRANTS,),
    "sessions": (ACCOUNTS, GRANTS),
}
"""Which rights of the matrix let one do it, in the order of the page; any of them will do."""

AT_THE_DOOR = ("invite", "reset")
"""Not of the log alone: the porter does it."""

ROLES = tuple(role for role in PLACES)
"""What can be granted, in the order of the matrix."""

CODE_LONGEST = 32


def may(who: SignedIn, deed: Deed) -> bool:
    """Whether the role of who asks has the right."""
    return any(scope_of(who.actor, right) != NOWHERE for right in RIGHTS[deed])


def check(who: SignedIn, deed: Deed, account: str) -> None:
    """Before anything is drawn, as it will be when it is sent. Raises NotAllowed, NotForOneself:
    but for ending one's sessions, nobody does anything for an account of their own."""
    reach_any(who, RIGHTS[deed])
    if deed != "sessions" and account in who.actor.accounts:
        raise NotForOneself(NAMES[deed], account)


def offered(who: SignedIn, known: KnownAccount) -> list[Deed]:
    """What a page offers to do about an account that stands so."""
    sensible: dict[Deed, bool] = {
        "rename": not known.closed,
        "invite": not known.closed and not known.credentials,
        "close": not known.closed,
        "reopen": known.closed,
        "grant": not known.closed,
        "deputy": any(
            row.grant in known.held and row.of == NIL and Role(row.role) not in NEVER_DEPUTED
            for row in known.grants
        ),
        "reset": bool(known.credentials),
        "sessions": not known.closed and known.account not in who.actor.accounts,
    }
    own = known.account in who.actor.accounts
    return [deed for deed in RIGHTS if sensible.get(deed) and may(who, deed) and not own]


def ways_in(known: KnownAccount) -> list[str]:
    """The kinds of what an account comes in by, each once."""
    kinds = {one.kind for one in known.credentials}
    return [kind for kind in CREDENTIALS if kind in kinds]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One deed about one account, by one reader. account: empty for one that is to be opened.

    role: that is to be granted. grant: that is to be taken back. principals: for whom the account
    can stand in, by their grants' ids.
    """

    deed: Deed
    account: str
    words: Words
    form: Form
    role: Role | None = None
    grant: UUID = NIL
    principals: Mapping[str, Grant]

    def read(self, sent: Posted) -> dict[str, Any]:
        """What was sent; what is missing or of no shape is beside its field."""
        filling = Filling.plain(self.words)
        told = filling.fill(self.form, sent)
        filling.check(self.form, told, NIL, None, None)
        of = self.form.of("of")
        if of is not None and not of.error and told["of"] not in self.principals:
            self.put(NotPermittedNow("appoint_deputy", _NOT_BESIDE))
        return told

    def command(
        self, told: Mapping[str, Any], command_id: UUID, by: Actor, at: datetime
    ) -> c.OfAccount:
        """What it becomes. told: as `read` gave it, without anything wrong."""
        account = self.account or str(told["account"]).strip()
        asked: dict[str, Any] = {
            "command_id": command_id, "by": by, "occurred_at": at, "account": account
        }  # fmt: skip
        reason: dict[str, Any] = {"reason": told.get("reason", "")}
        days: dict[str, Any] = {
            name: date.fromisoformat(told[name])
            for name in ("valid_from", "valid_until")
            if name in told
        }
        match self.deed:
            case "open":
                return c.OpenAccount(**asked, name=told["name"])
            case "rename":
                return c.RenameAccount(**asked, name=told["name"])
            case "close":
                return c.CloseAccount(**asked, **reason)
            case "reopen":
                return c.ReopenAccount(**asked, **reason)
            case "grant":
                assert self.role is not None, "the form is drawn for a role"
                return c.GrantRole(
                    **asked,
                    **reason,
                    **days,
                    role=self.role,
                    unit=told.get("unit", ""),
                    lines=tuple(told.get("lines", ())),
                )
            case "deputy":
                theirs = self.principals[told["of"]]
                return c.AppointDeputy(
                    **asked, **reason, **days, principal=theirs.account, of=theirs.grant
                )
            case "withdraw":
                return c.WithdrawRole(**asked, **reason, grant=self.grant)
            case "sessions":
                return c.EndSessions(**asked)
            case _:
                raise AssertionError(f"{self.deed} is done at the door")

    def put(self, refusal: Refusal) -> None:
        """Put a refusal beside the field that it is about, or at the top."""
        if isinstance(refusal, NotPermittedNow) and refusal.because in _ABOUT:
            control = self.form.of(_ABOUT[refusal.because])
            if control is not None:
                because = in_the_way(refusal, self.words)
                told = self.words("form.wrong", label=control.label, because=because)
                self.form.wrong(control.spec.name, told)
                return
        put(self.form, refusal, self.words)


def deal_of(
    office: Office,
    words: Words,
    deed: Deed,
    account: str = "",
    *,
    role: Role | None = None,
    grant: UUID = NIL,
    lines: Sequence[str] = (),
) -> Deal:
    """The deed with its form, nothing typed but what is likely. lines: all there are."""
    today = local_day(office.now())
    principals = _principals(office, account, today) if deed == "deputy" else {}
    teller = Teller(office, words)
    form = Drawer(words).form(_specs(deed, role))
    if (unit := form.of("unit")) is not None and role is not None:
        unit.groups = _places(office, role, words)
    if (named := form.of("lines")) is not None:
        named.groups = [("", [(one, f"{one} {words(f'line.{one}')}") for one in lines])]
    if (of := form.of("of")) is not None:
        of.groups = [("", [(id_, _whose(one, teller, words)) for id_, one in principals.items()])]
    if (since := form.of("valid_from")) is not None:
        since.typed = today.isoformat()
    if deed == "rename" and (name := form.of("name")) is not None:
        name.typed = office.people.name_of(account)
    return Deal(
        deed=deed,
        account=account,
        words=words,
        form=form,
        role=role,
        grant=grant,
        principals=principals,
    )


def _spec(name: str, kind: Kind, *, required: bool = True, **more: Any) -> FieldSpec:
    label = label_of(f"acc.field.{name}")
    return FieldSpec(name=name, kind=kind, label=label, required=required, **more)


_ACCOUNT = _spec("account", Kind.TEXT, max=CODE_LONGEST, help=label_of("acc.field.account.help"))
_NAME = _spec("name", Kind.TEXT, max=NAME_LONGEST)
_REASON = _spec("reason", Kind.NOTE, required=False, max=REASON_LONGEST)
_FROM = _spec("valid_from", Kind.DATE)
_UNTIL = _spec("valid_until", Kind.DATE, required=False, help=label_of("acc.field.until.help"))
_DEPUTY_UNTIL = _spec("valid_until", Kind.DATE, help=label_of("acc.field.until.deputy"))
_FIELDS: Mapping[Deed, tuple[FieldSpec, ...]] = {
    "open": (_ACCOUNT, _NAME),
    "rename": (_NAME,),
    "close": (_REASON,),
    "reopen": (_REASON,),
    "grant": (_FROM, _UNTIL, _REASON),
    "deputy": (_spec("of", Kind.UNIT), _FROM, _DEPUTY_UNTIL, _REASON),
    "withdraw": (_REASON,),
}
_UNIT = _spec("unit", Kind.UNIT)
_LINES = _spec("lines", Kind.UNITS, help=label_of("acc.field.lines.help"))


# Which role it is decides what else is asked: a unit that fits it, and lines where it has some.
def _specs(deed: Deed, role: Role | None) -> tuple[FieldSpec, ...]:
    asked = _FIELDS.get(deed, ())
    if deed != "grant" or role is None:
        return asked
    unit = (_UNIT,) if PLACES[role] else ()
    return (*unit, *((_LINES,) if role in limited() else ()), *asked)


_NOT_BESIDE = "a deputy holds the same role in a unit beside"
_ABOUT = {
    "an account has this code already": "account",
    "held there on some of these days already": "valid_from",
    "the principal does not hold it on all these days": "valid_from",
    "nobody stands in for this role": "of",
    "a deputy has no deputy": "of",
    _NOT_BESIDE: "of",
}
"""Beside which field a decision's sentence stands."""

NAMES: Mapping[Deed, str] = {
    "open": "open_account",
    "rename": "rename_account",
    "close": "close_account",
    "reopen": "reopen_account",
    "invite": "invite",
    "grant": "grant_role",
    "deputy": "appoint_deputy",
    "withdraw": "withdraw_role",
    "reset": "remove_credential",
    "sessions": "end_sessions",
}
"""As refusals call it."""


def _places(office: Office, role: Role, words: Words) -> Groups:
    """The units that the role fits and that go on, under the names of those above them."""
    units, today = office.organisation.units, local_day(office.now())
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, unit in sorted(units.items()):
        if kind_of(unit, units) in PLACES[role] and not unit.closed(today):
            name = f"{unit.name(today)} {code}"
            groups.setdefault(unit.parent, []).append((code, name))
    return [
        (units[above].name(today) if above in units else "", choices)
        for above, choices in groups.items()
    ]


def _principals(office: Office, account: str, today: date) -> dict[str, Grant]:
    """The grants that the account can stand in for today, by their ids: of a role it holds itself,
    in its own unit or in one beside."""
    units = office.organisation.units
    found: dict[str, Grant] = {}
    for held in office.people.grants(account, today):
        if not held.own or held.role in NEVER_DEPUTED or held.unit not in units:
            continue
        above = units[held.unit].parent
        near = [one.code for one in office.organisation.below(above)] if above else []
        for unit in dict.fromkeys([held.unit, *near]):
            for theirs in office.people.at(unit, today):
                fits = theirs.own and beside(held, theirs, units)
                if fits and theirs.account != account:
                    found[str(theirs.grant)] = theirs
    return found


def _whose(grant: Grant, teller: Teller, words: Words) -> str:
    role, unit = words(f"role.{grant.role.value}"), teller.unit_name(grant.unit)
    return f"{teller.staff(grant.account)} {role} {unit}"
