"""The promise, in Chinese: every scenario of `features/` against a real district on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_bdd import scenario

from tests.builders import lines
from tests.steps import MODULES, coverage, reasons, refusals
from tests.steps.coverage import Told
from web.specifications import folders_of, governing
from workflows.line import Line

pytest_plugins = MODULES

FEATURES = Path(__file__).resolve().parent.parent / "features"


def _bound(path: str, title: str) -> object:
    @scenario(path, title)
    def play() -> None:
        """The steps have said it all."""

    return play


# One test per scenario, named for its feature and its title.
for _feature in coverage.read(FEATURES):
    for _title in _feature.scenarios:
        _name = f"test_{Path(_feature.filename).stem}_{_title}"
        assert _name not in globals(), f"two scenarios are called {_title}"
        globals()[_name] = _bound(_feature.filename, _title)


# --- nothing is left out -----------------------------------------------------------------------


LINES = lines.codes()


@pytest.fixture(scope="module")
def told() -> list[Told]:
    """Every sentence of every feature."""
    return list(coverage.sentences(coverage.read(FEATURES)))


def own(spec: Line) -> Iterator[tuple[str, str]]:
    """What the line itself says can be done: ids, and what they are called."""
    yield from ((step.id, step.label.zh) for step in spec.transitions)
    yield from ((entry.name, entry.label.zh) for entry in spec.entries)


def shared(spec: Line) -> Iterator[tuple[str, str]]:
    """What all lines can do."""
    common = spec.common
    yield from ((step.id, step.label.zh) for step in common.transitions)
    yield from ((one.name, one.label.zh) for one in (*common.entries, *common.actions))


@pytest.mark.parametrize("code", LINES)
def test_every_line_has_a_folder_of_features_of_its_own(code: str) -> None:
    name = lines.of(code)[-1].spec.names.zh

    found = folders_of(name)

    assert len(found) == 1, f"{code}: no folder of features/ is short for {name}, or {found} are"
    assert [one.name for one in governing(name) if not one.shared], f"{found} holds no feature"


@pytest.mark.parametrize("code", LINES)
def test_every_deed_of_a_line_is_done_in_a_feature_of_it(code: str, told: list[Told]) -> None:
    ways = {id_: name for line in lines.of(code) for id_, name in own(line.spec)}

    done = {id_ for line, id_ in coverage.deeds(told) if line == code} & set(ways)

    print(f"{code}: deeds in the features: {len(done)} of {len(ways)}")
    assert {id_: name for id_, name in ways.items() if id_ not in done} == {}


def test_every_deed_of_all_lines_is_done_in_a_feature(told: list[Told]) -> None:
    ways = dict(shared(lines.versions()[0].spec))

    done = {id_ for _, id_ in coverage.deeds(told)} & set(ways)

    print(f"deeds of all lines in the features: {len(done)} of {len(ways)}")
    assert {id_: name for id_, name in ways.items() if id_ not in done} == {}


STATE, CLOCK = "(转入|状态为){}(\n|$)", "(^|\n){}(的期限到|到|不再计时|没有开始)"


@pytest.mark.parametrize("code", LINES)
def test_every_state_and_every_clock_of_a_line_is_expected_in_a_feature_of_it(
    code: str, told: list[Told]
) -> None:
    specs = [line.spec for line in lines.of(code)]
    states = {label.zh for spec in specs for label in spec.states.values()}
    clocks = {clock.label.zh for spec in specs for clock in spec.clocks}

    expected = coverage.used(told, code, states, STATE)
    running = coverage.used(told, code, clocks, CLOCK)

    print(f"{code}: states: {len(expected)} of {len(states)}; clocks: {len(running)}")
    assert states - expected == set()
    assert clocks - running == set()


def test_every_state_and_every_clock_of_all_lines_is_expected_in_a_feature(
    told: list[Told],
) -> None:
    common = lines.versions()[0].spec.common
    states = {label.zh for label in common.states.values()}
    clocks = {clock.label.zh for clock in common.clocks}

    assert states - coverage.used(told, "", states, STATE) == set()
    # The clock that closes without a visit runs for no time at all.
    assert clocks - coverage.used(told, "", clocks, CLOCK) == {"免回访结案"}


def test_every_reason_of_the_office_is_given_in_a_feature(told: list[Told]) -> None:
    def given(code: str) -> set[str]:
        said = (one.text for one in told if code in ("", one.line) and "因为" in one.text)
        return {text.partition("因为")[2] for text in said}

    print(f"reasons: {len(refusals.REASONS)}")
    assert set(refusals.REASONS) - given("") == set()
    for code, own_reasons in reasons.REASONS.items():
        assert set(own_reasons) - given(code) == set(), code


@pytest.mark.parametrize(
    ("sentence", "deeds"),
    [
        ("郑岚于2011年7月25日9:40签收", {"G12"}),
        ("郑岚于2011年7月25日9:40办理签收", {"G12"}),
        ("韩松于2011年7月25日9:40对转办签收", {"sign_in"}),
        ("林晓禾于2011年7月22日16:00记录劝导结果", {"persuasion"}),
        ("林晓禾于2011年7月25日8:40补录2011年7月22日16:00的劝导结果", {"persuasion"}),
        ("经过中有“2011年9月27日0:00系统：恢复”", {"resume"}),
        ("该事项的状态为劝导", set()),
        ("郑岚于2011年7月25日9:40签字", set()),
    ],
)
def test_a_deed_is_seen_where_it_is_done(sentence: str, deeds: set[str]) -> None:
    assert coverage.deeds([Told("CG", sentence)]) == {("CG", id_) for id_ in deeds}
