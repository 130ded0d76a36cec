"""The worker: follows with the views, sweeps what is due."""

from adapters.worker.worker import Worker

__all__ = ["Worker"]
