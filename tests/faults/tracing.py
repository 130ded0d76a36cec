"""All that a process did to the disk, as the kernel saw it: recorded by strace, in order.

Debian's strace, no shim of ours: nothing that SQLite, Python or a library writes goes past it,
and nothing has to be compiled. What is mapped into memory is not seen: that is SQLite's
`-shm` file alone, which is worth nothing after a power cut anyway.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,"
    "fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,unlink,unlinkat,"
    "mkdir,mkdirat,rmdir,symlink,symlinkat"
)


@dataclass(frozen=True, slots=True)
class Made:
    """A file or folder that was not there got this name. ended: in lines of the record."""

    path: str
    folder: bool
    ended: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """Bytes into a file. offset: None at its end."""

    path: str
    offset: int | None
    data: bytes
    ended: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A file was given this size."""

    path: str
    size: int
    ended: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file has another name."""

    path: str
    to: str
    ended: int


@dataclass(frozen=True, slots=True)
class Linked:
    """A file has one more name."""

    path: str
    to: str
    ended: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A name is gone."""

    path: str
    ended: int


@dataclass(frozen=True, slots=True)
class Synced:
    """The disk has promised a file or folder, as far as what ended before this began."""

    path: str
    began: int


@dataclass(frozen=True, slots=True)
class Told:
    """The process gave an answer: whoever heard it relies on it."""

    answer: str


Deed = Made | Wrote | Cut | Renamed | Linked | Removed | Synced | Told


def recorded(folder: Path, module: str, *arguments: str, seconds: float = 90.0) -> list[Deed]:
    """Run a module of the tests to its end; what it did in `folder`, and the lines it told."""
    if shutil.which("strace") is None:
        assert "CI" not in os.environ, "strace is required here: apt-get install strace"
        pytest.skip("strace is not installed: no power is cut in this run")
    trace, answers = folder.with_suffix(".trace"), folder.with_suffix(".answers")
    command = ["strace", "-f", "-y", "-xx", "-s", "100000000", "--seccomp-bpf", "-e", "signal=none"]
    command += ["-e", f"trace={CALLS}", "-o", str(trace), sys.executable, "-m", module, *arguments]
    with answers.open("wb") as told:
        done = subprocess.run(
            command, stdout=told, stderr=subprocess.PIPE, timeout=seconds, cwd=ROOT, check=False
        )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    with trace.open() as lines:
        deeds = list(_Reader(str(folder), str(answers)).deeds(lines))
    trace.unlink()
    return deeds


_LINE = re.compile(
    r"(?P<process>\d+) +"
    r"(?:<\.\.\. (?P<resumed>\w+) resumed>|(?P<call>\w+)\()"
    r"(?P<said>.*?)"
    r"(?:\) += (?P<result>-?\d+).*|(?P<unfinished> <unfinished \.\.\.>))\n",
    re.DOTALL,
)
_TEXT = re.compile(r'(?:"|<)((?:\\x[0-9a-f]{2})*)(?:"|>)')


class _Reader:
    def __init__(self, folder: str, answers: str) -> None:
        self._folder, self._answers = folder, answers
        self._marks = tuple(_escaped(place) for place in (folder, answers))
        self._begun: dict[str, tuple[str, str, int]] = {}
        self._number = 0

    def deeds(self, lines: Iterator[str]) -> Iterator[Deed]:
        # Important: a write counts from its beginning and a sync from its end, whatever other
        # threads did in between.
        later: list[tuple[int, int, Deed]] = []
        for self._number, line in enumerate(lines):
            found = _LINE.fullmatch(line)
            if found is None:
                continue
            process = found["process"]
            if found["resumed"]:
                if process not in self._begun:
                    continue
                call, said, began = self._begun.pop(process)
                said += found["said"]
            else:
                call, said, began = found["call"], found["said"], self._number
                if not any(mark in said for mark in self._marks):
                    continue
                if found["unfinished"]:
                    self._begun[process] = (call, said, began)
                    continue
            if int(found["result"]) < 0:
                continue
            later += [(at, len(later), deed) for at, deed in self._deeds(call, said, began)]
        assert not self._begun, f"never ended: {self._begun}"
        yield from (deed for _, _, deed in sorted(later, key=lambda one: one[:2]))

    def _deeds(self, call: str, said: str, began: int) -> Iterator[tuple[int, Deed]]:
        now = self._number
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(said)]
        path = texts[0].decode()
        match call:
            case "write" if path == self._answers:
                yield from ((began, Told(one)) for one in texts[1].decode().splitlines())
            case _ if not self._ours(path) and call != "openat" and not call.startswith("mkdir"):
                return
            case "openat":
                name = texts[-1].decode() if texts[0] == b"" else texts[1].decode()
                assert "O_TRUNC" not in said or not self._ours(name), said[-300:]
                if self._ours(name) and "O_CREAT" in said:
                    yield now, Made(name, folder=False, ended=now)
            case "mkdir":
                if self._ours(path):
                    yield now, Made(path, folder=True, ended=now)
            case "write":
                yield began, Wrote(path, None, texts[1], now)
            case "pwrite64":
                offset = int(said.rpartition(", ")[2])
                yield began, Wrote(path, offset, texts[1], now)
            case "ftruncate":
                yield began, Cut(path, int(said.rpartition(", ")[2]), now)
            case "fsync" | "fdatasync":
                yield now, Synced(path, began)
            case "rename":
                yield now, Renamed(path, texts[1].decode(), now)
            case "link":
                yield now, Linked(path, texts[1].decode(), now)
            case "unlink":
                yield now, Removed(path, now)
            case _:
                raise AssertionError(f"{call} is new: the disk of the tests cannot do it yet")

    def _ours(self, path: str) -> bool:
        return path == self._folder or path.startswith(f"{self._folder}/")


def _escaped(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())
