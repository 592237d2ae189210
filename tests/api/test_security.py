"""The security drill of the API and of what marketplaces write into our pages."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from comptoir.accounts.keys import create_api_key
from comptoir.accounts.roles import Permission, Role, role_allows
from comptoir.api.urls import api
from comptoir.channels.models import Channel
from comptoir.journal.models import Exchange, Issue, Run
from comptoir.offers.models import Offer
from comptoir.orders.models import Order, OrderEvent, OrderLine
from comptoir.sdk.records import Address
from comptoir.shipping.models import Shipment
from tests.api.conftest import client_of
from tests.domain.contacts import rename_buyers
from tests.web.conftest import SignIn
from tests.web.shop import Shop

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://evil.example";"x")'


def operations() -> list[tuple[str, str, Permission]]:
    described = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    wanted = {
        op.view_func.__name__: op.auth_callbacks[0].permission
        for _, router in api._routers
        for view in router.path_operations.values()
        for op in view.operations
    }
    found = []
    for path, methods in described.items():
        for method, operation in methods.items():
            name = operation["operationId"].removeprefix(f"{operation['tags'][0]}_")
            found.append((method, path, wanted[name]))
    return found


def fill(path: str, shop: Shop) -> str:
    values = {
        "{reference}": shop.to_accept.reference, "{sku}": "LAMP-OAK-01", "{key}": "maison", "{name}": "import_orders",
        "{offer_id}": Offer.objects.all()[0].pk, "{run_id}": Run.objects.all()[0].pk,
        "{issue_id}": Issue.objects.all()[0].pk, "{shipment_id}": Shipment.objects.all()[0].pk,
    }  # fmt: skip
    for name, value in values.items():
        path = path.replace(name, str(value))
    return path


def call(client: Client, method: str, path: str, **extra: Any) -> Any:
    body = b"" if method == "get" else b"{}"
    return client.generic(method.upper(), path, body, "application/json", **extra)


@pytest.mark.parametrize("role", Role)
def test_every_operation_as_every_role(role: Role, shop: Shop) -> None:
    client = client_of(role, calls_per_minute=10_000)
    for method, path, permission in operations():
        answer = call(client, method, fill(path, shop))
        if role_allows(role, permission):
            assert answer.status_code not in (401, 403, 405, 500), (method, path, answer.content)
        else:
            assert answer.status_code == 403, (method, path, answer.content)


def test_no_operation_without_a_key_and_no_cookie_is_a_key(shop: Shop, sign_in: SignIn) -> None:
    signed_in = sign_in(Role.ADMINISTRATOR)
    for number, (method, path, _) in enumerate(operations()):
        for client in (Client(), signed_in):  # a page elsewhere can make a browser call, with its cookies
            # From addresses of their own: strangers from one address are soon told to wait.
            answer = call(client, method, fill(path, shop), REMOTE_ADDR=f"192.0.2.{number}")
            assert answer.status_code == 401, (method, path)


def test_no_id_of_another_channel_opens_anything(shop: Shop) -> None:
    client = client_of(Role.ADMINISTRATOR, channels=["jardin"], calls_per_minute=10_000)
    house = {"channel": shop.house}
    order = Order.objects.filter(**house)[0]
    shipments = list(Shipment.objects.filter(order__channel=shop.house))
    foreign: dict[str, list[Model]] = {
        "offers": [Offer.objects.filter(**house)[0]],
        "runs": [Run.objects.filter(channel="maison")[0]],
        "issues": [Issue.objects.filter(channel="maison")[0]],
        "shipments": shipments[:1],
    }
    for noun, objects in foreign.items():
        for one in objects:
            assert client.get(f"/api/v1/{noun}/{one.pk}").status_code == 404, noun
    edit: Any = {"data": "{}", "content_type": "application/json"}
    assert client.patch(f"/api/v1/offers/{foreign['offers'][0].pk}", **edit).status_code == 404
    assert client.post(f"/api/v1/runs/{foreign['runs'][0].pk}/retry", **edit).status_code == 404
    close = {"data": '{"resolution": "x"}', "content_type": "application/json"}
    assert client.post(f"/api/v1/issues/{foreign['issues'][0].pk}/close", **close).status_code == 404
    for action in ("accept", "refuse", "release"):
        assert client.post(f"/api/v1/orders/{order.reference}/{action}", **edit).status_code == 404
    run = client.post("/api/v1/flows/import_orders/run", {"channel": "maison"}, "application/json")
    assert run.status_code == 404


@pytest.fixture
def hostile(shop: Shop) -> Shop:
    """Every text that a marketplace or a buyer gives us is an attack."""
    Order.objects.update(number=EVIL, external_status=EVIL[:60], shipping_method=EVIL, held="")
    OrderLine.objects.update(title=EVIL, external_status=EVIL[:60])
    address = Address(name=EVIL, street_1=EVIL, city=EVIL, postcode=EVIL, country="FR", company=EVIL)
    rename_buyers(name=EVIL, email=EVIL, phone=EVIL, shipping=address, billing=address)
    Offer.objects.update(quantity_error=EVIL, price_error=EVIL)
    Issue.objects.update(message=EVIL, resolution=EVIL, detail={"raw": EVIL})
    Run.objects.update(error=EVIL, error_kind=EVIL[:40])
    Shipment.objects.update(
        message=EVIL, tracking_number=EVIL, carrier_name=EVIL, tracking_url="javascript:alert(1)"
    )
    Exchange.objects.update(response_body=EVIL, request_body=EVIL, error=EVIL, url=EVIL)
    Channel.objects.update(state_reason=EVIL)
    OrderEvent.objects.filter(kind="noted").update(data={"text": EVIL})
    return shop


def test_nothing_that_a_marketplace_writes_runs_in_our_pages(hostile: Shop, admin: Client) -> None:
    order, run, exchange = hostile.to_accept, Run.objects.all()[0], Exchange.objects.all()[0]
    pages = ["/", "/orders/", f"/orders/{order.reference}/", f"/orders/{hostile.to_ship.reference}/", "/offers/",
             "/issues/", "/issues/all/", f"/flows/runs/{run.pk}/", f"/flows/exchanges/{exchange.pk}/", "/flows/",
             "/flows/runs/", "/channels/", "/channels/maison/", "/stock/"]  # fmt: skip
    pages += [f"/orders/{shipment.order.reference}/" for shipment in Shipment.objects.select_related("order")]
    for page in pages:
        answer = admin.get(page)
        text = answer.content.decode()
        assert answer.status_code == 200, page
        assert "<script>alert" not in text, page
        assert "<img src=x" not in text, page
        assert 'href="javascript:' not in text, page
        assert "script-src 'self'" in answer["Content-Security-Policy"], page
        assert "unsafe" not in answer["Content-Security-Policy"], page


def test_no_export_starts_a_formula(shop: Shop, admin: Client) -> None:
    rename_buyers(name=FORMULA)
    Order.objects.update(number=FORMULA)
    answer = admin.get("/orders/export.csv")
    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    assert "HYPERLINK" in text
    assert "'=HYPERLINK" in text
    assert not any(cell.strip('"').startswith("=") for line in text.splitlines() for cell in line.split(";"))


def test_secrets_are_in_no_page_no_answer_and_no_log(
    shop: Shop, admin: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, secret = create_api_key(name="quiet", role=Role.ADMINISTRATOR)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    body = secret.split("_", 2)[2]
    seen = [
        client.get(f"/api/v1/{noun}").content.decode() for noun in ("channels", "orders", "runs", "issues")
    ]
    pages = ("/keys/", "/channels/maison/", "/channels/maison/settings/", "/audit/")
    seen += [admin.get(page).content.decode() for page in pages]
    seen.append(caplog.text)
    assert not any(body in text for text in seen)
    assert not any("sealed_settings" in text for text in seen)
