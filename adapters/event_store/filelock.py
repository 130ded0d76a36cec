"""A lock file that writers of several processes, and their threads, hold in turn."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path


class LockTimeout(Exception):
    """Another writer held the lock for too long."""


class FileLock:
    """Exclusive among threads and processes; let go by the kernel when its holder dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._file = -1

    def acquire(self, seconds: float) -> None:
        """Wait at most `seconds`, then raise LockTimeout. OSError if the file cannot be made."""
        if not self._threads.acquire(timeout=seconds):
            raise LockTimeout(self._path)
        try:
            if self._file < 0:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
            self._flock(seconds)
        except BaseException:
            self._threads.release()
            raise

    def _flock(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        pause = 0.0001
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise LockTimeout(self._path) from None
                time.sleep(pause)
                pause = min(pause * 1.5, 0.001)
            else:
                return

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def close(self) -> None:
        """Close the file. Waits for a holder among the threads."""
        with self._threads:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1
