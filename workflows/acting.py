"""Guards of who acts, part of `workflows.guards`: duties that are kept apart."""

from typing import Literal

from workflows.conditions import Ask, Names, Others, guard
from workflows.fields import Codes


@guard("role", acting=True)
def actor_role_is(ask: Ask, roles: Codes) -> bool:
    """Who acts, acts in one of these roles. `actor_role_is: [DL]`"""
    return ask.by.role in roles


@guard(acting=True)
def actor_is_not(
    ask: Ask, who: Literal["handler", "registrar", "investigator", "proposer"] | Others
) -> bool:
    """Who acts is none of them: a handler, who registered, an account in the field
    `investigators`, who proposed the supervision order, or who did the work named.
    `actor_is_not: {steps: [G12, G13]}`"""
    affair, accounts = ask.affair, set(ask.by.accounts)
    if who == "handler":
        return accounts.isdisjoint(affair.handlers())
    if who == "registrar":
        return affair.identity.registered_by not in accounts
    if who == "proposer":
        return affair.work.proposed_by not in accounts
    others = Others(fields=("investigators",)) if isinstance(who, str) else who
    return not (
        accounts.intersection(affair.actors_of(others.steps))
        or any(
            n.by in accounts and n.entry in others.entries
            for n in ask.affair.work.entries
            if ask.here(n)
        )
        or any(accounts.intersection(ask.fact(name).split(",")) for name in others.fields)
    )


@guard("field", acting=True)
def actor_named(ask: Ask, names: Names) -> bool:
    """Each of these fields holds the account of who acts, or is left empty, which means the
    same. `actor_named: account`"""
    return all(ask.fact(name) in ("", ask.by.account) for name in names)
