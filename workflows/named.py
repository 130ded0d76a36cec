"""Guards of the people and the sums that a record names, part of `workflows.guards`."""

import re
from decimal import Decimal

from workflows.conditions import Ask, Names, Sums, guard

_MASKED = re.compile(r"[^\W\d_]\*{1,3}(、[^\W\d_]\*{1,3})*")


@guard("field")
def none_recused(ask: Ask, names: Names) -> bool:
    """None of these accounts was recused. `none_recused: [investigator_1, investigator_2]`"""
    return not {ask.fact(name) for name in names}.intersection(ask.affair.work.recused)


@guard("field")
def names_masked(ask: Ask, names: Names) -> bool:
    """Each of these names people by the first sign and stars, as in 张* or 张*、李**.
    `names_masked: notice_name`"""
    return all(_MASKED.fullmatch(ask.fact(name)) for name in names)


@guard()
def sum_at_most(ask: Ask, sums: Sums) -> bool:
    """One sum, or number, is at most another; several are added up.
    `sum_at_most: {part: [votes_for, votes_against], whole: attending}`"""
    parts, whole = [ask.fact(name) for name in sums.part], ask.fact(sums.whole)
    return all((*parts, whole)) and sum(map(Decimal, parts)) <= Decimal(whole)
