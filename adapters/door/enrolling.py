"""What a second factor would be, before it is one: nothing of it is kept until a code proves it."""

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import pyotp
import segno

from adapters.door.credentials import SEED_BYTES
from adapters.door.place import digest
from adapters.keys import KeyStore

ISSUER = "Tenlines"
MARGIN = 4
"""Squares of quiet around a code, as its standard asks."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A factor that is shown and not kept.

    salt: what the form sends back, so that the next page shows the same. seed: in base32.
    """

    account: str
    salt: str
    seed: str

    @property
    def uri(self) -> str:
        """What an authenticator reads."""
        return pyotp.TOTP(self.seed).provisioning_uri(name=self.account, issuer_name=ISSUER)

    @property
    def picture(self) -> tuple[int, str]:
        """The same as a QR code: how wide it is, with its margin, and the path of what is dark."""
        rows = list(segno.make(self.uri, error="m").matrix_iter(border=MARGIN))
        return len(rows), "".join(f"M0 {y}{_dark(row)}" for y, row in enumerate(rows) if any(row))


# Runs of dark squares in a row, each a rectangle; between them the pen is lifted.
def _dark(row: Iterable[int]) -> str:
    drawn = []
    for dark, squares in groupby(row, key=bool):
        wide = sum(1 for _ in squares)
        drawn.append(f"h{wide}v1h-{wide}v-1m{wide} 0" if dark else f"m{wide} 0")
    return "".join(drawn)


def draft(keys: KeyStore, account: str, token: str, salt: str = "") -> Draft:
    """The factor that belongs to a token and a salt; a fresh salt where none is told.

    Derived under a key of the house: neither who has seen the link later, nor who has seen
    another page of it, can tell the seed.
    """
    chosen = salt or secrets.token_urlsafe(16)
    data = digest(token) + chosen.encode("utf-8", "replace")
    seed = keys.digest("door enrolment", data)[:SEED_BYTES]
    return Draft(account, chosen, base64.b32encode(seed).decode())
