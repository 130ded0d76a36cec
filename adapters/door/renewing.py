"""Another second factor, an identity that opens an account no more, the first half of a reset."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from adapters.door.counters import FACTOR, PASSWORD
from adapters.door.enrolling import Draft, draft
from adapters.door.keeping import ids_of
from adapters.door.within import Within
from adapters.people import Standing
from domain.account.commands import RemoveCredential
from domain.actor import Actor
from domain.errors import Malformed, NotForOneself, NotFound, NotPermittedNow, SignInOver
from workflows.rights import Resource, authorise


class Renewing(Within):
    """How means of coming in are changed by who is in, and taken away by who grants roles."""

    def factor(self, token: str, salt: str = "") -> tuple[Draft, bool]:
        """A factor for the holder of a session, shown and not kept; and whether they have one.

        salt: of the draft that was shown before. Raises SignInOver.
        """
        standing = self._here(token)
        made = draft(self.door.keys, standing.account, token, salt)
        return made, bool(ids_of(standing, "factor"))

    def change_factor(self, token: str, password: str, old: str, salt: str, code: str) -> str:
        """Have the factor that was shown count and no other, which ends every other session; the
        new token of this one.

        old: the present code of the factor that counts now, where there is one.
        Raises SignInOver, TooManyTries; Malformed for `password`, `old` or `code`.
        """
        standing = self._here(token)
        account, what = standing.account, "factor refused"
        self._count(PASSWORD, account, what, account)
        if not self.door.credentials.password_matches(ids_of(standing, "password"), password):
            raise self._no(what, "password", account, Malformed("password", "wrong"))
        self.door.counters.succeeded(PASSWORD, account)
        seed, held = draft(self.door.keys, account, token, salt).seed, ids_of(standing, "factor")
        # First, so that a slip here uses up no code of the old one.
        step = self.door.credentials.step_of(seed, code)
        if step is None:
            raise self._no(what, "wrong", account, Malformed("code", "wrong"))
        if held:
            self._count(FACTOR, account, what, account)
            if not self.door.credentials.use_code(held, old):
                raise self._no(what, "wrong", account, Malformed("old", "wrong"))
            self.door.counters.succeeded(FACTOR, account)
        self._set(account, self.door.credentials.keep_factor(account, seed, step), "factor")
        for id_ in held:
            self._own(account, RemoveCredential, credential=id_)
            self.door.credentials.forget(id_)
        self.door.journal.note("factor", "", account)
        after = self._people.standing(account)
        assert after is not None, "it was there a moment ago"
        fresh = self.door.sessions.change(token, position=after.sessions_end)
        if not fresh:
            raise SignInOver
        return fresh

    def identities(self, account: str) -> Sequence[tuple[UUID, datetime]]:
        """The identities that open an account, each with when it was linked."""
        return self.door.credentials.made(ids_of(self._usable(account), "identity"))

    def unlink(self, token: str, identity: UUID) -> None:
        """Have an identity open the account of who is in no more. Raises SignInOver, NotFound."""
        standing = self._here(token)
        if identity not in ids_of(standing, "identity"):
            raise NotFound("identity", identity)
        self._own(standing.account, RemoveCredential, credential=identity)
        self.door.credentials.forget(identity)
        self.door.journal.note("identity", "unlinked", standing.account)

    def reset(self, account: str, by: Actor) -> None:
        """Take away all that an account comes in by, and put out who is in: the first half of a
        reset. The other is an invitation, by somebody else's right.

        Raises NotAllowed, NotForOneself, NotFound, NotPermittedNow where it is closed.
        """
        authorise(by, "role_grants", Resource(), account, what="account")
        if account in by.accounts:
            raise NotForOneself("remove_credential", account)
        standing = self._people.standing(account)
        if standing is None:
            raise NotFound("account", account)
        if standing.closed:
            raise NotPermittedNow("remove_credential", "the account is closed")
        for one in standing.credentials:
            self._run(
                RemoveCredential(
                    command_id=self._new_id(),
                    by=by,
                    occurred_at=self._now(),
                    account=account,
                    credential=one.credential,
                )
            )
            self.door.credentials.forget(one.credential)
        self.door.sessions.end_all(account)
        self.door.journal.note("reset", "", account)

    def _here(self, token: str) -> Standing:
        session = self._session(token, "browser")
        standing = self._usable(session.account) if session else None
        if standing is None:
            raise SignInOver
        return standing
