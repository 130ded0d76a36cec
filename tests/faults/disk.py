"""A disk that keeps its promises and no more: what lies on it when the power goes.

A file holds what was written before its last sync; of what was written since, any part may be
there, in sectors of 512 bytes. A folder holds the names that it had at its last sync, and of
those given and taken since the first few, in their order, as file systems with a journal do it.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.tracing import Cut, Deed, Linked, Made, Removed, Renamed, Synced, Told, Wrote

SECTOR = 512
FATES = ("nothing", "everything", "the first", "some", "sectors")
"""What may have arrived of the writes that nobody waited for."""


@dataclass(slots=True, eq=False)
class _File:
    promised: bytearray = field(default_factory=bytearray)
    since: list[Wrote | Cut] = field(default_factory=list)
    size: int = 0


@dataclass(slots=True, eq=False)
class _Folder:
    promised: "dict[str, _Node]" = field(default_factory=dict)
    since: "list[tuple[int, _Names]]" = field(default_factory=list)


_Node = _File | _Folder
_Names = dict[str, _Node | None]
Image = dict[str, bytes | None]
"""Path in the folder to content, None for a folder."""


def honest(_path: str) -> bool:
    """Keeps every promise."""
    return True


class Disk:
    """Takes in what was done in a folder, deed by deed.

    keeps: whether a sync of that path does what it says.
    """

    def __init__(self, root: Path, keeps: Callable[[str], bool] = honest) -> None:
        self._keeps, self._top = keeps, _Folder()
        self._seen: dict[str, _Node] = {str(root): self._top}
        self.answers: list[str] = []

    def take(self, deed: Deed) -> None:
        """The next thing that was done."""
        match deed:
            case Told(answer):
                self.answers.append(answer)
            case Made(path, folder, ended):
                if path not in self._seen:
                    self._name({path: _Folder() if folder else _File()}, ended)
            case Linked(path, to, ended):
                self._name({to: self._seen[path]}, ended)
            case Renamed(path, to, ended):
                self._name({to: self._seen[path], path: None}, ended)
            case Removed(path, ended):
                self._name({path: None}, ended)
            case Wrote() | Cut():
                self._change(deed)
            # A file whose name is gone is of use to nobody any more.
            case Synced(path, began):
                if self._keeps(path) and path in self._seen:
                    _promise(self._seen[path], began)

    def _name(self, paths: _Names, ended: int) -> None:
        changes: dict[str, _Names] = {}
        for path, node in paths.items():
            parent, _, name = path.rpartition("/")
            changes.setdefault(parent, {})[name] = node
            if node is None:
                del self._seen[path]
            else:
                self._seen[path] = node
        for parent, names in changes.items():
            folder = self._seen[parent]
            assert isinstance(folder, _Folder)
            folder.since.append((ended, names))

    def _change(self, deed: Wrote | Cut) -> None:
        file = self._seen.get(deed.path)
        if file is None:
            return
        assert isinstance(file, _File)
        if isinstance(deed, Cut):
            file.size = deed.size
        else:
            at = file.size if deed.offset is None else deed.offset
            deed = Wrote(deed.path, at, deed.data, deed.ended)
            file.size = max(file.size, at + len(deed.data))
        file.since.append(deed)

    def cut(self, chance: random.Random) -> Image:
        """What lies on the disk if the power goes now."""
        return dict(_left(self._top, "", chance))

    def whole(self) -> Image:
        """What lies on it if the power never goes."""
        return dict(_left(self._top, "", None))


def _promise(node: _Node, began: int) -> None:
    if isinstance(node, _Folder):
        for ended, names in node.since:
            if ended < began:
                _named(node.promised, names)
        node.since = [one for one in node.since if one[0] >= began]
    else:
        for deed in node.since:
            if deed.ended < began:
                _done(node.promised, deed, None)
        node.since = [deed for deed in node.since if deed.ended >= began]


def _left(
    folder: _Folder, place: str, chance: random.Random | None
) -> Iterator[tuple[str, bytes | None]]:
    names = dict(folder.promised)
    count = chance.randint(0, len(folder.since)) if chance else len(folder.since)
    for _, changes in folder.since[:count]:
        _named(names, changes)
    for name, node in names.items():
        path = f"{place}{name}"
        if isinstance(node, _Folder):
            yield path, None
            yield from _left(node, f"{path}/", chance)
        elif not name.endswith("-shm"):
            yield path, _content(node.promised, node.since, chance)
        # Memory that was mapped: anything may be there.
        elif chance and chance.random() < 0.5:
            yield path, chance.randbytes(32768)


def _named(names: dict[str, _Node], changes: _Names) -> None:
    for name, node in changes.items():
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


def _content(
    promised: bytearray, since: Sequence[Wrote | Cut], chance: random.Random | None
) -> bytes:
    content = bytearray(promised)
    fate = chance.choice(FATES) if chance else "everything"
    first = chance.randint(0, len(since)) if chance and fate == "the first" else 0
    for number, deed in enumerate(since):
        if fate == "everything" or number < first:
            _done(content, deed, None)
        elif (
            fate == "sectors"
            or (fate == "the first" and number == first)
            or (fate == "some" and chance and chance.random() < 0.5)
        ):
            _done(content, deed, chance)
    return bytes(content)


def _done(content: bytearray, deed: Wrote | Cut, chance: random.Random | None) -> None:
    """Do it to the content; by chance, only with some of its sectors."""
    if isinstance(deed, Cut):
        if chance is None or chance.random() < 0.5:
            del content[deed.size :]
            content.extend(bytes(deed.size - len(content)))
        return
    assert deed.offset is not None
    at, end = deed.offset, deed.offset + len(deed.data)
    while at < end:
        until = min(end, (at // SECTOR + 1) * SECTOR) if chance else end
        if chance is None or chance.random() < 0.5:
            content.extend(bytes(max(0, until - len(content))))
            content[at:until] = deed.data[at - deed.offset : until - deed.offset]
        at = until


def lay(image: Image, folder: Path) -> None:
    """Lay out in a folder, which is made, what was on the disk."""
    folder.mkdir()
    for path, content in image.items():
        place = folder / path
        if content is None:
            place.mkdir(mode=0o700)
        else:
            place.write_bytes(content)
            place.chmod(0o600)
