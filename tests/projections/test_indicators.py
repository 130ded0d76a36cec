"""From sums to indicators."""

from __future__ import annotations

import json

from projections.indicators import definitions, indicators
from projections.satisfaction import affair_facts
from projections.visits import visit_facts
from tests.projections.histories import story
from tests.projections.memory import Memory

NAMES = (
    "acceptance_volume",
    "resolution_rate",
    "on_time_rate",
    "satisfaction_rate",
    "strict_satisfaction",
    "first_satisfaction_rate",
    "return_visit_rate",
    "visit_count",
    "visit_completion_red",
    "visit_completion_yellow",
    "visit_completion_green",
    "daily_work_count",
    "spot_check_pass_rate",
    "mean_handling_working_days",
    "reopen_rate",
    "referral_rate",
    "single_handed_rate",
)


def test_the_story_comes_out_as_the_domain_reference_expects() -> None:
    log = story()
    sums = Memory(affair_facts, log.recorded).sums() | Memory(visit_facts, log.recorded).sums()

    found = indicators(sums)

    assert {name: (f["numerator"], f["denominator"]) for name, f in found.items()} == {
        "acceptance_volume": (1, None),
        "resolution_rate": (1, 1),
        "on_time_rate": (1, 1),
        "satisfaction_rate": (1, 1),
        "strict_satisfaction": (1, 1),
        "first_satisfaction_rate": (1, 1),
        "return_visit_rate": (1, 1),
        "visit_count": (1, None),
        "visit_completion_red": (0, 0),
        "visit_completion_yellow": (0, 0),
        "visit_completion_green": (0, 0),
        "daily_work_count": (0, None),
        "spot_check_pass_rate": (0, 0),
        "mean_handling_working_days": (2, 1),
        "reopen_rate": (0, 1),
        "referral_rate": (1, 1),
        "single_handed_rate": (0, 1),
    }
    assert found["mean_handling_working_days"]["value"] == 2
    assert found["single_handed_rate"]["value"] == 0


def test_they_are_named_and_ordered_as_the_command_line_prints_them() -> None:
    assert tuple(indicators({})) == NAMES
    assert tuple(each.name for each in definitions()) == NAMES


def test_a_zero_denominator_says_nothing() -> None:
    found = indicators({"satisfied": 0, "rated": 0})

    assert found["satisfaction_rate"] == {"value": None, "numerator": 0, "denominator": 0}


def test_what_is_counted_has_no_denominator() -> None:
    found = indicators({"volume": 750, "visits": 3862})

    assert found["acceptance_volume"] == {"value": 750, "numerator": 750, "denominator": None}
    assert found["visit_count"]["value"] == 3862


def test_a_ratio_is_a_fraction_of_six_digits_half_to_even() -> None:
    assert indicators({"satisfied": 2, "rated": 3})["satisfaction_rate"]["value"] == 0.666667
    assert indicators({"satisfied": 5, "rated": 2_000_000})["satisfaction_rate"]["value"] == 2e-06


def test_unreachable_weighs_in_strict_satisfaction_only() -> None:
    found = indicators({"satisfied": 3, "rated": 4, "unreachable": 2})

    assert found["satisfaction_rate"]["value"] == 0.75
    assert found["strict_satisfaction"] == {"value": 0.5, "numerator": 3, "denominator": 6}


def test_figures_can_be_written_as_json() -> None:
    assert json.loads(json.dumps(indicators({"volume": 1}))) == indicators({"volume": 1})


def test_every_definition_is_told_in_both_languages() -> None:
    for each in definitions():
        assert min(len(each.zh), len(each.en), len(each.says_zh), len(each.says_en)) > 1, each
        assert each.says_zh[-1] == "。", each
        assert each.says_en[-1] == ".", each
