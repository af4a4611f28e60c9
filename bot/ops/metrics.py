"""What can be measured, in Prometheus' words; `docs/metrics.md` explains each.

Counts of what this process did are kept here. What the database knows is read at each scrape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.domain.answer import Conclusion, PollResult
from bot.domain.states import Status
from storage.counts import Counts

disable_created_metrics()  # type: ignore[no-untyped-call] # no *_created beside each counter


class Socket(Protocol):
    """A Socket Mode connection, to look at."""

    @property
    def connected(self) -> bool:
        """Whether payloads can reach us."""

    @property
    def connections(self) -> int:
        """How many connections of this app Slack counted."""


class Metrics:
    """The metrics of one Callgate. Every one of them is there from the start, at zero."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._stored = _Stored(self.registry)
        polls = Counter(
            "callgate_polls",
            "Status requests to PolyAI, by what was learnt.",
            ["result"],
            registry=self.registry,
        )
        self._polls = {result: polls.labels(result.value) for result in PollResult}
        self._refused = Counter(
            "callgate_requests_refused",
            "Requests over HTTP that were not taken for Slack's, by reason.",
            ["reason"],
            registry=self.registry,
        )
        self.slack_rate_limited = self._counter("slack_rate_limited", "Answers 429 from Slack.")
        self.slack_posts_unanswered = self._counter(
            "slack_posts_unanswered", "Posts whose answer was lost; each may appear twice in Slack."
        )

    def watch_requests(self, reasons: Iterable[str]) -> None:
        """Show for each of these reasons how many requests over HTTP were refused."""
        for reason in reasons:
            self._refused.labels(reason)

    def refused(self, reason: str) -> None:
        """Count one request over HTTP that was refused, and why."""
        self._refused.labels(reason).inc()

    def polled(self, result: PollResult) -> None:
        """Count one status request and what came of it."""
        self._polls[result].inc()

    def watch_dialing(self, held: Callable[[], bool]) -> None:
        """Show whether dialing is held."""
        self._watch("dialing_held", "1 while PolyAI refuses our access and dialing waits.", held)

    def watch_socket(self, socket: Socket) -> None:
        """Show how the Socket Mode connection stands."""
        self._watch("socket_connected", "1 while payloads can reach us.", lambda: socket.connected)
        self._watch(
            "socket_connections", "Connections of this app, as Slack counts them.", lambda: socket.connections
        )

    def page(self, counts: Counts, now: datetime) -> bytes:
        """Everything in Prometheus' text format; `counts` is what the database knows."""
        self._stored.counts, self._stored.now = counts, now
        return generate_latest(self.registry)

    def _watch(self, name: str, documentation: str, value: Callable[[], float]) -> None:
        Gauge(f"callgate_{name}", documentation, registry=self.registry).set_function(value)

    def _counter(self, name: str, documentation: str) -> Counter:
        return Counter(f"callgate_{name}", documentation, registry=self.registry)


class _Stored(Collector):
    """Turns what the database knows into metrics."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.counts, self.now = Counts({}, {}, 0, None, 0, frozen=False), datetime.now(UTC)
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        calls = GaugeMetricFamily("callgate_calls", "Call requests, by where they stand.", labels=["status"])
        for status in Status:
            calls.add_metric([status.value], self.counts.calls.get(status.value, 0))
        attempts = CounterMetricFamily(
            "callgate_dial_attempts", "Dial attempts, by what their answer means.", labels=["conclusion"]
        )
        for conclusion in Conclusion:
            attempts.add_metric([conclusion.value], self.counts.dial_attempts.get(conclusion.value, 0))
        frozen = GaugeMetricFamily(
            "callgate_dialing_frozen", "1 while people have frozen dialing.", value=self.counts.frozen
        )
        yield from (calls, attempts, frozen, *self._outbox())

    def _outbox(self) -> Iterator[Metric]:
        oldest = self.counts.oldest_pending or self.now
        waited = max(0.0, (self.now - oldest).total_seconds())
        for name, documentation, value in (
            ("pending", "What Slack is still to be told.", self.counts.pending),
            ("oldest_pending_seconds", "How long the oldest of it has waited.", waited),
            ("dead_letters", "What Slack refused for good.", self.counts.dead_letters),
        ):
            yield GaugeMetricFamily(f"callgate_outbox_{name}", documentation, value=value)
