"""Copies of a district: made while others write, brought back equal, or refused by name."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from msgspec import structs

from adapters.backup import back_up, restore
from adapters.backup import records as r
from adapters.demo import play
from adapters.demo.cast import AREA, COMMUNITY, WORKER
from adapters.demo.story import HEAP_OF_2011
from adapters.event_store import StoredRow
from adapters.event_store.leaf import LeafHasher
from adapters.house import House, open_house
from adapters.keys import FileMasterKey
from adapters.projector.rebuild import contents
from adapters.projector.table import ViewTable
from adapters.settings import Settings
from adapters.verify import Fault, verified, verify
from domain.affair.commands import Register
from domain.errors import (
    Malformed,
    MasterKeyMissing,
    MasterKeyWrong,
    NotFound,
    NotPermittedNow,
)
from domain.log import Receipt
from projections.catalogue import ALL
from projections.view import Lifecycle
from tests.builders.lines import EVENTS
from tests.postgres import fresh_schema
from workflows.rights import EVERYWHERE


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """The story, played once on each database. Read only."""
    place = tmp_path_factory.mktemp("played") / "office"
    with ExitStack() as stack:
        url = ""
        if request.param == "postgres":
            server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(fresh_schema(server)).render_as_string(hide_password=False)
        settings = Settings(data_dir=place, database_url=url)
        play(settings, story_only=True)
        yield settings


@pytest.fixture
def house(played: Settings) -> Iterator[House]:
    """The story, for a test that leaves it as it is."""
    with closing(open_house(played)) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path, database_url: str) -> Iterator[House]:
    """The story, played for a test that goes on with it."""
    settings = Settings(data_dir=tmp_path / "office", database_url=database_url)
    play(settings, story_only=True)
    with closing(open_house(settings)) as opened:
        yield opened


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the story, and beside it the master key. Read only."""
    place = tmp_path_factory.mktemp("copies")
    settings = Settings(data_dir=place / "office")
    play(settings, story_only=True)
    with closing(open_house(settings)) as made:
        back_up(made, place / "copy")
    shutil.copy(settings.master_key_path, place / "master.key")
    return place / "copy"


def empty(copy: Path, place: Path, database_url: str = "") -> Settings:
    """A place for a copy, with nothing but the master key."""
    place.mkdir()
    shutil.copy(copy.parent / "master.key", place)
    return Settings(data_dir=place, database_url=database_url)


def rows(house: House) -> dict[str, list[Any]]:
    """All that a district keeps of its log and its views, row by row."""
    tables = house.log.tables
    found: dict[str, list[Any]] = {}
    with house.log.database.reading() as connection:
        for table in (tables.log, tables.events, tables.commands, tables.claims, tables.tracking):
            stored = connection.execute(sa.select(table))
            # The databases sort texts each in its own way.
            found[table.name] = sorted((tuple(map(same, row)) for row in stored), key=repr)
    for view in ALL:
        inline = view.lifecycle is Lifecycle.INLINE
        database = house.log.database if inline else house.follower.database
        while not inline and house.follower.step():
            pass
        with database.reading() as connection:
            kept, sums = contents(connection, ViewTable(view, sqlite=database.is_sqlite))
            found[view.name] = [*sorted(kept, key=repr), *sorted(sums, key=repr)]
    return found


def same(value: Any) -> Any:
    """A stored value, the same from both databases."""
    return value.hex() if isinstance(value, bytes) else getattr(value, "hex", value)


