"""Values open where they were sealed and nowhere else, until their key is destroyed."""

import base64
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from adapters.codec import Codec
from adapters.keys import FileMasterKey, KeyStore, MasterKey
from adapters.keys.tables import SUBJECT_KEYS
from domain.affair.events import EntryRecorded
from domain.errors import (
    Malformed,
    MasterKeyMissing,
    NotPermittedNow,
    StorageUnavailable,
    Unreadable,
)
from domain.personal import Erased, Personal
from domain.record import Field, Kind, Record
from domain.visit import VisitRecorded

LOG, STREAM = UUID(int=1), UUID(int=2)
ZHANG, LI, PAPER = UUID(int=11), UUID(int=12), UUID(int=13)
AT = datetime(2011, 7, 22, 0, 50, tzinfo=UTC)
NEVER = float("inf")


def now() -> datetime:
    return AT


def entry(*clear: tuple[str, UUID, str]) -> EntryRecorded:
    return EntryRecorded(
        entry="persuasion",
        record=Record(
            tuple(Field(name, Kind.NOTE, Personal(who, clear=text)) for name, who, text in clear)
        ),
        clocks=(),
        by="zhang",
        occurred_at=AT,
    )


def visit(subject: UUID) -> VisitRecorded:
    return VisitRecorded(
        household=UUID(int=9),
        area="370103008001-03",
        light="red",
        kind="routine",
        outcome="met",
        visitors=("zhang",),
        started_at=AT,
        ended_at=AT,
        interviewee=Personal(subject, clear="王秀英"),
        seen=Personal(subject, clear="楼道堆放废品"),
        heard=None,
        noted=None,
        findings=("hazard",),
        photos=(),
        counted=True,
        next_on=None,
        by="zhang",
        occurred_at=AT,
    )


@pytest.fixture
def master(tmp_path: Path) -> FileMasterKey:
    return FileMasterKey.create(tmp_path / "master.key")


Stores = Callable[..., KeyStore]


@pytest.fixture
def stores(database_url: str, master: FileMasterKey) -> Iterator[Stores]:
    """Makes key stores on one database, as other processes would."""
    made: list[KeyStore] = []

    def make(key: MasterKey = master, **settings: Any) -> KeyStore:
        made.append(KeyStore(database_url, key, now=now, **settings))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(stores: Stores) -> KeyStore:
    return stores()


def sealed(store: KeyStore, who: UUID = ZHANG, text: str = "张三堆放废品") -> Personal:
    [event] = store.seal(
        [entry(("note", who, text))], log_id=LOG, stream_id=STREAM, first_version=4
    )
    value = event.record.get("note")
    assert isinstance(value, Personal)
    return value


def opened(store: KeyStore, value: Personal) -> str | Erased:
    return store.open(value, log_id=LOG, stream_id=STREAM)


# --- sealing and opening ---------------------------------------------------------------------


def test_what_is_sealed_is_read_back_and_opened(store: KeyStore) -> None:
    codec = Codec()
    events = [visit(ZHANG), replace(visit(LI), seen=None)]

    made = store.seal(events, log_id=LOG, stream_id=STREAM, first_version=1)
    back = [codec.decode(*codec.encode(e), version=v) for v, e in enumerate(made, 1)]

    assert back == made
    assert [b.interviewee.origin for b in back] == ["1/interviewee", "2/interviewee"]
    assert [opened(store, b.interviewee) for b in back] == ["王秀英", "王秀英"]
    assert opened(store, back[0].seen) == "楼道堆放废品"
    assert back[1].seen is None
    assert "王秀英".encode() not in codec.encode(made[0])[1]


def test_personal_fields_of_a_record_are_sealed_by_name(store: KeyStore) -> None:
    [event] = store.seal(
        [entry(("who", ZHANG, "张三"), ("note", PAPER, ""))],
        log_id=LOG,
        stream_id=STREAM,
        first_version=9,
    )

    values = [field.value for field in event.record]

    assert [v.origin for v in values if isinstance(v, Personal)] == [
        "9/record.who",
        "9/record.note",
    ]
    assert [opened(store, v) for v in values if isinstance(v, Personal)] == ["张三", ""]


def test_equal_values_are_sealed_differently(store: KeyStore) -> None:
    assert sealed(store).sealed != sealed(store).sealed


def test_nothing_clear_is_left_in_a_sealed_event(store: KeyStore) -> None:
    value = sealed(store)

    assert value.clear == ""
    assert value.closed


def test_an_event_without_personal_values_needs_no_key(store: KeyStore) -> None:
    events = [entry()]

    [same] = store.seal(events, log_id=LOG, stream_id=STREAM, first_version=1)

    assert same is events[0]


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "\udc00x"])
def test_text_that_cannot_be_stored_is_refused_by_name(store: KeyStore, text: str) -> None:
    with pytest.raises(Malformed) as refusal:
        sealed(store, text=text)

    assert refusal.value.field == "record.note"
    assert text not in str(refusal.value)


