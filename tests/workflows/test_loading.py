"""Line files: what is read, and every fault with file, line, what is wrong and what to write."""

import json
import os
import re
import resource
from pathlib import Path

import pytest

from domain.errors import LineInvalid
from tests.workflows.small import SHARED, SMALL, faults, line_of, small, written
from workflows.chinese import in_chinese
from workflows.loading import (
    COMMON,
    FOLDER,
    definition,
    from_definition,
    line_files,
    load,
    load_folder,
    publishable,
    read,
)
from workflows.machine import CompiledLine
from workflows.tree import TOO_LARGE


def is_chinese(english: str) -> bool:
    """Whether there is Chinese for a sentence, in which no word of English is left over."""
    told = re.sub(r"`[^`]*`|«[^»]*»", "", in_chinese(english))
    return told != english and bool(re.search(r"[\u4e00-\u9fff]", told))


def test_every_shipped_line_is_sound() -> None:
    named = [path.stem if path.parent == FOLDER else path.parent.name for path in line_files()]
    assert [line.code for line in load_folder()] == named


@pytest.mark.parametrize("path", line_files(), ids=lambda path: path.stem)
def test_a_definition_says_everything(path: Path) -> None:
    line = load(path)

    text = definition(line)

    assert from_definition(text) == publishable(text) == line
    assert definition(from_definition(text)) == text
    assert list(json.loads(text)["states"]) == list(line.states)
    assert CompiledLine(from_definition(text)).steps.keys() == CompiledLine(line).steps.keys()


def test_words_that_yaml_takes_for_flags_are_texts() -> None:
    action = next(a for a in small().common.actions if a.name == "return_visit")
    solved = next(field for field in action.fields if field.name == "solved")

    assert list(solved.choices) == ["yes", "partly", "no"]


COST = "kind: money, label: {zh: 费用, en: Cost}, max: 1000}"


def sized(kind: str, size: str) -> str:
    """The same of another kind and size."""
    return COST.replace("money", kind).replace("max: 1000", size)


