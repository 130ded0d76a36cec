"""What the command line tells of accounts and their grants."""

from datetime import date
from typing import TYPE_CHECKING, Any

from adapters.cli.output import table, tell
from adapters.cli.words import say
from domain.clock import local_day
from domain.errors import NotFound

if TYPE_CHECKING:
    from adapters.house import House
    from adapters.people import Known
    from projections.grants import GrantRow


def today(house: "House") -> date:
    """The day by the house's clock."""
    return local_day(house.now())


def accounts_shown(told: list[dict[str, Any]]) -> None:
    """A table of accounts and what they are today."""
    table(
        "",
        (say("账号", "account"), say("姓名", "name"), say("今天的角色", "roles today")),
        ((one["account"], one["name"], roles_of(one)) for one in told),
    )


def grants_shown(told: dict[str, Any]) -> None:
    """An account, and a table of all its grants."""
    closed = say("已停用", "closed") if told["closed"] else ""
    tell(f"{told['account']} {told['name']} {closed}".rstrip())
    table(
        "",
        (
            say("授权编号", "grant"),
            say("角色", "role"),
            say("单位", "unit"),
            say("条线", "lines"),
            say("首日", "from"),
            say("末日", "until"),
            say("代理", "deputy for"),
            say("有效", "in force"),
        ),
        (
            (
                one["grant"],
                one["role"],
                one["unit"],
                " ".join(one["lines"]),
                one["valid_from"],
                one["valid_until"] or "",
                one["deputy_for"],
                say("是", "yes") if one["in_force"] else "",
            )
            for one in told["grants"]
        ),
    )


def known_of(house: "House", account: str) -> "Known":
    """All about an account. Raises NotFound."""
    found = house.people.known(account, today(house))
    if found is None:
        raise NotFound("account", account)
    return found


def meant(known: "Known", told: str) -> "GrantRow":
    """The one grant in force whose id begins so. Raises NotFound."""
    found = [
        one
        for one in known.grants
        if one.grant in known.in_force and str(one.grant).startswith(told)
    ]
    if len(found) != 1:
        raise NotFound(say("唯一的有效授权：", "single grant in force:"), told or known.name)
    return found[0]


def told_of(known: "Known") -> dict[str, Any]:
    """The account as a script gets it."""
    return {
        "account": known.standing.account,
        "name": known.name,
        "closed": known.standing.closed,
        "credentials": [one.kind for one in known.standing.credentials],
        "grants": [
            {
                "grant": str(one.grant),
                "role": one.role,
                "unit": one.unit,
                "lines": one.lines,
                "valid_from": one.valid_from.isoformat(),
                "valid_until": one.valid_until and one.valid_until.isoformat(),
                "deputy_for": one.deputy_for,
                "by": one.by,
                "in_force": one.grant in known.in_force,
            }
            for one in known.grants
        ],
    }


def roles_of(told: dict[str, Any]) -> str:
    """What the account is today, in one line."""
    if told["closed"]:
        return say("已停用", "closed")
    return ", ".join(
        " ".join(filter(None, (one["role"], one["unit"], *one["lines"])))
        for one in told["grants"]
        if one["in_force"]
    )
