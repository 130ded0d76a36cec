"""A district is made once, opened where it is, and knows what rarely changes."""

from __future__ import annotations

import multiprocessing
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

import adapters.house as house_module
from adapters.event_store import StoredRow
from adapters.event_store.filelock import FileLock
from adapters.history import as_of
from adapters.house import House, create, open_house, view_named
from adapters.keys import FileMasterKey
from adapters.reference import Reference
from adapters.settings import Settings
from adapters.time import Told
from domain.actor import SYSTEM
from domain.affair.evolve import project
from domain.clock import SHANGHAI
from domain.commands import RegisterUnit
from domain.errors import (
    Malformed,
    MasterKeyMissing,
    MasterKeyWrong,
    NotFound,
    StorageUnavailable,
)
from domain.log import Append, Draft, Metadata, Recorded
from domain.organisation import AreaAssigned
from projections.catalogue import ALL
from tests.adapters.worker.office import SINCE, at, office
from tests.projections.lives import logs
from workflows.foundations import unit_stream

DISTRICT = "370103"
HOUR = timedelta(hours=1)
ANCHOR = datetime(2011, 11, 30, 18, tzinfo=SHANGHAI)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Settings:
    """Where a district may be made."""
    return Settings(data_dir=tmp_path / "var", database_url=database_url)


@contextmanager
def made(place: Settings, **chosen: Any) -> Iterator[House]:
    house = create(place, **chosen)
    try:
        yield house
    finally:
        house.close()


@contextmanager
def opened(place: Settings, **chosen: Any) -> Iterator[House]:
    house = open_house(place, **chosen)
    try:
        yield house
    finally:
        house.close()


def unit(house: House, code: str = DISTRICT, kind: str = "district") -> RegisterUnit:
    return RegisterUnit(
        command_id=uuid4(),
        by=SYSTEM,
        occurred_at=house.now(),
        code=code,
        kind=kind,
        name="市中区",
        parent="",
        valid_from=SINCE,
    )


# --- made and opened -------------------------------------------------------------------------


def test_made_twice_it_is_one(place: Settings) -> None:
    with made(place) as house:
        house.desk.run(unit(house))
        first = house.info
        key = place.master_key_path.read_bytes()

    with made(place) as house:
        assert house.info == first
        assert house.log.head() == 1
        assert DISTRICT in house.reference.organisation.units

    assert place.master_key_path.read_bytes() == key