# Written instead, the line, a part of what is wrong, a part of what to write.
# The line is a number, a text that stands in it, or 0 where it is the one that was written.
FAULTS: list[tuple[str, str, int | str, str, str]] = [
    # not YAML
    ("code: ZA", "code: [ZA", 1, "`[` is not closed before line 2", "write `]` where it ends"),
    (
        "en: Small repairs}",
        "en: Small repairs",
        2,
        "`{` is not closed before line 3",
        "write `}` where it ends, and commas",
    ),
    ("accepted_on: [S1, S2]", "accepted_on: [S1, S2,", 0, "`[` is not closed", "write `]`"),
    (
        "accepted_on: [S1, S2]",
        'accepted_on: [\n  "S1"\n  "S2"\n]',
        0,
        "`[` is not closed",
        "commas between its parts",
    ),
    ('version: "2011.1"', 'version: "2011.1', 3, '`"` is not closed', 'write `"` where it ends'),
    ('version: "2011.1"', "version: '2011.1", 3, "`'` is not closed", "write `'` where it ends"),
    ("{zh: 便民维修,", '{zh: "便民维修,', 2, '`"` is not closed', 'write `"` where it ends'),
    ("zh: 水管", "zh: [水管}", 0, "expected ',' or ']'", "write `key: value`"),
    ("zh: 水管", 'zh: "水\\ud800管"', 0, "an escape that is no character", "character itself"),
    ("zh: 水管", '"\\udc00": 水管', 0, "an escape that is no character", "character itself"),
    ("zh: 水管", 'zh: "水\n\n      管\\udfff"', 12, "an escape that is no", "character itself"),
    ("zh: 水管", 'zh: "\\U00110000"', 0, "an escape that is no character", "character itself"),
    ("zh: 水管", 'zh: "\\Uffffffff"', 0, "an escape that is no character", "character itself"),
    ("水管", "水\ud800管", 0, "cannot be read, U+D800", "without that character"),
    ("names: {zh", "names: &n {zh", 0, "", ""),
    ("initial: registered", "initial: *first", 0, "a reference with *", "write the value out"),
    ("states:\n", "\tstates:\n", 0, "not YAML", "spaces, not tabs"),
    ("code: ZA", "code: ZA\n---\ncode: ZB", 2, "not YAML", "one line per file"),
    ("code: ZA", "code: !!python/name:os.system ZA", 1, "the tag", "without a tag"),
    ("code: ZA", "? [a]\n: b\ncode: ZA", 1, "a key that is not a word", "`key: value`"),
    (
        "initial: registered",
        "code: ZA\ninitial: registered",
        0,
        "`code` stands twice",
        "first is in line 1",
    ),
    ("{zh: 便民维修,", '{zh: "便民\\0维修",', 2, "a sign that nobody sees", "control characters"),
    (
        "{zh: 便民维修,",
        '{zh: "便民\\u202e维修",',
        2,
        "a sign that nobody sees",
        "control characters",
    ),
    (
        "{zh: 便民维修,",
        '{zh: "便民\\u200b维修",',
        2,
        "a sign that nobody sees",
        "control characters",
    ),
    ("水管", "水\x07管", 0, "cannot be read, U+0007", "without that character"),
    # wrong shapes
    ('version: "2011.1"', "version: 2011.1", 3, "`version` is a number", '"2011.1"'),
    (
        "names: {zh: 便民维修, en: Small repairs}",
        "names: {zh: 便民维修}",
        2,
        "`en` is missing",
        "English",
    ),
    ("initial:", "inital:", 0, "unknown key `inital`", "`initial`"),
    (
        "    return_visit: required\n",
        "",
        "  ZA01:",
        "`return_visit` is missing",
        "`return_visit: …`",
    ),
    (
        "return_visit: required",
        "return_visit: maybe",
        0,
        "unknown return_visit `maybe`",
        "required, exempt",
    ),
    ('retention: "10"', "retention: 10", 0, "unknown retention `10`", "10, 30, permanent"),
    ("2011-07-01", "July", 4, "`from` is no date", "2011-07-01"),
    ("by: [CW]", "by: [CWW]", 0, "unknown by `CWW`", "`CW`"),
    ("by: [CW]", "by: []", 0, "`by` is empty", "`by: [CW, CD]`"),
    ("count: 10", "count: 4001", 0, "`count` is 4001", "write 4000 or less"),
    ("count: 10", f"count: {'9' * 5_000}", 0, "a number of 5000 digits", "at most 15 digits"),
    ("count: 10", "count: 1.5", 0, "`count` is no whole number", "`count: 3`"),
    ("count: 10", "count: true", 0, "`count` is no whole number", "`count: 3`"),
    ("count: 10", "count: !!int ten", 0, "the tag tag:yaml.org,2002:int", "without a tag"),
    ("count: 10", "count: !many 10", 0, "the tag !many", "without a tag"),
    ("limit: {count: 10", "limit: !limit {count: 10", 0, "the tag !limit", "without a tag"),
    ("by: [CW]", "by: !!set {CW}", 0, "the tag tag:yaml.org,2002:set", "without a tag"),
    ("zh: 便民维修,", 'zh: "",', 2, "`zh` is empty", "zh: 中文名称"),
    ("zh: 便民维修,", f"zh: {'长' * 4_001},", 2, "`zh` has 4001 characters", "at most 4000"),
    ("zh: 便民维修,", "zh: [a],", 2, "`zh` is no text", "zh: 中文名称"),
    ("zh: 便民维修,", "zh: ,", 2, "`zh` is no text", "zh: 中文名称"),
    ("return_visit: exempt", "return_visit: exempt\n    restricted: 1", 0, "neither true", "true"),
    (
        "- not: {actor_is_not: registrar}",
        "- steps_at_least: {steps: S1, count: -1}",
        0,
        "guard steps_at_least: `count` is -1",
        "`steps_at_least: {steps: [G6], count: 1}`",
    ),
    (
        "- not: {actor_is_not: registrar}",
        "- steps_at_least: {steps: S1, cuont: 1}",
        0,
        "guard steps_at_least: `count` is missing",
        "count: 1",
    ),
    (
        "- not: {actor_is_not: registrar}",
        "- matter_in: {ZA01: 1}",
        0,
        "guard matter_in: `matter_in`",
        "`matter_in: [CG01, CG04]`",
    ),
    (
        "- not: {actor_is_not: registrar}",
        "- not: {actor_is_not: registrar}\n        told: {zh: 请他人办理}",
        0,
        "`told` has the wrong shape",
        "`told: {zh: …, en: …}`",
    ),
    ("count: 10, unit: wd", "count: 10", 0, "`unit` is missing", "working days"),
    ("unit: wd", "unit: weeks", 0, "unknown unit `weeks`", "wd, d, wh, h"),
    ("count: 10", "count: ten", 0, "`count`", "count"),
    ("count: 10", "count: -1", 0, "`count` is -1", "write 0 or more"),
    ("kind: total", "kind: totally", 0, "unknown kind `totally`", "`total`"),
    ("kind: money", "kind: cash", 0, "unknown kind `cash`", "text, note"),
    ("id: S4", "id: step four", 0, "`id` is `step four`", "such as `G8`"),
    ("code: ZA", "code: Za", 0, "`code` is `Za`", "two capital letters"),
    (
        'version: "2011.1"',
        "version: 2.0 beta!",
        0,
        "`version` is `2.0 beta!`",
        "a letter or a digit",
    ),
    ("name: cost", "name: Cost", 0, "`name` is `Cost`", "a small letter"),
    ("redo:\n  - to: repairing", "redo: repairing", 0, "`redo` has the wrong shape", "a list"),
    ("department:", "department: 街道\nnothing:", 5, "`department` has the wrong shape", "keys"),
    ("to: resolved", "to: resolved\n    wen: []", 0, "unknown key `wen`", "`when`"),
    ("code: ZA", "code: ZA\ncommon: {}", 2, "unknown key `common`", COMMON),
    # names
    ("initial: registered", "initial: registerd", 0, "no state `registerd`", "`registered`"),
    (
        "to: repairing\n    action: order",
        "to: repairng\n    action: order",
        0,
        "no state `repairng`",
        "`repairing`",
    ),
    (
        "from: waiting\n    to: terminated",
        "from: wait\n    to: terminated",
        0,
        "no state `wait`",
        "`waiting`",
    ),
    ("accepted_on: [S1, S2]", "accepted_on: [S1, S2, S9]", 0, "no step `S9`", "write"),
    ("clock_stop_on: {ZA01", "clock_stop_on: {ZA03", 0, "no matter `ZA03`", "`ZA0"),
    ("line_limit: whole", "line_limit: hole", 0, "no clock `hole`", "`whole`"),
    (
        "suspendable: [waiting]",
        "suspendable: [resolved]",
        0,
        "no state `resolved` of its own",
        "waiting",
    ),
    ("  ZA02:", "  ZB02:", 0, "matter `ZB02` of line ZA", "ZA01"),
    ("  waiting: {", "  closed: {", 0, "state `closed` is a word of all lines", "another"),
    ("to: 2020-12-31", "to: 2010-12-31", 4, "ends before it begins", "2011-07-01"),
    ("starts_on: [accepted]", "starts_on: [acepted]", 0, "no happening `acepted`", "`accepted`"),
    ("starts_on: [accepted]", "starts_on: [remind]", 0, "no happening `remind`", "write"),
    (
        "starts_on: [accepted]",
        "stops_on: [accepted]",
        "- name: whole",
        "clock `whole` never starts",
        "runs_in",
    ),
    (
        "    limit: {count: 10, unit: wd}\n",
        "",
        "- name: whole",
        "clock `whole` has no limit",
        "limit",
    ),
    ("limit: {count: 10, unit: wd}", "due_field: cost", 0, "`cost` is no date", "new_due"),
    (
        "- not: {actor_is_not: registrar}",
        "- actor_isnt: registrar",
        0,
        "no guard actor_isnt",
        "`actor_is_not`",
    ),
    (
        "- not: {actor_is_not: registrar}",
        "- not: {actor_isnt: registrar}",
        0,
        "no guard actor_isnt",
        "write",
    ),
    ("- not: {actor_is_not: registrar}", "- step_taken: [S8]", 0, "no step `S8`", "`S"),
    (
        "- not: {actor_is_not: registrar}",
        "- steps_at_least: {steps: S1}",
        0,
        "guard steps_at_least",
        "count: 1",
    ),
    ("- not: {actor_is_not: registrar}", "- field_true: costs", 0, "no field `costs`", "`cost`"),
    (
        "- not: {actor_is_not: registrar}",
        "- entries_at_least: {entry: hazzard, count: 1}",
        0,
        "no entry `hazzard`",
        "`hazard`",
    ),
    (
        "- not: {actor_is_not: registrar}",
        "- entries_at_least: {entry: hazard, count: 1, where: {grad: urgent}}",
        0,
        "no field of an entry `hazard.grad`",
        "`hazard.grade`",
    ),
    (
        "- not: {actor_is_not: registrar}",
        "- answer_received: apraisal",
        0,
        "no question `apraisal`",
        "`appraisal`",
    ),
    ("- not: {actor_is_not: registrar}", "- clock_running: hole", 0, "no clock `hole`", "`whole`"),
    ("- not: {actor_is_not: registrar}", "- actor_role_is: [XX]", 0, "no role `XX`", "CW"),
    ("- not: {actor_is_not: registrar}", "- matter_in: [ZA09]", 0, "no matter `ZA09`", "ZA0"),
    (
        "redo:\n  - to: repairing",
        "redo:\n  - to: repairing\n    when: [redo_possible]",
        0,
        "cannot be asked here",
        "write",
    ),
    (
        "suspendable:",
        "suspends_when: [field_is: {cause: boredom}]\nsuspendable:",
        0,
        "boredom",
        "appraisal",
    ),
    (
        "suspendable:",
        "withdrawal_barred: [withdrawal_open]\nsuspendable:",
        0,
        "cannot be asked here",
        "write",
    ),
    (
        "redo:\n  - to: repairing",
        "redo:\n  - to: repairing\n    when: [notice_days_passed: 7]",
        0,
        "asks the time",
        "write",
    ),
    (
        "runs_in: [waiting]",
        "runs_in: [registered]\n    when: [step_taken: S1]",
        0,
        "cannot be asked here",
        "write",
    ),
    ("copy: {grade: grade}", "copy: {grade: grad}", 0, "no field `grad`", "`grade`"),
    (
        "      line: ZZ\n      matter: ZZ01\n",
        "      matter_from: grad\n",
        0,
        "no field `grad`",
        "`grade`",
    ),
    ("      line: ZZ\n", "", "    make:", "`line` is missing", "register"),
    ("name: child_ended}", "summary: {zh: 一, en: One}}", 0, "`name` is missing", "entry"),
    (
        "on: [entry:hazard]",
        "on: [entry:hazzard]",
        0,
        "no happening `entry:hazzard`",
        "`entry:hazard`",
    ),
    # what the system may not carry out
    (
        "{command: entry, name: child_ended}",
        "{command: entry, name: hazard, record: {grade: urgent}}",
        0,
        "`hazard` is not done by the system",
        "SYS",
    ),
    (
        "{command: entry, name: child_ended}",
        "{command: action, name: remind}",
        0,
        "`remind` is not done by the system",
        "SYS",
    ),
    (
        "{command: entry, name: child_ended}",
        "{command: action, name: remember}",
        0,
        "no action `remember`",
        "write",
    ),
    (
        "{command: entry, name: child_ended}",
        "{command: action, name: resume, record: {clock: whole}}",
        0,
        "`clock` is not asked for",
        "reason",
    ),
    (
        "{command: entry, name: child_ended}",
        "{command: action, name: escalate, record: {unit: x}}",
        0,
        "`reason` is not recorded",
        "record",
    ),
    ("line: ZZ\n      matter: ZZ01", "line: ZA\n      matter: ZA09", 0, "no matter `ZA09`", "`ZA0"),
    ("line: ZZ", "line: ZB", "matter: ZZ01", "matter `ZZ01` of line ZB", "ZB01"),
    (
        "line: ZZ\n      matter: ZZ01",
        "line: ZA\n      matter: ZA01",
        "record: {source_line",
        "`source_line` is not asked for",
        "write one of filed_on_behalf, behalf_ground",
    ),
    # what a clock cannot be
    (
        "limit: {count: 10, unit: wd}",
        "limit: {count: 10, unit: wd}\n    less_suspended: true",
        0,
        "no days to take suspended ones off",
        "unit: d",
    ),
    (
        "limit: {count: 10, unit: wd}",
        "until: {month: 6, day: 31, years: 1, warn: 10}",
        0,
        "no 31 in month 6",
        "each year",
    ),
    (
        "limit: {count: 10, unit: wd}",
        "limit: {count: 10, unit: wd}\n    until: {month: 6, day: 30, years: 1, warn: 10}",
        0,
        "has a limit too",
        "one of them",
    ),
    ("action: give_up", "action: give_up\n    marks: [accepted]", 0, "marks itself", "accepted_on"),
    (
        "return_visit: exempt\n",
        "return_visit: exempt\n    fields: [{name: address, kind: note, label: {zh: 址, en: A}}]\n",
        0,
        "`address` is asked of every registration",
        "another name",
    ),
    ("timers:\n", "timers:\n  - {clock: part, fires: S5}\n", 0, "no clock `part`", "`parts`"),
    ("fires: S5", "fires: S55", 0, "no step or action `S55`", "`S5`"),
    # used where they cannot stand, or twice
    ("id: S6", "id: X6", 0, "X is for steps of all lines", "another letter"),
    ("id: S6", "id: S5", 0, "id `S5` is used twice", "another"),
    ("  - name: means", "  - name: referral", 0, "name `referral` is used twice", "another"),
    ("  - name: hazard", "  - name: supplement", 0, "name `supplement` is used twice", "another"),
    (
        "from: waiting\n    to: terminated",
        "from: archived\n    to: terminated",
        0,
        "a step out of `archived`",
        "stays so",
    ),
    (
        "from: waiting\n    to: terminated",
        "from: resolved\n    to: terminated",
        0,
        "a line's step out of `resolved`",
        "registered",
    ),
    ("to: terminated", "to: closed", 0, "only steps of all lines lead to `closed`", "resolved"),
    ("to: terminated", "to: redo", 0, "no state `redo`", "write"),
    (
        "action: give_up",
        "action: give_up\n    kind: archive",
        0,
        "a line's step of kind archive",
        "step",
    ),
    ("max: 1000}", "max: 1000, min: 2000}", 0, "1000 is less than 2000", "2000"),
    # what nobody could fill in
    (COST, COST.replace("1000", "-1"), 0, "-1 is less than 0", "0 or more"),
    (COST, sized("text", "max: 0"), 0, "0 is less than 1", "1 or more"),
    (COST, sized("note", "min: 4001"), 0, "4000 is less than 4001", "4000 or less"),
    (COST, sized("note", "min: 4001, max: 5000"), 0, "4000 is less than 4001", "4000 or less"),
    (COST, sized("photos", "max: -1"), 0, "-1 is less than 1", "1 or more"),
    (COST, sized("units", "min: 51"), 0, "50 is less than 51", "50 or less"),
    ("kind: money", "kind: choice", 0, "`cost` is choice", "choices"),
    ("kind: money", "kind: note", 0, "", ""),
    (
        "name: cost, kind: money",
        "name: grade, kind: money",
        "kind: choice",
        "elsewhere",
        "one kind",
    ),
    ("max: 1000}", "past: true}", 0, "`cost` is no instant", "kind: instant"),
    ("max: 1000}", "from_today: true}", 0, "`cost` is no date", "kind: date"),
    ("kind: money", "kind: flag", 0, "`cost` has no size", "min and max"),
    (
        "max: 1000}",
        "max: 1000}\n      - {name: cost, kind: money, label: {zh: 费用, en: Cost}}",
        0,
        "`cost` is asked for twice",
        "once",
    ),
]
SOUND = [
    ("names: {zh", "names: &n {zh"),
    ("kind: money", "kind: note"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "wrong", "remedy"),
    [case for case in FAULTS if case[:2] not in SOUND],
    ids=range(len(FAULTS) - len(SOUND)),
)
def test_a_fault_is_told_with_its_line_and_remedy(
    old: str, new: str, line: int | str, wrong: str, remedy: str
) -> None:
    found = faults(old, new)
    assert all(is_chinese(wrong) and is_chinese(remedy) for _, _, wrong, remedy in found), found

    assert found, "nothing was found"
    fitting = [f for f in found if wrong in f[2] and remedy in f"{f[3]} {f[2]}"]
    assert fitting, found
    file, at, _, told = fitting[0]
    first = line_of(old)
    assert file == "ZA.yaml"
    if isinstance(line, str):
        assert at == line_of(line)
    else:
        assert at == line if line else first <= at <= first + new.count("\n")
    assert told.startswith(("write", "leave"))


