"""Every form that posts carries the token of the sign-in that it was drawn for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.district import AREA, District
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
