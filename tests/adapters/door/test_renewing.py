"""Another second factor, an identity unlinked, and a reset that takes two people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from domain.account import commands as c
from domain.actor import Actor, Role
from domain.errors import (
    Malformed,
    NotAllowed,
    NotForOneself,
    NotFound,
    NotPermittedNow,
    Refusal,
    SignInOver,
    TooManyTries,
)
from tests.adapters.door.house import ADM, COMMUNITY, DISTRICT, PASSWORD, Staffed, staffed

SEC = Actor(account="anning", role=Role.SEC, unit=DISTRICT)


@pytest.fixture
def district(tmp_path: Path, database_url: str) -> Iterator[Staffed]:
    url = "" if database_url.startswith("sqlite") else database_url
    with staffed(tmp_path / "var", url) as made:
        made.opened("anning", "安宁", Role.SEC, DISTRICT)
        yield made


def wrong(do: object, *given: object) -> tuple[str, str]:
    """Which field was not right, and why."""
    with pytest.raises(Malformed) as refused:
        do(*given)  # type: ignore[operator]
    return refused.value.field, refused.value.because


def kinds(district: Staffed, account: str) -> list[str]:
    standing = district.house.people.standing(account)
    assert standing is not None
    return [one.kind for one in standing.credentials]


def test_another_factor_counts_and_the_old_one_no_more(district: Staffed) -> None:
    first, seed = district.set_up("zhoumin")
    token = district.sign_in("zhoumin", seed)
    draft, has = district.porter.factor(token)
    district.later(seconds=30)
    given = (PASSWORD, district.code(seed), draft.salt, district.code(draft.seed))
    fresh = district.porter.change_factor(token, *given)

    assert has
    assert kinds(district, "zhoumin") == ["password", "factor"]
    assert district.porter.visitor(fresh) is not None
    assert district.porter.visitor(token) is None
    assert district.porter.visitor(first) is None
    assert district.sign_in("zhoumin", draft.seed)
    with pytest.raises(Refusal):
        district.sign_in("zhoumin", seed)
    assert ("factor", "", "zhoumin", 1) in district.journal()
    with pytest.raises(SignInOver):
        district.porter.factor(token)


def test_it_takes_the_password_and_both_codes(district: Staffed) -> None:
    token, seed = district.set_up("zhoumin")
    district.later(seconds=30)
    draft, _ = district.porter.factor(token)
    old, new = district.code(seed), district.code(draft.seed)
    do = district.porter.change_factor

    assert wrong(do, token, "wrong", old, draft.salt, new) == ("password", "wrong")
    assert wrong(do, token, PASSWORD, old, draft.salt, "1") == ("code", "wrong")
    assert wrong(do, token, PASSWORD, "", draft.salt, new) == ("old", "wrong")
    assert wrong(do, token, PASSWORD, old, "another", new) == ("code", "wrong")
    assert kinds(district, "zhoumin") == ["password", "factor"]
    # Neither slip used the present code up.
    assert do(token, PASSWORD, old, draft.salt, new)


def test_guesses_at_the_present_code_are_counted(district: Staffed) -> None:
    token, _ = district.set_up("zhoumin")
    draft, _ = district.porter.factor(token)

    def guess() -> None:
        code = district.code(draft.seed)
        district.porter.change_factor(token, PASSWORD, "1", draft.salt, code)

    for _ in range(5):
        assert wrong(guess) == ("old", "wrong")
    with pytest.raises(TooManyTries):
        guess()


def test_whoever_has_none_sets_one_up(district: Staffed) -> None:
    district.porter.two_factors = False
    link = district.porter.invite("zhoumin", ADM)
    token = district.porter.accept(link, PASSWORD, district.porter.invited(link).draft.salt, "")
    draft, has = district.porter.factor(token)
    district.porter.change_factor(token, PASSWORD, "", draft.salt, district.code(draft.seed))

    assert not has
    assert kinds(district, "zhoumin") == ["password", "factor"]


def test_a_draft_is_its_holders_alone(district: Staffed) -> None:
    token, _ = district.set_up("zhoumin")
    other, _ = district.set_up("suqing")
    draft, _ = district.porter.factor(token)

    assert district.porter.factor(token, draft.salt)[0] == draft
    assert district.porter.factor(other, draft.salt)[0].seed != draft.seed
    assert district.porter.factor(token)[0].seed != draft.seed


def test_an_identity_is_unlinked_by_its_holder_alone(district: Staffed) -> None:
    token, _ = district.set_up("zhoumin")
    other, _ = district.set_up("suqing")
    kept = district.house.door.credentials.keep_identity("zhoumin", "https://id.example", "one")
    district.house.desk.run(
        c.SetCredential(
            command_id=district.house.new_id(),
            by=Actor(account="zhoumin", role=Role.RES),
            occurred_at=district.house.now(),
            account="zhoumin",
            credential=kept,
            kind="identity",
        )
    )
    shown = district.porter.identities("zhoumin")

    with pytest.raises(NotFound):
        district.porter.unlink(other, kept)
    district.porter.unlink(token, kept)

    assert [id_ for id_, _ in shown] == [kept]
    assert district.porter.identities("zhoumin") == []
    assert kinds(district, "zhoumin") == ["password", "factor"]
    assert district.porter.visitor(token) is not None
    assert ("identity", "unlinked", "zhoumin", 1) in district.journal()
    with pytest.raises(NotFound):
        district.porter.unlink(token, kept)
    with pytest.raises(NotFound):
        district.porter.unlink(token, uuid4())


def test_a_reset_is_released_by_one_and_finished_by_another(district: Staffed) -> None:
    token, seed = district.set_up("zhoumin")
    district.porter.reset("zhoumin", SEC)

    assert kinds(district, "zhoumin") == []
    assert district.porter.visitor(token) is None
    with pytest.raises(Refusal):
        district.sign_in("zhoumin", seed)
    district.porter.reset("zhoumin", SEC)
    with pytest.raises(NotAllowed):
        district.porter.invite("zhoumin", SEC)
    assert district.porter.invite("zhoumin", ADM)
    assert [what for what, _, _, _ in district.journal()].count("reset") == 1


def test_a_reset_is_for_security_alone_and_never_for_oneself(district: Staffed) -> None:
    token, _ = district.set_up("zhoumin")
    director = Actor(account="zhoumin", role=Role.CD, unit=COMMUNITY)

    for by in (ADM, director):
        with pytest.raises(NotAllowed):
            district.porter.reset("suqing", by)
    with pytest.raises(NotForOneself):
        district.porter.reset("anning", SEC)
    with pytest.raises(NotFound):
        district.porter.reset("nobody", SEC)
    assert district.porter.visitor(token) is not None
    district.run(c.CloseAccount, "zhoumin")
    with pytest.raises(NotPermittedNow):
        district.porter.reset("zhoumin", SEC)