def test_whatever_is_not_closed_is_told_where_it_opens() -> None:
    quoted = [at for at, sign in enumerate(SMALL) if sign == '"']
    closers = [at for at, sign in enumerate(SMALL) if sign in "]}"] + quoted[1::2]

    for at in closers:
        with pytest.raises(LineInvalid) as refused:
            read(SMALL[:at] + SMALL[at + 1 :], "ZA.yaml", SHARED)

        ((file, line, _, _),) = refused.value.faults
        assert (file, line) == ("ZA.yaml", SMALL.count("\n", 0, at) + 1)


def test_a_text_in_quotes_that_is_never_closed_is_told_where_it_opens() -> None:
    with pytest.raises(LineInvalid) as refused:
        read(f'{SMALL}law: "山东省物业管理条例\n', "ZA.yaml", SHARED)

    assert refused.value.faults[0][1] == SMALL.count("\n") + 1


def test_a_pair_of_escapes_is_the_character_that_it_writes() -> None:
    assert small("zh: 水管", 'zh: "\\ud842\\udfb7"').matters["ZA01"].zh == "𠮷"


@pytest.mark.parametrize(("old", "new"), SOUND)
def test_what_only_looks_wrong_is_read(old: str, new: str) -> None:
    assert small(old, new).code == "ZA"


