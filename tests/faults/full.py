"""A district on a disk that is full, as a program of its own, on a small disk of its own.

`unshare --mount python -m tests.faults.full FOLDER DATABASE MEGABYTES`: what is mounted here is
seen by nobody else, and gone with the process.
"""

import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

from adapters.house import House
from domain.errors import OutcomeUnknown, StorageUnavailable
from tests.faults import checks
from tests.faults.cluster import Cluster
from tests.faults.district import founded, settings_in
from tests.faults.shift import Day

ROOM_BYTES = 2_000_000
MOST = 3000


def mount(disk: Path, megabytes: int) -> None:
    """A small disk in this process's own view of the tree."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(disk)]
    subprocess.run(command, check=True)


def fill(disk: Path, ballast: Path) -> None:
    """Leave so much room and no more."""
    done = subprocess.run(
        ["stat", "--file-system", "--format=%a %S", disk], check=True, capture_output=True
    )
    blocks, size = map(int, done.stdout.split())
    ballast.write_bytes(b"x" * max(0, blocks * size - ROOM_BYTES))


def work(house: House, answers: list[checks.Answer], kept: list[UUID], most: int) -> int:
    """Work on affairs until the house refuses for want of room; how often it did, 1 or 0."""

    def tell(actor: str, *answer: object) -> None:
        if actor == "kept":
            kept.append(UUID(str(answer[0])))
        else:
            command, first, last = answer
            answers.append((actor, UUID(str(command)), int(str(first)), int(str(last))))

    day = Day(house, tell)
    for _ in range(most):
        try:
            day.affair()
        except (StorageUnavailable, OutcomeUnknown):
            return 1
    return 0


def looked_at(house: House, answers: list[checks.Answer], kept: list[UUID]) -> None:
    checks.nothing_lost(house, answers)
    checks.nothing_partial(house)
    checks.verified(house)
    checks.what_is_sealed_opens(house)
    checks.attachments_are_whole(house, kept)


def main(disk: Path, database: str, megabytes: int) -> dict[str, int]:
    """Fill the disk, look, make room, work on; what was counted on the way."""
    disk.mkdir()
    mount(disk, megabytes)
    (disk / "data").mkdir(mode=0o700)
    cluster = Cluster(disk / "data") if database == "postgres" else None
    try:
        house = founded(settings_in(disk / "var", cluster.url if cluster else ""))
        answers: list[checks.Answer] = []
        kept: list[UUID] = []
        refused_before = work(house, answers, kept, 3)
        ballast = disk / "ballast"
        fill(disk, ballast)
        refused = work(house, answers, kept, MOST)
        while_full = len(answers)
        # It stays full, and goes on to refuse.
        refused += sum(work(house, answers, kept, MOST) for _ in range(3))
        ballast.unlink()
        if cluster and not cluster.runs:
            cluster.start()
        looked_at(house, answers, kept)
        refused_with_room = work(house, answers, kept, 10)
        looked_at(house, answers, kept)
        checks.views_equal_a_rebuild(house)
        house.close()
        return {
            "refused_with_room": refused_before + refused_with_room,
            "refused": refused,
            "answered_before": while_full,
            "answered": len(answers),
        }
    finally:
        if cluster:
            cluster.remove()


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
