"""The API's description, completed: schemas that only problems refer to, ours alone in it."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

_OF_OTHERS = ("HTTPValidationError", "ValidationError")
"""FastAPI's own words for what we answer as problems."""


def complete(app: FastAPI, models: Sequence[type[BaseModel]]) -> None:
    """Have the description hold these models' schemas too."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = described()
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            _, found = models_json_schema(
                [(model, "serialization") for model in models],
                ref_template="#/components/schemas/{model}",
            )
            for name, one in found.get("$defs", {}).items():
                schemas.setdefault(name, one)
            for name in _OF_OTHERS:
                schemas.pop(name, None)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way