def test_a_restored_district_is_equal_row_by_row(house: House, tmp_path: Path) -> None:
    back_up(house, tmp_path / "copy")
    shutil.copy(house.settings.master_key_path, tmp_path)
    target = empty(tmp_path / "copy", tmp_path / "new")

    done = restore(tmp_path / "copy", target)

    brought = open_house(target)
    try:
        assert done.events == house.log.head()
        assert brought.info == house.info
        assert rows(brought) == rows(house)
        assert verify(brought.log).fault is None
        page = brought.queries.affair(EVERYWHERE, "CG-2011-0001")
        assert brought.reveal(page.applicant, page.affair_id) == HEAP_OF_2011.resident
        assert brought.attachments.missing(page.photos) == []
        assert [brought.attachments.open(photo) for photo in page.photos] == [
            house.attachments.open(photo) for photo in page.photos
        ]
        assert len(page.photos) == 4
    finally:
        brought.close()


@pytest.mark.postgres
def test_a_copy_of_either_database_goes_into_the_other(
    copy: Path, tmp_path: Path, postgres_url: str
) -> None:
    there = empty(copy, tmp_path / "there", postgres_url)
    restore(copy, there)
    with closing(open_house(there)) as moved:
        back_up(moved, tmp_path / "copy")
    shutil.copy(copy.parent / "master.key", tmp_path)
    back = empty(tmp_path / "copy", tmp_path / "back")

    restore(tmp_path / "copy", back)

    first, second = open_house(Settings(data_dir=copy.parent / "office")), open_house(back)
    try:
        assert rows(first) == rows(second)
    finally:
        first.close()
        second.close()


def register(house: House, said: str) -> Receipt:
    return house.desk.run(
        Register(
            command_id=house.new_id(),
            by=WORKER.actor,
            occurred_at=house.now(),
            affair_id=house.new_id(),
            matter="CG02",
            source="phone",
            community=COMMUNITY,
            area=AREA,
            summary=said,
            telephone="13800001234",
        )
    )


def test_a_copy_made_while_others_write_is_one_moment(own: House, tmp_path: Path) -> None:
    acknowledged: list[Receipt] = []
    stop = threading.Event()
    failed: list[Exception] = []

    def write(name: str) -> None:
        try:
            for number in range(400):
                if stop.is_set():
                    return
                acknowledged.append(register(own, f"{name} {number}"))
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    writers = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    while len(acknowledged) < 10 and not failed:
        stop.wait(0.01)
    before = list(acknowledged)
    made = back_up(own, tmp_path / "copy")
    stop.set()
    for writer in writers:
        writer.join()
    shutil.copy(own.settings.master_key_path, tmp_path)
    target = empty(tmp_path / "copy", tmp_path / "new")

    restore(tmp_path / "copy", target)

    brought = open_house(target)
    try:
        assert not failed
        assert brought.log.head() == made.events
        assert max(receipt.last for receipt in before) <= made.events
        ours, theirs = rows(brought), rows(own)
        position, last = 0, own.log.tables.commands.columns.keys().index("last")
        for table, column in (("events", position), ("commands", last)):
            assert ours[table] == [row for row in theirs[table] if row[column] <= made.events]
        for page in ours["affair_page"]:
            assert brought.reveal(page.summary, page.affair_id)
    finally:
        brought.close()


