"""What a program says while it works: log lines that carry the run's id, and traces where they are wanted.

`logged(run=12)` binds its words to every line written inside the block, whoever writes it (structlog's
contextvars). `span(name)` is an OpenTelemetry span when the package is installed and an endpoint is named
(OTEL_EXPORTER_OTLP_ENDPOINT); it is nothing at all otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import structlog

logged = structlog.contextvars.bound_contextvars


class Span:
    """What a block says of itself; the words of one that nobody listens to are lost."""

    def __init__(self, inner: Any = None) -> None:
        self._inner = inner

    def tell(self, **attributes: str | float | None) -> None:
        if self._inner is not None:
            for name, value in attributes.items():
                if value is not None:
                    self._inner.set_attribute(f"comptoir.{name}", value)


def span(name: str) -> AbstractContextManager[Span]:
    return _span(name)


@contextmanager
def _span(name: str) -> Iterator[Span]:
    tracer = _tracer()
    if tracer is None:
        yield Span()
        return
    with tracer.start_as_current_span(name) as inner:
        yield Span(inner)


def tell_exchange(operation: str, started_at: datetime, duration_ms: float, **attributes: Any) -> None:
    """One request to a channel, told once it is over. No address and no body: a trace leaves this machine."""
    tracer = _tracer()
    if tracer is None:
        return
    start = int(started_at.timestamp() * 1_000_000_000)
    inner = tracer.start_span(f"exchange {operation}", start_time=start)
    Span(inner).tell(**attributes)
    inner.end(end_time=start + int(duration_ms * 1_000_000))


@cache
def _tracer() -> Any:
    """None without the package (the extra `otel`) or without an endpoint to send to."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        structlog.get_logger("comptoir").warning(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra `otel` is not installed: no traces"
        )
        return None
    provider = TracerProvider(resource=Resource.create({"service.name": "comptoir"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("comptoir")
