"""Building the demonstration: beside its place, then moved there whole, or nothing of it."""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.exc import DBAPIError

from adapters import calendars
from adapters.cli.foundation import Foundation, Progress, read_organisation
from adapters.demo.cast import ADMINISTRATOR, CAST, LINE_CHIEF, SECURITY, Person
from adapters.demo.filing import office
from adapters.demo.story import ANCHOR, FOUNDED, TALES
from adapters.demo.telling import StoryTeller, tell
from adapters.door.credentials import Credentials
from adapters.door.passwords import Passwords
from adapters.event_store import EventLog
from adapters.house import House, create
from adapters.settings import Settings
from adapters.staff import Entry, hire
from adapters.tenancy import LOCK, Tenancy
from adapters.time import Told, wall
from domain.account.commands import SetCredential
from domain.actor import SYSTEM
from domain.errors import Malformed, NotFound, NotPermittedNow, PlaceUnusable
from workflows.loading import load_folder
from workflows.rights import EVERYWHERE

TOKENS = "tokens.json"
"""The tokens of the demonstration's accounts, in its data directory, for whoever tries it."""

PASSWORDS = "passwords.json"
"""Their passwords, likewise."""

ORGANISATION = Path(__file__).with_name("organisation.json")
LOG = "log.db"
YEARS = range(2011, 2027)


@dataclass(frozen=True, slots=True)
class Built:
    """What was played. numbers: of the story's affairs, in the order of their registration.
    affairs: how many there are in all."""

    data_dir: Path
    events: int
    numbers: tuple[str, ...]
    affairs: int


def build(
    settings: Settings,
    *,
    fresh: bool = False,
    story_only: bool = False,
    progress: Progress = lambda what, done, total: None,
) -> Built:
    """Play the demonstration into the data directory, which must be empty.

    fresh: a demonstration that is there is replaced; a production district never is, and no
        district that a process has open.
    story_only: leaves out the affairs of the ten lines in every state.
    Raises NotPermittedNow where something is there, DistrictInUse where somebody has it open,
    Malformed where the settings name databases elsewhere. Where anything fails, nothing is left
    behind; what a killed process left goes with the next one.
    """
    _require_own(settings)
    target = settings.data_dir.absolute()
    try:
        # Looked at before it is held, which leaves a file there, and again once nobody else may.
        _require_free(settings, target, fresh)
        with _alone(settings, target):
            _require_free(settings, target, fresh)
            _sweep(target)
            draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
            # Tokens and keys will lie in it.
            draft.mkdir(mode=0o700)
            try:
                played = play(_within(draft), story_only=story_only, progress=progress)
                _keep(draft / TOKENS, played.tokens)
                _keep(draft / PASSWORDS, played.passwords)
                _move(draft, target)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise PlaceUnusable(target, error) from error
    return Built(settings.data_dir, played.events, played.numbers, played.affairs)


# Important: held from before the place is looked at until the last file is in it.
@contextmanager
def _alone(settings: Settings, target: Path) -> Iterator[None]:
    made = not target.exists()
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(Tenancy(settings, alone=True)):
        try:
            yield
        finally:
            if made and not _entries(target):
                shutil.rmtree(target, ignore_errors=True)


def _sweep(target: Path) -> None:
    """Delete what builders that were killed left beside the place: keys and passwords lie there."""
    draft = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}(\.old)?")
    for path in target.parent.iterdir():
        if draft.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


def _entries(folder: Path) -> list[Path]:
    """What lies in the folder besides its lock; the log last, which makes a district of it."""
    found = (path for path in folder.iterdir() if path.name != LOCK)
    return sorted(found, key=lambda path: (path.name == LOG, path.name))


def tokens(data_dir: Path) -> dict[str, str]:
    """The token of each account of the demonstration; empty where they are not kept."""
    return _kept(data_dir / TOKENS)


def passwords(data_dir: Path) -> dict[str, str]:
    """The password of each account, likewise."""
    return _kept(data_dir / PASSWORDS)


