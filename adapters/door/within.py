"""Being in, and going out: whose request it is, under which grant, and what ends that."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from adapters.door.counters import PASSWORD
from adapters.door.journal import Seen
from adapters.door.keeping import Keeping, ids_of
from adapters.door.passwords import check
from adapters.door.sessions import FACTOR_TOO, PROGRAM, Session
from adapters.people import Standing
from domain.account.commands import EndSessions, RemoveCredential
from domain.account.state import Grant
from domain.actor import Actor, Role
from domain.errors import FactorMissing, NoRoleToday, NotFound, SignInOver, SignInRefused
from workflows.rights import Resource, authorise


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is in: the actor, the name that is shown to others, the session."""

    actor: Actor
    name: str
    session: Session


@dataclass(frozen=True, slots=True)
class Hats:
    """What an account may act under today, and under which of it a session acts."""

    account: str
    name: str
    current: UUID
    grants: Sequence[Grant]


class Within(Keeping):
    """Who is in, and how they go."""

    # --- being in ----------------------------------------------------------------------------

    def visitor(self, token: str, *, used: bool = True) -> Visitor | None:
        """Whose page it is; None for nobody. Raises NoRoleToday where the grant is over.

        used: somebody asks, and not an open page by itself, which keeps no session alive.
        """
        return self._in(token, "browser", used=used)

    def caller(self, token: str) -> Visitor | None:
        """Whose program it is; None for nobody. Raises NoRoleToday: a program has one grant."""
        return self._in(token, "token")

    def hats(self, token: str) -> Hats | None:
        """What the holder of a session may act under today; None for nobody."""
        session = self._session(token, "browser")
        if session is None:
            return None
        account = session.account
        grants = self._people.grants(account, self._today())
        return Hats(account, self._people.name_of(account), session.grant, grants)

    def switch(self, token: str, grant: UUID) -> str:
        """Act under another grant from now on; the new token.

        Raises NotFound, SignInOver; FactorMissing where it is a post's, and no second factor was
        shown: who came in before they were staff comes in again.
        """
        session = self._session(token, "browser")
        if session is None:
            raise SignInOver
        account = session.account
        held = {one.grant: one for one in self._people.grants(account, self._today())}
        if grant not in held:
            raise NotFound("grant", grant)
        staff = held[grant].role is not Role.RES
        if self.two_factors and staff and not session.method.endswith(FACTOR_TOO):
            raise self._no("switch refused", "no factor", account, FactorMissing())
        fresh = self.door.sessions.change(token, grant=grant)
        if not fresh:
            raise SignInOver
        self.door.journal.note("switch", "", account)
        return fresh

    def issue(self, account: str, grant: UUID, lasts: int = PROGRAM) -> str:
        """A token for a program of the account's, which acts under that grant and no other.

        Raises NotFound where the account does not hold the grant today.
        """
        standing = self._usable(account)
        held = {one.grant for one in self._people.grants(account, self._today())}
        if standing is None or grant not in held:
            raise NotFound("grant", grant)
        self.door.journal.note("token", "", account)
        return self.door.sessions.begin(
            account,
            grant,
            method="issued",
            position=standing.sessions_end,
            kind="token",
            lasts=min(lasts, PROGRAM),
        )

    def bring(self, account: str, grant: UUID, token_sha256: str) -> None:
        """Keep a token of a program that was given out before there was a door."""
        standing = self._usable(account)
        if standing is None:
            raise NotFound("account", account)
        key, position = bytes.fromhex(token_sha256), standing.sessions_end
        self.door.sessions.bring(key, account, grant, position=position)

    def change_password(self, token: str, old: str, new: str) -> str:
        """Another password, which ends every other session; the new token of this one.

        Raises SignInOver, TooManyTries, SignInRefused for the old one, Malformed for the new.
        """
        session = self._session(token, "browser")
        standing = self._usable(session.account) if session else None
        if session is None or standing is None:
            raise SignInOver
        account = session.account
        self._count(PASSWORD, account, "password refused", account)
        ids = ids_of(standing, "password")
        if not self.door.credentials.password_matches(ids, old):
            raise self._no("password refused", "wrong", account, SignInRefused())
        self.door.counters.succeeded(PASSWORD, account)
        check(new, account, self._people.name_of(account), breached=self.door.breached)
        self._set(account, self.door.credentials.keep_password(account, new), "password")
        for id_ in ids:
            self._own(account, RemoveCredential, credential=id_)
            self.door.credentials.forget(id_)
        after = self._people.standing(account)
        assert after is not None, "it was there a moment ago"
        self.door.journal.note("password", "", account)
        return self.door.sessions.change(token, position=after.sessions_end)

    # --- going out ---------------------------------------------------------------------------

    def sign_out(self, token: str) -> None:
        """End the session of a token."""
        session = self.door.sessions.of(token)
        if session is not None:
            self.door.sessions.end(token)
            self.door.journal.note("sign-out", "", session.account)

    def sign_out_everywhere(self, token: str) -> None:
        """End every session of who holds this one, those of programs too, in every process.

        Raises SignInOver.
        """
        session = self._session(token, "browser")
        if session is None:
            raise SignInOver
        account = session.account
        self._own(account, EndSessions)
        self.door.sessions.end_all(account)
        self.door.journal.note("sign-out", "everywhere", account)

    def sessions_of(self, account: str) -> Sequence[Session]:
        """What an account is in by, the latest seen first."""
        standing = self._usable(account)
        found = self.door.sessions.all_of(account) if standing else ()
        return [s for s in found if standing and s.begun_position >= standing.sessions_end]

    def end_session(self, account: str, id_: UUID) -> None:
        """End one of an account's own sessions. Raises NotFound."""
        if not self.door.sessions.end_one(account, id_):
            raise NotFound("session", id_)
        self.door.journal.note("sign-out", "elsewhere", account)

    # --- the journal -------------------------------------------------------------------------

    def refused(self, what: str, why: str, account: str = "") -> None:
        """Write down that something else was refused: a form, an identity."""
        self.door.journal.note_often(what, why, account)

    def happened(
        self, actor: Actor, *, account: str = "", what: str = "", before: int | None = None
    ) -> Sequence[Seen]:
        """The journal, the latest first. Raises NotAllowed."""
        authorise(actor, "read_audit_trail", Resource(), "door", what="journal")
        return self.door.journal.read(account=account, what=what, before=before)

    def _in(self, token: str, kind: str, *, used: bool = True) -> Visitor | None:
        session = self.door.sessions.of(token, kind, used=used)
        if session is None:
            self.door.journal.note_often("session refused", "unknown")
            return None
        bearer = self._people.bearer(session.account, session.grant, self._today())
        if bearer is None or self._ended(session, bearer.standing):
            self._put_out(token, session)
            return None
        if bearer.grant is None:
            self.door.journal.note_often("session refused", "no role", session.account)
            raise NoRoleToday(session.account)
        return Visitor(bearer.grant.actor, bearer.name, session)

    def _session(self, token: str, kind: str) -> Session | None:
        session = self.door.sessions.of(token, kind)
        standing = self._people.standing(session.account) if session else None
        if session is None or standing is None or self._ended(session, standing):
            return None
        return session

    # What began before the account's sessions last ended is over; closing an account ends them.
    def _ended(self, session: Session, standing: Standing) -> bool:
        return standing.closed or session.begun_position < standing.sessions_end

    def _put_out(self, token: str, session: Session) -> None:
        self.door.sessions.end(token)
        self.door.journal.note("session refused", "ended", session.account)
