"""Where line files lie that are not named one by one."""

from pathlib import Path

import typer

from adapters.cli.words import say
from adapters.settings import Settings
from workflows.loading import FOLDER


def folders_of(settings: Settings) -> tuple[Path, ...]:
    """Those shipped, and that of TENLINES_LINES_DIR. Raises BadParameter where it is not there."""
    if settings.lines_dir is None:
        return (FOLDER,)
    if not settings.lines_dir.is_dir():
        raise typer.BadParameter(
            say(f"没有目录 {settings.lines_dir}", f"there is no folder {settings.lines_dir}"),
            param_hint="TENLINES_LINES_DIR",
        )
    return (FOLDER, settings.lines_dir)
