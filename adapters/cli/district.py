"""The district that a command is about: its settings, and its house opened and closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from adapters.cli.words import say
from adapters.settings import Settings
from domain.errors import Malformed, NotFound

if TYPE_CHECKING:
    from adapters.house import House


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands before the subcommand."""

    data_dir: Path | None

    def settings(self) -> Settings:
        """From the environment; `--data-dir` goes first. Raises Malformed."""
        try:
            return Settings() if self.data_dir is None else Settings(data_dir=self.data_dir)
        except ValueError as error:
            raise Malformed("TENLINES_*", " ".join(str(error).split())) from error


def settings_of(context: typer.Context) -> Settings:
    """The settings of this call."""
    chosen = context.find_object(Chosen)
    return (chosen or Chosen(None)).settings()


@contextmanager
def opened(context: typer.Context) -> Iterator[House]:
    """The district, open for as long as the block lasts. Raises NotFound with what to do."""
    from adapters.house import open_house

    settings = settings_of(context)
    try:
        house = open_house(settings)
    except NotFound as refusal:
        if refusal.what not in ("master key", "log"):
            raise
        raise NotFound(
            say("辖区数据：", "district in"),
            say(
                f"{settings.data_dir}；请先运行 tenlines init 或 tenlines demo",
                f"{settings.data_dir}; run tenlines init or tenlines demo first",
            ),
        ) from None
    try:
        yield house
    finally:
        house.close()
