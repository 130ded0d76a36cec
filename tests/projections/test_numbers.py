"""The running numbers that intake goes on from."""

from __future__ import annotations

from projections.numbers import numbers
from tests.projections.histories import Log
from tests.projections.memory import Memory


def last_numbers(*given: str) -> dict[str, int]:
    log = Log()
    for number in given:
        log.affair(number)
    return {series: row.last for (series,), row in Memory(numbers, log.recorded).rows.items()}


def test_each_line_and_year_counts_by_itself() -> None:
    assert last_numbers("CG-2011-0001", "CG-2011-0002", "CG-2012-0001", "MZ-2011-0001") == {
        "CG-2011": 2,
        "CG-2012": 1,
        "MZ-2011": 1,
    }


def test_an_older_number_brought_in_later_takes_nothing_back() -> None:
    assert last_numbers("CG-2011-0083", "CG-2011-0007") == {"CG-2011": 83}


def test_a_number_beyond_four_digits_goes_on() -> None:
    assert last_numbers("CG-2011-9999", "CG-2011-10000") == {"CG-2011": 10000}


def test_a_number_of_another_shape_belongs_to_no_series() -> None:
    assert last_numbers("0083", "CG-2011-A7", "CG-2011-８３", "") == {}
