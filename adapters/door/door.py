"""The door of one district: what it keeps, in a database of its own."""

from collections.abc import Callable, Container
from datetime import datetime, timedelta

from adapters.door.counters import Counters
from adapters.door.credentials import Credentials
from adapters.door.invitations import Invitations
from adapters.door.journal import DoorJournal
from adapters.door.passwords import Passwords
from adapters.door.place import Place
from adapters.door.preferences import Preferences
from adapters.door.sessions import Sessions
from adapters.keys import KeyStore
from adapters.time import wall

JOURNAL_KEPT = timedelta(days=3 * 365)
"""As long as the audit trail is kept, as security asks (等保: six months at least)."""


class Door:
    """Credentials, sessions, invitations, counters, the journal, and what accounts prefer.

    Connects at first use.

    now: the wall clock. The house's may stand in another year. breached: passwords that nobody
    may choose.
    """

    def __init__(
        self,
        url: str,
        keys: KeyStore,
        *,
        now: Callable[[], datetime] = wall,
        passwords: Passwords | None = None,
        breached: Container[str] = (),
    ) -> None:
        self.place = Place(url, now)
        self.keys, self.breached = keys, breached
        self.credentials = Credentials(self.place, keys, passwords or Passwords())
        self.sessions = Sessions(self.place)
        self.invitations = Invitations(self.place)
        self.counters = Counters(self.place, keys)
        self.journal = DoorJournal(self.place)
        self.preferences = Preferences(self.place)

    def prune(self) -> None:
        """Delete what is over: sessions, invitations and counters that are forgotten, and of the
        journal what is older than it is kept."""
        self.sessions.sweep()
        self.invitations.sweep()
        self.counters.sweep()
        self.journal.prune(JOURNAL_KEPT)

    def close(self) -> None:
        """Close every connection."""
        self.place.close()
