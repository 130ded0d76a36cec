"""The place that the affair has of an offering."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.offering import Place
from tests.workflows.holding import SOON, Change, Ways, Where, entered, setting
from tests.workflows.scenes import NOON, Scene


def _having(**told: Any) -> Change:
    nothing: dict[str, Any] = {"hold": "none", "left": False, "first": False}
    nothing |= {"standby_left": False, "cancelled": False}
    return setting(place=Place(**nothing | told))


@entered("place_left")
def _place(where: Where, bare: Any) -> Ways:
    return [_having(left=True)], [_having()]


@entered("standby_left")
def _standby(where: Where, bare: Any) -> Ways:
    return [_having(standby_left=True)], [_having(), _having(left=True, standby_left=True)]


@entered("place_kept")
def _kept(where: Where, bare: Any) -> Ways:
    return [_having(hold="offered", left=True)], [_having(hold="waiting")]


@entered("first_in_line")
def _first(where: Where, bare: Any) -> Ways:
    return [_having(hold="waiting", first=True)], [_having(hold="waiting")]


@entered("offering_cancelled")
def _cancelled(where: Where, bare: Any) -> Ways:
    return [_having(cancelled=True)], [_having()]


@entered("not_barred")
def _barred(where: Where, bare: Any) -> Ways:
    def until(at: datetime | None) -> Change:
        def change(scene: Scene) -> None:
            if scene.place is None:
                _having()(scene)
            assert scene.place is not None
            scene.place = replace(scene.place, barred_until=at)

        return change

    return [until(None), until(NOON)], [until(NOON + SOON)]
