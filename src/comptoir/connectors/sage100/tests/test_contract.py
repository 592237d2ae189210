"""The contract that every connector keeps, at the pont. The base is SQL, and tested over the wire elsewhere."""

from __future__ import annotations

from typing import ClassVar

import pytest

from comptoir.connectors.sage100 import CONNECTOR
from comptoir.connectors.sage100.pont import Pont
from comptoir.connectors.sage100.settings import Sage100Settings
from comptoir.sdk.errors import OutcomeUnknown
from comptoir.sdk.testing import ConnectorContract, Scripted, SeenRequest, context_for_tests
from comptoir.sdk.testing.server import ScriptedServer

ORDER = {"idExterne": "CO-1", "client": "MKDIVERS", "lignes": []}


class TestPont(ConnectorContract):
    connector = CONNECTOR
    reads: ClassVar = {"health": lambda c: c._pont.health()}
    writes: ClassVar = {
        "order": lambda c: c._pont.create_order(ORDER),
        "cancel": lambda c: c._pont.cancel("CO-1", {"id": "C1", "article": "MUG", "quantite": 1}),
        "credit": lambda c: c._pont.credit({"idExterne": "R1", "commande": "CO-1"}),
    }

    # Orders, pages and statuses are a marketplace's: here they are rows, and have tests of their own.
    test_pages_are_read_to_the_end = None
    test_every_documented_status_is_translated = None
    test_an_unknown_status_is_visible_not_fatal = None
    test_the_reader_is_tolerant = None

    def settings(self, url: str) -> dict[str, object]:
        return {"server": "127.0.0.1", "database": "BIJOU", "user": "lecture", "password": "p-123456", "base_url": url,
                "pont_key": "k-123456", "client": "MKDIVERS"}  # fmt: skip

    def answer(self, request: SeenRequest) -> Scripted:
        if request.path == "/v1/sante":
            return Scripted(body={"contrat": "comptoir-pont/1"})
        return Scripted(body={"piece": "BC00001", "id": "C1"})


@pytest.mark.parametrize("status", [200, 201])
def test_a_yes_that_cannot_be_read_may_be_a_document(status: int) -> None:
    with ScriptedServer(lambda _: Scripted(status=status, body=b"<html>")) as server:
        pont = pont_at(server)
        with pytest.raises(OutcomeUnknown):
            pont.create_order(ORDER)
        pont.close()


def test_an_order_that_is_being_written_is_unknown_and_one_nobody_knows_is_none() -> None:
    answers = [(409, "en_cours"), (409, "en_cours"), (404, "inconnue")]

    def script(_: SeenRequest) -> Scripted:
        status, code = answers.pop(0)
        return Scripted(status=status, body={"code": code, "message": "…"})

    with ScriptedServer(script) as server:
        pont = pont_at(server)
        with pytest.raises(OutcomeUnknown):
            pont.create_order(ORDER)
        with pytest.raises(OutcomeUnknown):
            pont.find_order("CO-1")
        assert pont.find_order("CO-1") is None
        pont.close()


def pont_at(server: ScriptedServer) -> Pont:
    settings = CONNECTOR.settings.load(TestPont().settings(server.url))
    assert isinstance(settings, Sage100Settings)
    return Pont(settings, context_for_tests())
