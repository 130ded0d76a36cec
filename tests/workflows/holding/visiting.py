"""Return visits."""

from datetime import timedelta
from typing import Any

from tests.workflows.holding import Change, Ways, Where, calling, entered, setting, together
from tests.workflows.scenes import NOON, Scene


def _rated(rating: int, finding: str = "none") -> Change:
    return together(setting(visits=[]), calling("visited", "reached", rating, finding))


@entered("rating_at_least")
def _rating(where: Where, least: Any) -> Ways:
    return [_rated(least)], [setting(visits=[]), _rated(least - 1, "rework_due")]


@entered("rating_at_most")
def _low_rating(where: Where, most: Any) -> Ways:
    findings = ("rework_due", "lawfully_done")
    return [_rated(most, f) for f in findings], [_rated(most + 1, f) for f in findings]


@entered("finding_is")
def _finding(where: Where, findings: Any) -> Ways:
    others = [one for one in ("rework_due", "lawfully_done", "none") if one not in findings]
    return [_rated(2, one) for one in findings], [_rated(2, one) for one in others]


@entered("visit_outcome")
def _outcome(where: Where, outcomes: Any) -> Ways:
    return [calling("visited", one) for one in outcomes], [setting(visits=[])]


@entered("contact_attempts")
def _contact(where: Where, wanted: Any) -> Ways:
    n, days, bands = wanted.count, wanted.days, wanted.bands
    short = [(n - 1, days, bands), (n, days - 1, bands), (n, days, bands - 1)]
    return [_attempts(n, days, bands)], [_attempts(*few) for few in short]


def _attempts(count: int, days: int, bands: int) -> Change:
    def change(scene: Scene) -> None:
        scene.visits = []
        scene.entered_at = NOON - timedelta(days=5)
        for n in range(count):
            band = ("morning", "afternoon", "evening")[n % bands]
            scene.visited("unreachable", hours=24 * (n % days), band=band)

    return change
