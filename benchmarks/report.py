"""What is told of a measurement: rows, medians of interleaved runs, the machine, the table.

A miss is told, never asserted: figures depend on the machine, and a shared one is noisy.
"""

import json
import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

Run = Callable[[], float]
"""One run of a measurement: what it took or made, in the unit of its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    ours, other: medians, in `unit`; other and ratio are None where the target is absolute.
    ratio: median of the ratios ours / other of the runs that followed one another.
    target: what the ratio, or else `ours`, should be at least, or at most where `at_most`.
    note: what a reader must know to judge it.
    """

    what: str
    ours: float
    other: float | None
    ratio: float | None
    target: float
    unit: str
    met: bool
    at_most: bool = False
    note: str = ""


def interleaved(ours: Run, other: Run, *, times: int = 5) -> list[tuple[float, float]]:
    """Run the two in turn, ours first, so that what disturbs the machine disturbs both."""
    return [(ours(), other()) for _ in range(times)]


def compared(
    what: str,
    pairs: Sequence[tuple[float, float]],
    *,
    target: float,
    unit: str,
    at_most: bool = False,
    note: str = "",
) -> Row:
    """The row of two that were run in turn."""
    ratio = median(ours / other for ours, other in pairs)
    return Row(
        what=what,
        ours=median(ours for ours, _ in pairs),
        other=median(other for _, other in pairs),
        ratio=ratio,
        target=target,
        unit=unit,
        met=_meets(ratio, target, at_most=at_most),
        at_most=at_most,
        note=note,
    )


def alone(
    what: str,
    runs: Sequence[float],
    *,
    target: float,
    unit: str,
    at_most: bool = False,
    note: str = "",
) -> Row:
    """The row of a figure that stands by itself."""
    ours = median(runs)
    return Row(
        what=what,
        ours=ours,
        other=None,
        ratio=None,
        target=target,
        unit=unit,
        met=_meets(ours, target, at_most=at_most),
        at_most=at_most,
        note=note,
    )


def _meets(value: float, target: float, *, at_most: bool) -> bool:
    return value <= target if at_most else value >= target


def machine(postgresql: str = "") -> dict[str, str]:
    """The machine and the versions that made the figures. postgresql: the server's version."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": _cpu(),
        "cores": str(len(os.sched_getaffinity(0))),
        "load before": f"{os.getloadavg()[0]:.1f}",
        "memory": f"{pages * size / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": postgresql or "not used",
    }


def _cpu() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


HEADINGS = ("what", "unit", "ours", "other", "ratio", "target", "met")


def cells(row: Row) -> tuple[str, ...]:
    """A row in words, in the order of `HEADINGS`."""
    sign = "≤" if row.at_most else "≥"
    target = f"{sign} {_figure(row.target)}"
    return (
        row.what,
        row.unit,
        _figure(row.ours),
        "" if row.other is None else _figure(row.other),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        f"{target}×" if row.ratio is not None else target,
        "yes" if row.met else "NO",
    )


def _figure(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def show(console: Console, rows: Sequence[Row], told: dict[str, str]) -> None:
    """Print the machine, the table and its notes."""
    console.print(", ".join(f"{name} {value}" for name, value in told.items()), soft_wrap=True)
    table = Table(show_edge=False, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in ("what", "unit") else "right")
    for row in rows:
        table.add_row(*cells(row), style="" if row.met else "bold")
    console.print(table)
    for row in rows:
        if row.note:
            console.print(f"{row.what}: {row.note}", soft_wrap=True, highlight=False)
    missed = sum(not row.met for row in rows)
    console.print(f"{len(rows) - missed} of {len(rows)} targets met")


def write(folder: Path, rows: Sequence[Row], told: dict[str, str]) -> tuple[Path, Path]:
    """Keep the same as `bench.json` and `bench.md` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    data, page = folder / "bench.json", folder / "bench.md"
    kept = {"machine": told, "rows": [asdict(row) for row in rows]}
    data.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", "utf-8")
    lines = [
        ", ".join(f"{name} {value}" for name, value in told.items()),
        "",
        _line(HEADINGS),
        _line(("---",) * len(HEADINGS)),
        *(_line(cells(row)) for row in rows),
        "",
        *(f"- {row.what}: {row.note}" for row in rows if row.note),
    ]
    page.write_text("\n".join(lines) + "\n", "utf-8")
    return data, page


def _line(values: Sequence[str]) -> str:
    return f"|{'|'.join(values)}|"
