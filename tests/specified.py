"""How the scenarios of `features/` ended, written down for the pages of the procedures."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from web.specifications import FEATURES, Run, digest, runs

SCENARIO = "scenario"
"""The property of a test that plays one: its feature's path and its title."""


def told(reports: Iterable[tuple[str, str, bool]], results: Path, at: datetime) -> None:
    """Write down what ran: of each scenario the feature, the title, whether it passed.

    One with examples passed where all of them did. Of a feature that ran in part, the others
    stand as they ended before, if its text is the same.
    """
    ended: dict[str, dict[str, bool]] = defaultdict(dict)
    for path, title, passed in reports:
        ended[path][title] = ended[path].get(title, True) and passed
    if not ended:
        return
    known = {path: run for path, run in runs(results).items() if (FEATURES / path).is_file()}
    for path, scenarios in ended.items():
        sha256 = digest(FEATURES / path)
        before = known.get(path)
        held: dict[str, bool] = {}
        if before is not None and before.sha256 == sha256:
            held |= dict.fromkeys(before.passed, True) | dict.fromkeys(before.failed, False)
        held |= scenarios
        known[path] = Run(
            sha256=sha256,
            at=at,
            passed=tuple(title for title, good in held.items() if good),
            failed=tuple(title for title, good in held.items() if not good),
        )
    fresh = results.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(known)))
    fresh.replace(results)