def test_all_faults_are_told_at_once() -> None:
    text = SMALL.replace("initial: registered", "initial: nowhere").replace(
        "to: resolved", "to: solved"
    )

    with pytest.raises(LineInvalid) as refused:
        read(text, "ZA.yaml", SHARED)

    told = {(line, wrong) for _, line, wrong, _ in refused.value.faults}
    assert told == {
        (line_of("initial:"), "no state `nowhere`"),
        (line_of("to: resolved"), "no state `solved`"),
    }


def test_a_fault_of_the_common_rules_is_told_with_their_file() -> None:
    wrong = SHARED.replace("- rating_at_least: 3", "- rating_at_lest: 3")

    with pytest.raises(LineInvalid) as refused:
        small(common=wrong)

    ((file, line, what, remedy),) = refused.value.faults
    assert (file, what, remedy) == (COMMON, "no guard rating_at_lest", "write `rating_at_least`")
    assert wrong.splitlines()[line - 1].strip() == "- rating_at_lest: 3"


def test_an_escape_of_the_common_rules_that_is_no_character_is_told_with_their_file() -> None:
    wrong = SHARED.replace("zh: 已结案", 'zh: "\\ud800"')

    with pytest.raises(LineInvalid) as refused:
        small(common=wrong)

    ((file, line, _, _),) = refused.value.faults
    assert file == COMMON
    assert "ud800" in wrong.splitlines()[line - 1]


