"""Coming in by an identity that a provider proves, and having one open an account."""

from adapters.door.entering import Entered, Entering
from adapters.door.keeping import ids_of
from adapters.door.place import fresh_token
from adapters.door.provider import NotProved, Proved, Provider
from adapters.door.within import Within
from domain.errors import NotFound, NotPermittedNow, SignInOver, SignInRefused

ENTER, LINK = "enter", "link"
"""What somebody goes to a provider for: a way back for one is none for the other."""


class Elsewhere(Entering, Within):
    """The way to a provider and back. provider: None where there is none."""

    provider: Provider | None = None

    @property
    def elsewhere(self) -> str:
        """What people call the provider; empty where there is none."""
        return self.provider.name if self.provider else ""

    def leave(self, back: str, purpose: str = ENTER) -> tuple[str, str]:
        """A token for the browser to hold, and where to send it.

        Raises NotFound where there is no provider, SignInRefused where it does not answer.
        """
        token = fresh_token()
        try:
            return token, self._provider().begin(token, purpose, back)
        except NotProved as error:
            raise self._no("identity refused", error.why, "", SignInRefused()) from error

    def come_back(self, token: str, back: str, state: str, code: str) -> Entered:
        """Come in by what the provider proves. Raises SignInRefused, also where no account, or
        more than one, is linked to it."""
        proved = self._proved(token, ENTER, back, state, code)
        found = [
            standing
            for account, id_ in self.door.credentials.accounts_of(proved.issuer, proved.subject)
            if (standing := self._usable(account)) and id_ in ids_of(standing, "identity")
        ]
        if len(found) != 1:
            raise self._no("identity refused", "not linked", "", SignInRefused())
        return self._first(found[0], "identity", proved=proved.factors)

    def link(self, session: str, token: str, back: str, state: str, code: str) -> None:
        """Have what the provider proves open the account of who is in.

        Raises SignInOver, SignInRefused, NotPermittedNow where it opens an account already.
        """
        found = self._session(session, "browser")
        if found is None:
            raise SignInOver
        proved = self._proved(token, LINK, back, state, code)
        identity = (proved.issuer, proved.subject)
        for account, id_ in self.door.credentials.accounts_of(*identity):
            if id_ in ids_of(self._people.standing(account), "identity"):
                raise NotPermittedNow("link", "the identity opens an account already")
        kept = self.door.credentials.keep_identity(found.account, *identity)
        self._set(found.account, kept, "identity")
        self.door.journal.note("identity", "", found.account)

    def _proved(self, token: str, purpose: str, back: str, state: str, code: str) -> Proved:
        try:
            return self._provider().finish(token, purpose, back, state, code)
        except NotProved as error:
            raise self._no("identity refused", error.why, "", SignInRefused()) from error

    def _provider(self) -> Provider:
        if self.provider is None:
            raise NotFound("provider", "of identities")
        return self.provider
