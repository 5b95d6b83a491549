"""What Prometheus scrapes; labels are addresses of channels and words of LeadLark alone."""

from __future__ import annotations

import os
from collections.abc import Callable

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable by which the workers of a service share their counts."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counts of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "leadlark_requests",
            "Requests answered, by channel, what was done and HTTP status.",
            ("channel", "action", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "leadlark_request_seconds",
            "Time from the head of a request to its answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._broken = Gauge(
            "leadlark_rule_files_broken",
            "Rule files whose last good version is still in use.",
            registry=self._registry,
            multiprocess_mode="max",
        )
        self._loaded = Gauge(
            "leadlark_channels",
            "Channels that take requests.",
            registry=self._registry,
            multiprocess_mode="max",
        )

    def answered(self, channel: str, action: str, status: int, seconds: float) -> None:
        """Count an answer; ``channel`` is empty where none was reached."""
        self._answers.labels(channel, action, str(status)).inc()
        self._seconds.observe(seconds)

    def rules(self, channels: int, broken: int) -> None:
        """Note how many channels there are, and how many rule files are broken."""
        self._loaded.set(channels)
        self._broken.set(broken)

    def watch_queue(self, waiting: Callable[[], int]) -> None:
        """Show how many requests wait for the store."""
        gauge = Gauge(
            "leadlark_waiting",
            "Requests that wait for the store.",
            registry=self._registry,
            multiprocess_mode="sum",
        )
        if FOLDER not in os.environ:
            gauge.set_function(waiting)

    def text(self) -> tuple[bytes, str]:
        """The counts, those of all workers, as text, and its media type."""
        registry = self._registry
        if FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST
