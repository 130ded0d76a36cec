"""A consistent copy of a district while it runs, in a form of ours that either database takes."""

from adapters.backup.making import Made, back_up
from adapters.backup.restoring import Restored, restore

__all__ = ["Made", "Restored", "back_up", "restore"]
