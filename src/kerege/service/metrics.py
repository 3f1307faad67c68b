# SPDX-License-Identifier: Apache-2.0
"""Prometheus metrics of a node, in a registry of its own. No label holds a person or an address."""

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

__all__ = ["METRICS_MEDIA_TYPE", "Metrics"]

METRICS_MEDIA_TYPE: Final = CONTENT_TYPE_LATEST

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """What a node counts. `registry` takes more from rooms above."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "kerege_http_request_seconds",
            "Time to answer a request, by route template.",
            ("method", "route", "status"),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self._under_way = Gauge(
            "kerege_http_requests_under_way", "Requests being answered.", registry=self.registry
        )
        self._outcomes = Counter(
            "kerege_orders", "Orders answered, by outcome code.", ("code",), registry=self.registry
        )
        self._children: dict[tuple[str, str, int], Histogram] = {}

    def begin(self) -> None:
        """A request arrived."""
        self._under_way.inc()

    def end(self, method: str, route: str, status: int, seconds: float) -> None:
        """It was answered. `route` is a template of ours, or empty for addresses we do not have."""
        self._under_way.dec()
        key = (method if method in _METHODS else "other", route or "unknown", status)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._seconds.labels(key[0], key[1], str(status))
        child.observe(seconds)

    def count_order(self, code: str, count: int = 1) -> None:
        """Orders were answered with `code`, one of our own codes."""
        self._outcomes.labels(code).inc(count)

    def watch(self, name: str, documentation: str, read: Callable[[], float]) -> None:
        """Show `read()` as the gauge `kerege_<name>` whenever somebody looks."""
        gauge = Gauge(f"kerege_{name}", documentation, registry=self.registry)
        gauge.set_function(read)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)
