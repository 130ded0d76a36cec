"""Routes that write: described like any other, and served without solving dependencies, which
would take longer than the decision. Who asks, under which conditions, and the body are read here.
"""

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints
from uuid import UUID

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import MediaTypeWrong
from web.api.conditions import (
    IdempotencyKey,
    IfMatch,
    Prefer,
    command_id,
    expected_version,
    patience,
)
from web.entrance import Caller, bearer_of, office_of
from web.ports import Office, SignedIn

JSON = "application/json"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Call:
    """A command as it comes in: who asks whom, under which conditions.

    command: the id that the asker named. expected: the version it had read. patience: seconds
    to wait for the following views.
    """

    who: SignedIn
    office: Office
    command: UUID | None
    expected: int | None
    patience: float


# For the description: FastAPI reads the parameters off them, and DirectRoute asks `call_of`.
async def _described(
    request: Request,
    _: Caller,
    key: IdempotencyKey = None,
    version: IfMatch = None,
    prefer: Prefer = None,
) -> Call:
    return call_of(request)


async def _described_new(
    request: Request, _: Caller, key: IdempotencyKey = None, prefer: Prefer = None
) -> Call:
    return call_of(request)


CallOf = Annotated[Call, Depends(_described)]
CallOfNew = Annotated[Call, Depends(_described_new)]
"""Of what is only being made: there is no version of it yet."""


class DirectRoute(APIRoute):
    """A route whose endpoint takes path parameters as they come, `body` and `call`."""

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        endpoint = self.endpoint
        model: type[BaseModel] = get_type_hints(endpoint)["body"]

        async def handle(request: Request) -> Response:
            call = call_of(request)
            body = _read(await request.body(), request, model)
            answer: Response = await endpoint(**request.path_params, body=body, call=call)
            return answer

        return handle


def call_of(request: Request) -> Call:
    """Who asks, and under which conditions. Raises HTTPException 401, Malformed."""
    who = bearer_of(request)
    header = request.headers.get
    return Call(
        who,
        office_of(request),
        command_id(header("idempotency-key"), who.actor.account),
        expected_version(header("if-match")),
        patience(header("prefer")),
    )


def _read(content: bytes, request: Request, model: type[BaseModel]) -> BaseModel:
    """The body. Raises MediaTypeWrong, RequestValidationError, HTTPException for no text."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise MediaTypeWrong(JSON)
    try:
        told = _JSON.decode(content.decode("utf-8"))
    except _Twice as error:
        raise _invalid("given_twice", ("body", str(error))) from error
    except json.JSONDecodeError as error:
        raise _invalid("json_invalid", ("body", error.pos)) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
    try:
        return model.model_validate(told)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        for fault in faults:
            fault["loc"] = ("body", *fault["loc"])
        raise RequestValidationError(faults) from error


class _Twice(ValueError):
    """A name that an object holds twice: which value is meant cannot be told."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice(
            next(name for name, times in Counter(n for n, _ in pairs).items() if times > 1)
        )
    return found


# Made once: it costs more than reading a body with it.
_JSON = json.JSONDecoder(object_pairs_hook=_once)


def _invalid(kind: str, loc: tuple[str | int, ...]) -> RequestValidationError:
    return RequestValidationError([{"type": kind, "loc": loc}])
