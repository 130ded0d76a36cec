"""One active worker by lease; a second waits and takes over when the first is gone."""

import os
import socket
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import sqlalchemy as sa
import structlog

from adapters.house import House
from adapters.projector import state
from adapters.time import wall
from adapters.worker.promoter import Promoter
from adapters.worker.reactor import Reactor
from adapters.worker.recounter import Recounter
from adapters.worker.sweeper import Sweeper
from domain.errors import OutcomeUnknown, StorageUnavailable

LEASE = "worker"
LEASE_SECONDS = 10.0
BEAT_SECONDS = 1.0
PRUNING_SECONDS = 24 * 60 * 60.0
AWAY = (sa.exc.DBAPIError, StorageUnavailable, OutcomeUnknown)

_log = structlog.get_logger(__name__)


class Worker:
    """Keeps the following views level, fires what is due, lets one affair move another."""

    def __init__(self, house: House, *, told: Callable[[bool], None] = lambda leads: None) -> None:
        """told: whether it works or waits, at first and whenever that changes."""
        self._house, self._told = house, told
        self._sweeper, self._reactor = Sweeper(house), Reactor(house)
        self._recounter, self._promoter = Recounter(house), Promoter(house)
        self._pruned: float | None = None
        self.holder = f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}"

    def run(self, stop: threading.Event) -> None:
        """Work while the lease is held, wait while another holds it; until told to stop."""
        follower = self._house.follower
        following = threading.Thread(target=self._follow, args=(stop,), daemon=True)
        following.start()
        before: bool | None = None
        try:
            while not stop.is_set():
                try:
                    leads = self.leads()
                    if leads is not before:
                        self._told(leads)
                        before = leads
                    if leads:
                        self._house.reference.refresh()
                        # Before the sweep: what a provisional clock withheld is fired at once.
                        self._recounter.step(stop)
                        self._sweeper.sweep(stop)
                        self._reactor.step()
                        self._promoter.step()
                        self._prune()
                    else:
                        stop.wait(BEAT_SECONDS)
                        continue
                    self._house.log.wait_for(self._house.log.head() + 1, BEAT_SECONDS, stop)
                except Exception as error:  # noqa: BLE001 - told, and tried again
                    _tell(error)
                    stop.wait(BEAT_SECONDS)
        finally:
            following.join(timeout=LEASE_SECONDS)
            try:
                with follower.database.writing() as connection:
                    state.drop_lease(connection, LEASE, self.holder)
            except Exception as error:  # noqa: BLE001 - it runs out by itself
                _tell(error)

    def leads(self) -> bool:
        """Take or renew the lease; False while another holds it. By the wall's clock."""
        with self._house.follower.database.writing() as connection:
            return state.take_lease(connection, LEASE, self.holder, wall(), LEASE_SECONDS)

    # When it begins, and once a day from then on.
    def _prune(self) -> None:
        now = time.monotonic()
        if self._pruned is None or now - self._pruned >= PRUNING_SECONDS:
            self._house.door.prune()
            self._pruned = now

    def drain(self) -> int:
        """Do all there is to do and return: how much was folded and fired."""
        done = 0
        self._house.reference.refresh()
        while True:
            once = self._recounter.recount() + self._sweeper.sweep() + self._reactor.step()
            once += self._promoter.step()
            while folded := self._house.follower.step():
                once += folded
            if not once:
                return done
            done += once

    def _follow(self, stop: threading.Event) -> None:
        follower = self._house.follower
        while not stop.is_set():
            try:
                if not self.leads():
                    stop.wait(BEAT_SECONDS)
                elif not follower.step():
                    self._house.log.wait_for(follower.position() + 1, BEAT_SECONDS, stop)
            except Exception as error:  # noqa: BLE001 - told, and tried again
                _tell(error)
                stop.wait(BEAT_SECONDS)


# Whatever it is: a worker that ends would be missed by nobody until a deadline is.
def _tell(error: Exception) -> None:
    if isinstance(error, AWAY):
        _log.warning("the database is away", error=type(error).__name__)
    else:
        _log.error("the worker failed", exc_info=error)
