"""Coming in: by a password and a code, by an identity proved elsewhere, by an invitation."""

from dataclasses import dataclass
from uuid import UUID

from adapters.door.counters import ADDRESS, FACTOR, PASSWORD
from adapters.door.enrolling import Draft, draft
from adapters.door.keeping import Keeping, ids_of
from adapters.door.passwords import check
from adapters.door.sessions import FACTOR_TOO
from adapters.people import Standing
from domain.actor import Actor, Role
from domain.errors import (
    FactorMissing,
    InvitationOver,
    Malformed,
    NotFound,
    NotPermittedNow,
    SignInOver,
    SignInRefused,
)
from workflows.rights import Resource, authorise

NIL = UUID(int=0)
CODE_LONGEST = 32
"""Characters of an account's code, as the house gives them out."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody gets who has shown the first factor: a session, or half of one."""

    token: str
    half: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited, and what a second factor of theirs would be."""

    account: str
    name: str
    draft: Draft


class Entering(Keeping):
    """How somebody comes in. Who does not learns only that, whatever it was for."""

    # --- coming in ---------------------------------------------------------------------------

    def sign_in(self, account: str, password: str, address: str) -> Entered:
        """Show a password. Raises SignInRefused, TooManyTries, FactorMissing."""
        code = account.strip().casefold()[:CODE_LONGEST]
        standing = self._usable(code)
        known = standing.account if standing else ""
        self._count(ADDRESS, address, "sign-in refused", known)
        self._count(PASSWORD, code, "sign-in refused", known)
        ids = ids_of(standing, "password")
        if not self.door.credentials.password_matches(ids, password) or standing is None:
            raise self._no("sign-in refused", "password", known, SignInRefused())
        self.door.counters.succeeded(PASSWORD, code)
        self.door.counters.give_back(ADDRESS, address)
        return self._first(standing, "password")

    def code(self, token: str, typed: str) -> str:
        """Show the second factor; the token of the session. Raises SignInOver where the first
        was too long ago, SignInRefused, TooManyTries."""
        half = self.door.sessions.half_of(token)
        standing = self._usable(half.account) if half else None
        if half is None or standing is None or standing.sessions_end > half.begun_position:
            raise self._no("code refused", "over", half.account if half else "", SignInOver())
        self._count(FACTOR, half.account, "code refused", half.account)
        if not self.door.credentials.use_code(ids_of(standing, "factor"), typed):
            raise self._no("code refused", "wrong", half.account, SignInRefused())
        self.door.counters.succeeded(FACTOR, half.account)
        if not self.door.sessions.end_half(token):
            raise self._no("code refused", "over", half.account, SignInOver())
        return self._begin(half.account, half.method + FACTOR_TOO, half.begun_position)

    def half_in(self, token: str) -> str:
        """Who is half in by this token. Raises SignInOver."""
        half = self.door.sessions.half_of(token)
        if half is None:
            raise SignInOver
        return half.account

    # --- invitations -------------------------------------------------------------------------

    def invite(self, account: str, by: Actor) -> str:
        """Invite an account that has no means of coming in; the token, told only here.

        Raises NotAllowed, NotFound, NotPermittedNow where it is closed or has some already.
        """
        authorise(by, "accounts", Resource(), account, what="account")
        standing = self._people.standing(account)
        if standing is None:
            raise NotFound("account", account)
        if standing.closed or standing.credentials:
            because = "the account is closed" if standing.closed else "it has a way in already"
            raise NotPermittedNow("invite", because)
        token = self.door.invitations.make(account)
        self.door.journal.note("invitation", "", account)
        return token

    def invited(self, token: str, salt: str = "") -> Invited:
        """Whom an invitation invites. salt: of the draft that was shown before.

        Raises InvitationOver.
        """
        account = self.door.invitations.account_of(token)
        standing = self._usable(account) if account else None
        if standing is None or standing.credentials:
            raise self._no("invitation refused", "over", account, InvitationOver())
        name = self._people.name_of(account)
        return Invited(account, name, draft(self.door.keys, account, token, salt))

    def accept(self, token: str, password: str, salt: str, code: str) -> str:
        """Come in by an invitation, once; the token of the session.

        code: empty only where no second factor is asked for, and then none is set.
        Raises InvitationOver; Malformed for the password or the code, the invitation unused.
        """
        invited = self.invited(token, salt)
        account = invited.account
        check(password, account, invited.name, breached=self.door.breached)
        factor = bool(code) or self.two_factors
        step = self.door.credentials.step_of(invited.draft.seed, code) if factor else 0
        if step is None:
            raise Malformed("code", "wrong")
        if self.door.invitations.take(token) != account:
            raise self._no("invitation refused", "over", account, InvitationOver())
        self._set(account, self.door.credentials.keep_password(account, password), "password")
        if factor:
            seed = invited.draft.seed
            self._set(account, self.door.credentials.keep_factor(account, seed, step), "factor")
        standing = self._people.standing(account)
        assert standing is not None, "its credentials were just set"
        method = "password" + FACTOR_TOO * factor
        return self._begin(account, method, standing.sessions_end)

    def _first(self, standing: Standing, method: str, *, proved: bool = False) -> Entered:
        account, position = standing.account, standing.sessions_end
        if ids_of(standing, "factor") and not proved:
            half = self.door.sessions.half(account, method=method, position=position)
            return Entered(half, half=True)
        if self.two_factors and not proved and self._is_staff(account):
            raise self._no("sign-in refused", "no factor", account, FactorMissing())
        return Entered(self._begin(account, method + FACTOR_TOO * proved, position), half=False)

    def _begin(self, account: str, method: str, position: int) -> str:
        grants = self._people.grants(account, self._today())
        first = grants[0].grant if grants else NIL
        token = self.door.sessions.begin(account, first, method=method, position=position)
        self.door.journal.note("sign-in", method, account)
        return token

    def _is_staff(self, account: str) -> bool:
        held = self._people.grants(account, self._today())
        return any(grant.role is not Role.RES for grant in held)
