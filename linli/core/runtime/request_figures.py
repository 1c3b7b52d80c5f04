"""How many requests, how they ended and how long they took: by the name of the page alone.

Of what the library could count only this is kept: a figure costs time at every request. No figure
carries an address, a name or a word of anybody.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django_prometheus.middleware import Metrics, PrometheusAfterMiddleware  # type: ignore[import-untyped]

from linli.core.runtime import metric_files

KEPT = frozenset(
    {
        "django_http_requests_latency_seconds_by_view_method",
        "django_http_responses_total_by_status_view_method",
        "django_http_exceptions_total_by_view",
    }
)
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))


class NotKept:
    """A figure that nobody asked for."""

    def labels(self, **_: Any) -> NotKept:
        """Answer as a figure does."""
        return self

    def inc(self) -> None:
        """Count nothing."""

    def observe(self, _amount: float) -> None:
        """Measure nothing."""


class Kept(Metrics):  # type: ignore[misc]
    """The library's figures, but only those that are kept."""

    def register_metric(
        self, metric_cls: Any, name: str, documentation: str, labelnames: Any = (), **more: Any
    ) -> Any:
        """Make a figure, or something that stands in its place."""
        if name not in KEPT:
            return NotKept()
        if "buckets" in more:
            more["buckets"] = BOUNDS
        return metric_cls(name, documentation, labelnames=labelnames, **more)


class RequestFigures(PrometheusAfterMiddleware):  # type: ignore[misc]
    """Counts each request around everything else, where this process has the room for it."""

    metrics_cls = Kept

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)

    def process_request(self, request: HttpRequest) -> None:
        """Begin to measure."""
        if metric_files.is_counting():
            request.prometheus_after_middleware_event = time.perf_counter()  # type: ignore[attr-defined]

    def process_view(self, *_: Any, **__: Any) -> None:
        """Count nothing before it is answered."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Note how a request ended and how long it took."""
        if not metric_files.is_counting():
            return response
        view, method = self._get_view_name(request), self._method(request)
        self.metrics.responses_by_status_view_method.labels(
            status=str(response.status_code), view=view, method=method
        ).inc()
        began = getattr(request, "prometheus_after_middleware_event", None)
        if began is not None:
            self.metrics.requests_latency_by_view_method.labels(view=view, method=method).observe(
                time.perf_counter() - began
            )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Note at which page something failed."""
        if metric_files.is_counting():
            view = self._get_view_name(request)
            self.metrics.exceptions_by_view.labels(view=view).inc()
