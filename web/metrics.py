"""What Prometheus is told. Every number is measured here; what cannot be known is left out."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from domain.errors import Conflict, Refusal
from web.levels import Appends, Level

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The numbers of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "tenlines_request_seconds",
            "Requests, by the template of their route.",
            ("method", "route", "status"),
            registry=self.registry,
            buckets=SECONDS,
        )
        self._commands = Histogram(
            "tenlines_command_seconds",
            "Commands from their arrival to the durable answer: decision and append.",
            ("command",),
            registry=self.registry,
            buckets=SECONDS,
        )
        self._refusals = Counter(
            "tenlines_refusals", "Commands that were refused.", ("code",), registry=self.registry
        )
        self._conflicts = Counter(
            "tenlines_conflicts",
            "Commands refused because somebody else had been faster.",
            registry=self.registry,
        )

        self._limited = Counter(
            "tenlines_requests_limited",
            "Requests refused because there had been too many, by what they were.",
            ("kind",),
            registry=self.registry,
        )

    def limited(self, kind: str) -> None:
        """A request was one too many."""
        self._limited.labels(kind).inc()

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).observe(seconds)

    @contextmanager
    def command(self, name: str) -> Iterator[None]:
        """Measure a command for as long as the block lasts."""
        began = time.perf_counter()
        try:
            yield
        except Refusal as refusal:
            self._refusals.labels(refusal.code).inc()
            if isinstance(refusal, Conflict):
                self._conflicts.inc()
            raise
        else:
            self._commands.labels(name).observe(time.perf_counter() - began)

    def watch(
        self,
        level: Callable[[], Level],
        due_backlog: Callable[[], int],
        appends: Callable[[], Appends],
    ) -> None:
        """Ask these whenever the numbers are asked for."""
        self.registry.register(_District(level, due_backlog))
        self.registry.register(_Log(appends))

    def text(self) -> bytes:
        """All numbers, as Prometheus reads them."""
        return generate_latest(self.registry)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Log(Collector):
    def __init__(self, appends: Callable[[], Appends]) -> None:
        self._appends = appends

    def describe(self) -> Iterator[Metric]:
        yield from ()

    def collect(self) -> Iterator[Metric]:
        appends = self._appends()
        for name, says, counted in (
            ("seconds", "Transactions of the log: from the lock to the durable commit.",
             appends.seconds),
            ("commands", "Commands that one transaction of the log stored.", appends.commands),
        ):  # fmt: skip
            yield HistogramMetricFamily(
                f"tenlines_append_{name}",
                says,
                buckets=[(_shown(bound), count) for bound, count in counted.up_to],
                sum_value=counted.total,
            )


def _shown(bound: float) -> str:
    return "+Inf" if bound == float("inf") else str(float(bound))


class _District(Collector):
    def __init__(self, level: Callable[[], Level], due_backlog: Callable[[], int]) -> None:
        self._level, self._due_backlog = level, due_backlog

    # Registering asks for nothing: the district need not be there yet.
    def describe(self) -> Iterator[Metric]:
        yield from ()

    def collect(self) -> Iterator[Metric]:
        try:
            level, due_backlog = self._level(), self._due_backlog()
        except Refusal:
            # The database is away: this process's own numbers are told all the same.
            return
        for name, says, value in (
            ("log_head", "Last position of the log.", level.head),
            ("projection_lag_events", "Events the following views have yet to fold.",
             level.behind_events),
            ("projection_lag_seconds", "How long the oldest of them has been waiting.",
             level.behind_seconds),
            ("due_backlog", "Clocks whose warning or end waits to be swept.",
             due_backlog),
            ("sealed_height", "Positions under a signed tree head; nothing is sealed yet.", 0),
        ):  # fmt: skip
            yield GaugeMetricFamily(f"tenlines_{name}", says, value=value)
        parked = GaugeMetricFamily(
            "tenlines_parked_streams", "Streams that a view cannot follow.", labels=("view",)
        )
        for view, count in level.parked.items():
            parked.add_metric((view,), count)
        yield parked