@pytest.mark.parametrize("text", ["😀", "𠀀𪚥", "\u202e张三", "字" * 33_000])
def test_odd_text_is_sealed_exactly(store: KeyStore, text: str) -> None:
    assert opened(store, sealed(store, text=text)) == text


def test_a_value_sealed_elsewhere_is_not_sealed_again(store: KeyStore) -> None:
    event = replace(visit(ZHANG), heard=sealed(store))

    with pytest.raises(Malformed) as refusal:
        store.seal([event], log_id=LOG, stream_id=STREAM, first_version=5)

    assert refusal.value.field == "heard"


# --- places ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "swap",
    [
        lambda store, value: store.open(value, log_id=UUID(int=3), stream_id=STREAM),
        lambda store, value: store.open(value, log_id=LOG, stream_id=UUID(int=3)),
        lambda store, value: store.open(value, log_id=STREAM, stream_id=LOG),
        lambda store, value: opened(store, replace(value, origin="5/record.note")),
        lambda store, value: opened(store, replace(value, origin="4/record.nota")),
        lambda store, value: opened(store, replace(value, origin="4/note")),
        lambda store, value: opened(store, replace(value, origin="-4/record.note")),
        lambda store, value: opened(store, replace(value, origin="x/record.note")),
        lambda store, value: opened(store, replace(value, origin="4/\ud800")),
        lambda store, value: opened(store, replace(value, origin="")),
        lambda store, value: opened(store, replace(value, subject=LI)),
        lambda store, value: opened(store, replace(value, subject=UUID(int=99))),
        lambda store, value: opened(store, replace(value, sealed=b"")),
    ],
    ids=[
        "log",
        "stream",
        "log-and-stream",
        "version",
        "field",
        "shorter-field",
        "negative-version",
        "no-version",
        "no-text",
        "no-origin",
        "subject",
        "unknown-subject",
        "nothing",
    ],
)
def test_a_value_opens_nowhere_else(
    store: KeyStore, swap: Callable[[KeyStore, Personal], str]
) -> None:
    value = sealed(store)
    sealed(store, LI)

    with pytest.raises(Unreadable):
        swap(store, value)

    assert opened(store, value) == "张三堆放废品"


def test_no_byte_of_a_sealed_value_can_be_altered(store: KeyStore) -> None:
    value = sealed(store)

    for at in range(len(value.sealed)):
        altered = bytearray(value.sealed)
        altered[at] ^= 1
        with pytest.raises(Unreadable):
            opened(store, replace(value, sealed=bytes(altered)))
        with pytest.raises(Unreadable):
            opened(store, replace(value, sealed=value.sealed[:at]))


# --- erasure ---------------------------------------------------------------------------------


def test_a_destroyed_key_opens_to_erased_and_seals_no_more(store: KeyStore) -> None:
    of_zhang, of_li = sealed(store), sealed(store, LI)

    gone = store.destroy(ZHANG)

    assert gone == {ZHANG}
    assert opened(store, of_zhang) is Erased.BY_LAW
    assert opened(store, of_li) == "张三堆放废品"
    with pytest.raises(NotPermittedNow):
        sealed(store)
    with pytest.raises(NotPermittedNow):
        store.seal_bytes(ZHANG, b"", b"")
    assert store.destroy(ZHANG) == {ZHANG}


def test_a_subject_that_never_had_a_key_never_gets_one_after_erasure(store: KeyStore) -> None:
    store.destroy(ZHANG)

    with pytest.raises(NotPermittedNow):
        sealed(store)


def test_a_document_goes_with_any_person_it_names(store: KeyStore) -> None:
    minutes = sealed(store, PAPER, "张三与李四当面说定")
    store.link(PAPER, [ZHANG, LI])
    store.link(PAPER, [LI])
    store.link(PAPER, [])

    gone = store.destroy(LI)

    assert gone == {LI, PAPER}
    assert opened(store, minutes) is Erased.BY_LAW
    with pytest.raises(NotPermittedNow):
        store.link(UUID(int=14), [ZHANG, LI])
    assert store.destroy(ZHANG) == {ZHANG, PAPER}


