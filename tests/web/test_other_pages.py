from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client, override_settings
from django.utils import translation

from comptoir.accounts.models import User
from comptoir.channels.models import Channel
from comptoir.channels.services import read_settings
from comptoir.flows.connect import connector_type
from comptoir.flows.models import Turn
from comptoir.inventory.models import StockMovement
from comptoir.journal.models import Issue, Run
from comptoir.offers.models import Offer
from comptoir.web.formats import format_duration, format_money
from tests.web.conftest import NOW
from tests.web.shop import PASSWORD, Shop


def test_a_correction_moves_the_ledger_and_every_offer(shop: Shop, admin: Client) -> None:
    lamp = shop.products[0]
    warehouse = lamp.stocks.get().warehouse
    form = {"warehouse": warehouse.pk, "on_hand": 3, "reason": "counted"}
    assert admin.post(f"/stock/{lamp.pk}/correct", form | {"reason": ""}).status_code == 422
    assert admin.post(f"/stock/{lamp.pk}/correct", form).status_code == 303
    moved = StockMovement.objects.filter(product=lamp)[0]
    assert (moved.quantity, moved.reason, moved.reference) == (3 - 42, "correction", "counted")
    assert set(lamp.offers.values_list("desired_quantity", flat=True)) == {
        max(0, 3 - lamp.stocks.get().reserved)
    }


def test_a_price_under_its_floor_is_refused_beside_its_field_and_nothing_is_lost(
    shop: Shop, admin: Client
) -> None:
    offer = Offer.objects.filter(sku="MUG-BLUE-4")[0]
    refused = admin.post(f"/offers/{offer.pk}/price", {"price": "19.99", "floor": "20.00"})
    assert refused.status_code == 422
    assert "is under the floor price of €20.00" in refused.content.decode()
    assert 'value="19.99"' in refused.content.decode()
    admin.post(f"/offers/{offer.pk}/price", {"price": "24.99", "floor": "20.00"})
    offer.refresh_from_db()
    assert offer.desired_price == Decimal("24.99")


def test_a_decimal_comma_is_read_in_french(shop: Shop, client: Client) -> None:
    client.force_login(shop.admin, backend="django.contrib.auth.backends.ModelBackend")
    offer = Offer.objects.filter(sku="MUG-BLUE-4")[0]
    assert client.post(f"/offers/{offer.pk}/price", {"price": "24,99", "floor": "20,00"}).status_code == 303


def test_what_a_channel_refused_is_sent_again(shop: Shop, admin: Client) -> None:
    offer = Offer.objects.get(channel=shop.house, sku="CHAIR-RAT")
    assert "1010 The price" in admin.get("/offers/?error=1").content.decode()
    admin.post(f"/offers/{offer.pk}/retry")
    offer.refresh_from_db()
    assert (offer.price_error, offer.sent_price) == ("", None)


def test_offers_that_are_not_sent_yet_are_listed_alone(shop: Shop, admin: Client) -> None:
    Offer.objects.update(sent_price=F("desired_price"), sent_quantity=F("desired_quantity"))
    changed = Offer.objects.filter(sku="MUG-BLUE-4", channel=shop.house)
    changed.update(sent_price=Decimal("1"))
    page = admin.get("/offers/?differs=1&channel=maison&q=MUG").context["page"]
    assert page.rows == [changed.get()]
    assert admin.get("/offers/?differs=1&channel=jardin").context["page"].rows == []


def test_what_has_nothing_left_to_sell_is_listed_alone(shop: Shop, admin: Client) -> None:
    rows = admin.get("/stock/?short=1").context["rows"]
    assert rows
    assert {row.available for row in rows} == {0}
    assert [row.product.sku for row in admin.get("/stock/?q=mugs").context["rows"]] == ["MUG-BLUE-4"]


