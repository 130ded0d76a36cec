"""What a line promises, as its page tells it: its specifications, and whether they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from web import specifications
from web.words import Words


@dataclass(frozen=True, slots=True)
class Promise:
    """A specification as it is told. failed: titles of scenarios. outcome: how it last ended, as
    a tag: done, late, or hold where it did not run here, or only in part."""

    name: str
    rules: Sequence[str]
    shared: bool
    outcome: str
    told: str
    failed: Sequence[str]


def promises(line: str, words: Words) -> list[Promise]:
    """Those of the line of that Chinese name, then those of all lines."""
    known = specifications.runs(specifications.RESULTS)
    return [_promise(one, known, words) for one in specifications.governing(line)]


def _promise(
    one: specifications.Specification, known: Mapping[str, specifications.Run], words: Words
) -> Promise:
    run = specifications.last_run(one, known)
    failed = run.failed if run else ()
    if run is None:
        outcome, told = (
            "hold",
            words("specification.changed" if one.path in known else "specification.none"),
        )
    else:
        outcome = "late" if failed else "done" if len(run.passed) == len(one.scenarios) else "hold"
        told = words(
            f"specification.{outcome}",
            passed=len(run.passed),
            failed=len(failed),
            count=len(one.scenarios),
            at=words.moment(run.at),
        )
    return Promise(one.name, one.rules, one.shared, outcome, told, failed)
