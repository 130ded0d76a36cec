"""Every limit of every line, counted by hand: none is left out, and each ends where it was
counted to."""

import pytest

from tests.builders import lines
from tests.workflows.limits.counted import cg, dj, js, lb, mz, shared, tj, wt, xf, yl, zz
from tests.workflows.limits.vectors import Vector, cases, of_no_limit, without_a_vector
from workflows.machine import CompiledLine

OF_LINES = {
    "CG": cg,
    "DJ": dj,
    "JS": js,
    "LB": lb,
    "MZ": mz,
    "TJ": tj,
    "WT": wt,
    "XF": xf,
    "YL": yl,
    "ZZ": zz,
}
COUNTED = {code: (*line.VECTORS, *shared.VECTORS) for code, line in OF_LINES.items()}


@pytest.mark.parametrize(
    ("line", "matter", "vector"), [case for code in COUNTED for case in cases(code, COUNTED[code])]
)
def test_a_limit_ends_where_it_was_counted_to(
    line: CompiledLine, matter: str, vector: Vector
) -> None:
    assert vector.found(line, matter) == (vector.warned, vector.due)


def test_no_limit_of_any_line_is_without_a_vector() -> None:
    missing = [
        named for code in lines.codes() for named in without_a_vector(code, COUNTED.get(code, ()))
    ]

    assert not missing, "nobody counted " + "; ".join(missing)


def test_no_vector_is_of_a_limit_that_is_not_there() -> None:
    # CG has every limit that the lines share.
    told = of_no_limit("CG", shared.VECTORS)
    told += [one for code, line in OF_LINES.items() for one in of_no_limit(code, line.VECTORS)]

    assert told == []


def test_a_limit_without_a_vector_is_told_by_name() -> None:
    counted = [one for one in COUNTED["MZ"] if one.limit != "24 h"]

    assert without_a_vector("MZ", counted) == [
        "MZ 2011.1 MZ03 urgent_aid: 24 h",
        "MZ 2021.1 MZ03 urgent_aid: 24 h",
    ]
