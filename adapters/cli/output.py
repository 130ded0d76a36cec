"""What a command prints: results on standard output, everything else on standard error."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

WIDE = 240
"""Columns of a table where no terminal tells how many it has."""

Advance = Callable[[str, int, int], None]
"""Told of what how many of how many are done."""


def tell(text: str) -> None:
    """A line of the result."""
    typer.echo(text)


def note(text: str) -> None:
    """A line for the person beside the result."""
    typer.echo(text, err=True)


def as_json(value: Any) -> None:
    """The result for a script: indented JSON, keys in their order."""
    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """The result as a table."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    made = Table(title=title or None, title_justify="left", show_lines=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        # Brackets in a text are no markup.
        made.add_row(*(cell.replace("[", r"\[") for cell in row))
    console.print(made)


@contextmanager
def progress() -> Iterator[Advance]:
    """Bars on standard error, one for each thing told of; silent where it is no terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield advance
