"""What is recorded, now or before."""

from typing import Any

from domain.record import Kind
from tests.workflows.holding import (
    Changes,
    Ways,
    Where,
    each_way,
    entered,
    telling,
    told_each,
    working,
)
from tests.workflows.scenes import sample


@entered("field_is")
def _field_is(where: Where, values: Any) -> Ways:
    wrong = [
        change
        for name, wanted in values.items()
        for other in (*where.choices(name), "yes", "no", None)
        if other not in wanted and _takes(where, name, other)
        for change in telling(where, name, other)
    ]
    return told_each(where, values), wrong


def _takes(where: Where, name: str, value: str | None) -> bool:
    spec = where.field(name)
    if spec is None or value is None:
        return True
    return value in spec.choices if spec.kind is Kind.CHOICE else spec.kind is Kind.FLAG


@entered("field_true")
def _field_true(where: Where, names: Any) -> Ways:
    unset = [c for name in names for value in (False, None) for c in telling(where, name, value)]
    return told_each(where, {name: [True] for name in names}), unset


@entered("field_given")
def _field_given(where: Where, names: Any) -> Ways:
    return told_each(where, {name: [_value(where, name)] for name in names}), [
        change for name in names for change in telling(where, name, None)
    ]


def _value(where: Where, name: str) -> object:
    spec = where.field(name)
    return sample(spec) if spec else "told before"


@entered("fields_differ")
def _differ(where: Where, names: Any) -> Ways:
    apart = {name: [f"account-{number}"] for number, name in enumerate(names)}
    same = {name: ["account-0"] for name in names[:2]}
    return told_each(where, apart), told_each(where, same)


@entered("share_at_least")
def _share(where: Where, share: Any) -> Ways:
    part, whole = where.field(share.part), where.field(share.whole)
    of = max(share.denominator * 2, (whole.min or 0) if whole else 0)
    least = -(-of * share.numerator // share.denominator)
    if part and part.min is not None and least <= part.min:
        of, least = of * 10, least * 10

    def told(count: int) -> Changes:
        return told_each(where, {share.part: [str(count)], share.whole: [str(of)]})

    return told(least), told(least - 1)


@entered("sum_at_most")
def _sum(where: Where, sums: Any) -> Ways:
    whole = where.field(sums.whole)
    first, *others = sums.part
    most = max(2, (whole.min or 0) if whole else 0)

    def told(part: int) -> Changes:
        rest = {name: ["0"] for name in others}
        return told_each(where, {first: [str(part)], **rest, sums.whole: [str(most)]})

    return told(most), told(most + 1)


@entered("days_in_order")
def _in_order(where: Where, names: Any) -> Ways:
    days = [f"2011-08-{number:02}" for number in range(1, len(names) + 1)]

    def told(days: list[str]) -> Changes:
        return told_each(where, {name: [day] for name, day in zip(names, days, strict=True)})

    return told(days), told(days[::-1])


@entered("none_recused")
def _none_recused(where: Where, names: Any) -> Ways:
    told = told_each(where, {name: [f"account-{number}"] for number, name in enumerate(names)})
    return each_way([told, [working(recused=())]]), each_way(
        [told, [working(recused=("account-0",))]]
    )


@entered("names_masked")
def _masked(where: Where, names: Any) -> Ways:
    def called(name: str) -> Changes:
        return told_each(where, {one: [name] for one in names})

    return called("张*"), called("张三")