def _kept(path: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


@dataclass(frozen=True, slots=True)
class Played:
    """As `Built`, and by what each account comes in."""

    events: int
    numbers: tuple[str, ...]
    affairs: int
    tokens: Mapping[str, str]
    passwords: Mapping[str, str]


def play(
    settings: Settings,
    *,
    story_only: bool = False,
    progress: Progress = lambda what, done, total: None,
) -> Played:
    """Make a demonstration where the settings say, and play it there."""
    lines = load_folder()
    clock = Told(FOUNDED)
    house = create(settings, anchor=ANCHOR, now=clock)
    try:
        foundation = Foundation(
            house, by=ADMINISTRATOR.actor, publisher=LINE_CHIEF.actor, progress=progress
        )
        tables = calendars.seed(YEARS, by=ADMINISTRATOR.account, occurred_at=FOUNDED)
        organisation = read_organisation(ORGANISATION)
        foundation.lay(lines, tables, organisation.units)
        grants = _staff(house)
        passwords = _passwords(house, grants)
        issued = {account: house.porter.issue(account, one) for account, one in grants.items()}
        story = [StoryTeller(house, clock, tale) for tale in TALES]
        others = [] if story_only else office(house, clock, organisation)
        tell(house, clock, [*story, *others], until=ANCHOR, progress=progress)
        numbers = tuple(house.queries.affair(EVERYWHERE, one.affair_id).number for one in story)
        affairs = sum(one.affair_id.int != 0 for one in (*story, *others))
        return Played(house.log.head(), numbers, affairs, issued, passwords)
    finally:
        house.close()


def _within(data_dir: Path) -> Settings:
    return Settings(
        data_dir=data_dir, database_url="", views_url="", keys_url="", master_key=None, door_url=""
    )


def _staff(house: House) -> dict[str, UUID]:
    """The cast, opened and granted by those whose work it is; the first two by the system."""
    first = (ADMINISTRATOR, SECURITY)
    rest = [person for person in CAST if person not in first]
    return hire(house, map(entry_of, first)) | hire(
        house, map(entry_of, rest), opener=ADMINISTRATOR.actor, granter=SECURITY.actor
    )


def entry_of(person: Person) -> Entry:
    """A person of the cast as who is hired."""
    return Entry(
        account=person.account,
        name=person.name,
        role=person.role,
        unit=person.unit,
        lines=person.lines,
    )


def _passwords(house: House, accounts: Iterable[str]) -> dict[str, str]:
    """A password for each, which a demonstration may print."""
    made = {account: _password() for account in accounts}
    # They lie in clear beside the log: a hash that takes long would keep nobody out.
    quick = Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
    credentials = Credentials(house.door.place, house.keys, quick)
    for account, password in made.items():
        house.desk.run(
            SetCredential(
                command_id=house.new_id(),
                by=SYSTEM,
                occurred_at=house.now(),
                account=account,
                credential=credentials.keep_password(account, password),
                kind="password",
            )
        )
    return made


def _password() -> str:
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def _keep(path: Path, told: Mapping[str, str]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)


def _require_own(settings: Settings) -> None:
    for name in ("database_url", "views_url", "keys_url", "master_key", "door_url"):
        if getattr(settings, name):
            because = "a demonstration keeps everything in its data directory; leave it out"
            raise Malformed(f"TENLINES_{name.upper()}", because)


def _require_free(settings: Settings, target: Path, fresh: bool) -> None:
    if not target.exists():
        return
    if not target.is_dir() or (_entries(target) and not fresh):
        because = f"{target} is not empty; --fresh replaces a demonstration"
        raise NotPermittedNow("demo", because)
    if not _entries(target):
        return
    try:
        with closing(EventLog(settings.log_url, now=wall)) as log:
            kind: str = log.describe().kind
    except (NotFound, DBAPIError):
        kind = "nothing of ours"
    if kind != "demonstration":
        because = f"{target} holds {kind}; only a demonstration is replaced"
        raise NotPermittedNow("demo", because)


def _move(draft: Path, target: Path) -> None:
    """The new files in the place of the old ones. Between two moves there is no log to open."""
    old = draft.with_name(f"{draft.name}.old")
    old.mkdir(mode=0o700)
    for path in reversed(_entries(target)):
        path.rename(old / path.name)
    try:
        for path in _entries(draft):
            path.rename(target / path.name)
    except OSError:
        for path in _entries(target):
            path.rename(draft / path.name)
        for path in _entries(old):
            path.rename(target / path.name)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