def test_a_destroyed_key_is_in_no_file_any_more(tmp_path: Path, master: FileMasterKey) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    with closing(KeyStore(f"sqlite:///{folder}/keys.db", master)) as store:
        # Many, in no order, so that pages are split and rows are moved about.
        subjects = [uuid5(ZHANG, str(n)) for n in range(3000)]
        for start in range(0, len(subjects), 50):
            store.ensure(subjects[start : start + 50])
        gone = subjects[::60]
        engine = sa.create_engine(f"sqlite:///{folder}/keys.db")
        with engine.connect() as connection:
            wrapped = connection.execute(
                sa.select(SUBJECT_KEYS.c.wrapped).where(SUBJECT_KEYS.c.subject.in_(gone))
            ).scalars()
            parts = [key[at : at + 8] for key in wrapped for at in range(0, 53, 4)]
        engine.dispose()

        def found() -> int:
            stored = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
            return sum(part in stored for part in parts)

        before = found()
        for subject in gone:
            store.destroy(subject)

        assert before == len(parts) == 50 * 14
        assert found() == 0


def test_another_process_forgets_a_destroyed_key_in_time(
    stores: Stores, master: FileMasterKey
) -> None:
    ticks = [0.0]
    here = stores()
    there = stores(recheck_seconds=5, ticks=lambda: ticks[0])
    value = sealed(there)

    here.destroy(ZHANG)
    ticks[0] = 4.9
    within = opened(there, value)
    ticks[0] = 5.0
    after = opened(there, value)

    assert within == "张三堆放废品"
    assert after is Erased.BY_LAW
    with pytest.raises(NotPermittedNow):
        sealed(there)


class Interrupted:
    """A master key during whose work something else happens, once."""

    def __init__(self, master: FileMasterKey) -> None:
        self._master = master
        self.meanwhile: Callable[[], object] | None = None

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        return self._master.wrap(key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        key = self._master.unwrap(wrapped, bound)
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        return key


def test_a_key_destroyed_while_it_is_loaded_is_not_kept(
    stores: Stores, master: FileMasterKey
) -> None:
    slow = Interrupted(master)
    here = stores(slow, recheck_seconds=NEVER)
    writer = stores()
    value = sealed(writer)
    here.token("warm", "up")
    slow.meanwhile = lambda: here.destroy(ZHANG)

    opened(here, value)

    assert opened(here, value) is Erased.BY_LAW


# --- the master key --------------------------------------------------------------------------


def test_rotation_rewraps_every_key_and_changes_none(stores: Stores, tmp_path: Path) -> None:
    store = stores()
    value, token = sealed(store), store.token("phone", "13800000000")
    store.ensure(UUID(int=n) for n in range(1000, 2100))
    gone = sealed(store, LI)
    store.destroy(LI)
    other = stores()
    sealed(other)
    new = FileMasterKey.create(tmp_path / "next.key")

    assert store.rotate_master(new) == 1101
    sealed(store, UUID(int=5000))
    store = stores(new)

    assert opened(store, value) == "张三堆放废品"
    assert opened(store, gone) is Erased.BY_LAW
    assert store.token("phone", "13800000000") == token
    with pytest.raises(StorageUnavailable):
        sealed(other, UUID(int=5001))
    with pytest.raises(StorageUnavailable):
        sealed(stores())
    with pytest.raises(StorageUnavailable):
        other.rotate_master(new)
    assert opened(store, value) == "张三堆放废品"


def test_a_wrapped_key_does_not_unwrap_in_another_row(database_url: str, stores: Stores) -> None:
    store = stores()
    value = sealed(store)
    sealed(store, LI)
    place = make_url(database_url)
    schema = cast("str", place.query.get("schema"))
    engine = sa.create_engine(place.difference_update_query(["schema"]))
    table = SUBJECT_KEYS.to_metadata(sa.MetaData(), schema=schema)
    with engine.begin() as connection:
        of_li = sa.select(table.c.wrapped).where(table.c.subject == LI).scalar_subquery()
        connection.execute(sa.update(table).where(table.c.subject == ZHANG).values(wrapped=of_li))
    engine.dispose()

    fresh = stores()

    with pytest.raises(StorageUnavailable):
        opened(fresh, value)


def test_the_master_key_is_written_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "master.key"

    first = FileMasterKey.create(path)
    text = path.read_bytes()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(base64.b64decode(text)) == 32
    assert FileMasterKey(path).unwrap(first.wrap(b"key", b"row"), b"row") == b"key"
    with pytest.raises(FileExistsError):
        FileMasterKey.create(path)
    assert path.read_bytes() == text
    assert list(path.parent.iterdir()) == [path]


def test_a_master_key_is_made_where_there_is_none_and_found_by_whoever_comes_second(
    tmp_path: Path,
) -> None:
    path, together = tmp_path / "new" / "master.key", threading.Barrier(4)

    def ensured(_: int) -> bytes:
        together.wait(10)
        return FileMasterKey.ensured(path).wrap(b"key", b"row")

    with ThreadPoolExecutor(4) as pool:
        wrapped = list(pool.map(ensured, range(4)))

    assert {FileMasterKey(path).unwrap(one, b"row") for one in wrapped} == {b"key"}
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"short", base64.b64encode(bytes(31)), b"\xff" * 44])
def test_what_is_no_master_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(Malformed, match=r"master\.key"):
        FileMasterKey(path)


