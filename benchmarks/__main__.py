"""`python -m benchmarks`: measure, and print the table. What is missed is told, never asserted."""

import argparse
import gc
import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from rich.console import Console

from adapters.memory import settle
from benchmarks import report
from benchmarks.places import VAR, postgres

NAMES = ("append", "peers", "steps", "http", "pages", "paint", "replay", "rebuild", "due", "cost")
"""Modules that have `rows`, in the order of the table."""
LARGE = ("large",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 whatever the figures are."""
    asked = _asked(arguments)
    # As the processes of the product do.
    settle()
    console = Console(width=None if sys.stdout.isatty() else 140)
    progress = Console(stderr=True)
    with postgres() as server:
        told = report.machine(server.version())
    rows: list[report.Row] = []
    broken: list[str] = []
    for name in asked.only or (LARGE if asked.large else NAMES):
        began = time.perf_counter()
        try:
            rows += import_module(f"benchmarks.{name}").rows(large=asked.large)
        except Exception:  # noqa: BLE001 - one that is broken does not hide the others
            broken.append(name)
            progress.print(traceback.format_exc(), highlight=False, markup=False)
        gc.collect()
        progress.print(f"{name}: {time.perf_counter() - began:.0f} s", highlight=False)
    report.show(console, rows, told)
    for name in broken:
        console.print(f"{name}: not measured, it failed (see above)", style="bold")
    if asked.write:
        for path in report.write(VAR, rows, told):
            console.print(str(path))
    return 0


def _asked(arguments: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--large", action="store_true", help="at five million events")
    parser.add_argument(
        "--only", action="append", choices=(*NAMES, *LARGE), help="one of them; may be repeated"
    )
    parser.add_argument("--write", action="store_true", help="keep bench.json and bench.md in var/")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
