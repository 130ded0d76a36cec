"""Is it alive, is it ready, how is it doing. For machines inside the house; nothing personal."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.errors import Refusal
from web.entrance import OfficeOf
from web.metrics import MEDIA_TYPE, Metrics
from web.ports import Office

router = APIRouter(include_in_schema=False)

BEHIND_SECONDS = 60.0
"""How far the following views may lag for the process to call itself ready."""


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(office: OfficeOf) -> JSONResponse:
    """The databases answer, the keys open, units are known, the views are level within a bound."""
    checks = {
        "database": _database(office),
        "keys": _keys(office),
        "reference": _reference(office),
        "views": _views(office),
    }
    ready = all(check["ok"] for check in checks.values())
    return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Numbers for Prometheus."""
    numbers: Metrics = request.app.state.metrics
    return Response(numbers.text(), media_type=MEDIA_TYPE)


def _database(office: Office) -> dict[str, Any]:
    try:
        return {"ok": True, "head": office.head()}
    except Refusal as refusal:
        return {"ok": False, "because": refusal.code}


def _keys(office: Office) -> dict[str, Any]:
    try:
        office.check_keys()
    except Refusal as refusal:
        return {"ok": False, "because": refusal.code}
    return {"ok": True}


def _reference(office: Office) -> dict[str, Any]:
    try:
        office.refresh()
    except Refusal as refusal:
        return {"ok": False, "because": refusal.code}
    return {"ok": True, "units": len(office.organisation.units)}


def _views(office: Office) -> dict[str, Any]:
    try:
        level = office.level()
    except Refusal as refusal:
        return {"ok": False, "because": refusal.code}
    return {
        "ok": level.behind_seconds <= BEHIND_SECONDS,
        "behind_events": level.behind_events,
        "behind_seconds": round(level.behind_seconds, 3),
        "parked": level.parked_streams,
    }
