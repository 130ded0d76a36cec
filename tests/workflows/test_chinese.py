"""Each sentence has one Chinese, whichever table is asked first."""

import json

from workflows.chinese import LOCALE, TABLES


def test_no_sentence_stands_in_two_places() -> None:
    patterns = [
        pattern
        for table in TABLES
        for pattern, _ in json.loads((LOCALE / f"{table}.json").read_text("utf-8"))
    ]
    assert len(patterns) > 200
    assert {one for one in patterns if patterns.count(one) > 1} == set()
