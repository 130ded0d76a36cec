"""What a refusal tells of a guard: what it names, how many are needed and how many there are."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from domain.errors import NotPermittedNow, StepNotOpen
from domain.missing import Count, Missing, Named
from domain.record import Field, Kind, Record
from tests.workflows.scenes import AFFAIR, CALENDAR, CG, NOON, Scene
from tests.workflows.test_guards import CASES, DAY, Written, scene, with_attempts, with_visits
from web.reasons import in_the_way
from web.words import words_of
from workflows.guards import VOCABULARY, Ask, compiled
from workflows.missing import COUNTED, labels_of, missing_of

LABELS = labels_of(CG.spec)


def missing(written: Written, told: Scene, **facts: str) -> list[Missing]:
    """What a guard, written as in a file, finds missing."""
    record = Record(tuple(Field(name, Kind.TEXT, value) for name, value in facts.items()))
    guard = compiled({written: True} if isinstance(written, str) else written)
    ask = Ask(told.affair(), told.actor, record, told.at, CALENDAR, CG, frozenset(facts))
    return list(missing_of(guard, ask, LABELS))


def numbers(value: Any) -> Iterator[int]:
    match value:
        case bool():
            pass
        case int():
            yield value
        case dict():
            for one in value.values():
                yield from numbers(one)


COMBINED = ("all_of", "any_of", "not")


@pytest.mark.parametrize("name", sorted(set(VOCABULARY) - set(COMBINED)))
def test_every_guard_with_a_number_tells_how_many(name: str) -> None:
    read = yaml.safe_load(VOCABULARY[name].example)
    given = read[name] if isinstance(read, dict) else True

    assert (name in COUNTED) == any(numbers(given))


@pytest.mark.parametrize(("written", "failing"), [(w, f) for w, _, f in CASES])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_guard_that_fails_tells_what_is_missing(
    written: Written, failing: Scene, language: str
) -> None:
    found = missing(written, failing)
    refusal = StepNotOpen("G8", compiled_title(written), found)

    told = in_the_way(refusal, words_of("zh" if language == "zh" else "en"))

    assert found
    assert "{" not in told
    for one in found:
        named = VOCABULARY[one.guard].names
        assert one.named if named else True
        assert bool(one.counts) == (one.guard in COUNTED)
        for name in one.named:
            assert (name.zh if language == "zh" else name.en) in told
        for count in one.counts:
            assert str(count.need) in told or count.need == 1


def compiled_title(written: Written) -> str:
    return compiled({written: True} if isinstance(written, str) else written).title


def test_g8_says_which_result_is_missing_and_how_many() -> None:
    told = with_attempts("effective", state="persuading")

    with pytest.raises(StepNotOpen) as refused:
        CG.require(
            "G8",
            told.affair(),
            by=told.actor,
            record={},
            at=told.at,
            calendar=CALENDAR,
            subject=AFFAIR,
        )

    ineffective = Named("value", "ineffective", "未果", "Ineffective")
    assert refused.value.because == "entries_at_least"
    assert refused.value.missing == (
        Missing(
            "entries_at_least",
            named=(
                Named("entry", "persuasion", "劝导结果", "Result of persuasion"),
                Named("step", "G6", "再次劝导", "Persuade again"),
                Named("field", "result", "劝导结果", "Result", (ineffective,)),
            ),
            counts=(Count("times", "at_least", 1, 0),),
        ),
    )
    assert in_the_way(refused.value, words_of("zh")) == (
        "须满足：已有所需的记录（劝导结果；G6 再次劝导；劝导结果：未果；须至少 1 次，现有 0）"
    )
    assert in_the_way(refused.value, words_of("en")) == (
        "needed: the entries it needs are there (Result of persuasion; G6 Persuade again; "
        "Result: Ineffective; 1 or more times, there are 0)"
    )


def test_of_several_fields_those_alone_are_named_that_are_not_as_they_should_be() -> None:
    flags = {"field_true": ["authentic", "usable", "safe"]}

    [found] = missing(flags, scene(), authentic="yes", usable="no", safe="no")

    assert [named.code for named in found.named] == ["usable", "safe"]
    assert found.named[0].zh == "可用性检测通过"


def test_a_value_is_named_with_its_label() -> None:
    [found] = missing({"field_is": {"ground": ["death"]}}, scene(), ground="duplicate")

    assert found.named == (
        Named(
            "field",
            "ground",
            "终止原因",
            "Ground",
            (Named("value", "death", "申请人死亡", "Death of the applicant"),),
        ),
    )


def test_attempts_are_told_by_times_days_and_parts_of_the_day() -> None:
    tried = with_visits(("unreachable", 0, "none", 0, "morning"))

    [found] = missing({"contact_attempts": {"count": 3, "days": 3, "bands": 2}}, tried)

    assert [(c.of, c.need, c.have) for c in found.counts] == [
        ("times", 3, 1),
        ("days", 3, 1),
        ("bands", 2, 1),
    ]


def test_a_rating_that_is_not_there_is_told_as_none() -> None:
    [found] = missing({"rating_at_least": 3}, scene())

    assert found.counts == (Count("points", "at_least", 3, None),)


def test_a_share_tells_how_many_have_to_come() -> None:
    share = {"part": "attending", "whole": "members", "numerator": 2, "denominator": 3}

    [found] = missing({"share_at_least": share}, scene(), attending="4", members="7")

    assert found.counts == (Count("members", "at_least", 5, 4),)


def test_a_time_tells_until_when() -> None:
    [found] = missing(
        {"time_in_state_at_least": {"count": 3, "unit": "d"}}, scene(entered_at=NOON - DAY)
    )

    assert found.counts == (Count("d", "at_least", 3),)
    assert found.until is not None
    assert found.until > NOON


def test_of_a_combination_the_parts_in_the_way_are_told() -> None:
    found = missing(
        {
            "any_of": [
                {"not": {"state_in": ["resolved", "closed"]}},
                {"all_of": ["no_open_question", {"reopened_at_least": 2}]},
            ]
        },
        scene(),
    )

    assert [(one.guard, one.negated) for one in found] == [
        ("state_in", True),
        ("reopened_at_least", False),
    ]
    assert [named.code for named in found[0].named] == ["resolved"]


def test_a_line_says_it_in_words_of_its_own() -> None:
    written = {"not": "referral_open", "told": {"zh": "先签收", "en": "Sign in first"}}

    guard = compiled(written)

    assert (guard.name, guard.title) == ("not", "not: referral_open")
    assert guard.told is not None
    refusal = NotPermittedNow("refer", guard.title, (), (guard.told.zh, guard.told.en))
    assert in_the_way(refusal, words_of("zh")) == "先签收"
    assert in_the_way(refusal, words_of("en")) == "Sign in first"
