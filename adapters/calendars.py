"""Where working-day tables come from: the shipped seed, and files an administrator brings.

The State Council announces each year's days off and made-up days late in the year before. The
seed ends with the last year that `chinesecalendar` knows; later ones are imported, never guessed.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

import chinese_calendar

from domain.errors import CalendarMissing, Malformed
from domain.line import CalendarImported

# A year has some 35 entries; a file many times that size is another file.
BYTES_MOST = 65_536
FAULTS_TOLD = 20

HEADERS = (["date", "kind"], ["date", "kind", "name"])


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file as written, not yet believed."""

    line: int
    day: str
    kind: str


def seeded_years() -> range:
    """The years that the seed knows whole."""
    years = {day.year for day in chinese_calendar.holidays}
    return range(min(years), max(years) + 1)


def seed(
    years: Iterable[int], *, by: str, occurred_at: datetime, revision: int = 1
) -> list[CalendarImported]:
    """The tables of `years` as shipped. Raises CalendarMissing for a year outside the seed."""
    known = seeded_years()
    source = f"chinesecalendar {version('chinesecalendar')}"
    imports = []
    for year in years:
        if year not in known:
            raise CalendarMissing(year)
        off = [d for d in chinese_calendar.holidays if d.year == year and d.weekday() < 5]
        worked = [d for d in chinese_calendar.workdays if d.year == year]
        imports.append(
            CalendarImported(
                year=year,
                version=f"{year}.{revision}",
                holidays=tuple(sorted(off)),
                workdays=tuple(sorted(worked)),
                source=source,
                by=by,
                occurred_at=occurred_at,
            )
        )
    return imports


def read(
    path: Path, year: int, *, by: str, occurred_at: datetime, revision: int = 1, source: str = ""
) -> CalendarImported:
    """The table of `year` from a file of an administrator, as `parse` reads it."""
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MOST + 1)
    except OSError as error:
        raise Malformed(path.name, f"cannot be read: {error.strerror}; name a file") from error
    return parse(
        path.name,
        content,
        year,
        by=by,
        occurred_at=occurred_at,
        revision=revision,
        source=source,
    )


def parse(
    name: str,
    content: bytes,
    year: int,
    *,
    by: str,
    occurred_at: datetime,
    revision: int = 1,
    source: str = "",
) -> CalendarImported:
    """The table of `year` from the bytes of a file called `name`, CSV or JSON by its ending.

    CSV: a header `date,kind` or `date,kind,name`, then a line for each day. JSON: an array of
    objects with these keys. date: YYYY-MM-DD; kind: `holiday`, a weekday off, or `workday`, a
    weekend day worked; name: for the reader. source: the notice; the file's name where empty.
    Raises Malformed for the file; its reason tells line, fault and remedy of each wrong line.
    """
    text = _text(name, content)
    match Path(name).suffix.lower():
        case ".csv":
            entries = list(_csv(name, text))
        case ".json":
            entries = list(_json(name, text))
        case _:
            raise Malformed(name, "neither .csv nor .json; save it as one of them")
    if not entries:
        raise Malformed(name, f"holds no day; list the holidays and workdays of {year}")
    days = _checked(name, entries, year)
    return CalendarImported(
        year=year,
        version=f"{year}.{revision}",
        holidays=tuple(sorted(day for day, kind in days.items() if kind == "holiday")),
        workdays=tuple(sorted(day for day, kind in days.items() if kind == "workday")),
        source=source or name,
        by=by,
        occurred_at=occurred_at,
    )


def _text(name: str, content: bytes) -> str:
    if len(content) > BYTES_MOST:
        raise Malformed(name, f"larger than {BYTES_MOST} bytes; a year needs some 40 lines")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Malformed(name, f"line {line}: not UTF-8; save it as UTF-8") from error


def _csv(name: str, text: str) -> Iterator[Entry]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    line = 0
    try:
        for row in rows:
            line = rows.line_num
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not header:
                header = cells
                if header not in HEADERS:
                    raise Malformed(
                        name, f"line {line}: no header; begin with date,kind or date,kind,name"
                    )
            elif len(cells) not in (2, len(header)):
                raise Malformed(name, f"line {line}: {len(cells)} cells; write {','.join(header)}")
            else:
                yield Entry(line, cells[0], cells[1])
    except csv.Error as error:
        raise Malformed(name, f"line {line + 1}: {error}; quote no cell") from error


def _json(name: str, text: str) -> Iterator[Entry]:
    """Entry by entry, since the standard parser does not tell where each one stands."""
    decoder = json.JSONDecoder()
    at = _past(r"\s*\[\s*", text, 0)
    if at is None:
        raise Malformed(name, 'line 1: no array; write [{"date": …, "kind": …}, …]')
    if _past(r"\]\s*\Z", text, at) is not None:
        return
    while True:
        line = text.count("\n", 0, at) + 1
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise Malformed(name, f"line {line}: no JSON ({error}); mend it there") from error
        if not isinstance(found, dict) or not {"date", "kind"} <= set(found) <= set(HEADERS[1]):
            raise Malformed(
                name, f"line {line}: not an object with date and kind; write both, and name or not"
            )
        yield Entry(line, str(found["date"]), str(found["kind"]))
        if _past(r"\s*\]\s*\Z", text, end) is not None:
            return
        comma = _past(r"\s*,\s*", text, end)
        if comma is None:
            line = text.count("\n", 0, end) + 1
            raise Malformed(name, f"line {line}: neither comma nor end of the array; mend it there")
        at = comma


def _past(pattern: str, text: str, at: int) -> int | None:
    found = re.compile(pattern).match(text, at)
    return found.end() if found else None


def _checked(name: str, entries: Iterable[Entry], year: int) -> dict[date, str]:
    """The days by kind. Raises Malformed with every fault, twenty at most."""
    days: dict[date, str] = {}
    lines: dict[date, int] = {}
    faults = []
    for entry in entries:
        day = _day(entry.day)
        fault = _fault(entry, day, year)
        if day is None or fault:
            faults.append(f"line {entry.line}: {fault}")
        elif day in days:
            faults.append(f"line {entry.line}: {day} stands in line {lines[day]} already; keep one")
        else:
            days[day], lines[day] = entry.kind, entry.line
    if faults:
        more = [f"and {len(faults) - FAULTS_TOLD} more"] if len(faults) > FAULTS_TOLD else []
        raise Malformed(name, "; ".join(faults[:FAULTS_TOLD] + more))
    return days


def _day(text: str) -> date | None:
    """The date, where it is written YYYY-MM-DD and in no other way that ISO 8601 allows."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _fault(entry: Entry, day: date | None, year: int) -> str:
    """What is wrong with one line and what to do about it; empty where nothing is."""
    if day is None:
        return f"{entry.day[:40]!r} is no date; write YYYY-MM-DD"
    if entry.kind not in ("holiday", "workday"):
        return f"{entry.kind[:40]!r} is no kind; write holiday or workday"
    if day.year != year:
        return f"{day} is not in {year}; put it into the file of {day.year}"
    weekend = day.weekday() >= 5
    if entry.kind == "holiday" and weekend:
        return f"{day} lies on a weekend, off anyway; leave it out"
    if entry.kind == "workday" and not weekend:
        return f"{day} is a weekday, worked anyway; leave it out"
    return ""
