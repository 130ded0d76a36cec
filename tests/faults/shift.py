"""A district's first day, as a program of its own: founded, worked in, closed. What is answered
is told on standard output, one line each, so that whoever watches knows who relies on what.

`python -m tests.faults.shift FOLDER AFFAIRS [SYNCHRONOUS]`
"""

import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from adapters.demo.pictures import gate
from adapters.house import House, open_house
from domain.affair.commands import Act, Command, Register, TakeStep
from tests.faults.district import AREA, DIRECTOR, WORKER, founded, settings_in

THREADS = 3
CHECKPOINT_PAGES = 100
"""Instead of 4,000, so that a short day has many checkpoints of the write-ahead log."""


def tell(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


class Day:
    """A house in which affairs are worked on. tell: hears every answer."""

    def __init__(self, house: House, tell: Callable[..., None]) -> None:
        self._house, self._tell = house, tell

    def affair(self, _: int = 0) -> None:
        """Registered with an applicant, verified with a photo of its own, moved on twice."""
        house, affair_id = self._house, self._house.new_id()

        def common(by: object) -> dict[str, Any]:
            return {
                "command_id": house.new_id(),
                "by": by,
                "occurred_at": house.now(),
                "affair_id": affair_id,
            }

        self._run(
            Register(
                **common(WORKER),
                matter="CG01",
                source="hall",
                community="",
                area=AREA,
                summary="小区门口堆放废品",
                applicant="张某",
                telephone="13800001234",
            )
        )
        photo = house.attachments.put(affair_id, "gate.png", gate(heap=True) + affair_id.bytes)
        self._tell("kept", photo.id)
        record: dict[str, object] = {"place": "117.0,36.6", "photos": [photo.id]}
        self._run(TakeStep(**common(WORKER), step="G1", record=record))
        self._run(TakeStep(**common(DIRECTOR), step="G4"))
        self._run(Act(**common(DIRECTOR), action="open_joint", record={"unit": "370103008/hw"}))

    def _run(self, command: Command) -> None:
        receipt = self._house.desk.run(command)
        self._tell(command.by.account, receipt.command_id, receipt.first, receipt.last)


def work(folder: Path, affairs: int, synchronous: str) -> None:
    """The whole day."""

    # Not as it connects: the product sets what it needs after us then.
    @sa.event.listens_for(sa.Pool, "checkout")
    def changed(connection: Any, _record: object, _proxy: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            if synchronous:
                connection.execute(f"PRAGMA synchronous = {synchronous}")

    founded(settings_in(folder)).close()
    tell("founded")
    house, done = open_house(settings_in(folder)), threading.Event()
    day = Day(house, tell)

    def follow() -> None:
        while not done.wait(0.02):
            house.follower.step()

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(day.affair, range(affairs)))
    finally:
        done.set()
        follower.join()
    house.close()
    tell("closed")


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]), *(sys.argv[3:] or [""]))
