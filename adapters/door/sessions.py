"""Sessions: who is in, since when and under which grant; and who is half in.

A token is told once and kept as its hash. A session ends when it is idle or old, when it is
signed out, and when anything of the log ends the account's sessions after it began.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa

from adapters.door.place import MINUTE, Place, digest, fresh_token
from adapters.door.tables import PENDING, SESSIONS
from adapters.event_store.instants import from_micros, to_micros
from adapters.projector.statements import asked

IDLE = 30 * MINUTE
ABSOLUTE = 12 * 60 * MINUTE
HALF_IN = 5 * MINUTE
PROGRAM = 90 * 24 * 60 * MINUTE
SEEN_EACH = MINUTE
"""How often it is written down that a session is in use."""
FACTOR_TOO = "+factor"
"""How the method of a session ends where a second factor was shown, here or elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session that is not over by time. Whether the log has ended it, the log tells.

    id: its name for its holder, which opens nothing. grant: what its holder acts under.
    kind: browser, or token for a program. method: what was shown, such as password+factor.
    begun_position: where the account's sessions had last ended when it began.
    """

    id: UUID
    account: str
    grant: UUID
    kind: str
    method: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime
    begun_position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfIn:
    """Who has shown the first factor. begun_position: as of a session."""

    account: str
    method: str
    begun_position: int


class Sessions:
    """The sessions of one door."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def begin(
        self,
        account: str,
        grant: UUID,
        *,
        method: str,
        position: int,
        kind: str = "browser",
        lasts: int = ABSOLUTE,
    ) -> str:
        """Let somebody in; the token, told only here."""
        token, now = fresh_token(), self._place.now()
        with self._place.writing() as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.ends_at <= now))
            row = self._row(digest(token), account, grant, kind, method, now, lasts, position)
            connection.execute(sa.insert(SESSIONS).values(row))
        return token

    def bring(self, token_sha256: bytes, account: str, grant: UUID, *, position: int) -> None:
        """Keep a token of a program that was given out elsewhere, for as long as one of ours."""
        now = self._place.now()
        row = self._row(token_sha256, account, grant, "token", "issued", now, PROGRAM, position)
        with self._place.writing() as connection:
            connection.execute(sa.insert(SESSIONS).values(row))

    def of(self, token: str, kind: str = "browser", *, used: bool = True) -> Session | None:
        """The session of a token; None for none, or one that is over by time.

        used: it is put to use now, and so does not rest.
        """
        key, now = digest(token), self._place.now()
        query = asked(_OF, sqlite=self._place.database.is_sqlite)
        with self._place.reading() as connection:
            found = query.rows(connection, {"key": key, "kind": kind, "now": now})
        if not found:
            return None
        session = _session(*found[0])
        if used and to_micros(session.seen_at) <= now - SEEN_EACH:
            self._seen(key, now)
        return session

    def change(self, token: str, *, grant: UUID | None = None, position: int | None = None) -> str:
        """A new token in the place of the old one, which is over. Empty where it was so before.

        grant, position: what is different from now on.
        """
        fresh = fresh_token()
        values: dict[str, object] = {"token_sha256": digest(fresh), "seen_at": self._place.now()}
        if grant is not None:
            values["grant_id"] = grant
        if position is not None:
            values["begun_position"] = position
        with self._place.writing() as connection:
            done = connection.execute(
                sa.update(SESSIONS)
                .where(SESSIONS.c.token_sha256 == digest(token), _alive(self._place.now()))
                .values(values)
            )
            return fresh if done.rowcount == 1 else ""

    def end(self, token: str) -> None:
        """Have the token open nothing any more."""
        self._delete(SESSIONS.c.token_sha256 == digest(token))

    def end_one(self, account: str, id_: UUID) -> bool:
        """End one of an account's sessions by its name; False where there is none."""
        return self._delete(sa.and_(SESSIONS.c.account == account, SESSIONS.c.id == id_)) == 1

    def end_all(self, account: str) -> None:
        """Delete what an account is in by. The log has ended it already; this only tidies."""
        self._delete(SESSIONS.c.account == account)

    def all_of(self, account: str) -> Sequence[Session]:
        """The sessions of an account that are not over by time, the latest seen first."""
        query = sa.select(SESSIONS).where(SESSIONS.c.account == account, _alive(self._place.now()))
        with self._place.reading() as connection:
            rows = connection.execute(query.order_by(SESSIONS.c.seen_at.desc())).all()
        return [_session(*row) for row in rows]

    def half(self, account: str, *, method: str, position: int) -> str:
        """Note that somebody has shown the first factor; the token, told only here."""
        token, now = fresh_token(), self._place.now()
        with self._place.writing() as connection:
            connection.execute(sa.delete(PENDING).where(PENDING.c.ends_at <= now))
            connection.execute(
                sa.insert(PENDING).values(
                    token_sha256=digest(token),
                    account=account,
                    method=method,
                    ends_at=now + HALF_IN,
                    begun_position=position,
                )
            )
        return token

    def half_of(self, token: str) -> HalfIn | None:
        """Who is half in by this token."""
        with self._place.reading() as connection:
            row = connection.execute(
                sa.select(PENDING).where(
                    PENDING.c.token_sha256 == digest(token), PENDING.c.ends_at > self._place.now()
                )
            ).first()
        if row is None:
            return None
        return HalfIn(account=row.account, method=row.method, begun_position=row.begun_position)

    def end_half(self, token: str) -> bool:
        """Take the token; False where somebody has taken it already."""
        with self._place.writing() as connection:
            done = connection.execute(
                sa.delete(PENDING)
                .where(PENDING.c.token_sha256 == digest(token))
                .where(PENDING.c.ends_at > self._place.now())
            )
            return done.rowcount == 1

    def sweep(self) -> None:
        """Delete what is over by time."""
        now = self._place.now()
        self._delete(sa.not_(_alive(now)))
        with self._place.writing() as connection:
            connection.execute(sa.delete(PENDING).where(PENDING.c.ends_at <= now))

    def _row(
        self,
        key: bytes,
        account: str,
        grant: UUID,
        kind: str,
        method: str,
        now: int,
        lasts: int,
        position: int,
    ) -> dict[str, object]:
        return {
            "token_sha256": key,
            "id": uuid4(),
            "account": account,
            "grant_id": grant,
            "kind": kind,
            "method": method,
            "made_at": now,
            "seen_at": now,
            "ends_at": now + lasts,
            "begun_position": position,
        }

    def _seen(self, key: bytes, now: int) -> None:
        with self._place.writing() as connection:
            connection.execute(
                sa.update(SESSIONS)
                .where(SESSIONS.c.token_sha256 == key, SESSIONS.c.seen_at <= now - SEEN_EACH)
                .values(seen_at=now)
            )

    def _delete(self, which: sa.ColumnElement[bool]) -> int:
        with self._place.writing() as connection:
            return connection.execute(sa.delete(SESSIONS).where(which)).rowcount


# A program may rest for longer than a person.
def _alive(now: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    idle = sa.or_(SESSIONS.c.kind == "token", SESSIONS.c.seen_at > now - IDLE)
    return sa.and_(SESSIONS.c.ends_at > now, idle)


# Made once, for it is asked with each request: to put it together takes longer.
_OF = sa.select(SESSIONS).where(
    SESSIONS.c.token_sha256 == sa.bindparam("key", type_=SESSIONS.c.token_sha256.type),
    SESSIONS.c.kind == sa.bindparam("kind", type_=SESSIONS.c.kind.type),
    _alive(sa.bindparam("now", type_=SESSIONS.c.seen_at.type)),
)


def _session(
    _: bytes,
    id_: UUID,
    account: str,
    grant: UUID,
    kind: str,
    method: str,
    made_at: int,
    seen_at: int,
    ends_at: int,
    begun_position: int,
) -> Session:
    return Session(
        id=id_,
        account=account,
        grant=grant,
        kind=kind,
        method=method,
        made_at=from_micros(made_at),
        seen_at=from_micros(seen_at),
        ends_at=from_micros(ends_at),
        begun_position=begun_position,
    )
