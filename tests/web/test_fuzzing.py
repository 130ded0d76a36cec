"""The API as its own description lets anybody ask it, and as it does not: each role, any body.

schemathesis makes the requests from `/api/openapi.json`, right and wrong ones; they are sent like
all others, and every answer is one that the description knows. Half of them are about what is
there: whoever only asks for affairs that are not learns nothing of the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from domain.actor import Role
from tests.web.district import AREA, PEOPLE, SANITATION, District, at, persuading

BY_ROLE = {entry.role: entry.account for entry in reversed(PEOPLE)}
WHEN = at("07-25 16:00").isoformat()
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
FEW, MANY = 2, 60
"""Examples of each operation, role and mode: in every run, and in the long proofs."""


@pytest.fixture(scope="module")
def there(district: District) -> dict[str, str]:
    """What is there, by the name of the parameter or the member that asks for it."""
    number = persuading(district)
    photo = district.photo("linxiaohe", number)
    district.follow()
    return {
        "affair": number,
        "attachment": photo,
        "step": "G7",
        "entry": "persuasion",
        "action": "remind",
        "code": "CG",
        "matter": "CG01",
        "area": AREA,
        "community": "",
        "unit": SANITATION,
        "account": "suqing",
        "occurred_at": WHEN,
        "started_at": WHEN,
        "ended_at": WHEN,
    }


@pytest.fixture(scope="module")
def ways(district: District) -> list[st.SearchStrategy[Case[Any]]]:
    """Requests of every operation that is described, right ones and wrong ones."""
    schema = schemathesis.openapi.from_dict(district.app.openapi())
    return [
        found.ok().as_strategy(generation_mode=mode)
        for found in schema.get_all_operations()
        if isinstance(found, Ok)
        for mode in MODES
    ]


def tried(
    district: District,
    ways: Sequence[st.SearchStrategy[Case[Any]]],
    there: dict[str, str],
    role: Role,
    examples: int,
) -> int:
    """Ask in every way as somebody in the role; how many requests were sent."""
    sent = 0

    def ask(case: Case[Any], known: bool) -> None:
        nonlocal sent
        for parts in (case.path_parameters, case.body) if known else ():
            if isinstance(parts, dict):
                parts.update({name: there[name] for name in parts.keys() & there.keys()})
        answer = send(district, BY_ROLE[role], case)
        sent += 1
        assert answer.status_code < 500, answer.text
        # Described as well, but then nothing else would be tried.
        assert answer.status_code != 429
        path = answer.request.url.raw_path.decode()
        undocumented = district.undocumented(case.method, path, answer)
        assert not undocumented, (undocumented, answer.text)

    bounded = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for number, cases in enumerate(ways):
        # Each role asks something else, and in every run the same.
        chosen = seed(1_000 * [*BY_ROLE].index(role) + number)
        chosen(bounded(given(case=cases, known=st.booleans())(ask)))()
    return sent


def send(district: District, account: str, case: Case[Any]) -> httpx2.Response:
    """Send what was made, as somebody."""
    told = case.as_transport_kwargs(base_url="http://testserver")
    headers = {**(told.pop("headers", None) or {})}
    headers["Authorization"] = f"Bearer {district.tokens[account]}"
    body = told.get("data")
    if isinstance(body, str | bytes):
        told["content"] = told.pop("data")
    if told.get("files"):
        told["files"] = [*map(written, told["files"])]
    told.pop("cookies", None)
    return district.client.request(told.pop("method"), told.pop("url"), headers=headers, **told)


# The requests are made for a client that writes a number as its text; ours would break off.
def written(part: tuple[str, tuple[Any, ...]]) -> tuple[str, tuple[Any, ...]]:
    """A part of a form, its number as text."""
    name, (file_name, content, *kind) = part
    return name, (file_name, str(content) if isinstance(content, int) else content, *kind)


@pytest.mark.parametrize(
    ("body", "status"), [({"file": 0}, 201), ({"file": [1, 2]}, 422), ({"more": 0}, 422)]
)
def test_a_number_in_a_form_is_sent_as_its_text(
    district: District, there: dict[str, str], body: dict[str, Any], status: int
) -> None:
    schema = schemathesis.openapi.from_dict(district.app.openapi())
    case = schema["/api/v1/affairs/{affair}/attachments"]["POST"].Case(
        path_parameters={"affair": there["affair"]}, body=body, media_type="multipart/form-data"
    )

    assert send(district, "linxiaohe", case).status_code == status


def test_every_role_is_there() -> None:
    assert BY_ROLE.keys() == set(Role) - {Role.SYS}


@pytest.mark.parametrize("role", BY_ROLE, ids=str)
def test_whatever_is_asked_the_answer_is_described(
    district: District,
    ways: list[st.SearchStrategy[Case[Any]]],
    there: dict[str, str],
    role: Role,
) -> None:
    described = sum(map(len, district.app.openapi()["paths"].values()))

    assert len(ways) == len(MODES) * described
    assert tried(district, ways, there, role, FEW) >= len(ways)


@pytest.mark.faults
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("role", BY_ROLE, ids=str)
def test_whatever_is_asked_many_times_the_answer_is_described(
    district: District,
    ways: list[st.SearchStrategy[Case[Any]]],
    there: dict[str, str],
    role: Role,
) -> None:
    tried(district, ways, there, role, MANY)
