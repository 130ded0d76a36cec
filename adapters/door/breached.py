"""Passwords that were breached elsewhere, in a file of their SHA-1 hashes that the operator names.

As "Pwned Passwords" is published, ordered by hash: each line 40 hexadecimal digits, then nothing or
a colon and how often. It may have tens of gigabytes, so it is looked up where it lies.
"""

import hashlib
import re
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from domain.errors import Malformed, StorageUnavailable

SETTING = "TENLINES_BREACHED_PASSWORDS"
_LINE = re.compile(rb"([0-9A-Fa-f]{40})(?::[0-9]{1,12})?\r?")
_LONGEST = 64
"""Bytes that are more than a line."""
_LOOKED_AT = 64
"""Lines that are read at the start, evenly through the file."""


class Breached:
    """The passwords of one file. Opened for each look: it may be replaced by a newer one.

    Raises Malformed for a file that cannot be read, or that is not of this kind.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                marks = [size * step // _LOOKED_AT for step in range(_LOOKED_AT)]
                found = [_line(file, at) for at in [*marks, max(0, size - 1)]]
        except OSError as error:
            raise Malformed(SETTING, "a file that can be read") from error
        except ValueError as error:
            raise Malformed(SETTING, f"SHA-1 hashes, one a line; not so at byte {error}") from None
        for (before, *_), (key, start, _) in pairwise(found):
            if before > key:
                raise Malformed(SETTING, f"in order of the hashes; not so at byte {start}")

    def __contains__(self, password: object) -> bool:
        """Whether it was breached. Raises StorageUnavailable where the file is no longer good."""
        digest = hashlib.sha1(str(password).encode(), usedforsecurity=False).hexdigest()
        wanted = digest.upper().encode()
        try:
            with self._path.open("rb") as file:
                low, high = 0, file.seek(0, 2)
                while low < high:
                    key, start, end = _line(file, (low + high) // 2)
                    if key == wanted:
                        return True
                    low, high = (end, high) if key < wanted else (low, start)
        except (OSError, ValueError) as error:
            raise StorageUnavailable from error
        return False


# The hash of the line that the byte belongs to, where that begins, and where the next one does.
def _line(file: BinaryIO, at: int) -> tuple[bytes, int, int]:
    begin = max(0, at - _LONGEST)
    file.seek(begin)
    read = file.read(2 * _LONGEST)
    start = read.rfind(b"\n", 0, at - begin) + 1
    end = read.find(b"\n", at - begin)
    end = len(read) if end < 0 else end
    shape = _LINE.fullmatch(read, start, end)
    if shape is None:
        raise ValueError(begin + start)
    return shape[1].upper(), begin + start, begin + end + 1