def test_the_common_rules_hold_every_action_and_state() -> None:
    less = SHARED.replace("  - name: remind\n", "  - name: remember\n")
    less = less.replace("  withdrawn: {zh: 已撤回, en: Withdrawn}\n", "")

    with pytest.raises(LineInvalid) as refused:
        small(common=less)

    wrong = {what for _, _, what, _ in refused.value.faults}
    assert {"no action `remember`", "action `remind` is missing"} <= wrong
    assert "state `withdrawn` is missing" in wrong


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(SMALL.replace("水管", "\udcff").encode("utf-8", "surrogateescape"))
    for missing in (path, tmp_path / "none.yaml"):
        with pytest.raises(LineInvalid) as refused:
            load(missing)

        ((file, line, _, remedy),) = refused.value.faults
        assert file == str(missing)
        assert line == (line_of("水管") if missing == path else 0)
        assert remedy.startswith("write")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just a text",
        "- a\n- list",
        "[" * 5_000,
        "a: " * 3,
        "code: ZA\n" * 200_000,
        "a: &a [*a]",
    ],
    ids=range(7),
)
def test_what_is_no_line_at_all_is_refused(text: str) -> None:
    with pytest.raises(LineInvalid) as refused:
        read(text, "ZA.yaml", SHARED)

    assert all(file == "ZA.yaml" and remedy for file, _, _, remedy in refused.value.faults)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a system without /dev/zero")
