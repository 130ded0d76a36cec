"""Invitations: a link by which an account is entered for the first time, once."""

import sqlalchemy as sa

from adapters.door.place import MINUTE, Place, digest, fresh_token
from adapters.door.tables import INVITATIONS

LASTS = 72 * 60 * MINUTE


class Invitations:
    """The invitations of one door. An account has one at most: the newest."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def make(self, account: str) -> str:
        """Invite; the token, told only here. Older invitations of the account are void."""
        token, now = fresh_token(), self._place.now()
        with self._place.writing() as connection:
            connection.execute(
                sa.delete(INVITATIONS).where(
                    sa.or_(INVITATIONS.c.account == account, INVITATIONS.c.ends_at <= now)
                )
            )
            connection.execute(
                sa.insert(INVITATIONS).values(
                    token_sha256=digest(token), account=account, ends_at=now + LASTS
                )
            )
        return token

    def account_of(self, token: str) -> str:
        """Who is invited; empty for nobody, and for an invitation that is used or over."""
        with self._place.reading() as connection:
            found = connection.execute(
                sa.select(INVITATIONS.c.account).where(*self._valid(token))
            ).scalar()
        return found or ""

    def take(self, token: str) -> str:
        """Use it up; who was invited. Empty where somebody has used it already."""
        with self._place.writing() as connection:
            taken = connection.execute(
                sa.delete(INVITATIONS).where(*self._valid(token)).returning(INVITATIONS.c.account)
            ).scalar()
        return taken or ""

    def sweep(self) -> None:
        """Delete those that are over."""
        with self._place.writing() as connection:
            connection.execute(
                sa.delete(INVITATIONS).where(INVITATIONS.c.ends_at <= self._place.now())
            )

    def _valid(self, token: str) -> tuple[sa.ColumnElement[bool], ...]:
        key = INVITATIONS.c.token_sha256 == digest(token)
        return key, INVITATIONS.c.ends_at > self._place.now()
