"""Soundness per matter: each check is seen to fail on a line that is wrong in one place."""

from pathlib import Path

import pytest

from domain.errors import LineInvalid
from tests.workflows.small import SHARED, SMALL, faults, line_of, small
from workflows.chinese import in_chinese
from workflows.loading import COMMON, FOLDER, line_files, load, read
from workflows.soundness import faults_of

LOST = """\
  - id: S7
    from: repairing
    to: lost
    action: lose
    label: {zh: 遗失, en: Lose}
    by: [CW]
    matters: [ZA02]
"""

# Written instead, a text of the line that is told, what is wrong, a part of what to write.
UNSOUND = [
    (
        "  waiting: {zh",
        "  idle: {zh: 闲置, en: Idle}\n  waiting: {zh",
        "  idle: {",
        "no affair can come to `idle`",
        "to: idle",
    ),
    (
        "transitions:\n",
        f"transitions:\n{LOST}",
        "    to: lost",
        "no state `lost`",
        "write",
    ),
    (
        "  - id: S6",
        (
            "  - id: S7\n    from: waiting\n    to: repairing\n    action: go_on\n"
            "    label: {zh: 到料, en: Go on}\n    by: [CD]\n    matters: [ZA02]\n  - id: S6"
        ),
        "    action: go_on",
        "S6 and S7 are both `go_on` from `waiting` for ZA02",
        "another `action`",
    ),
    (
        "      - matter_in: [ZA02]",
        "      - matter_in: [ZA01, ZA02]",
        "    action: order",
        "S2 and S1 are both `order` from `registered` for ZA01",
        "matters",
    ),
    (
        "accepted_on: [S1, S2]",
        "accepted_on: [S1]",
        "  ZA02:",
        "no step accepts an affair of ZA02",
        "accepted_on",
    ),
    (
        "    from: waiting\n    to: repairing",
        (
            "    from: waiting\n    to: repairing\n"
            "    when: [all_of: [matter_in: [ZA01], not: {matter_in: [ZA01]}]]"
        ),
        "    from: waiting\n    to: repairing",
        "S6 can be taken for no matter",
        "leave the step out",
    ),
    (
        '    retention: "30"',
        '    retention: "30"\n    redo: nowhere',
        "    redo: nowhere",
        "no state `nowhere`",
        "write",
    ),
    (
        "redo:\n  - to: repairing",
        "redo:\n  - to: archived",
        "  - to: archived",
        "no state `archived` of its own",
        "repairing",
    ),
    (
        "timers:\n  - {clock: parts, fires: S5, record: {reason: 到期}}\n",
        "",
        "  - name: parts",
        "timer `parts` fires nothing",
        "timers: [{clock: parts",
    ),
    (
        "fires: S5, record: {reason: 到期}",
        "fires: none, record: {reason: 到期}",
        "{clock: parts",
        "timer `parts` fires nothing",
        "leave `record` out",
    ),
    (
        "clock: parts, fires: S5",
        "clock: whole, fires: S5",
        "{clock: whole",
        "clock `whole` is total, not a timer",
        "kind: timer",
    ),
    (
        "fires: S5, record: {reason: 到期}",
        "fires: S6",
        "{clock: parts",
        "S6 is not taken by the system",
        "SYS",
    ),
    (
        "runs_in: [waiting]",
        "runs_in: [waiting, repairing]",
        "{clock: parts",
        "timer `parts` has no way out: S5 is not open in `repairing`",
        "`from` of S5",
    ),
    (
        "runs_in: [waiting]",
        'starts_on: [S4, "state:registered"]',
        "{clock: parts",
        "timer `parts` has no way out: S5 is not open in `registered`",
        "`from` of S5",
    ),
    (
        "    to: terminated",
        "    to: terminated\n    matters: [ZA01]",
        "{clock: parts",
        "timer `parts` has no way out for ZA02: S5 is not for it",
        "ZA02 in the `matters`",
    ),
    (
        "record: {reason: 到期}",
        "record: {}",
        "{clock: parts",
        "timer `parts`: S5 needs reason",
        "record: {reason",
    ),
    (
        "record: {reason: 到期}",
        "record: {reason: 到期, cost: 3}",
        "{clock: parts",
        "timer `parts`: S5: cost: not asked for",
        "record: {cost",
    ),
    (
        '    matters: [ZA01]\n    starts_on: ["question:appraisal"]',
        '    starts_on: ["question:appraisal"]',
        "    limits:",
        "clock `means` has no limit for ZA02",
        "matters: [ZA02]",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "where", "wrong", "remedy"), UNSOUND, ids=range(len(UNSOUND))
)
def test_an_unsound_line_is_refused(
    old: str, new: str, where: str, wrong: str, remedy: str
) -> None:
    found = faults(old, new)
    assert all(in_chinese(told) != told for fault in found for told in fault[2:]), found

    fitting = [fault for fault in found if fault[2] == wrong]
    assert fitting, found
    file, line, _, told = fitting[0]
    assert file == "ZA.yaml"
    assert remedy in told
    before, _, _ = SMALL.replace(old, new, 1).rpartition(where)
    assert line == before.count("\n") + 1


