"""Days and moments as they are typed and shown: Asia/Shanghai unless a zone is given."""

from datetime import UTC, date, datetime, time, timedelta

import typer

from adapters.cli.words import say
from domain.clock import SHANGHAI


def moment(text: str) -> datetime:
    """A time with its zone; a bare day means all of it, to its last instant in Shanghai.

    Raises BadParameter.
    """
    try:
        if "T" not in text and " " not in text:
            return last_instant(date.fromisoformat(text))
        at: datetime | None = datetime.fromisoformat(text)
        # The first and the last days there are do not exist in every zone.
        if at is not None and at.tzinfo is not None:
            at.astimezone(SHANGHAI), at.astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    if at is None or at.tzinfo is None:
        raise typer.BadParameter(
            say(
                f"{text}：请写成 2011-07-25 或 2011-07-25T09:30+08:00",
                f"{text}: write 2011-07-25 or 2011-07-25T09:30+08:00",
            )
        )
    return at


def instant(text: str) -> datetime:
    """A time with its zone; a day alone is none. Raises BadParameter."""
    if "T" not in text and " " not in text:
        raise typer.BadParameter(
            say(
                f"{text}：请写成 2011-07-25T09:30+08:00",
                f"{text}: write 2011-07-25T09:30+08:00",
            )
        )
    return moment(text)


def day(text: str) -> date:
    """A day. Raises BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            say(f"{text}：请写成 2011-07-01", f"{text}: write 2011-07-01")
        ) from None


def last_instant(on: date) -> datetime:
    """The end of a day in Shanghai."""
    midnight = datetime.combine(on + timedelta(days=1), time(), SHANGHAI)
    return midnight - timedelta.resolution


def shown(at: datetime | None) -> str:
    """A moment for people, in Shanghai, with its zone; seconds left out where there are none."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    exact = "minutes" if local.second == 0 and local.microsecond == 0 else "seconds"
    return local.isoformat(" ", exact)
