"""`tenlines account`: who may come in, and as what. Each change is a command of an account.

`--by SYS` is the system's: whoever may run a command on this machine is trusted, and the log
tells that it was done so.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.district import actor_of, opened
from adapters.cli.output import as_json, tell
from adapters.cli.staff import accounts_shown, grants_shown, known_of, meant, today, told_of
from adapters.cli.times import day
from adapters.cli.words import say

if TYPE_CHECKING:
    from adapters.house import House

app = typer.Typer(
    help=say("账号与角色", "accounts and the roles they hold"),
    no_args_is_help=True,
)

ACCOUNTS, GRANTS = "accounts", "role_grants"


Account = Annotated[str, typer.Argument(help=say("账号", "the account"), show_default=False)]
By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="ACCOUNT",
        help=say(
            "由哪个账号办理；SYS 为本机应急办理，记录在案",
            "the account that does it; SYS in an emergency, which is recorded",
        ),
        show_default=False,
    ),
]
Reason = Annotated[str, typer.Option(help=say("理由", "why"))]
Json = Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))]
From = Annotated[
    date | None,
    typer.Option(
        "--from",
        parser=day,
        metavar="DATE",
        help=say("首日，默认今天", "first day; default: today"),
    ),
]


@app.command("list", help=say("列出账号及其今天的角色。", "The accounts, and what they are today."))
def list_(
    context: typer.Context,
    unit: Annotated[str, typer.Option(help=say("只列该单位", "only those of this unit"))] = "",
    json: Json = False,
) -> None:
    """Every account, the closed ones too."""
    with opened(context) as house:
        known = [known_of(house, account) for account in house.people.everybody()]
        told = [told_of(one) for one in known]
    if unit:
        told = [
            one
            for one in told
            if any(held["unit"] == unit and held["in_force"] for held in one["grants"])
        ]
    if json:
        as_json(told)
        return
    accounts_shown(told)


@app.command(
    help=say("一个账号的全部角色，包括已经结束的。", "All about an account, what is over too.")
)
def show(context: typer.Context, account: Account, json: Json = False) -> None:
    """One account."""
    with opened(context) as house:
        told = told_of(known_of(house, account))
    if json:
        as_json(told)
        return
    grants_shown(told)


@app.command("open", help=say("开立账号，尚无角色。", "Open an account, which has no role yet."))
def open_(
    context: typer.Context,
    account: Account,
    name: Annotated[str, typer.Option(help=say("姓名", "the holder's name"), show_default=False)],
    by: By,
) -> None:
    """Make an account."""
    from domain.account.commands import OpenAccount

    with opened(context) as house:
        house.desk.run(OpenAccount(**_asked(house, by, ACCOUNTS, account), name=name))
    tell(say(f"已开立 {account}", f"{account} is open"))


@app.command(
    help=say("停用账号，其角色和登录凭据随之终止。", "Close an account; its roles are over.")
)
def close(context: typer.Context, account: Account, by: By, reason: Reason = "") -> None:
    """Close an account."""
    from domain.account.commands import CloseAccount

    with opened(context) as house:
        house.desk.run(CloseAccount(**_asked(house, by, ACCOUNTS, account), reason=reason))
    tell(say(f"已停用 {account}", f"{account} is closed"))


@app.command(
    help=say("恢复停用的账号，角色须重新授予。", "Open a closed account again; its roles are not.")
)
def reopen(context: typer.Context, account: Account, by: By, reason: Reason = "") -> None:
    """Open a closed account again."""
    from domain.account.commands import ReopenAccount

    with opened(context) as house:
        house.desk.run(ReopenAccount(**_asked(house, by, ACCOUNTS, account), reason=reason))
    tell(say(f"已恢复 {account}", f"{account} is open again"))


@app.command(help=say("授予角色。", "Grant a role."))
def grant(
    context: typer.Context,
    account: Account,
    role: Annotated[
        str, typer.Argument(help=say("角色，如 CW", "role, such as CW"), show_default=False)
    ],
    by: By,
    unit: Annotated[str, typer.Option(help=say("单位代码", "code of the unit"))] = "",
    line: Annotated[
        list[str] | None, typer.Option(help=say("条线，可重复", "service line; may be repeated"))
    ] = None,
    since: From = None,
    until: Annotated[
        date | None,
        typer.Option(
            parser=day, metavar="DATE", help=say("末日，默认无", "last day; default: none")
        ),
    ] = None,
    reason: Reason = "",
) -> None:
    """Grant a role in its own right."""
    from domain.account.commands import GrantRole
    from domain.account.state import grant_id
    from domain.actor import Role

    if role not in set(Role) - {Role.SYS}:
        known = ", ".join(one.value for one in Role if one is not Role.SYS)
        raise typer.BadParameter(say(f"应为 {known} 之一", f"one of {known}"), param_hint="ROLE")
    with opened(context) as house:
        command = GrantRole(
            **_asked(house, by, GRANTS, account),
            role=Role(role),
            unit=unit,
            lines=tuple(line or ()),
            valid_from=since or today(house),
            valid_until=until,
            reason=reason,
        )
        house.desk.run(command)
        given = grant_id(account, command.by.account, command.command_id)
    tell(say(f"已授予 {role}，编号 {given}", f"{role} is granted: {given}"))


@app.command(help=say("邀请账号在浏览器中启用。", "Invite an account, to be set up in a browser."))
def invite(context: typer.Context, account: Account, by: By) -> None:
    """A link that works once, within three days."""
    with opened(context) as house:
        token = house.porter.invite(account, _asked(house, by, ACCOUNTS, account)["by"])
    tell(f"/invitation/{token}")


@app.command(help=say("为程序签发令牌。", "Give out a token for a program."))
def token(
    context: typer.Context,
    account: Account,
    given: Annotated[
        str,
        typer.Argument(
            metavar="GRANT", help=say("授权编号或其开头", "id of the grant, or its beginning")
        ),
    ] = "",
) -> None:
    """It acts under that grant alone, for ninety days at most."""
    with opened(context) as house:
        held = meant(known_of(house, account), given)
        tell(house.porter.issue(account, held.grant))


@app.command(help=say("收回角色，立即生效。", "Withdraw a role, at once."))
def withdraw(
    context: typer.Context,
    account: Account,
    given: Annotated[
        str,
        typer.Argument(
            metavar="GRANT", help=say("授权编号或其开头", "id of the grant, or its beginning")
        ),
    ],
    by: By,
    reason: Reason = "",
) -> None:
    """Take a grant back."""
    from domain.account.commands import WithdrawRole

    with opened(context) as house:
        one = meant(known_of(house, account), given)
        asked = _asked(house, by, GRANTS, account)
        house.desk.run(WithdrawRole(**asked, grant=one.grant, reason=reason))
    tell(say(f"已收回 {one.role} {one.unit}", f"{one.role} {one.unit} is withdrawn"))


@app.command(
    help=say("委托代理，最多六十天。", "Have one account stand in for another, 60 days at most.")
)
def deputy(
    context: typer.Context,
    account: Account,
    principal: Annotated[
        str,
        typer.Option(
            "--for", help=say("被代理的账号", "the account it stands in for"), show_default=False
        ),
    ],
    until: Annotated[
        date,
        typer.Option(parser=day, metavar="DATE", help=say("末日", "last day"), show_default=False),
    ],
    by: By,
    of: Annotated[
        str,
        typer.Option(
            metavar="GRANT",
            help=say(
                "被代理的授权编号；只有一项时可不写", "which grant; where there is one, needless"
            ),
        ),
    ] = "",
    since: From = None,
    reason: Reason = "",
) -> None:
    """Appoint a deputy."""
    from domain.account.commands import AppointDeputy

    with opened(context) as house:
        one = meant(known_of(house, principal), of)
        house.desk.run(
            AppointDeputy(
                **_asked(house, by, GRANTS, account),
                principal=principal,
                of=one.grant,
                valid_from=since or today(house),
                valid_until=until,
                reason=reason,
            ),
        )
    tell(
        say(
            f"{account} 代理 {principal} 的 {one.role} {one.unit}，至 {until}",
            f"{account} stands in for {principal}, {one.role} {one.unit}, until {until}",
        )
    )


@app.command(
    "import",
    help=say(
        "由系统导入旧的 accounts.json；令牌照旧可用。",
        "Bring in an accounts.json of before, by the system; its tokens stay good.",
    ),
)
def import_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help=say("旧的 accounts.json", "the old accounts.json"),
            show_default=False,
        ),
    ],
) -> None:
    """Open the accounts of a register of before, each with its role."""
    from adapters.staff import hire, register

    before = register(file)
    with opened(context) as house:
        grants = hire(house, [one.entry for one in before])
        for one in before:
            if (given := grants.get(one.entry.account)) is not None:
                house.porter.bring(one.entry.account, given, one.token_sha256)
    tell(say(f"已导入 {len(grants)} 个账号", f"{len(grants)} accounts were brought in"))


# --- what they share -----------------------------------------------------------------------------


def _asked(house: "House", by: str, right: str, account: str) -> dict[str, Any]:
    from domain.actor import SYSTEM

    return {
        "command_id": house.new_id(),
        "by": SYSTEM if by == SYSTEM.account else actor_of(house, by, right),
        "occurred_at": house.now(),
        "account": account,
    }


def _today(house: "House") -> date:
    from domain.clock import local_day

    return local_day(house.now())
