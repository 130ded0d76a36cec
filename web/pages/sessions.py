"""Where somebody is in, under which role they act, and another password."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.account.state import Grant
from domain.errors import Malformed, SignInRefused, TooManyTries
from web.asked import FORM_ONCE, ONLY_KNOWN
from web.entrance import NotSignedIn, OfficeOf, Visitor, held, let_in, signed_in
from web.form_tokens import check_form
from web.language import language_of
from web.pages.door import Checked, missing
from web.pages.frame import render
from web.ports import Office, SignedIn
from web.problems import problem_of
from web.words import Words, words_of

router = APIRouter(include_in_schema=False, dependencies=[FORM_ONCE, ONLY_KNOWN])


class Chosen(Checked):
    """What the form of roles sends."""

    grant: UUID


class Changing(Checked):
    """What the form of another password sends."""

    old: Annotated[str, Field(max_length=1000)] = ""
    password: Annotated[str, Field(max_length=1000)] = ""
    again: Annotated[str, Field(max_length=1000)] = ""


class Enrolling(Checked):
    """What the form of another factor sends. salt: of the one that was shown."""

    password: Annotated[str, Field(max_length=1000)] = ""
    old: Annotated[str, Field(max_length=100)] = ""
    code: Annotated[str, Field(max_length=100)] = ""
    salt: Annotated[str, Field(max_length=100)] = ""


@router.get("/sessions")
def sessions(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    done: Annotated[Literal["factor"] | None, Query()] = None,
) -> Response:
    """Where one is in. done: what was changed just now."""
    return _drawn(request, who, office, done=done or "")


@router.post("/sessions/{session}/end")
def end(
    request: Request,
    session: UUID,
    form: Annotated[Checked, Form()],
    who: Visitor,
    office: OfficeOf,
) -> Response:
    """End one of one's sessions."""
    check_form(request, form.form_token)
    office.porter.end_session(who.actor.account, session)
    return RedirectResponse("/sessions", 303)


@router.post("/sessions/password")
def password(
    request: Request, form: Annotated[Changing, Form()], who: Visitor, office: OfficeOf
) -> Response:
    """Another password, which ends every other session."""
    check_form(request, form.form_token)
    words = words_of(language_of(request))
    asked = {
        "old": ("password.old", form.old),
        "password": ("password.new", form.password),
        "again": ("invitation.again", form.again),
    }
    if wrong := missing(words, asked):
        return _drawn(request, who, office, wrong)
    try:
        if form.password != form.again:
            raise Malformed("again", "different")
        token = office.porter.change_password(held(request), form.old, form.password)
    except Malformed as refusal:
        told = words(f"invitation.{refusal.field}.{refusal.because}")
        return _drawn(request, who, office, {refusal.field: told})
    except SignInRefused:
        return _drawn(request, who, office, {"old": words("password.wrong")})
    except TooManyTries as refusal:
        return _drawn(request, who, office, {"old": problem_of(refusal, words).detail})
    answer = RedirectResponse("/sessions", 303)
    let_in(request, answer, token)
    return answer


@router.get("/sessions/factor")
def factor(request: Request, who: Visitor, office: OfficeOf) -> Response:
    """Another second factor: what it would be."""
    return _factor(request, who, office)


@router.post("/sessions/factor")
def change_factor(
    request: Request, form: Annotated[Enrolling, Form()], who: Visitor, office: OfficeOf
) -> Response:
    """Have it count and the old one no more, which ends every other session."""
    check_form(request, form.form_token)
    words = words_of(language_of(request))
    asked = {"password": ("password.old", form.password)}
    if office.porter.factor(held(request), form.salt)[1]:
        asked["old"] = ("factor.old", form.old)
    asked["code"] = ("factor.new", form.code)
    if wrong := missing(words, asked):
        return _factor(request, who, office, form.salt, wrong)
    given = (form.password, form.old, form.salt, form.code)
    try:
        token = office.porter.change_factor(held(request), *given)
    except Malformed as refusal:
        told = words(f"factor.{refusal.field}.{refusal.because}")
        return _factor(request, who, office, form.salt, {refusal.field: told})
    except TooManyTries as refusal:
        wrong = {"password": problem_of(refusal, words).detail}
        return _factor(request, who, office, form.salt, wrong)
    answer = RedirectResponse("/sessions?done=factor", 303)
    let_in(request, answer, token)
    return answer


@router.post("/sessions/identity/{identity}/unlink")
def unlink(
    request: Request,
    identity: UUID,
    form: Annotated[Checked, Form()],
    who: Visitor,
    office: OfficeOf,
) -> Response:
    """Have an identity open the account no more."""
    del who
    check_form(request, form.form_token)
    office.porter.unlink(held(request), identity)
    return RedirectResponse("/sessions", 303)


@router.get("/role")
def roles(request: Request, office: OfficeOf) -> Response:
    """What one may act under today."""
    return role_page(request, office)


@router.post("/role")
def switch(request: Request, form: Annotated[Chosen, Form()], office: OfficeOf) -> Response:
    """Act under another role, by a new session in the place of this one."""
    check_form(request, form.form_token)
    answer = RedirectResponse("/", 303)
    let_in(request, answer, office.porter.switch(held(request), form.grant))
    return answer


def role_page(request: Request, office: Office, status: int = 200) -> Response:
    """The page of roles, also for whose role is over today."""
    hats = office.porter.hats(held(request))
    if hats is None:
        raise NotSignedIn
    words = words_of(language_of(request))
    return render(
        request,
        "role.html",
        signed_in(request),
        status=status,
        name=hats.name,
        hats=[
            (str(grant.grant), *_told(grant, office, words), grant.grant == hats.current)
            for grant in hats.grants
        ],
    )


def _told(grant: Grant, office: Office, words: Words) -> tuple[str, str]:
    units = office.organisation.units
    unit = units[grant.unit].names[-1][1] if grant.unit in units else grant.unit
    facts = [unit, words.listed(grant.lines)]
    if grant.deputy_for:
        facts.append(words("hat.deputy", name=office.accounts.name_of(grant.deputy_for)))
    if grant.valid_until is not None:
        facts.append(words("hat.until", day=words.day(grant.valid_until)))
    return words(f"role.{grant.role.value}"), words("list.semicolon").join(filter(None, facts))


# What was typed is a secret, and typed anew after an error.
def _factor(
    request: Request,
    who: SignedIn,
    office: Office,
    salt: str = "",
    wrong: Mapping[str, str] | None = None,
) -> Response:
    draft, has = office.porter.factor(held(request), salt)
    return render(
        request,
        "factor.html",
        who,
        status=422 if wrong else 200,
        draft=draft,
        has=has,
        wrong=wrong or {},
    )


def _drawn(
    request: Request,
    who: SignedIn,
    office: Office,
    wrong: Mapping[str, str] | None = None,
    *,
    done: str = "",
) -> Response:
    words = words_of(language_of(request))
    return render(
        request,
        "sessions.html",
        who,
        status=422 if wrong else 200,
        wrong=wrong or {},
        done=done,
        has_factor=office.porter.factor(held(request))[1],
        provider=office.porter.elsewhere,
        identities=[
            (str(id_), words("identity.linked", day=words.day(made)))
            for id_, made in office.porter.identities(who.actor.account)
        ],
        sessions=[
            (
                str(one.id),
                words(f"session.{one.kind}"),
                words.listed(words(f"method.{part}") for part in one.method.split("+")),
                (one.made_at, words.moment(one.made_at)),
                (one.seen_at, words.moment(one.seen_at)),
                one.id == who.session.id,
            )
            for one in office.porter.sessions_of(who.actor.account)
        ],
    )
