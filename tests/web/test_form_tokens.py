"""Every form that posts carries the token of the sign-in that it was drawn for."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest

from tests.web.district import AREA, District, png
from tests.web.forms import ORIGIN
from web.pages.frame import ENVIRONMENT, HERE

TEMPLATES = sorted(path.name for path in Path(HERE / "templates").glob("*.html"))
POSTING = re.compile(r'<form\b(?=[^>]*\bmethod="post")(?:{[^}]*}|[^>])*>(.*?)</form>', re.DOTALL)
CARRIED = "{{ m.form_token(form_token) }}"
WITHIN_A_MACRO = "{{ form_token(token) }}"

OWN_PROOF = {"elsewhere.html"}
"""What the identity provider answered: its state and a cookie show that it was asked for."""


def lacking(source: str) -> list[str]:
    """The forms of a template that post without the token."""
    return [
        body[:60]
        for body in POSTING.findall(source)
        if CARRIED not in body and WITHIN_A_MACRO not in body
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_form_that_posts_carries_the_token(template: str) -> None:
    assert ENVIRONMENT.loader
    source, _, _ = ENVIRONMENT.loader.get_source(ENVIRONMENT, template)

    assert source.count('method="post"') == len(POSTING.findall(source))
    assert template in OWN_PROOF or lacking(source) == []


def test_a_form_without_one_is_found() -> None:
    bare = '<form method="post" action="/x{% if y > 1 %}/y{% endif %}"><button>x</button></form>'

    assert lacking(bare)
    assert not lacking(bare.replace("<button>", CARRIED + "<button>"))


FORMS = [
    ("/filters", {"name": "x", "address": "/"}),
    ("/filters/rename", {"name": "x", "to": "y"}),
    ("/filters/drop", {"name": "x"}),
    ("/settings", {"language": "en", "theme": "dark", "shortcuts": "on"}),
    (f"/units/{AREA}?do=rename", {"name": "新名"}),
    ("/accounts/all/find", {"text": "敏"}),
    ("/assignments", {"affair": "CG-2011-0001", "account": "suqing"}),
]


@pytest.mark.parametrize(("path", "form"), FORMS, ids=[path for path, _ in FORMS])
@pytest.mark.parametrize("token", [None, "", "0" * 64, "of another"], ids=str)
def test_a_form_that_was_not_drawn_for_who_sends_it_does_nothing(
    district: District, path: str, form: dict[str, str], token: str | None
) -> None:
    if token == "of another":
        token = district.form_token(district.cookies["linxiaohe"])
    carried = {} if token is None else {"form-token": token}

    answer = district.client.post(
        path,
        data={**form, **carried},
        headers={"Cookie": f"tenlines={district.cookies['zhoumin']}", "Origin": ORIGIN},
        follow_redirects=False,
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_form_is_refused_as_a_whole_where_it_holds_what_was_not_asked_for(
    district: District,
) -> None:
    token = district.form_token(district.cookies["zhoumin"])

    answer = district.client.post(
        "/filters",
        data={"form-token": token, "name": "x", "address": "/", "urgent": "yes"},
        headers={"Cookie": f"tenlines={district.cookies['zhoumin']}", "Origin": ORIGIN},
    )

    assert answer.status_code == 422
    assert "urgent" in answer.text


def sent(district: District, path: str, token: str, **texts: str) -> httpx2.Response:
    """The answer to a form of the area's worker with a file in it."""
    answer: httpx2.Response = district.client.post(
        path,
        data={"form-token": token, **texts},
        files={"photos": ("gate.png", png())},
        headers={"Cookie": f"tenlines={district.cookies['linxiaohe']}", "Origin": ORIGIN},
        follow_redirects=False,
    )
    return answer


def token_of(html: str) -> str:
    """What the forms of a page carry."""
    found = re.search(r'name="form-token" value="(\w+)"', html)
    assert found is not None
    return found[1]


def test_a_step_of_another_sign_in_is_drawn_again_with_what_was_typed(fresh: District) -> None:
    number = fresh.registered()["number"]
    fresh.done("linxiaohe", number, "steps/G1", "07-22 10:30", place="116.99,36.65")
    path = f"/affairs/{number}/steps/G2"
    before = fresh.page("linxiaohe", path).text
    told = {
        "command-id": str(fresh.house.new_id()),
        "drawn-version": "2",
        "occurred-at": "2011-07-22T11:00",
        "note": "现场没有堆放",
    }
    elsewhere = fresh.form_token(fresh.cookies["zhoumin"])

    refused = sent(fresh, path, elsewhere, **told)

    assert refused.status_code == 403
    assert "<title>错误：" in refused.text
    assert "现场没有堆放" in refused.text
    assert "gate.png" not in refused.text
    assert "另一次登录" in refused.text
    assert fresh.page("linxiaohe", path).text.count("现场没有堆放") == 0
    assert token_of(refused.text) == token_of(before)
    done = sent(fresh, path, token_of(refused.text), **told)
    assert done.status_code == 303, done.text


def test_intake_of_another_sign_in_is_drawn_again_with_what_was_typed(fresh: District) -> None:
    path = "/affairs/new?matter=CG01"
    drawn = fresh.page("linxiaohe", path).text
    told = {
        "command-id": str(fresh.house.new_id()),
        "own-summary": "北门路灯不亮",
        "asked": "register",
    }
    head = fresh.house.log.head()

    refused = fresh.client.post(
        path,
        data={"form-token": "0" * 64, **told},
        headers={"Cookie": f"tenlines={fresh.cookies['linxiaohe']}", "Origin": ORIGIN},
        follow_redirects=False,
    )

    assert refused.status_code == 403
    assert "北门路灯不亮" in refused.text
    assert token_of(refused.text) == token_of(drawn)
    assert fresh.house.log.head() == head
