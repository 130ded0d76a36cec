"""The picture of a factor is the code that an authenticator reads."""

from __future__ import annotations

import re

import segno

from adapters.door.enrolling import MARGIN, Draft, draft
from adapters.keys import KeyStore


def dark(path: str) -> set[tuple[int, int]]:
    """The squares that a path of rectangles covers."""
    found: set[tuple[int, int]] = set()
    x = y = 0
    for command, first, second in re.findall(r"(M|m|h)(-?\d+)(?: (\d+)|v1h-\d+v-1)", path):
        if command == "M":
            x, y = int(first), int(second)
        elif command == "m":
            x += int(first)
        else:
            found |= {(x + n, y) for n in range(int(first))}
    return found


def test_it_is_drawn_square_by_square() -> None:
    told = Draft("zhoumin", "salt", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    width, path = told.picture
    rows = list(segno.make(told.uri, error="m").matrix_iter(border=MARGIN))

    assert width == len(rows)
    assert dark(path) == {(x, y) for y, row in enumerate(rows) for x, one in enumerate(row) if one}


def test_the_seed_is_of_the_link_and_the_salt_together(keys: KeyStore) -> None:
    one = draft(keys, "zhoumin", "link")

    assert draft(keys, "zhoumin", "link", one.salt) == one
    assert draft(keys, "zhoumin", "other link", one.salt).seed != one.seed
    assert draft(keys, "zhoumin", "link").seed != one.seed
