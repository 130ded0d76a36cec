"""Building the demonstration: beside its place, then moved there whole, or nothing of it."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from adapters import accounts, calendars
from adapters.cli.foundation import Foundation, Progress, read_organisation
from adapters.demo.cast import ADMINISTRATOR, CAST, LINE_CHIEF
from adapters.demo.story import ANCHOR, FOUNDED, TALES
from adapters.demo.telling import tell
from adapters.house import create, open_house
from adapters.settings import Settings
from adapters.time import Told
from domain.errors import Malformed, NotFound, NotPermittedNow, StorageUnavailable
from workflows.loading import load_folder
from workflows.rights import EVERYWHERE

TOKENS = "tokens.json"
"""The tokens of the demonstration's accounts, in its data directory, for whoever tries it."""

ORGANISATION = Path(__file__).with_name("organisation.json")
YEARS = range(2011, 2027)


@dataclass(frozen=True, slots=True)
class Built:
    """What was played. numbers: of the affairs, in the order of their registration."""

    data_dir: Path
    events: int
    numbers: tuple[str, ...]


def build(
    settings: Settings,
    *,
    fresh: bool = False,
    progress: Progress = lambda what, done, total: None,
) -> Built:
    """Play the story into the data directory, which must be empty.

    fresh: a demonstration that is there is replaced; a production district never is.
    Raises NotPermittedNow where something is there, Malformed where the settings name
    databases elsewhere. Where anything fails, nothing is left behind.
    """
    _require_own(settings)
    target = settings.data_dir.absolute()
    if fresh:
        _require_demonstration(settings, target)
    elif target.exists() and (not target.is_dir() or any(target.iterdir())):
        because = f"{target} is not empty; --fresh replaces a demonstration"
        raise NotPermittedNow("demo", because)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Tokens and keys will lie in it.
        draft.mkdir(mode=0o700)
        try:
            built = play(_within(draft), progress)
            _accounts(draft)
            _move(draft, target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise StorageUnavailable(f"{target}: {error.strerror}") from error
    return Built(settings.data_dir, *built)


def tokens(data_dir: Path) -> dict[str, str]:
    """The token of each account of the demonstration; empty where they are not kept."""
    try:
        found: dict[str, str] = json.loads((data_dir / TOKENS).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def play(
    settings: Settings, progress: Progress = lambda what, done, total: None
) -> tuple[int, tuple[str, ...]]:
    """Make a demonstration where the settings say, and play the story there.

    How many events it took, and the numbers of the affairs in the order of registration.
    """
    lines = load_folder()
    clock = Told(FOUNDED)
    house = create(settings, anchor=ANCHOR, now=clock)
    try:
        foundation = Foundation(
            house, by=ADMINISTRATOR.actor, publisher=LINE_CHIEF.actor, progress=progress
        )
        tables = calendars.seed(YEARS, by=ADMINISTRATOR.account, occurred_at=FOUNDED)
        foundation.lay(lines, tables, read_organisation(ORGANISATION).units)
        affairs = tell(house, clock, TALES, until=ANCHOR, progress=progress)
        numbers = tuple(house.queries.affair(EVERYWHERE, one).number for one in affairs)
        told = house.log.head(), numbers
    finally:
        house.close()
    return told


def _within(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, database_url="", views_url="", keys_url="", master_key=None)


def _accounts(data_dir: Path) -> None:
    made = accounts.create(
        data_dir / accounts.FILE,
        (
            accounts.Entry(
                account=person.account,
                name=person.name,
                role=person.role,
                unit=person.unit,
                lines=person.lines,
            )
            for person in CAST
        ),
    )
    handle = os.open(data_dir / TOKENS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(made, file, indent=1)


def _require_own(settings: Settings) -> None:
    for name in ("database_url", "views_url", "keys_url", "master_key"):
        if getattr(settings, name):
            because = "a demonstration keeps everything in its data directory; leave it out"
            raise Malformed(f"TENLINES_{name.upper()}", because)


def _require_demonstration(settings: Settings, target: Path) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    try:
        house = open_house(settings)
    except (NotFound, Malformed):
        kind = "nothing of ours"
    else:
        kind = house.info.kind
        house.close()
    if kind != "demonstration":
        because = f"{target} holds {kind}; only a demonstration is replaced"
        raise NotPermittedNow("demo", because)


def _move(draft: Path, target: Path) -> None:
    old = draft.with_name(f"{draft.name}.old")
    if target.exists():
        target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
