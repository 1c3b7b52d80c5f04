"""What Prometheus reads: requests of all web processes, and how the installation is."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from linli.core.runtime import metric_files
from linli.faces.monitoring import questions

CONTENT_TYPE = CONTENT_TYPE_LATEST
# Question and fact, by which name, and what it says.
GAUGES = (
    ("worker", "workers", "linli_workers", "Workers that gave a sign of life"),
    ("worker", "hanging", "linli_workers_hanging", "Workers at one thing for over an hour"),
    ("worker", "silent_seconds", "linli_worker_heartbeat_age_seconds", "Since the last sign"),
    ("jobs", "failed", "linli_jobs_failed", "Jobs whose last run failed"),
    ("jobs", "keep_failing", "linli_jobs_keep_failing", "Jobs that fail again and again"),
    ("notices", "overdue", "linli_notices_unsent", "Messages over an hour late"),
    ("notices", "unknown", "linli_notices_unknown", "Messages nobody knows were sent"),
    ("backup", "age_seconds", "linli_last_backup_age_seconds", "Since the last backup"),
    ("room", "database_bytes", "linli_database_bytes", "Size of the database"),
    ("room", "days_left", "linli_disk_days_left", "Days until the disk is full, if measured"),
    ("disk", "free_bytes", "linli_disk_free_bytes", "Free where the data lies"),
    ("disk", "total_bytes", "linli_disk_bytes", "Size of the disk where the data lies"),
    ("migrations", "waiting", "linli_migrations_waiting", "Migrations not applied"),
)


class Installation(Collector):
    """The answers of the questions, as gauges; one that is not known is left out."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each gauge."""
        answers = questions.ask()
        state = GaugeMetricFamily("linli_well", "1 unless it is bad", labels=["question"])
        for name, answer in answers.items():
            state.add_metric([name], float(answer.state != "bad"))
        yield state
        for question, fact, name, says in GAUGES:
            known = answers[question].facts.get(fact) if question in answers else None
            if known is not None:
                yield GaugeMetricFamily(name, says, value=known)


def as_text() -> bytes:
    """Return everything in the format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(Installation())
    if metric_files.is_counting():
        MultiProcessCollector(registry, path=str(metric_files.folder()))  # type: ignore[no-untyped-call]
    return generate_latest(registry)
