"""Names of files as one reader is shown them: what of people is masked elsewhere in the affair is
masked in them too, 张桂芬身份证.jpg like 张*身份证.jpg.
"""

from collections.abc import Iterator

from domain.actor import Role
from domain.log import Recorded
from domain.record import Kind
from web.inside import Life, inside
from web.masks import Opened
from web.reveal import personal
from web.telling import Teller
from workflows.machine import CompiledLine
from workflows.masks import MASKS, WITHHELD, policy

FILE_NAME = "file_name"


class FileNames:
    """Of one affair, for one reader. life: all of it, also what the reader is not told."""

    def __init__(self, teller: Teller, reader: Role, line: CompiledLine, life: Life) -> None:
        self._mask = policy().mask_for(reader, FILE_NAME)
        found = {} if self._mask == WITHHELD else dict(_hidden(teller, line, life))
        # 张桂芬 before 张桂.
        self._hidden = sorted(found.items(), key=lambda pair: -len(pair[0]))

    def shown(self, name: str, instead: str) -> str:
        """A name as the policy shows it; where it does not, its kind and number."""
        if self._mask == WITHHELD or not name:
            return instead
        for clear, masked in self._hidden:
            name = name.replace(clear, masked)
        return MASKS[self._mask](name)


def _hidden(teller: Teller, line: CompiledLine, life: Life) -> Iterator[tuple[str, str]]:
    kept = inside(life, line)
    for seen in life:
        if not isinstance(seen, Recorded):
            continue
        opened: Opened = teller.opened(seen.stream_id, internal=seen.version in kept)
        for field, value, kind in personal(seen.event):
            if policy().of(field, kind) is policy().kinds[Kind.NOTE]:
                continue
            pair = opened.hiding(field, value, kind)
            # A single sign stands in too many other words.
            if pair is not None and len(pair[0]) > 1:
                yield pair