def test_a_dead_end_for_one_matter_is_refused() -> None:
    found = LOST.replace("S7", "S8").replace("from: repairing", "from: lost")
    found = found.replace("to: lost", "to: repairing").replace("action: lose", "action: find")
    text = SMALL.replace("  waiting: {zh", "  lost: {zh: 遗失, en: Lost}\n  waiting: {zh", 1)

    # Both matters come to `lost`, and it leads on for one of them alone.
    text += LOST.replace("[ZA02]", "[ZA01, ZA02]") + found.replace("[ZA02]", "[ZA01]")
    with pytest.raises(LineInvalid) as refused:
        read(text, "ZA.yaml", SHARED)

    assert refused.value.faults == (
        (
            "ZA.yaml",
            line_of("  waiting: {"),
            "from `lost` an affair of ZA02 cannot come to an end",
            "write a step from `lost` that leads on, for ZA02",
        ),
    )


def test_withdrawal_and_termination_do_not_make_a_line_sound() -> None:
    endless = SMALL.replace("to: terminated", "to: repairing").replace(
        "to: resolved", "to: waiting"
    )

    with pytest.raises(LineInvalid) as refused:
        read(endless, "ZA.yaml", SHARED)

    stuck = {wrong for _, _, wrong, _ in refused.value.faults}
    assert {
        f"from `{state}` an affair of {matter} cannot come to an end"
        for state in ("registered", "repairing", "waiting")
        for matter in ("ZA01", "ZA02")
    } <= stuck


def test_what_is_resolved_must_lead_on() -> None:
    stuck = SHARED.replace("    to: closed\n", "    to: resolved\n")

    with pytest.raises(LineInvalid) as refused:
        small("to: terminated", "to: repairing", common=stuck)

    told = {(file, wrong) for file, _, wrong, _ in refused.value.faults}
    assert (COMMON, "from `resolved` an affair of ZA01 cannot come to an end") in told


@pytest.mark.parametrize("path", line_files(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_the_shipped_lines_are_sound(path: Path) -> None:
    assert list(faults_of(load(path))) == []


# A guard, what is wrong with it, what to write.
NEVER = [
    ("field_is: {grade: urgnt}", "guard field_is: `grade` is never `urgnt`", "write `urgent`"),
    ("not: {field_is: {grade: [urgent, usuall]}}", "never `usuall`", "write `usual`"),
    ("any_of: [field_is: {grade: xx}, accepted]", "never `xx`", "write one of urgent, usual"),
    ("entries_at_least: {entry: hazard, where: {grade: urgnt}, count: 1}", "`urgnt`", "`urgent`"),
    ("field_is: {rating: ['6']}", "`rating` is never `6`", "write one of 5, 4"),
    ("field_true: grade", "`grade` is never `yes`", "write one of urgent, usual"),
    ("finding_is: rework", "guard finding_is: `finding` is never `rework`", "write `rework_due`"),
    ("visit_outcome: refuse", "`outcome` is never `refuse`", "write `refused`"),
    ("contact_wish_is: anonymus", "the wish is never `anonymus`", "write `anonymous`"),
    ("contact_wish_is_not: contct", "the wish is never `contct`", "write `contact`"),
    ("rating_at_most: 0", "guard rating_at_most: `rating` is never `0`", "write one of 5"),
    ("rating_at_least: 6", "guard rating_at_least: `rating` is never `6`", "write one of 5"),
    ("entries_fewer_than: {entry: hazard, count: 0}", "a count of 0 decides nothing", "1 or more"),
    ("steps_at_least: {steps: [S1], count: 0}", "a count of 0 decides nothing", "1 or more"),
    ("reopened_fewer_than: 0", "a count of 0 decides nothing", "1 or more"),
    ("contact_attempts: {count: 3, days: 0, bands: 2}", "a count of 0 decides", "1 or more"),
]


@pytest.mark.parametrize(("guard", "wrong", "remedy"), NEVER, ids=[one[0] for one in NEVER])
def test_a_guard_that_waits_for_what_nothing_offers_is_refused(
    guard: str, wrong: str, remedy: str
) -> None:
    written = "not: {actor_is_not: registrar}"

    found = [fault for fault in faults(written, guard) if wrong in fault[2]]

    assert len(found) == 1, faults(written, guard)
    file, line, _, told = found[0]
    assert (file, line) == ("ZA.yaml", line_of(written))
    assert remedy in told


@pytest.mark.parametrize(
    "guard",
    [
        "field_is: {grade: [urgent, usual]}",
        "field_is: {cost: '300.00'}",
        "field_is: {documents_complete: ['yes', 'no'], question: appraisal, clock: whole}",
        "entries_at_least: {entry: hazard, where: {grade: usual}, count: 1}",
        "any_of: [visit_outcome: refused, rating_at_most: 1, contact_wish_is: no_reply]",
        "time_in_state_at_most: {count: 0, unit: d}",
    ],
)
def test_a_guard_that_waits_for_what_is_offered_is_sound(guard: str) -> None:
    assert not faults("not: {actor_is_not: registrar}", guard)


def test_a_line_says_its_law_or_on_what_else_it_stands() -> None:
    law = "law: 山东省物业管理条例 第七十四条\n"

    found = faults(law, "")

    assert [fault[1:3] for fault in found] == [(1, "the line does not say its law")]
    assert not faults(law, "basis: product default\n")
