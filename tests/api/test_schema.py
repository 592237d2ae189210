"""The description against the live API: no 500, no answer that breaks the schema, whatever is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from comptoir.accounts.keys import create_api_key
from comptoir.accounts.roles import Role
from comptoir.api.urls import api
from comptoir.config.wsgi import application
from tests.web.shop import Shop

CHECKS = (not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance,
          response_headers_conformance)  # fmt: skip


@schemathesis.serializer(
    "application/x-ndjson", "application/ndjson", "application/jsonl",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip
def as_lines(context: Any, value: Any) -> bytes:
    return str(value).encode()


# As JSON, as a caller gets it: our own tuples and lazy texts are gone.
schema = schemathesis.openapi.from_dict(
    json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
)
schema.app = application


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """Over WSGI, in the transaction of the test: Django must not close its connection after each request."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
def test_no_call_breaks_the_api_or_its_description(case: Any, shop: Shop) -> None:
    _, secret = create_api_key(name="schema", role=Role.ADMINISTRATOR, calls_per_minute=1_000_000)
    case.call_and_validate(
        headers={"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}, checks=CHECKS
    )