def test_the_board_answers_its_fragment_alone_to_htmx(shop: Shop, admin: Client) -> None:
    whole, part = admin.get("/flows/"), admin.get("/flows/", headers={"HX-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


def test_a_turn_that_found_nothing_after_a_run_is_idle(shop: Shop, admin: Client) -> None:
    cells = {
        (c.flow.name, c.turn.channel): c.state
        for col in admin.get("/flows/").context["columns"]
        for c in col.cells
    }
    assert cells["import_orders", "maison"] == "succeeded"
    assert cells["confirm_shipments", "jardin"] == "failed"
    assert cells["purge", ""] == "paused"
    Turn.objects.filter(flow="import_orders").update(succeeded_at=NOW)
    cells = {
        (c.flow.name, c.turn.channel): c.state
        for col in admin.get("/flows/").context["columns"]
        for c in col.cells
    }
    assert cells["import_orders", "maison"] == "idle"


def test_a_turn_is_run_by_hand_and_paused(shop: Shop, admin: Client) -> None:
    turn = Turn.objects.get(flow="import_orders", channel="maison")
    admin.post(f"/flows/turns/{turn.pk}/run")
    assert "In the queue" in admin.get("/flows/").content.decode()
    admin.post(f"/flows/turns/{turn.pk}/run")
    assert "waits in the queue already" in admin.get("/flows/").content.decode()
    admin.post(f"/flows/turns/{turn.pk}/pause", {"paused": "1"})
    turn.refresh_from_db()
    assert turn.paused


def test_an_issue_is_retried_by_what_it_recommends_and_closed_with_a_word(shop: Shop, admin: Client) -> None:
    issue = Issue.objects.get(action="retry_offer")
    admin.post(f"/issues/{issue.pk}/retry")
    assert Offer.objects.get(channel=shop.house, sku="CHAIR-RAT").price_error == ""
    assert admin.post(f"/issues/{issue.pk}/close", {"resolution": ""}).status_code == 422
    admin.post(f"/issues/{issue.pk}/close", {"resolution": "the price was wrong"})
    issue.refresh_from_db()
    assert (issue.state, issue.closed_by) == ("closed", "administrator@example.org")


def test_kept_secrets_are_never_shown_and_empty_keeps_them(shop: Shop, admin: Client) -> None:
    page = admin.get("/channels/maison/settings/").content.decode()
    assert "very-secret" not in page
    assert admin.post("/channels/maison/settings/", {"base_url": "https://new.example", "api_key": "",
        "overlap_minutes": 15, "history_days": 30, "new_condition": "11"}).status_code == 303  # fmt: skip
    settings = read_settings(Channel.objects.get(key="maison"), connector_type("mirakl"))
    assert settings.dump()["api_key"] == "key-of-maison-very-secret"
    assert settings.dump()["base_url"] == "https://new.example"
    for address in ("/channels/maison/", "/channels/", "/flows/runs/"):
        assert "very-secret" not in admin.get(address).content.decode()


def test_rules_that_change_change_what_offers_show(shop: Shop, admin: Client) -> None:
    before = Offer.objects.get(channel=shop.house, sku="MUG-BLUE-4").desired_quantity
    answer = admin.post("/channels/maison/rules/", {"name": "Maison", "auto_accept": "on", "price_drop_tolerance": "5",
        "stock_buffer": "2", "stock_limit": "", "publishes": "on", "foreign_price": "ask",
        "lead_time_count": "calendar", "every-import_orders": "120"})  # fmt: skip
    assert answer.status_code == 303
    channel = Channel.objects.get(key="maison")
    assert (channel.intervals, channel.stock_buffer, channel.stock_limit) == ({"import_orders": 120}, 2, None)
    assert Offer.objects.get(channel=shop.house, sku="MUG-BLUE-4").desired_quantity == before - 2


def test_a_failed_connection_is_explained_and_nothing_typed_is_lost(db: None, admin: Client) -> None:
    # Nothing listens there: a port of this machine below the ones that programs get.
    form = {"base_url": "http://127.0.0.1:9", "api_key": "the-key-that-was-typed", "overlap_minutes": 15,
            "history_days": 30, "new_condition": "11"}  # fmt: skip
    answer = admin.post("/channels/connect/mirakl/", form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The other side does not answer." in text
    assert "http://127.0.0.1:9" in text
    assert "the-key-that-was-typed" not in text


def test_wrong_passwords_lock_the_door_with_a_clear_sentence(shop: Shop, client: Client) -> None:
    form = {"username": "claire@example.org", "password": "wrong"}
    for _ in range(8):
        answer = client.post("/sign-in/", form)
    assert answer.status_code == 429
    assert "minutes" in answer.content.decode()
    assert client.post("/sign-in/", form | {"password": PASSWORD}).status_code == 429


def test_an_address_is_typed_with_any_capitals(shop: Shop, client: Client) -> None:
    answer = client.post("/sign-in/", {"username": "Claire@Example.org", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/orders/").status_code == 302


def test_the_language_is_kept_with_the_account(shop: Shop, client: Client) -> None:
    client.force_login(shop.admin, backend="django.contrib.auth.backends.ModelBackend")
    assert "Commandes" in client.get("/orders/").content.decode()
    client.post("/language/", {"language": "en", "next": "/orders/"})
    assert User.objects.get(pk=shop.admin.pk).language == "en"
    assert ">Orders<" in client.get("/orders/").content.decode()
    assert client.post("/language/", {"language": "xx"}).status_code == 400


@override_settings(TIME_ZONE_OF_MERCHANT="Europe/Paris")
def test_times_are_the_merchants(shop: Shop, admin: Client) -> None:
    run = Run.objects.create(flow="purge", started_at=datetime.fromisoformat("2026-11-23T23:30:00+00:00"))
    assert "24 Nov, 00:30" in admin.get(f"/flows/runs/{run.pk}/").content.decode()


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("fr", "1234.56", "EUR", "1\u202f234,56\u00a0€"),
        ("en", "1234.56", "EUR", "€1,234.56"),
        ("fr", "-0.5000", "EUR", "−0,50\u00a0€"),
        ("en", "12.345", "GBP", "£12.345"),
        ("en", "1000000", "PLN", "PLN\u00a01,000,000.00"),
        ("fr", "0", "EUR", "0,00\u00a0€"),
        ("fr", "100", "EUR", "100,00\u00a0€"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(
    language: str, amount: str, currency: str, text: str
) -> None:
    with translation.override(language):
        assert format_money(Decimal(amount), currency) == text


def test_durations_have_their_two_largest_units() -> None:
    with translation.override("en"):
        assert format_duration(timedelta(hours=3, minutes=5)) == "3 h 05"
        assert format_duration(timedelta(days=2, hours=9)) == "2 days"


def test_health(client: Client, db: None) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}