def test_opening_it_brings_back_what_protects_its_log(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with made(place) as house:
        house.desk.run(unit(house))
        sqlite = house.log.database.is_sqlite
        trigger = "events_no_replace" if sqlite else "events_no_change ON events"
        with house.log.database.writing() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")

    for told in (True, False):
        with opened(place) as house:
            assert ("not protected" in capsys.readouterr().out) is told
            with (
                pytest.raises(sa.exc.DBAPIError, match="never changed"),
                house.log.database.writing() as connection,
            ):
                connection.exec_driver_sql(
                    "REPLACE INTO events SELECT * FROM events" if sqlite else "DELETE FROM events"
                )


def test_its_folder_and_its_key_are_for_its_owner_alone(place: Settings) -> None:
    with made(place):
        pass

    assert stat.S_IMODE(place.data_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.master_key_path.stat().st_mode) == 0o600


def test_what_was_never_made_is_not_there(place: Settings) -> None:
    with pytest.raises(NotFound):
        open_house(place)

    assert not place.data_dir.exists()


def test_a_key_without_a_log_is_not_a_district(place: Settings) -> None:
    with made(Settings(data_dir=place.data_dir)):
        pass
    elsewhere = place.database_url or f"sqlite:///{place.data_dir}/other.db"

    with pytest.raises(NotFound):
        open_house(Settings(data_dir=place.data_dir, database_url=elsewhere))


def test_a_production_log_refuses_an_anchor(place: Settings) -> None:
    with made(place) as house:
        info = house.info
    assert (info.kind, info.anchor) == ("production", None)

    with pytest.raises(Malformed):
        create(place, anchor=ANCHOR)

    with opened(place) as house:
        assert house.info == info
        assert abs(house.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_demonstration_does_not_become_production(place: Settings) -> None:
    with made(place, anchor=ANCHOR):
        pass

    with pytest.raises(Malformed):
        create(place)
    with pytest.raises(Malformed):
        create(place, anchor=ANCHOR + timedelta(days=1))


def make(place: Settings, anchor: datetime | None, start: Any, told: Any) -> None:
    """What each of the processes does that begin at once."""
    start.wait(30)
    try:
        house = create(place, anchor=anchor)
        told.put(str(house.info.log_id))
        house.close()
    except Exception as error:  # noqa: BLE001
        told.put(f"{type(error).__name__}: {error}")


def made_at_once(place: Settings, *anchors: datetime | None) -> list[str]:
    # Not forked: a process that does not know of the others' connections.
    context = multiprocessing.get_context("spawn")
    start, told = context.Barrier(len(anchors)), context.Queue()
    processes = [
        context.Process(target=make, args=(place, anchor, start, told)) for anchor in anchors
    ]
    for process in processes:
        process.start()
    answers: list[str] = [told.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    return answers


def test_processes_that_make_it_at_once_make_one(place: Settings) -> None:
    answers = set(made_at_once(place, None, None))

    with opened(place) as house:
        assert answers == {str(house.info.log_id)}
        house.desk.run(unit(house))


def test_of_two_that_make_different_kinds_at_once_one_is_refused(place: Settings) -> None:
    answers = made_at_once(place, None, ANCHOR)

    with opened(place) as house:
        log_id, kind = str(house.info.log_id), house.info.kind
    assert log_id in answers
    answers.remove(log_id)
    assert [answer.split(",")[0] for answer in answers] == [
        f"Malformed: kind: this is a {kind} log"
    ]


def test_who_waits_too_long_for_another_that_makes_it_is_told(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house_module, "MAKING_SECONDS", 0.05)
    place.data_dir.mkdir()
    other = FileLock(place.data_dir / "init.lock")
    other.acquire(1)
    try:
        with pytest.raises(StorageUnavailable, match="another process"):
            create(place)
    finally:
        other.release()
        other.close()

    with made(place):
        pass


# --- what a refused one leaves open ----------------------------------------------------------


def connections(place: Settings) -> int:
    """Those to PostgreSQL under the name that the place's address gives them."""
    if not place.database_url.startswith("postgres"):
        return 0
    url = make_url(place.database_url)
    name = url.query["application_name"]
    engine = sa.create_engine(
        url.difference_update_query(["schema", "application_name"]), poolclass=sa.NullPool
    )
    asked = sa.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
    with engine.connect() as connection:
        return int(connection.execute(asked, {"name": name}).scalar_one())


def open_files(place: Settings) -> set[str]:
    """Those of this process that lie in the place's folder."""
    found = set[str]()
    for descriptor in Path("/proc/self/fd").iterdir():
        # One of them is the look at the folder itself, and over by now.
        with suppress(FileNotFoundError):
            found.add(str(descriptor.readlink()))
    return {path for path in found if path.startswith(str(place.data_dir))}


@pytest.fixture
def named(place: Settings) -> Settings:
    """A place whose connections to PostgreSQL can be told from all others."""
    if not place.database_url.startswith("postgres"):
        return place
    url = make_url(place.database_url).update_query_dict({"application_name": uuid4().hex})
    return Settings(data_dir=place.data_dir, database_url=url.render_as_string(hide_password=False))


def comes_to_nothing(place: Settings) -> bool:
    return comes(lambda: connections(place) == 0) and not open_files(place)


def test_an_open_house_shows_what_it_holds_and_a_closed_one_holds_nothing(
    named: Settings,
) -> None:
    with made(named) as house:
        house.desk.run(unit(house))
        assert open_files(named)
        assert bool(connections(named)) == (not house.log.database.is_sqlite)

    assert comes_to_nothing(named)


@pytest.mark.parametrize("ask", [create, lambda place: create(place, anchor=ANCHOR + HOUR)])
def test_a_refused_making_leaves_nothing_open(
    named: Settings, ask: Callable[[Settings], House]
) -> None:
    with made(named, anchor=ANCHOR):
        pass

    with pytest.raises(Malformed):
        ask(named)

    assert comes_to_nothing(named)


def test_no_master_key_is_made_where_there_are_keys_or_a_log(named: Settings) -> None:
    with made(named):
        pass
    kept = named.master_key_path.read_bytes()
    named.master_key_path.unlink()

    for enter in (create, open_house, create):
        with pytest.raises(MasterKeyMissing, match=str(named.master_key_path)):
            enter(named)

    assert not named.master_key_path.exists()
    assert comes_to_nothing(named)
    named.master_key_path.write_bytes(kept)
    named.master_key_path.chmod(0o600)
    with opened(named) as house:
        house.keys.check()


def test_no_master_key_is_made_where_only_the_keys_were_kept(tmp_path: Path) -> None:
    place = Settings(data_dir=tmp_path)
    create(place).close()
    place.master_key_path.unlink()
    for path in tmp_path.glob("log*"):
        path.unlink()

    with pytest.raises(MasterKeyMissing):
        create(place)


def test_another_master_key_opens_no_house(named: Settings) -> None:
    with made(named):
        pass
    named.master_key_path.unlink()
    FileMasterKey.create(named.master_key_path)

    for enter in (create, open_house):
        with pytest.raises(MasterKeyWrong):
            enter(named)

    assert comes_to_nothing(named)


def test_a_refused_opening_leaves_nothing_open(named: Settings) -> None:
    FileMasterKey.create(named.master_key_path)

    with pytest.raises(NotFound):
        open_house(named)

    assert comes_to_nothing(named)


@pytest.mark.parametrize("ask", [create, open_house])
def test_views_that_are_no_database_leave_nothing_open(
    named: Settings, ask: Callable[[Settings], House]
) -> None:
    with made(named):
        pass
    spoilt = named.data_dir / "spoilt.db"
    spoilt.write_bytes(b"not a database" * 1000)

    with pytest.raises((StorageUnavailable, sa.exc.DatabaseError)):
        ask(named.model_copy(update={"views_url": f"sqlite:///{spoilt}"}))

    assert comes_to_nothing(named)


def test_every_view_can_be_named_and_rebuilt(place: Settings) -> None:
    with made(place) as house:
        house.desk.run(unit(house))
        told: list[tuple[int, int]] = []
        for view in ALL:
            assert house.rebuild(view.name, lambda done, total: told.append((done, total))) == 1
            assert view_named(view.name) is view
        assert told == [(1, 1)] * len(ALL)

        with pytest.raises(NotFound):
            house.rebuild("worklist; DROP TABLE events")


# --- the clock -------------------------------------------------------------------------------


def test_a_demonstration_begins_at_its_anchor(place: Settings) -> None:
    with made(place, anchor=ANCHOR) as house:
        assert ANCHOR <= house.now() < ANCHOR + timedelta(minutes=1)
        assert house.now().utcoffset() == timedelta(0)
        receipt = house.desk.run(unit(house))
        assert ANCHOR <= receipt.recorded_at <= house.now()


def test_a_demonstration_goes_on_where_it_was_left(place: Settings) -> None:
    later = ANCHOR + timedelta(days=40)
    with made(place, anchor=ANCHOR, now=Told(later)) as house:
        house.desk.run(unit(house))

    with opened(place) as house:
        assert later <= house.now() < later + timedelta(minutes=1)
        first = house.now()
        assert house.desk.run(unit(house, "370104")).recorded_at >= first

    with opened(place) as house:
        assert house.now() >= first


def test_a_demonstration_that_is_made_again_goes_on_where_it_was_left(place: Settings) -> None:
    later = ANCHOR + timedelta(days=40)
    with made(place, anchor=ANCHOR, now=Told(later)) as house:
        house.desk.run(unit(house))

    with made(place, anchor=ANCHOR) as house:
        assert later <= house.now() < later + timedelta(minutes=1)
        assert house.desk.run(unit(house, "370104")).recorded_at >= later


def test_an_empty_demonstration_begins_at_its_anchor_again(place: Settings) -> None:
    with made(place, anchor=ANCHOR):
        pass

    with opened(place) as house:
        assert ANCHOR <= house.now() < ANCHOR + timedelta(minutes=1)


# --- what rarely changes ---------------------------------------------------------------------


def spoil(house: House, stream: UUID, version: int, topic: str, state: bytes = b"{]") -> None:
    """Store an event that nobody can read."""
    draft = Draft(stream_id=stream, version=version, topic=topic, state=state, event=None)
    metadata = Metadata(
        actor="shilei",
        role="ADM",
        unit="",
        command_id=uuid4(),
        request_hash="5f" * 32,
        correlation_id=stream,
    )
    house.log.append(Append(drafts=(draft,), expected={stream: version - 1}, metadata=metadata))


@pytest.mark.parametrize(
    "topic",
    ["line.published.v1", "calendar.imported.v1", "unit.registered.v1", "unit.area_assigned.v1"],
)
def test_one_event_that_cannot_be_read_does_not_close_the_house(
    place: Settings, topic: str
) -> None:
    with made(place) as house:
        house.desk.run(unit(house))
        spoil(house, uuid4(), 1, topic)
        house.reference.refresh()
        house.desk.run(unit(house, "370104"))

    with opened(place) as house:
        assert set(house.reference.organisation.units) == {DISTRICT, "370104"}
        assert house.reference.refresh() == house.log.head() == 3
        while house.follower.step():
            pass
        assert [one.topic for one in house.follower.parked()] == [topic]


def test_what_happens_to_a_unit_that_cannot_be_read_is_left_out(place: Settings) -> None:
    with made(place) as house:
        stream = unit_stream("370103008001-07")
        spoil(house, stream, 1, "unit.registered.v1")
        event = AreaAssigned(code="370103008001-07", worker="lin", valid_from=SINCE)
        topic, state = house.codec.encode(event)
        spoil(house, stream, 2, topic, state)
        house.desk.run(unit(house))

        assert house.reference.refresh() == 3
        assert set(house.reference.organisation.units) == {DISTRICT}


def test_a_refresh_that_failed_takes_nothing_twice(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made(place) as house:
        house.desk.run(unit(house))
        house.desk.run(unit(house, "370104"))
        taken: list[Any] = []
        plain, faults = Reference._take, iter((False, True))

        def take(self: Reference, row: StoredRow, event: Any) -> None:
            if next(faults, False):
                raise StorageUnavailable("the connection was lost")
            taken.append(event)
            plain(self, row, event)

        monkeypatch.setattr(Reference, "_take", take)
        with pytest.raises(StorageUnavailable):
            house.reference.refresh()
        house.reference.refresh()

        assert [event.code for event in taken] == [DISTRICT, "370104"]


def comes(happened: Callable[[], object]) -> bool:
    deadline = time.monotonic() + 20
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_what_another_process_published_is_soon_known(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made(place) as house, opened(place) as other:
        faults = iter((StorageUnavailable("away"), sa.exc.OperationalError("x", {}, OSError())))
        plain = Reference.refresh

        def refresh(self: Reference) -> int:
            if self is house.reference and (fault := next(faults, None)):
                raise fault
            return plain(self)

        monkeypatch.setattr(Reference, "refresh", refresh)
        stop = threading.Event()
        thread = threading.Thread(target=house.reference.follow, args=(stop,), daemon=True)
        thread.start()
        try:
            other.desk.run(unit(other))
            assert comes(lambda: DISTRICT in house.reference.organisation.units)
        finally:
            stop.set()
            house.log.wake()
            thread.join(20)
        assert not thread.is_alive()


# --- as of, as known at ----------------------------------------------------------------------


def streams(told: list[Recorded]) -> list[list[Recorded]]:
    found: dict[UUID, list[Recorded]] = {}
    for seen in told:
        found.setdefault(seen.stream_id, []).append(seen)
    return list(found.values())


MOMENTS = st.integers(0, 62 * 24).map(lambda hours: at("07-20 00:00") + timedelta(hours=hours))


@settings(max_examples=80, deadline=None)
@given(logs(), st.lists(MOMENTS, min_size=2, max_size=2), st.integers(0, 400))
def test_both_axes(log: Any, moments: list[datetime], late_hours: int) -> None:
    occurred_by, known_by = moments
    for stream in streams(log.recorded):
        # Recorded later than it happened, in order.
        known = [
            seen._replace(recorded_at=stream[-1].recorded_at + timedelta(hours=n * late_hours / 9))
            if n
            else seen
            for n, seen in enumerate(stream)
        ]
        state = project(None, [seen.event for seen in known])
        last = max(seen.event.occurred_at for seen in known)

        assert as_of(known, None, None) == known
        assert project(None, [s.event for s in as_of(known, last, known[-1].recorded_at)]) == state
        by_both = as_of(known, occurred_by, known_by)
        assert by_both == as_of(as_of(known, occurred_by, None), None, known_by)
        assert by_both == as_of(as_of(known, None, known_by), occurred_by, None)
        # What happened or was recorded in order begins alike: a state, or nothing at all.
        assert by_both == known[: len(by_both)]
        assert all(seen.event.occurred_at <= occurred_by for seen in by_both)
        assert all(seen.recorded_at <= known_by for seen in by_both)
        for left_out in known[len(by_both) :]:
            assert left_out.event.occurred_at > occurred_by or left_out.recorded_at > known_by
        assert as_of(known, stream[0].event.occurred_at - timedelta(microseconds=1), None) == []


def test_the_stored_history_gives_the_live_state_at_its_end(
    database_url: str, tmp_path: Path
) -> None:
    with office(database_url, tmp_path) as desk:
        affair = desk.persuading()
        desk.later(hours=2)
        desk.run(desk.persuasion(affair, occurred_at=desk.clock.at - timedelta(hours=1)))
        told = desk.history(affair)
        live, _ = desk.house.affairs.get(affair)
        last = told[-1]

        def state(occurred_by: datetime | None, known_by: datetime | None) -> Any:
            return project(None, [seen.event for seen in as_of(told, occurred_by, known_by)])

        assert state(last.event.occurred_at, None) == live
        assert state(None, last.recorded_at) == live
        assert state(last.event.occurred_at, last.recorded_at) == live
        before = state(last.event.occurred_at, last.recorded_at - timedelta(microseconds=1))
        assert before == state(last.event.occurred_at - timedelta(microseconds=1), None)
        assert len(before.work.entries) == 0
        assert len(live.work.entries) == 1
