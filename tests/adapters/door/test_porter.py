"""Coming in, being in and going out: by the log's word, for each of several at once, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pyotp
import pytest

from adapters.door import Passwords
from adapters.house import open_house
from domain.account import commands as c
from domain.actor import Actor, Role
from domain.errors import (
    FactorMissing,
    InvitationOver,
    Malformed,
    NoRoleToday,
    NotAllowed,
    NotFound,
    NotPermittedNow,
    Refusal,
    SignInOver,
    SignInRefused,
    TooManyTries,
)
from tests.adapters.door.conftest import Counting, at_once
from tests.adapters.door.house import ADM, AREA, COMMUNITY, PASSWORD, Staffed, staffed


@pytest.fixture
def district(tmp_path: Path, database_url: str) -> Iterator[Staffed]:
    url = "" if database_url.startswith("sqlite") else database_url
    with staffed(tmp_path / "var", url) as made:
        yield made


def refused(do: object, *given: object, **named: object) -> Refusal | None:
    """The refusal of what was asked; None where it was done."""
    try:
        do(*given, **named)  # type: ignore[operator]
    except Refusal as refusal:
        return refusal
    return None


# --- coming in ---------------------------------------------------------------------------------


def test_password_and_code_let_somebody_in_as_what_they_are(district: Staffed) -> None:
    _, seed = district.set_up("zhoumin")
    visitor = district.porter.visitor(district.sign_in("zhoumin", seed))

    assert visitor is not None
    assert visitor.actor == Actor(account="zhoumin", role=Role.CD, unit=COMMUNITY)
    assert visitor.name == "周敏"
    assert visitor.session.method == "password+factor"
    # The first time was by the invitation.
    assert ("sign-in", "password+factor", "zhoumin", 2) in district.journal()


def test_half_of_it_lets_nobody_in(district: Staffed) -> None:
    district.set_up("zhoumin")
    half = district.porter.sign_in("zhoumin", PASSWORD, "10.1.2.3")

    assert half.half
    assert district.porter.visitor(half.token) is None
    assert district.porter.caller(half.token) is None


def test_who_types_capitals_and_spaces_is_known_all_the_same(district: Staffed) -> None:
    district.set_up("zhoumin")

    assert district.porter.sign_in(" ZhouMin ", PASSWORD, "10.1.2.3").half


@pytest.mark.parametrize(
    ("account", "password"),
    [
        ("zhoumin", "velvet otter ladder 8"),
        ("zhoumin", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("suqing", PASSWORD),
        ("zhoumin\0", PASSWORD),
        ("周敏" * 1000, "x" * 10_000),
    ],
)
def test_wrong_and_unknown_are_told_the_same(
    district: Staffed, account: str, password: str
) -> None:
    district.set_up("zhoumin")
    with pytest.raises(SignInRefused) as refusal:
        district.porter.sign_in(account, password, "10.1.2.3")

    assert str(refusal.value) == ""
    # Never what was typed, and an account only where there is one.
    assert district.journal()[-1][:2] == ("sign-in refused", "password")
    assert district.journal()[-1][2] in ("zhoumin", "suqing", "")


def test_a_closed_account_is_told_the_same(district: Staffed) -> None:
    token, _ = district.set_up("zhoumin")
    district.run(c.CloseAccount, "zhoumin")

    assert isinstance(
        refused(district.porter.sign_in, "zhoumin", PASSWORD, "10.1.2.3"), SignInRefused
    )
    assert district.porter.visitor(token) is None


def test_unknown_and_known_cost_the_same_look(district: Staffed) -> None:
    hasher = Counting()
    district.house.door.credentials.passwords = Passwords(hasher)
    district.set_up("zhoumin")
    hasher.looks.clear()

    refused(district.porter.sign_in, "zhoumin", "velvet otter ladder 8", "10.1.2.3")
    refused(district.porter.sign_in, "nobody1", "velvet otter ladder 8", "10.1.2.3")

    known, unknown = hasher.looks
    assert known == unknown


def test_after_five_wrong_ones_the_right_one_waits_too(district: Staffed) -> None:
    district.set_up("zhoumin")
    wrong = [refused(district.porter.sign_in, "zhoumin", "x", "10.1.2.3") for _ in range(6)]

    assert [type(one) for one in wrong] == [SignInRefused] * 5 + [TooManyTries]
    assert isinstance(
        refused(district.porter.sign_in, "zhoumin", PASSWORD, "10.9.9.9"), TooManyTries
    )
    district.later(minutes=1)
    assert district.porter.sign_in("zhoumin", PASSWORD, "10.1.2.3").half
    assert ("sign-in refused", "too many tries", "zhoumin", 2) in district.journal()


def test_an_unknown_account_is_locked_just_so(district: Staffed) -> None:
    told = [refused(district.porter.sign_in, "nobody", "x", "10.1.2.3") for _ in range(6)]

    assert [type(one) for one in told] == [SignInRefused] * 5 + [TooManyTries]


def test_of_guesses_at_once_five_are_looked_at(district: Staffed) -> None:
    district.set_up("zhoumin")
    hashed = []
    passwords = district.house.door.credentials.passwords

    class Seen(Passwords):
        def matches(self, password: str, kept: bytes | None) -> bool:
            hashed.append(password)
            time.sleep(0.05)
            return passwords.matches(password, kept)

    district.house.door.credentials.passwords = Seen()
    guesses = [f"guess {n}" for n in range(15)]

    told = at_once(
        15, lambda n: refused(district.porter.sign_in, "zhoumin", guesses[n], "10.1.2.3")
    )

    assert len(hashed) == 5
    assert [type(one) for one in told].count(TooManyTries) == 10


def test_an_address_that_tries_many_accounts_waits(district: Staffed) -> None:
    told = [refused(district.porter.sign_in, f"nobody{n}", "x", "10.1.2.3") for n in range(41)]

    assert [type(one) for one in told].count(TooManyTries) == 1
    assert isinstance(refused(district.porter.sign_in, "nobody41", "x", "10.9.9.9"), SignInRefused)


# --- the second factor -------------------------------------------------------------------------


def test_a_code_lets_in_once(district: Staffed) -> None:
    _, seed = district.set_up("zhoumin")
    district.later(seconds=30)
    first, second = (district.porter.sign_in("zhoumin", PASSWORD, "10.1.2.3") for _ in range(2))
    code = district.code(seed)

    assert district.porter.code(first.token, code)
    assert isinstance(refused(district.porter.code, second.token, code), SignInRefused)
    # Nor is the first half good twice.
    district.later(seconds=30)
    again = refused(district.porter.code, first.token, district.code(seed))
    assert isinstance(again, SignInOver)


def test_of_the_same_code_at_once_one_lets_in(district: Staffed) -> None:
    _, seed = district.set_up("zhoumin")
    district.later(seconds=30)
    halves = [district.porter.sign_in("zhoumin", PASSWORD, "10.1.2.3") for _ in range(5)]
    code = district.code(seed)

    told = at_once(5, lambda n: refused(district.porter.code, halves[n].token, code))

    assert [one for one in told if one is None] == [None]


def test_codes_are_counted_apart_and_a_right_password_forgives_none(district: Staffed) -> None:
    _, seed = district.set_up("zhoumin")
    district.later(seconds=30)
    for _ in range(5):
        half = district.porter.sign_in("zhoumin", PASSWORD, "10.1.2.3")
        assert isinstance(refused(district.porter.code, half.token, "000000"), SignInRefused)

    half = district.porter.sign_in("zhoumin", PASSWORD, "10.1.2.3")
    right = district.code(seed)
    assert isinstance(refused(district.porter.code, half.token, right), TooManyTries)


def test_half_a_sign_in_is_over_after_five_minutes_and_when_sessions_end(
    district: Staffed,
) -> None:
    token, seed = district.set_up("zhoumin")
    half = district.porter.sign_in("zhoumin", PASSWORD, "10.1.2.3")
    district.later(minutes=5)
    assert isinstance(refused(district.porter.code, half.token, district.code(seed)), SignInOver)

    other = district.porter.sign_in("zhoumin", PASSWORD, "10.1.2.3")
    district.porter.sign_out_everywhere(token)
    assert isinstance(refused(district.porter.code, other.token, district.code(seed)), SignInOver)


def test_staff_without_a_second_factor_are_not_let_in(district: Staffed) -> None:
    district.set_up("zhoumin")
    standing = district.house.people.standing("zhoumin")
    assert standing is not None
    (factor,) = [one for one in standing.credentials if one.kind == "factor"]
    district.run(c.RemoveCredential, "zhoumin", credential=factor.credential)

    assert isinstance(
        refused(district.porter.sign_in, "zhoumin", PASSWORD, "10.1.2.3"), FactorMissing
    )


def test_a_demonstration_asks_for_none(district: Staffed) -> None:
    district.porter.two_factors = False
    link = district.porter.invite("zhoumin", ADM)
    district.porter.accept(link, PASSWORD, "", "")
    entered = district.porter.sign_in("zhoumin", PASSWORD, "10.1.2.3")

    assert not entered.half
    assert district.porter.visitor(entered.token)


def test_a_password_that_the_log_does_not_name_opens_nothing(district: Staffed) -> None:
    district.porter.two_factors = False
    district.house.door.credentials.keep_password("zhoumin", PASSWORD)

    assert isinstance(
        refused(district.porter.sign_in, "zhoumin", PASSWORD, "10.1.2.3"), SignInRefused
    )


# --- invitations -------------------------------------------------------------------------------


def test_an_invitation_is_good_once(district: Staffed) -> None:
    link = district.porter.invite("zhoumin", ADM)
    invited = district.porter.invited(link)
    assert (invited.account, invited.name) == ("zhoumin", "周敏")
    given = (link, PASSWORD, invited.draft.salt, district.code(invited.draft.seed))
    token = district.porter.accept(*given)

    assert district.porter.visitor(token)
    assert isinstance(refused(district.porter.accept, *given), InvitationOver)
    assert isinstance(refused(district.porter.invited, link), InvitationOver)


def test_of_those_who_accept_at_once_one_comes_in(district: Staffed) -> None:
    link = district.porter.invite("zhoumin", ADM)
    draft = district.porter.invited(link).draft
    code = district.code(draft.seed)

    told = at_once(
        4,
        lambda n: refused(district.porter.accept, link, f"{PASSWORD} {n}", draft.salt, code),
    )

    assert [type(one) for one in told].count(InvitationOver) == 3
    standing = district.house.people.standing("zhoumin")
    assert standing is not None
    assert sorted(one.kind for one in standing.credentials) == ["factor", "password"]


@pytest.mark.parametrize(
    ("password", "code", "field"),
    [("short", "right", "password"), (PASSWORD, "000000", "code"), (PASSWORD, "", "code")],
)
def test_what_is_wrong_leaves_the_invitation_good(
    district: Staffed, password: str, code: str, field: str
) -> None:
    link = district.porter.invite("zhoumin", ADM)
    draft = district.porter.invited(link).draft
    typed = district.code(draft.seed) if code == "right" else code
    with pytest.raises(Malformed) as refusal:
        district.porter.accept(link, password, draft.salt, typed)

    assert refusal.value.field == field
    assert district.porter.invited(link).account == "zhoumin"


def test_the_page_shows_the_same_factor_again_and_another_page_another(
    district: Staffed,
) -> None:
    link = district.porter.invite("zhoumin", ADM)
    one, two = district.porter.invited(link).draft, district.porter.invited(link).draft

    assert district.porter.invited(link, one.salt).draft == one
    assert one.seed != two.seed
    assert len(one.seed) == 32
    assert one.uri.startswith("otpauth://totp/Tenlines:zhoumin?secret=")
    assert pyotp.parse_uri(one.uri).secret == one.seed


def test_who_has_a_way_in_or_none_at_all_is_not_invited(district: Staffed) -> None:
    district.set_up("zhoumin")
    clerk = Actor(account="suqing", role=Role.FD, unit=COMMUNITY)

    for account, by, kind in (
        ("zhoumin", ADM, NotPermittedNow),
        ("nobody", ADM, NotFound),
        ("suqing", clerk, NotAllowed),
    ):
        assert isinstance(refused(district.porter.invite, account, by), kind)
    link = district.porter.invite("suqing", ADM)
    district.run(c.CloseAccount, "suqing")
    assert isinstance(refused(district.porter.invite, "suqing", ADM), NotPermittedNow)
    assert isinstance(refused(district.porter.invited, link), InvitationOver)


# --- being in ----------------------------------------------------------------------------------


def test_a_grant_that_is_withdrawn_counts_from_the_next_request(district: Staffed) -> None:
    token, _ = district.set_up("suqing")
    grants = district.house.people.grants("suqing", district.clock.at.date())
    other = district.granted("suqing", Role.CW, AREA)
    district.run(c.WithdrawRole, "suqing", grant=grants[0].grant)

    # It is not replaced in silence by the other one.
    with pytest.raises(NoRoleToday):
        district.porter.visitor(token)
    hats = district.porter.hats(token)
    assert hats is not None
    assert [one.grant for one in hats.grants] == [other]
    fresh = district.porter.switch(token, other)
    visitor = district.porter.visitor(fresh)
    assert visitor is not None
    assert visitor.actor.role is Role.CW
    assert district.porter.visitor(token) is None


def test_nobody_acts_under_a_grant_of_another(district: Staffed) -> None:
    token, _ = district.set_up("suqing")
    theirs = district.house.people.grants("zhoumin", district.clock.at.date())[0].grant

    for grant in (theirs, uuid4(), UUID(int=0)):
        assert isinstance(refused(district.porter.switch, token, grant), NotFound)
    assert district.porter.visitor(token)


def test_a_post_is_not_taken_up_without_a_second_factor(district: Staffed) -> None:
    district.opened("jumin", "居敏")
    resident = district.granted("jumin", Role.RES, "")
    district.porter.two_factors = False
    link = district.porter.invite("jumin", ADM)
    district.porter.accept(link, PASSWORD, "", "")
    district.porter.two_factors = True
    token = district.porter.sign_in("jumin", PASSWORD, "10.1.2.3").token
    post = district.granted("jumin", Role.CW, AREA)

    assert isinstance(refused(district.porter.switch, token, post), FactorMissing)
    assert district.porter.visitor(token), "nothing was lost by asking"
    assert district.porter.switch(token, resident)


def test_without_any_role_one_is_in_and_may_nothing(district: Staffed) -> None:
    district.opened("xinren", "新人")
    token, _ = district.set_up("xinren")

    with pytest.raises(NoRoleToday):
        district.porter.visitor(token)


def test_a_program_acts_under_its_grant_alone_and_ends_with_it(district: Staffed) -> None:
    grant = district.house.people.grants("suqing", district.clock.at.date())[0].grant
    token = district.porter.issue("suqing", grant)
    caller = district.porter.caller(token)

    assert caller is not None
    assert caller.actor.role is Role.FD
    assert district.porter.visitor(token) is None
    assert isinstance(refused(district.porter.issue, "zhoumin", grant), NotFound)
    district.granted("suqing", Role.CW, AREA)
    district.run(c.WithdrawRole, "suqing", grant=grant)
    with pytest.raises(NoRoleToday):
        district.porter.caller(token)


def test_another_password_ends_every_other_session(district: Staffed) -> None:
    first, seed = district.set_up("zhoumin")
    second = district.sign_in("zhoumin", seed)
    fresh = district.porter.change_password(second, PASSWORD, "granite harbour nine")

    assert district.porter.visitor(fresh)
    assert district.porter.visitor(second) is None
    assert district.porter.visitor(first) is None
    assert isinstance(
        refused(district.porter.sign_in, "zhoumin", PASSWORD, "10.1.2.3"), SignInRefused
    )
    assert district.sign_in("zhoumin", seed, "granite harbour nine")


def test_another_password_asks_for_the_present_one(district: Staffed) -> None:
    token, seed = district.set_up("zhoumin")
    told = [
        refused(district.porter.change_password, token, "wrong one here", "granite harbour nine")
        for _ in range(6)
    ]

    assert [type(one) for one in told] == [SignInRefused] * 5 + [TooManyTries]
    district.later(minutes=1)
    assert isinstance(refused(district.porter.change_password, token, PASSWORD, "short"), Malformed)
    assert district.sign_in("zhoumin", seed)


# --- going out ---------------------------------------------------------------------------------


def test_signing_out_everywhere_counts_in_another_process_at_once(district: Staffed) -> None:
    first, seed = district.set_up("zhoumin")
    second = district.sign_in("zhoumin", seed)
    grant = district.house.people.grants("zhoumin", district.clock.at.date())[0].grant
    program = district.porter.issue("zhoumin", grant)
    other = open_house(district.house.settings, now=district.clock)
    other.door.place.clock = district.clock
    try:
        assert other.porter.visitor(first)
        district.porter.sign_out_everywhere(second)
        assert other.porter.visitor(first) is None
        assert other.porter.visitor(second) is None
        assert other.porter.caller(program) is None
    finally:
        other.close()
    assert district.sign_in("zhoumin", seed)


def test_the_log_ends_sessions_whatever_the_doors_database_says(district: Staffed) -> None:
    token, seed = district.set_up("zhoumin")
    district.run(c.EndSessions, "zhoumin")

    # Its row is there still, as after a copy was brought back.
    assert district.house.door.sessions.of(token)
    assert district.porter.hats(token) is None
    assert district.porter.sessions_of("zhoumin") == []
    assert district.porter.visitor(token) is None
    assert ("session refused", "ended", "zhoumin", 1) in district.journal()
    assert district.sign_in("zhoumin", seed)


def test_one_session_is_ended_by_its_holder_alone(district: Staffed) -> None:
    first, seed = district.set_up("zhoumin")
    second = district.sign_in("zhoumin", seed)
    told = district.porter.sessions_of("zhoumin")
    (theirs,) = (one for one in told if one.made_at < district.clock.at)

    assert isinstance(refused(district.porter.end_session, "suqing", theirs.id), NotFound)
    district.porter.end_session("zhoumin", theirs.id)
    assert district.porter.visitor(first) is None
    assert district.porter.visitor(second)


def test_the_journal_is_the_auditors(district: Staffed) -> None:
    district.set_up("zhoumin")
    auditor = Actor(account="bailu", role=Role.AUD, unit="370103")

    assert district.porter.happened(auditor, account="zhoumin", what="sign-in")
    for role, unit in ((Role.ADM, "370103"), (Role.SEC, "370103"), (Role.CW, AREA)):
        actor = Actor(account="shilei", role=role, unit=unit)
        assert isinstance(refused(district.porter.happened, actor), NotAllowed)


def test_refusals_that_anybody_can_cause_write_little_and_lose_no_count(
    district: Staffed,
) -> None:
    for _ in range(50):
        assert district.porter.visitor("no such token") is None
    district.later(seconds=61)
    district.porter.visitor("no such token")

    assert [times for _, why, _, times in district.journal() if why == "unknown"] == [1, 50]
