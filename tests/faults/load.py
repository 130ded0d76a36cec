"""A process that is there to be killed: it works on affairs and says what it was answered."""

import itertools
import os
import threading
from pathlib import Path
from uuid import UUID

from adapters.house import House, open_house
from domain.actor import Actor
from domain.affair.commands import Act, Register, TakeStep
from domain.log import Receipt
from tests.builders.asking import AskedOfAffair, asks_of
from tests.faults.district import AREA, DIRECTOR, WORKER, settings_in

THREADS = 4


def work(folder: str, url: str, pipe: int) -> None:
    """Register and move affairs for ever. Each answer is one line: command, first, last."""
    house = open_house(settings_in(Path(folder), url))
    os.write(pipe, b"ready\n")
    threads = [
        threading.Thread(target=_affairs, args=(house, pipe), daemon=True) for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _affairs(house: House, pipe: int) -> None:
    for _ in itertools.count():
        _affair(house, pipe)


def _affair(house: House, pipe: int) -> None:
    affair_id = house.new_id()

    def said(receipt: Receipt, actor: str) -> None:
        line = f"{actor} {receipt.command_id} {receipt.first} {receipt.last}\n"
        os.write(pipe, line.encode())

    def common(by: Actor) -> AskedOfAffair:
        return asks_of(house, affair_id, by)

    said(
        house.desk.run(
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
        ),
        "lin",
    )
    said(
        house.desk.run(TakeStep(**common(WORKER), step="G1", record={"place": "117.0,36.6"})), "lin"
    )
    said(house.desk.run(TakeStep(**common(DIRECTOR), step="G4")), "zhou")
    said(
        house.desk.run(
            Act(**common(DIRECTOR), action="open_joint", record={"unit": "370103008/hw"})
        ),
        "zhou",
    )


def answered(data: bytes) -> list[tuple[str, UUID, int, int]]:
    """The whole lines of what the process said: actor, command, first and last position."""
    whole = data[: data.rfind(b"\n") + 1].decode().splitlines()
    found = []
    for line in whole:
        if line != "ready":
            actor, command, first, last = line.split()
            found.append((actor, UUID(command), int(first), int(last)))
    return found