def test_of_a_file_without_end_no_more_is_read_than_can_be_a_line_file(tmp_path: Path) -> None:
    endless = tmp_path / "endless.yaml"
    endless.symlink_to("/dev/zero")
    most = resource.getrlimit(resource.RLIMIT_AS)
    # Important: a bound, or a reader without one takes the memory of the machine.
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, most[1]))
    try:
        with pytest.raises(LineInvalid) as refused:
            load(endless)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, most)

    assert list(refused.value.faults) == [(str(endless), 1, *TOO_LARGE)]


def test_pipes_in_a_folder_are_no_line_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    (tmp_path / "za.yaml").touch()

    assert [path.name for path in line_files(tmp_path)] == ["gone.yaml", "za.yaml"]


def test_a_folder_is_read_with_the_folders_in_it(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "ZB").mkdir()
    second = SMALL.replace("ZA0", "ZB0").replace("code: ZA", "code: ZB")
    (tmp_path / "ZB" / "2011.yaml").write_text(second, "utf-8")

    assert [line.code for line in load_folder(tmp_path)] == ["ZA", "ZB"]
    (tmp_path / "ZC.yaml").write_text("code: ZC", "utf-8")
    with pytest.raises(LineInvalid) as refused:
        load_folder(tmp_path)
    assert {file for file, _, _, _ in refused.value.faults} == {str(tmp_path / "ZC.yaml")}


def test_a_definition_that_is_not_one_is_refused() -> None:
    text = definition(small())

    for wrong in ("", "{}", text.replace('"kind":"total"', '"kind":"sum"'), text[:-1]):
        with pytest.raises(LineInvalid) as refused:
            from_definition(wrong)
        assert refused.value.faults[0][0] == "definition"
    with pytest.raises(LineInvalid, match=r"initial: no state `nowhere`"):
        publishable(text.replace('"initial":"registered"', '"initial":"nowhere"'))
    with pytest.raises(LineInvalid, match="no guard not_a_guard"):
        CompiledLine(from_definition(text.replace('"not":', '"not_a_guard":')))


def test_the_common_rules_beside_a_file_go_before_the_shipped_ones(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / COMMON).write_text(SHARED.replace("zh: 已结案", "zh: 结案了"), "utf-8")

    assert load(path).common.states["closed"].zh == "结案了"
    assert load(path, FOLDER / COMMON).common.states["closed"].zh == "已结案"
