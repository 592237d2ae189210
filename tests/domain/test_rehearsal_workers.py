"""The workers of a rehearsal: processes that do turns at the instant they are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.db import connection

from comptoir.journal.models import Run
from comptoir.rehearsal.processes import FlowBroke, Processes

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    place = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**place)
    monkeypatch.setenv("DATABASE_URL", url)
    workers = Processes()
    yield workers
    workers.close()


def test_lanes_are_done_at_the_instant_they_are_told_and_a_flow_that_raises_is_told(
    processes: Processes,
) -> None:
    lanes = [[("check_stock", ""), ("share_units", "")], [("measure_demand", "")], [("purge", "")]]
    assert not processes.do(NOON, lanes)
    runs = Run.objects.values_list("flow", "started_at", "outcome")
    assert set(runs) == {
        (flow, NOON, "succeeded") for flow in ("check_stock", "share_units", "measure_demand", "purge")
    }

    with pytest.raises(FlowBroke, match="UnknownFlow: no_such_flow"):
        processes.do(NOON, [[("no_such_flow", "")], [("check_stock", "")]])
    # Its neighbours end what they do, and all of them can go on.
    assert Run.objects.filter(flow="check_stock").count() == 2
    assert not processes.do(NOON, [[("check_stock", "")]])
