"""What a real program writes and sends while a flow runs."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from django.conf import settings
from django.db import connection
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from comptoir.journal.models import Run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Collector(http.server.BaseHTTPRequestHandler):
    """Takes OTLP over HTTP, as a collector does."""

    taken: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        type(self).taken.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def collector() -> Iterator[str]:
    Collector.taken = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def flow_run(data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    given = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}",
        "COMPTOIR_DATA": str(data), "COMPTOIR_SECRET_KEY": settings.SECRET_KEY,
        "COMPTOIR_SEALING_KEYS": ",".join(settings.SEALING_KEYS), "COMPTOIR_LOG_LEVEL": "INFO", **more,
    }  # fmt: skip
    command = [sys.executable, "-m", "comptoir", "flow", "run", "purge"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    return done


def test_each_line_of_a_run_carries_its_number_and_the_run_is_a_span(tmp_path: Path, collector: str) -> None:
    done = flow_run(tmp_path, COMPTOIR_LOG_JSON="1", OTEL_EXPORTER_OTLP_ENDPOINT=collector)
    run = Run.objects.get(flow="purge")
    told = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    (ended,) = [one for one in told if one["event"] == "run ended"]
    assert (ended["run"], ended["flow"], ended["outcome"], ended["level"]) == (
        run.pk,
        "purge",
        "succeeded",
        "info",
    )

    spans = [
        span
        for body in Collector.taken
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    (span,) = [one for one in spans if one.name == "flow purge"]
    said = {a.key: a.value.int_value or a.value.string_value for a in span.attributes}
    assert said["comptoir.run"] == run.pk
    assert said["comptoir.outcome"] == "succeeded"


def test_without_an_endpoint_nothing_is_sent_and_lines_are_for_people(tmp_path: Path, collector: str) -> None:
    done = flow_run(tmp_path)
    run = Run.objects.get(flow="purge")
    (line,) = [one for one in done.stderr.splitlines() if "run ended" in one]
    assert f"run={run.pk}" in line
    assert Collector.taken == []
