"""The table tells medians, ratios and misses."""

from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console

from benchmarks.report import Row, alone, cells, compared, interleaved, machine, show, write


def a_rate(ours: float, other: float) -> Row:
    return compared("steps", [(ours, other)], target=0.7, unit="steps/s")


def test_the_two_run_in_turn() -> None:
    ran: list[str] = []

    def run(name: str) -> float:
        ran.append(name)
        return float(len(ran))

    pairs = interleaved(lambda: run("ours"), lambda: run("other"), times=2)

    assert ran == ["ours", "other", "ours", "other"]
    assert pairs == [(1, 2), (3, 4)]


def test_a_ratio_is_the_median_of_runs_side_by_side() -> None:
    # The machine was slow in the second pair, for both.
    pairs = [(80.0, 100.0), (8.0, 10.0), (90.0, 100.0)]

    row = compared("steps", pairs, target=0.7, unit="steps/s")

    assert (row.ours, row.other, row.ratio, row.met) == (80.0, 100.0, 0.8, True)


def test_a_miss_is_told() -> None:
    assert not a_rate(69, 100).met
    assert a_rate(70, 100).met
    assert cells(a_rate(69, 100))[-1] == "NO"


def test_a_time_should_be_at_most_its_target() -> None:
    quick = alone("replay", [0.8, 0.9, 1.4], target=1.0, unit="ms", at_most=True)
    slow = alone("replay", [1.1], target=1.0, unit="ms", at_most=True)

    assert (quick.ours, quick.met, slow.met) == (0.9, True, False)
    assert cells(quick)[2:6] == ("0.9", "", "", "≤ 1")


def test_figures_are_told_in_three_digits() -> None:
    row = compared("append", [(18612.4, 1570.2)], target=6, unit="commands/s")

    assert cells(row) == ("append", "commands/s", "18,612", "1,570", "11.85", "≥ 6×", "yes")


def test_the_table_is_printed_with_the_machine_and_the_notes() -> None:
    page = io.StringIO()
    row = alone("replay", [0.5], target=1.0, unit="ms", at_most=True, note="nothing in memory")

    show(Console(file=page, width=120), [row, a_rate(1, 10)], {"cpu": "a fast one"})

    text = page.getvalue()
    assert "cpu a fast one" in text
    assert "replay: nothing in memory" in text
    assert "1 of 2 targets met" in text


def test_the_machine_tells_its_versions() -> None:
    told = machine("18.4")

    assert told["postgresql"] == "18.4"
    assert all(told.values())


def test_the_figures_are_kept_for_programs_and_for_readers(tmp_path: Path) -> None:
    data, page = write(tmp_path / "var", [a_rate(80, 100)], {"cpu": "a fast one"})

    kept = json.loads(data.read_text("utf-8"))
    assert kept["machine"] == {"cpu": "a fast one"}
    assert (kept["rows"][0]["what"], kept["rows"][0]["ratio"]) == ("steps", 0.8)
    assert "|steps|steps/s|80|100|0.80|≥ 0.7×|yes|" in page.read_text("utf-8")
