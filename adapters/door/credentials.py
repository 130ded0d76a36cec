"""Means of coming in: passwords hashed, seeds of factors sealed, identities by a keyed hash.

A row counts only where the log names its id for the account. It is written first, under a fresh
id, and named after: whatever fails in between, nobody comes in by it.
"""

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import pyotp
import sqlalchemy as sa

from adapters.door.passwords import Passwords
from adapters.door.place import Place
from adapters.door.tables import CREDENTIALS
from adapters.event_store.instants import from_micros
from adapters.keys import KeyStore
from domain.account.state import stream_of

STEP_SECONDS = 30
SEED_BYTES = 20
"""What RFC 4226 recommends, and authenticators take."""


class Credentials:
    """The credentials kept at one door."""

    def __init__(self, place: Place, keys: KeyStore, passwords: Passwords) -> None:
        self._place, self._keys = place, keys
        self.passwords = passwords

    def keep_password(self, account: str, password: str) -> UUID:
        """Keep a password, checked before by `passwords.check`; its id, still to be named."""
        return self._keep(account, "password", self.passwords.hashed(password))

    def keep_factor(self, account: str, seed: str, used: int) -> UUID:
        """Keep the seed of a factor, in base32. used: step of the code that proved it."""
        id_ = uuid4()
        sealed = self._keys.seal_bytes(stream_of(account), seed.encode(), _bound(id_))
        return self._keep(account, "factor", sealed, id_, last_step=used)

    def keep_identity(self, account: str, issuer: str, subject: str) -> UUID:
        """Keep who somebody is elsewhere, as a keyed hash."""
        return self._keep(account, "identity", b"", identity=self._identity(issuer, subject))

    def password_matches(self, ids: Iterable[UUID], password: str) -> bool:
        """Whether it is the password of one of these ids. The same time where there is none."""
        kept = [row.secret for row in self._rows(ids, "password")]
        return self.passwords.matches(password, kept[0] if kept else None)

    def accounts_of(self, issuer: str, subject: str) -> Sequence[tuple[str, UUID]]:
        """Account and id of every credential for that identity, whether it counts or not."""
        query = sa.select(CREDENTIALS.c.account, CREDENTIALS.c.id).where(
            CREDENTIALS.c.identity == self._identity(issuer, subject)
        )
        with self._place.reading() as connection:
            return [(row.account, row.id) for row in connection.execute(query)]

    def made(self, ids: Iterable[UUID]) -> Sequence[tuple[UUID, datetime]]:
        """Those of these ids that are kept here, the oldest first, each with when it was made."""
        query = sa.select(CREDENTIALS.c.id, CREDENTIALS.c.made_at).where(
            CREDENTIALS.c.id.in_(list(ids))
        )
        with self._place.reading() as connection:
            rows = connection.execute(query.order_by(CREDENTIALS.c.made_at)).all()
        return [(row.id, from_micros(row.made_at)) for row in rows]

    def use_code(self, ids: Iterable[UUID], code: str) -> bool:
        """Whether it is the present code of one of these ids, which is then used up.

        Of several who show the same code at once, one is right.
        """
        for row in self._rows(ids, "factor"):
            sealed = self._keys.open_bytes(stream_of(row.account), row.secret, _bound(row.id))
            step = self.step_of(sealed.decode(), code) if isinstance(sealed, bytes) else None
            if step is not None and self._use(row.id, step):
                return True
        return False

    def step_of(self, seed: str, code: str) -> int | None:
        """The time step to which a code belongs: the present one, or one before or after it."""
        totp = pyotp.TOTP(seed, interval=STEP_SECONDS)
        present = self._place.now() // 1_000_000 // STEP_SECONDS
        given = "".join(code.split()).encode("utf-8", "replace")
        found = None
        # All three, always: which one fits must not show in the time.
        for step in (present - 1, present, present + 1):
            if hmac.compare_digest(totp.generate_otp(step).encode(), given):
                found = step
        return found

    def forget(self, id_: UUID) -> None:
        """Delete what was kept under that id."""
        with self._place.writing() as connection:
            connection.execute(sa.delete(CREDENTIALS).where(CREDENTIALS.c.id == id_))

    def check(self) -> None:
        """See that the seeds that are there open. Raises Unreadable, MasterKeyWrong."""
        query = sa.select(CREDENTIALS).where(CREDENTIALS.c.kind == "factor").limit(1)
        with self._place.reading() as connection:
            row = connection.execute(query).first()
        if row is not None:
            self._keys.open_bytes(stream_of(row.account), row.secret, _bound(row.id))

    def _keep(
        self,
        account: str,
        kind: str,
        secret: bytes,
        id_: UUID | None = None,
        *,
        identity: str = "",
        last_step: int = 0,
    ) -> UUID:
        id_ = id_ or uuid4()
        row = {
            "id": id_,
            "account": account,
            "kind": kind,
            "secret": secret,
            "identity": identity,
            "last_step": last_step,
            "made_at": self._place.now(),
        }
        with self._place.writing() as connection:
            connection.execute(sa.insert(CREDENTIALS).values(row))
        return id_

    def _rows(self, ids: Iterable[UUID], kind: str) -> Sequence[sa.Row[tuple[object, ...]]]:
        query = sa.select(CREDENTIALS).where(
            CREDENTIALS.c.id.in_(list(ids)), CREDENTIALS.c.kind == kind
        )
        with self._place.reading() as connection:
            return connection.execute(query.order_by(CREDENTIALS.c.made_at.desc())).all()

    def _use(self, id_: UUID, step: int) -> bool:
        with self._place.writing() as connection:
            done = connection.execute(
                sa.update(CREDENTIALS)
                .where(CREDENTIALS.c.id == id_, CREDENTIALS.c.last_step < step)
                .values(last_step=step)
            )
            return done.rowcount == 1

    def _identity(self, issuer: str, subject: str) -> str:
        return self._keys.token("door identity", f"{len(issuer)}:{issuer}{subject}")


def _bound(id_: UUID) -> bytes:
    return b"tenlines door factor" + id_.bytes