def flipped(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x20
    path.write_bytes(data)


def line_of(path: Path, number: int) -> tuple[int, bytes]:
    """Where a line begins, and the line."""
    lines = path.read_bytes().splitlines(keepends=True)
    return sum(map(len, lines[: number - 1])), lines[number - 1]


@pytest.mark.parametrize(
    ("name", "line", "offset"),
    [
        (r.LOG, 1, 40),
        (r.LOG, 30, 200),
        (r.LOG, 30, 3),
        (r.LOG, 97, 60),
        (r.KEYS, 2, 12),
        (r.KEYS, 4, 60),
        (r.ATTACHMENTS, 2, 30),
    ],
)
def test_a_flipped_byte_is_named_and_nothing_is_restored(
    copy: Path, tmp_path: Path, name: str, line: int, offset: int
) -> None:
    spoilt = tmp_path / "copy"
    shutil.copytree(copy, spoilt)
    flipped(spoilt / name, line_of(spoilt / name, line)[0] + offset)
    target = empty(copy, tmp_path / "new")

    with pytest.raises(Malformed) as refusal:
        restore(spoilt, target)

    assert refusal.value.field == f"{name}:{line}"
    with pytest.raises(NotFound):
        open_house(target)
    assert restore(copy, target).events == EVENTS


def rewrite(path: Path, change: Callable[[list[r.Line]], list[r.Line]]) -> None:
    """Write a file of a copy anew, with checksums that fit."""
    lines = change([line for _, line in r.read(path)])
    path.unlink()
    with r.Writer(path) as writer:
        for line in lines:
            writer.write(line)


def events_of(lines: list[r.Line]) -> list[r.EventLine]:
    return [line for line in lines if isinstance(line, r.EventLine)]


def with_another_state(lines: list[r.Line]) -> list[r.Line]:
    old = events_of(lines)[32]
    return [structs.replace(old, state=b"{}") if line is old else line for line in lines]


def without_one(lines: list[r.Line]) -> list[r.Line]:
    return [line for line in lines if line is not events_of(lines)[32]]


def with_two_swapped(lines: list[r.Line]) -> list[r.Line]:
    made = list(lines)
    at = made.index(events_of(lines)[32])
    made[at], made[at + 1] = made[at + 1], made[at]
    return made


@pytest.mark.parametrize("change", [with_another_state, without_one, with_two_swapped])
def test_an_event_altered_together_with_its_checksums_is_still_named(
    copy: Path, tmp_path: Path, change: Callable[[list[r.Line]], list[r.Line]]
) -> None:
    spoilt = tmp_path / "copy"
    shutil.copytree(copy, spoilt)
    rewrite(spoilt / r.LOG, change)

    with pytest.raises(Malformed, match="position 33"):
        restore(spoilt, empty(copy, tmp_path / "new"))


def test_events_cut_off_at_the_end_are_missed(copy: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "copy"
    shutil.copytree(copy, spoilt)
    rewrite(spoilt / r.LOG, lambda lines: [x for x in lines if x not in events_of(lines)[-3:]])

    with pytest.raises(Malformed, match=f"{EVENTS} events"):
        restore(spoilt, empty(copy, tmp_path / "new"))


def test_a_file_that_ends_too_soon_is_named(copy: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "copy"
    shutil.copytree(copy, spoilt)
    data = (spoilt / r.LOG).read_bytes()
    (spoilt / r.LOG).write_bytes(b"".join(data.splitlines(keepends=True)[:20]))

    with pytest.raises(Malformed, match=r"log.jsonl:21"):
        restore(spoilt, empty(copy, tmp_path / "new"))


def test_an_altered_attachment_is_named(copy: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "copy"
    shutil.copytree(copy, spoilt)
    photo = next(path for path in sorted((spoilt / r.FOLDER).rglob("*")) if path.is_file())
    flipped(photo, 300)

    with pytest.raises(Malformed, match=photo.name):
        restore(spoilt, empty(copy, tmp_path / "new"))

    assert not list((tmp_path / "new" / r.FOLDER).rglob("*"))


def test_a_place_that_holds_something_is_left_as_it_is(copy: Path, tmp_path: Path) -> None:
    target = empty(copy, tmp_path / "new")
    restore(copy, target)
    before = {path: path.read_bytes() for path in target.data_dir.rglob("*") if path.is_file()}

    with pytest.raises(NotPermittedNow):
        restore(copy, target)

    assert {p: p.read_bytes() for p in target.data_dir.rglob("*") if p.is_file()} == before


def test_another_master_key_is_refused_and_leaves_nothing(copy: Path, tmp_path: Path) -> None:
    target = empty(copy, tmp_path / "new")
    target.master_key_path.unlink()
    FileMasterKey.create(target.master_key_path)

    with pytest.raises(MasterKeyWrong, match=str(target.master_key_path)):
        restore(copy, target)

    left = {path.name for path in target.data_dir.rglob("*")}
    assert left == {"master.key", "house.lock"}

    with pytest.raises(NotFound):
        open_house(target)
    shutil.copy(copy.parent / "master.key", target.master_key_path)
    assert restore(copy, target).keys


@pytest.mark.postgres
def test_a_restore_that_fails_late_leaves_nothing_in_postgresql(
    copy: Path, tmp_path: Path, postgres_url: str
) -> None:
    spoilt = tmp_path / "copy"
    shutil.copytree(copy, spoilt)
    flipped(spoilt / r.KEYS, line_of(spoilt / r.KEYS, 4)[0] + 60)
    target = empty(copy, tmp_path / "new", postgres_url)

    with pytest.raises(Malformed, match=f"{r.KEYS}:4"):
        restore(spoilt, target)

    assert restore(copy, target).events == EVENTS


def test_without_the_master_key_nothing_is_begun(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(MasterKeyMissing):
        restore(copy, Settings(data_dir=tmp_path / "new"))

    assert not (tmp_path / "new").exists()


def test_a_log_comes_back_to_the_keys_that_were_kept(copy: Path, tmp_path: Path) -> None:
    target = empty(copy, tmp_path / "new")
    restore(copy, target)
    for file in (*target.data_dir.glob("log*"), *target.data_dir.glob("door*")):
        file.unlink(missing_ok=True)
    shutil.rmtree(target.data_dir / r.FOLDER)
    apart = tmp_path / "copy"
    shutil.copytree(copy, apart, ignore=shutil.ignore_patterns(r.KEYS))

    with pytest.raises(NotFound):
        restore(apart, target)
    done = restore(apart, target, with_keys=False)

    brought = open_house(target)
    try:
        page = brought.queries.affair(EVERYWHERE, "CG-2011-0001")
        assert done.keys is None
        assert brought.reveal(page.applicant, page.affair_id) == HEAP_OF_2011.resident
    finally:
        brought.close()


def test_an_erased_person_stays_erased_in_a_newer_copy(own: House, tmp_path: Path) -> None:
    page = own.queries.affair(EVERYWHERE, "CG-2011-0001")
    assert page.applicant is not None
    own.keys.destroy(page.applicant.subject)
    back_up(own, tmp_path / "copy")
    shutil.copy(own.settings.master_key_path, tmp_path)
    target = empty(tmp_path / "copy", tmp_path / "new")

    restore(tmp_path / "copy", target)

    brought = open_house(target)
    try:
        assert brought.reveal(page.applicant, page.affair_id) == "已依法删除"
    finally:
        brought.close()


def test_a_copy_can_leave_the_keys_out(house: House, tmp_path: Path) -> None:
    made = back_up(house, tmp_path / "copy", with_keys=False)

    assert made.keys is None
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == [
        r.FOLDER,
        r.ATTACHMENTS,
        r.DOOR,
        r.LOG,
    ]


def test_a_copy_is_never_written_over_another(house: House, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()

    with pytest.raises(NotPermittedNow):
        back_up(house, tmp_path / "copy")

    assert list((tmp_path / "copy").iterdir()) == []


def test_nobody_else_may_read_a_copy(copy: Path) -> None:
    for path in (copy, *copy.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_copy_that_fails_leaves_nothing(house: House, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def progress(what: str, _: int, __: int) -> None:
        if what == "attachments":
            raise Stopped

    place = tmp_path / "place"
    with pytest.raises(Stopped):
        back_up(house, place / "copy", progress=progress)

    assert list(place.iterdir()) == []


def unprotect(connection: sa.Connection) -> None:
    """Let the events be changed, which the triggers forbid."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER events_no_{verb}")
    else:
        connection.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER USER")


def test_a_damaged_log_is_not_copied(own: House, tmp_path: Path) -> None:
    with own.log.database.writing() as connection:
        unprotect(connection)
        connection.execute(
            sa.text("UPDATE events SET state = :x WHERE position = 33"), {"x": b"{}"}
        )

    with pytest.raises(NotPermittedNow, match="position 33"):
        back_up(own, tmp_path / "copy")

    assert not (tmp_path / "copy").exists()


class Undone(Exception):
    """Rolls a transaction back."""


def fault_after(house: House, statement: str, values: dict[str, Any]) -> Fault | None:
    """What `verified` says of a log to which this was done; then it is undone."""
    found = []
    log = house.log
    with suppress(Undone), log.database.writing() as connection:
        unprotect(connection)
        connection.execute(sa.text(statement), values)
        verdict = verified(connection, log.tables, house.info.log_id, log.head())
        found.append(verdict.fault)
        assert verdict.fault is None or verdict.events == verdict.fault.position - 1
        raise Undone
    return found[0]


def forged(row: StoredRow, log_id: UUID, **changed: int) -> dict[str, Any]:
    """The row with a change, and the leaf hash that goes with it."""
    micros = (row.recorded_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    values = {"version": row.version, "recorded_at": micros, **changed}
    leaf = LeafHasher(log_id)(
        row.position,
        row.stream_id.bytes,
        values["version"],
        row.topic.encode(),
        values["recorded_at"],
        row.metadata,
        row.state,
    )
    return {**values, "leaf": leaf}


def test_verify_names_the_first_bad_position_and_what_is_wrong(house: House) -> None:
    row = house.log.read(32, 1)[0]
    log_id = house.info.log_id
    forge = (
        "UPDATE events SET version = :version, recorded_at = :recorded_at, leaf_hash = :leaf "
        "WHERE position = 33"
    )
    x = {"x": b"{}"}

    for statement, values, position, wrong in (
        ("UPDATE events SET state = :x WHERE position = 33", x, 33, "altered"),
        ("UPDATE events SET metadata = :x WHERE position >= 33", x, 33, "altered"),
        ("UPDATE events SET recorded_at = 0 WHERE position = 33", {}, 33, "altered"),
        (f"UPDATE events SET topic = 'x' WHERE position = {EVENTS}", {}, EVENTS, "altered"),
        ("UPDATE events SET leaf_hash = :x WHERE position = 1", x, 1, "altered"),
        ("DELETE FROM events WHERE position = 33", {}, 33, "missing"),
        ("DELETE FROM events WHERE position < 3", {}, 1, "missing"),
        ("DELETE FROM events WHERE position > 50", {}, 51, "missing"),
        # Whoever writes leaf hashes anew is still caught by versions and times.
        (forge, forged(row, log_id, version=row.version + 1), 33, "version"),
        (forge, forged(row, log_id, recorded_at=0), 33, "time"),
    ):
        fault = fault_after(house, statement, values)

        assert fault is not None, statement
        assert (fault.position, fault.wrong) == (position, wrong), statement
    # What stands in the log itself is right, and so is a row that is forged into itself.
    assert verify(house.log).fault is None
    assert fault_after(house, forge, forged(row, log_id)) is None


@pytest.mark.parametrize("played", ["sqlite"], indirect=True)
def test_a_value_of_another_type_is_altered(house: House) -> None:
    statement = "UPDATE events SET stream_id = 'x', topic = 5 WHERE position = 33"

    fault = fault_after(house, statement, {})

    assert fault is not None
    assert (fault.position, fault.wrong) == (33, "altered")


def test_what_a_killed_restore_leaves_can_be_opened_by_nobody(copy: Path, tmp_path: Path) -> None:
    target = empty(copy, tmp_path / "new")
    refused: list[str] = []

    def progress(what: str, _: int, __: int) -> None:
        # What another process finds, should this one die here.
        if what in ("check", "keys", "worklist"):
            with pytest.raises(NotFound):
                open_house(target)
            refused.append(what)

    restore(copy, target, progress=progress)

    assert set(refused) == {"check", "keys", "worklist"}
    open_house(target).close()
