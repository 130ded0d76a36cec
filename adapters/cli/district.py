"""The district that a command is about: its settings, and its house opened and closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import typer
from pydantic import ValidationError

from adapters.cli.refusals import faults_told
from adapters.cli.words import say
from adapters.settings import RATES, Settings
from domain.errors import Malformed, NotAllowed, NotFound

if TYPE_CHECKING:
    from adapters.house import House
    from domain.actor import Actor
    from projections.affair_page import AffairPageRow


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands before the subcommand."""

    data_dir: Path | None

    def settings(self) -> Settings:
        """From the environment; `--data-dir` goes first. Raises Malformed."""
        from adapters.event_store.engine import usable

        try:
            found = Settings() if self.data_dir is None else Settings(data_dir=self.data_dir)
        except ValidationError as error:
            raise _setting_wrong(error) from error
        for name in ("database_url", "views_url", "keys_url", "door_url"):
            try:
                usable(getattr(found, name) or found.log_url)
            except ValueError as error:
                remedy = say(
                    "请写 sqlite:///文件 或 postgresql://主机/库?schema=小写名称",
                    f"{error}; write sqlite:///FILE or postgresql://HOST/DATABASE?schema=lower_case",
                )
                raise Malformed(f"TENLINES_{name.upper()}", remedy) from error
        return found


def _setting_wrong(error: ValidationError) -> Malformed:
    for what in error.errors(include_url=False):
        if what["loc"] == ("rates",) and "error" in what.get("ctx", {}):
            wanted = say(
                f"请写 write=300/60 或 write=off，种类有 {'、'.join(RATES)}",
                str(what["ctx"]["error"]),
            )
            return Malformed("TENLINES_RATES", wanted)
    return Malformed("TENLINES_*", faults_told(error))


def settings_of(context: typer.Context) -> Settings:
    """The settings of this call."""
    chosen = context.find_object(Chosen)
    return (chosen or Chosen(None)).settings()


@contextmanager
def opened(context: typer.Context, *, outdated: bool = False) -> Iterator[House]:
    """The district, open for as long as the block lasts. Raises NotFound with what to do.

    outdated: as `open_house` says.
    """
    from adapters.house import open_house
    from adapters.memory import settle

    settings = settings_of(context)
    try:
        house = open_house(settings, outdated=outdated)
    except NotFound as refusal:
        if refusal.what != "log":
            raise
        raise NotFound(
            say("辖区数据：", "district in"),
            say(
                f"{settings.data_dir}；请先运行 tenlines init 或 tenlines demo",
                f"{settings.data_dir}; run tenlines init or tenlines demo first",
            ),
        ) from None
    settle()
    try:
        yield house
    finally:
        house.close()


def page_of(house: House, affair: str) -> AffairPageRow:
    """The affair meant, by number or id. Raises NotFound."""
    from workflows.rights import EVERYWHERE

    try:
        return house.queries.affair(EVERYWHERE, UUID(affair))
    except ValueError:
        return house.queries.affair(EVERYWHERE, affair)


def actor_of(house: House, account: str, right: str) -> Actor:
    """Who acts on the command line: the account, under a grant of today that has the right.

    Raises NotFound where there is no such account, NotAllowed where none of its roles has it.
    """
    from domain.clock import local_day
    from workflows.rights import NOWHERE, scope_of

    if house.people.standing(account) is None:
        raise NotFound("account", account)
    grants = house.people.grants(account, local_day(house.now()))
    for grant in grants:
        if scope_of(grant.actor, right) != NOWHERE:
            return grant.actor
    raise NotAllowed(right, ", ".join(grant.role.value for grant in grants) or account)
