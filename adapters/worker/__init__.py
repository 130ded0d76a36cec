"""The worker: follows with the views, sweeps what is due, lets one affair move another."""

from adapters.worker.worker import Worker

__all__ = ["Worker"]