def test_a_master_key_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    FileMasterKey.create(path)
    path.chmod(0o640)

    with pytest.raises(Malformed, match="chmod 600"):
        FileMasterKey(path)
    with pytest.raises(MasterKeyMissing):
        FileMasterKey(tmp_path / "absent.key")


# --- tokens ----------------------------------------------------------------------------------


def test_tokens_are_equal_for_equal_values_of_one_purpose(stores: Stores) -> None:
    store = stores()
    token = store.token("phone", "13800000000")

    again = stores()

    assert again.token("phone", "13800000000") == token
    assert store.token("phone", "13800000001") != token
    assert store.token("id_number", "13800000000") != token
    assert len(bytes.fromhex(token)) == 32
    with pytest.raises(Malformed, match="phone"):
        store.token("phone", "\ud800")


def test_tokens_of_another_house_are_others(store: KeyStore, tmp_path: Path) -> None:
    with closing(
        KeyStore(f"sqlite:///{tmp_path}/other.db", FileMasterKey.create(tmp_path / "other.key"))
    ) as other:
        assert other.token("phone", "13800000000") != store.token("phone", "13800000000")


# --- many at once ----------------------------------------------------------------------------


def test_more_subjects_than_are_kept_in_memory(stores: Stores) -> None:
    store = stores(cached=2)
    subjects = [UUID(int=n) for n in range(20, 30)]

    [event] = store.seal(
        [entry(*((f"note{n}", who, str(n)) for n, who in enumerate(subjects)))],
        log_id=LOG,
        stream_id=STREAM,
        first_version=1,
    )

    values = [f.value for f in event.record if isinstance(f.value, Personal)]
    assert [opened(store, value) for value in values] == [str(n) for n in range(10)]
    assert len(store._keys) == 2


def test_threads_that_need_the_same_new_keys_share_them(store: KeyStore) -> None:
    def work(n: int) -> list[Personal]:
        return [sealed(store, UUID(int=100 + (n + k) % 10), "x") for k in range(10)]

    with ThreadPoolExecutor(8) as pool:
        values = [value for values in pool.map(work, range(16)) for value in values]

    assert len(values) == 160
    assert {opened(store, value) for value in values} == {"x"}


PROCESS = """
import sys
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid5
from adapters.keys import FileMasterKey, KeyStore

store = KeyStore(sys.argv[1], FileMasterKey(Path(sys.argv[2])))
print("ready", flush=True)
sys.stdin.readline()
for n in range(40):
    print(store.seal_bytes(UUID(int=1000 + n), b"x", b"here").hex())
"""


def test_processes_that_start_at_once_end_with_one_key_for_each_subject(
    database_url: str, stores: Stores, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", PROCESS, database_url, str(tmp_path / "master.key")]
    root = Path(__file__).resolve().parents[2]
    children = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root)},
        )
        for _ in range(3)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    written = [child.communicate(timeout=60)[0].split() for child in children]

    store = stores()
    values = [
        store.open_bytes(UUID(int=1000 + n), bytes.fromhex(line), b"here")
        for lines in written
        for n, line in enumerate(lines)
    ]

    assert [child.returncode for child in children] == [0, 0, 0]
    assert values == [b"x"] * 120


# --- a database that is not there ------------------------------------------------------------


def test_without_its_database_nothing_is_sealed_or_opened(
    tmp_path: Path, master: FileMasterKey
) -> None:
    store = KeyStore(f"sqlite:///{tmp_path}/nowhere/keys.db", master)

    with pytest.raises(StorageUnavailable):
        sealed(store)
    with pytest.raises(StorageUnavailable):
        opened(store, Personal(ZHANG, bytes(40), "1/note"))


def test_a_full_disk_refuses_a_new_key_and_keeps_the_old_ones(
    tmp_path: Path, master: FileMasterKey
) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    script = f"""
import resource
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid5
from adapters.keys import FileMasterKey, KeyStore
from domain.errors import StorageUnavailable

store = KeyStore("sqlite:///{folder}/keys.db", FileMasterKey(Path("{tmp_path}/master.key")))
kept = store.seal_bytes(UUID(int=1), b"kept", b"")
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
try:
    store.ensure(UUID(int=n) for n in range(2, 500))
except StorageUnavailable:
    print("refused")
assert store.open_bytes(UUID(int=1), kept, b"") == b"kept"
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
assert store.open_bytes(UUID(int=2), store.seal_bytes(UUID(int=2), b"new", b""), b"") == b"new"
print("served")
"""
    root = Path(__file__).resolve().parents[2]

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=root,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(root)},
        check=False,
    )

    assert (done.stdout.split(), done.stderr) == (["refused", "served"], "")
