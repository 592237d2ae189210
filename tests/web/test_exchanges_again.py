"""« Ask the same again »: a kept reading is repeated to the letter, and both answers stand side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comptoir.accounts.roles import Role
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.sealing import seal
from comptoir.flows.read_again import can_read_again
from comptoir.journal.models import Exchange, Run
from comptoir.sdk.testing.server import Scripted, ScriptedServer, SeenRequest
from comptoir.web.queries.exchanges import compare
from tests.web.conftest import SignIn
from tests.web.shop import Shop

KEY = "key-of-maison-very-secret"


@pytest.fixture
def server(settings: Any, shop: Shop) -> Iterator[ScriptedServer]:
    def answer(request: SeenRequest) -> Scripted:
        return Scripted(200, {"total": 2, "key": request.headers.get("authorization", "")})

    settings.ALLOW_LOOPBACK = True
    with ScriptedServer(answer) as running:
        secret = seal({"base_url": running.url, "api_key": KEY})
        Channel.objects.filter(pk=shop.house.pk).update(sealed_settings=secret)
        yield running


def kept(server: ScriptedServer, **values: Any) -> Exchange:
    fields = {
        "channel": "maison", "operation": "OR11", "method": "GET", "url": f"{server.url}/api/orders?max=10",
        "started_at": clock.now(), "duration_ms": 12, "status": 200,
        "response_body": '{"total": 1, "key": "[redacted]"}',
    } | values  # fmt: skip
    return Exchange.objects.create(**fields)


def again(client: Client, before: Exchange) -> str:
    """The page that is shown then."""
    answer = client.post(f"/flows/exchanges/{before.pk}/again")
    assert answer.status_code == 303
    return client.get(answer["Location"]).content.decode()


def test_a_reading_is_made_again_with_our_key_and_both_answers_are_shown(
    server: ScriptedServer, admin: Client
) -> None:
    before = kept(server)
    assert b"Ask the same again" in admin.get(f"/flows/exchanges/{before.pk}/").content
    words = again(admin, before)
    (asked,) = server.seen
    assert (asked.method, asked.path, asked.query) == ("GET", "/api/orders", {"max": "10"})
    assert asked.headers["authorization"] == KEY
    assert "Another answer" in words
    assert "<del>−   &quot;total&quot;: 1,</del>" in words
    assert "<ins>+   &quot;total&quot;: 2,</ins>" in words
    assert KEY not in words, "what is kept of it is redacted, as everything is"
    run = Run.objects.get(flow="read_again")
    assert (run.outcome, run.actor, run.trigger) == ("succeeded", "administrator@example.org", "hand")
    assert "The same answer" in again(admin, run.exchanges.get())


def test_a_refusal_is_an_answer_too(server: ScriptedServer, admin: Client) -> None:
    before = kept(server)
    with server.answering(lambda _: Scripted(503, {"message": "maintenance"})):
        page = again(admin, before)
    assert "maintenance" in page
    assert Run.objects.get(flow="read_again").outcome == "failed"
    assert Channel.objects.get(key="maison").state == "active"


@pytest.mark.parametrize(
    "values",
    [
        {"method": "POST", "request_body": "{}"},
        {"method": "PUT"},
        {"url": "http://127.0.0.1:1/api?email=[redacted]"},
        {"channel": "nowhere"},
    ],
)
def test_what_cannot_be_repeated_to_the_letter_is_not(
    server: ScriptedServer, admin: Client, values: dict[str, str]
) -> None:
    before = kept(server, **values)
    assert not can_read_again(before)
    assert b"Ask the same again" not in admin.get(f"/flows/exchanges/{before.pk}/").content
    page = again(admin, before)
    assert "cannot be repeated to the letter" in page
    assert server.seen == []


def test_our_key_goes_to_no_other_address(server: ScriptedServer, admin: Client) -> None:
    with ScriptedServer(lambda _: Scripted(200, {})) as elsewhere:
        before = kept(server, url=f"{elsewhere.url}/api/orders")
        page = again(admin, before)
        assert "Nothing was asked" in page
        assert elsewhere.seen == server.seen == []


def test_who_may_not_run_flows_asks_nothing(server: ScriptedServer, sign_in: SignIn) -> None:
    before = kept(server)
    client = sign_in(Role.READ_ONLY)
    assert b"Ask the same again" not in client.get(f"/flows/exchanges/{before.pk}/").content
    assert client.post(f"/flows/exchanges/{before.pk}/again").status_code == 403
    assert server.seen == []


def test_two_answers_are_compared_line_by_line_up_to_a_length(server: ScriptedServer) -> None:
    long = kept(server, response_body="\n".join(map(str, range(3000))))
    assert compare(long, kept(server)).lines is None
    same = compare(kept(server), kept(server, status=500))
    assert (same.same, same.lines) == (False, [])
    other = kept(server, response_body='{"key": "[redacted]", "total": 1}')
    assert not compare(kept(server), other).same
    far = kept(server, response_body="\n".join(map(str, range(100))))
    near = kept(
        server, response_body="\n".join(map(str, [*range(5), "x", *range(6, 60), "y", *range(61, 100)]))
    )
    kinds = [line.kind for line in compare(far, near).lines or ()]
    assert (kinds.count("gone"), kinds.count("new"), kinds.count("skipped")) == (2, 2, 1)
