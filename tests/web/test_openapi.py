"""The description of the API: complete, in itself consistent, and true.

That it is true, every call of every test says: `District.api` fails on an answer that is not
described.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.district import District, doing, persuading
from web.answers import ProblemAnswer
from web.problems import MEDIA_TYPE


@pytest.fixture(scope="module")
def described(district: District) -> dict[str, Any]:
    """The description as it is served."""
    answer = district.client.get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]

    for reference in references(described):
        assert reference.removeprefix("#/components/schemas/") in schemas


def test_nothing_is_described_that_nobody_answers(described: dict[str, Any]) -> None:
    used = set(references(described))

    schemas = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert schemas - used == set()


def test_every_route_says_what_it_does_and_how_it_refuses(described: dict[str, Any]) -> None:
    for name, operation in operations(described):
        assert operation["description"], name
        responses = operation["responses"]
        assert {"401", "429", "500", "503"} <= responses.keys(), name
        for status, response in responses.items():
            assert response["description"], f"{name} {status}"
            if int(status) >= 400:
                assert list(response["content"]) == [MEDIA_TYPE], f"{name} {status}"
                schema = response["content"][MEDIA_TYPE]["schema"]
                assert schema["$ref"].endswith(ProblemAnswer.__name__)


def test_who_asks_says_so_by_a_token(described: dict[str, Any]) -> None:
    (scheme,) = described["components"]["securitySchemes"].values()

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert all(operation["security"] for _, operation in operations(described))


def test_requests_refuse_what_they_do_not_know(described: dict[str, Any]) -> None:
    for name in ("Registration", "Doing", "VisitRecord"):
        assert described["components"]["schemas"][name]["additionalProperties"] is False


def test_conditions_are_described(described: dict[str, Any]) -> None:
    step = described["paths"]["/api/v1/affairs/{affair}/steps/{step}"]["post"]

    named = {parameter["name"].lower() for parameter in step["parameters"]}
    assert named == {"affair", "step", "idempotency-key", "if-match", "prefer"}
    assert set(step["responses"]["200"]["headers"]) == {"ETag", "Preference-Applied"}


def test_an_answer_that_is_not_described_is_caught(district: District) -> None:
    number = persuading(district)
    answer = district.api("linxiaohe", "GET", f"/affairs/{number}")

    assert not district.undocumented("GET", f"/api/v1/affairs/{number}", answer)
    answer.status_code = 418
    assert district.undocumented("GET", f"/api/v1/affairs/{number}", answer)
    answer.status_code = 404
    assert district.undocumented("GET", f"/api/v1/affairs/{number}", answer)


def test_there_is_no_page_that_fetches_from_elsewhere(district: District) -> None:
    for path in ("/docs", "/redoc", "/api/docs"):
        assert district.client.get(path).status_code == 404


def test_answers_are_of_the_shape_that_is_described(
    district: District, described: dict[str, Any]
) -> None:
    number = persuading(district)
    for path, template in (
        (f"/affairs/{number}", "/affairs/{affair}"),
        (f"/affairs/{number}/history", "/affairs/{affair}/history"),
        (f"/affairs/{number}/options", "/affairs/{affair}/options"),
        (f"/affairs/{number}/state", "/affairs/{affair}/state"),
        ("/affairs", "/affairs"),
        ("/lines/CG", "/lines/{code}"),
        ("/statistics?from=2011-07-01&to=2011-07-31", "/statistics"),
    ):
        answer = district.api("linxiaohe", "GET", path).json()
        ok = described["paths"][f"/api/v1{template}"]["get"]["responses"]["200"]
        assert mismatches(answer, ok["content"]["application/json"]["schema"], described) == []
    stored = district.api(
        "linxiaohe",
        "POST",
        f"/affairs/{number}/entries/persuasion",
        json=doing("07-22 16:00", result="effective"),
    ).json()
    schema = described["components"]["schemas"]["AffairStored"]
    assert mismatches(stored, schema, described) == []
    refused = district.api("linxiaohe", "POST", f"/affairs/{number}/steps/G16", json={}).json()
    schema = described["components"]["schemas"]["ProblemAnswer"]
    assert mismatches(refused, schema, described) == []


def mismatches(value: Any, schema: dict[str, Any], described: dict[str, Any], at: str = "") -> Any:
    """Where a value is not of the shape: types, needed and unknown members, choices."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return mismatches(value, described["components"]["schemas"][name], described, at)
    if "anyOf" in schema:
        told = [mismatches(value, one, described, at) for one in schema["anyOf"]]
        return [] if [] in told else told[0]
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }
    kind = schema.get("type")
    if kind and not isinstance(value, kinds[kind]):
        return [f"{at}: {json.dumps(value, ensure_ascii=False)[:60]} is no {kind}"]
    found: list[str] = []
    if kind == "object":
        known = schema.get("properties", {})
        found += [
            f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value
        ]
        for name, part in value.items():
            inner = known.get(name, schema.get("additionalProperties", True))
            if inner is False:
                found.append(f"{at}.{name} is not known")
            elif isinstance(inner, dict):
                found += mismatches(part, inner, described, f"{at}.{name}")
    if kind == "array":
        for index, part in enumerate(value):
            found += mismatches(part, schema.get("items", {}), described, f"{at}[{index}]")
    return found


def test_a_mismatch_is_caught() -> None:
    schema = {
        "type": "object",
        "required": ["a"],
        "additionalProperties": False,
        "properties": {"a": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
    }

    assert mismatches({"a": None}, schema, {}) == []
    assert mismatches({"a": "x"}, schema, {})
    assert mismatches({}, schema, {})
    assert mismatches({"a": 1, "b": 2}, schema, {})
