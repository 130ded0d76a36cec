"""The journal of the door, for the auditor: who came and went, and what was refused."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from web.entrance import OfficeOf, Visitor, reach
from web.language import language_of
from web.pages.frame import render
from web.words import words_of

router = APIRouter(include_in_schema=False)

KINDS = (
    "sign-in",
    "sign-in refused",
    "code refused",
    "session refused",
    "form refused",
    "identity refused",
    "invitation",
    "invitation refused",
    "password",
    "password refused",
    "factor",
    "factor refused",
    "reset",
    "identity",
    "switch",
    "switch refused",
    "token",
    "sign-out",
    "rate exceeded",
    "reveal refused",
)
PAGE = 50


@router.get("/audit/door")
def journal(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    account: Annotated[str, Query(max_length=64)] = "",
    what: Annotated[str, Query(max_length=40)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """What happened, the latest first."""
    reach(who, "read_audit_trail")
    words = words_of(language_of(request))
    seen = office.porter.happened(who.actor, account=account, what=what, before=before)
    older = {"account": account, "what": what, "before": seen[-1].id} if len(seen) == PAGE else {}
    return render(
        request,
        "door_journal.html",
        who,
        kinds=[(kind, words(f"door.{kind}")) for kind in KINDS],
        chosen=what,
        account=account,
        older=urlencode({name: value for name, value in older.items() if value}),
        rows=[
            (
                one.minute.isoformat(timespec="minutes"),
                words.moment(one.minute),
                words(f"door.{one.what}") if words.has(f"door.{one.what}") else one.what,
                words(f"door.why.{one.why}") if words.has(f"door.why.{one.why}") else one.why,
                one.account,
                office.accounts.name_of(one.account) if one.account else "",
                one.times,
            )
            for one in seen
        ],
    )
