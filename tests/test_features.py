"""The promise, in Chinese: every scenario of `features/` against a real district on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_bdd import scenario

from tests.steps import MODULES, coverage, labels, refusals

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


@pytest.fixture(scope="module")
def told() -> list[str]:
    """Every sentence of every feature."""
    return list(coverage.sentences(coverage.read(FEATURES)))


def test_every_deed_of_the_line_is_done_in_a_feature(told: list[str]) -> None:
    ways = {**labels.line().steps, **labels.line().entries, **labels.line().actions}

    done = coverage.deeds(told)

    print(f"deeds in the features: {len(done)} of {len(ways)}")
    assert {id_: way.spec.label.zh for id_, way in ways.items() if id_ not in done} == {}


def test_every_state_and_every_clock_of_the_line_is_expected_in_a_feature(told: list[str]) -> None:
    states = coverage.used(told, labels.STATES, "(转入|状态为){}(\n|$)")
    clocks = coverage.used(told, labels.CLOCKS, "(^|\n){}(的期限到|到|不再计时|没有开始)")

    print(f"states: {len(states)} of {len(labels.STATES)}; clocks: {len(clocks)}")
    assert set(labels.STATES) - states == set()
    # The clock that closes without a visit runs for no time at all.
    assert set(labels.CLOCKS) - clocks == {"免回访结案"}


def test_every_reason_of_the_office_is_given_in_a_feature(told: list[str]) -> None:
    given = {sentence.partition("因为")[2] for sentence in told if "因为" in sentence}

    print(f"reasons: {len(given)}")
    assert set(refusals.REASONS) - given == set()


@pytest.mark.parametrize(
    ("sentence", "deeds"),
    [
        ("郑岚于2011年7月25日9:40签收", {"G12"}),
        ("韩松于2011年7月25日9:40对转办签收", {"sign_in"}),
        ("林晓禾于2011年7月22日16:00记录劝导结果", {"persuasion"}),
        ("林晓禾于2011年7月25日8:40补录2011年7月22日16:00的劝导结果", {"persuasion"}),
        ("经过中有“2011年9月27日0:00系统：恢复”", {"resume"}),
        ("该事项的状态为劝导", set()),
        ("郑岚于2011年7月25日9:40签字", set()),
    ],
)
def test_a_deed_is_seen_where_it_is_done(sentence: str, deeds: set[str]) -> None:
    assert coverage.deeds([sentence]) == deeds
