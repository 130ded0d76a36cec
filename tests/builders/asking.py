"""What every command carries, with its types: a test unpacks it and adds what it asks."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from adapters.house import House
from domain.actor import Actor


class Asked(TypedDict):
    """Of any command."""

    command_id: UUID
    by: Actor
    occurred_at: datetime


class AskedOfAffair(Asked):
    """Of a command for one affair."""

    affair_id: UUID


def asks(house: House, by: Actor) -> Asked:
    """A new command, which occurs now."""
    return {"command_id": house.new_id(), "by": by, "occurred_at": house.now()}


def asks_of(house: House, affair_id: UUID, by: Actor) -> AskedOfAffair:
    """A new command for an affair, which occurs now."""
    return {**asks(house, by), "affair_id": affair_id}
