"""Prices one by one, many at once and from a file; why a number; what the hub owns of a product."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook

from comptoir.accounts.roles import Role
from comptoir.catalog.models import Barcode, Product
from comptoir.core import clock
from comptoir.inventory.models import Reservation, Stock, StockMovement
from comptoir.inventory.reservations import default_warehouse
from comptoir.inventory.rules import Draft
from comptoir.journal.models import Change
from comptoir.offers.desired import recompute_desired
from comptoir.offers.explain import explain_quantity
from comptoir.offers.models import Offer
from comptoir.offers.rules import keep_rule
from comptoir.offers.rulings import recompute_channel
from comptoir.web.why import Step, tell_steps
from tests.web.conftest import SignIn
from tests.web.shop import Shop

HX = {"HX-Request": "true"}


def offer_of(sku: str, channel: str = "maison") -> Offer:
    return Offer.objects.select_related("channel", "product").get(sku=sku, channel__key=channel)


# --- prices, one by one ------------------------------------------------------------------------------


def test_a_price_is_changed_in_its_place(shop: Shop, admin: Client) -> None:
    offer = offer_of("LAMP-OAK-01")
    address = f"/offers/{offer.pk}/price-cell"
    assert 'name="price"' in admin.get(address, headers=HX).content.decode()
    assert 'name="price"' not in admin.get(f"{address}?shown=1", headers=HX).content.decode()
    page = admin.post(address, {"price": "61.50"}, headers=HX).content.decode()
    assert 'name="price"' not in page
    assert "€61.50" in page
    assert offer_of("LAMP-OAK-01").desired_price == Decimal("61.50")


def test_a_price_under_the_floor_stays_in_the_cell_with_why(shop: Shop, admin: Client) -> None:
    offer = offer_of("LAMP-OAK-01")
    page = admin.post(f"/offers/{offer.pk}/price-cell", {"price": "1.00"}, headers=HX).content.decode()
    assert "is under the floor price of" in page
    assert 'value="1.00"' in page
    assert offer_of("LAMP-OAK-01").desired_price == offer.desired_price


def test_a_cell_sent_before_the_page_was_ready_is_a_plain_form(shop: Shop, admin: Client) -> None:
    address = f"/offers/{offer_of('LAMP-OAK-01').pk}/price-cell"
    assert 'method="post"' in admin.get(address, headers=HX).content.decode()
    assert admin.post(address, {"price": "62.00"}).headers["Location"] == "/offers/"
    assert offer_of("LAMP-OAK-01").desired_price == Decimal("62.00")
    assert admin.post(address, {"price": "1.00"}).headers["Location"].endswith("/price")


# --- many prices -------------------------------------------------------------------------------------


def preview(client: Client, wanted: str, **form: object) -> dict[str, object]:
    answer = client.post("/offers/prices", {"wanted": wanted, **form})
    return {"signed": answer.context.get("signed"), "page": answer.content.decode()}


def test_prices_rise_by_percent_once_they_were_seen(shop: Shop, admin: Client) -> None:
    lamp, mug = offer_of("LAMP-OAK-01"), offer_of("MUG-BLUE-4")
    seen = preview(admin, "+10 %", offer=[lamp.pk, mug.pk])
    assert "€65.89" in str(seen["page"])
    assert offer_of("LAMP-OAK-01").desired_price == Decimal("59.90")
    answer = admin.post("/offers/keep", {"signed": seen["signed"], "query": "channel=maison"})
    assert answer["Location"] == "/offers/?channel=maison"
    assert offer_of("LAMP-OAK-01").desired_price == Decimal("65.89")
    assert offer_of("MUG-BLUE-4").desired_price == Decimal("37.95")
    assert Change.objects.filter(action="offer.price", actor="administrator@example.org").count() == 2


def test_offers_that_would_go_under_their_floor_are_left(shop: Shop, admin: Client) -> None:
    seen = preview(admin, "-50%", whole="1", query="channel=maison")
    assert "is under the floor price of" in str(seen["page"])
    admin.post("/offers/keep", {"signed": seen["signed"]})
    assert offer_of("MUG-BLUE-4").desired_price == Decimal("34.50")
    assert offer_of("CHAIR-RAT").desired_price == Decimal("64.50")
    assert not Offer.objects.filter(desired_price__lt=Decimal(20)).exists()


@pytest.mark.parametrize("wanted", ["", "abc", "-100 %", "NaN", "1e9"])
def test_what_is_no_price_is_said(wanted: str, shop: Shop, admin: Client) -> None:
    assert "is neither a change" in str(preview(admin, wanted, offer=[offer_of("MUG-BLUE-4").pk])["page"])


def test_a_preview_serves_who_saw_it_alone_and_as_it_was(shop: Shop, admin: Client, sign_in: SignIn) -> None:
    seen = preview(admin, "45", offer=[offer_of("MUG-BLUE-4").pk])
    other = sign_in(Role.MARKETPLACE_MANAGER)
    other.post("/offers/keep", {"signed": seen["signed"]})
    admin.post("/offers/keep", {"signed": f"{seen['signed']}x"})
    assert offer_of("MUG-BLUE-4").desired_price == Decimal("34.50")
    assert sign_in(Role.READ_ONLY).post("/offers/keep", {"signed": seen["signed"]}).status_code == 403


def test_a_floor_raised_meanwhile_wins(shop: Shop, admin: Client) -> None:
    seen = preview(admin, "45", offer=[offer_of("MUG-BLUE-4").pk])
    Offer.objects.update(floor_price=Decimal(50))
    admin.post("/offers/keep", {"signed": seen["signed"]})
    assert offer_of("MUG-BLUE-4").desired_price == Decimal("34.50")


def steps_of(offer: Offer) -> list[Step]:
    return tell_steps(explain_quantity(offer), offer.channel.name)


# --- why this number ---------------------------------------------------------------------------------


def test_every_offer_explains_the_number_that_it_should_show(shop: Shop) -> None:
    for channel, rules in (
        (shop.house, {"stock_buffer": 2, "stock_limit": 9}),
        (shop.garden, {"publishes": False}),
    ):
        type(channel).objects.filter(pk=channel.pk).update(**rules)
        recompute_channel(channel)
    for offer in Offer.objects.select_related("channel", "product"):
        assert steps_of(offer)[-1].result == offer.desired_quantity, offer


def test_a_kit_explains_itself_by_its_components(shop: Shop, admin: Client) -> None:
    kit = Product.objects.get(sku="THROW-WOOL")
    Reservation.objects.filter(order_line__product=kit).delete()
    Stock.objects.filter(product=kit).update(reserved=0)
    answer = admin.post(f"/stock/{kit.pk}/edit", {"parts": "2 VASE-TERRA\n1 MUG-BLUE-4", "barcodes": ""})
    assert answer.status_code == 303
    offer = offer_of("THROW-WOOL")
    assert steps_of(offer)[-1].result == offer.desired_quantity > 0
    page = admin.get(f"/offers/{offer.pk}/why", headers=HX).content.decode()
    assert "VASE-TERRA" in page
    assert "do not give" not in page


def test_a_share_of_the_last_units_says_what_the_others_may_sell(shop: Shop) -> None:
    offer = offer_of("MUG-BLUE-4")
    Stock.objects.filter(product=offer.product_id).update(on_hand=3, reserved=0)
    Offer.objects.filter(product=offer.product_id).update(
        state="listed",
        sent_quantity=1,
        exposed_quantity=1,
        possible_quantity=1,
        exposed_at=None,
        daily_sales=None,
    )
    recompute_desired([offer.product_id])
    steps = steps_of(Offer.objects.select_related("channel", "product").get(pk=offer.pk))
    assert (steps[-2].result, steps[-1].result) == (3, 1)
    assert "together they may still sell 2" in steps[-1].words
    assert steps[-1].detail == "Jardin Vivant 1"


def test_a_number_that_moved_since_is_not_explained_away(shop: Shop, admin: Client) -> None:
    offer = offer_of("MUG-BLUE-4")
    Offer.objects.filter(pk=offer.pk).update(desired_quantity=2)
    assert "These steps do not give 2" in admin.get(f"/offers/{offer.pk}/why").content.decode()


def test_the_panel_tells_any_instant_of_the_past(shop: Shop, admin: Client) -> None:
    product = Product.objects.get(sku="MUG-BLUE-4")
    offer = offer_of("MUG-BLUE-4")
    then, seen = clock.now(), offer.desired_quantity
    with clock.clock_at(lambda: then + timedelta(minutes=10)):
        form = {"warehouse": default_warehouse().pk, "on_hand": 900, "reason": "inventaire"}
        admin.post(f"/stock/{product.pk}/correct", form)
        keep_rule(Draft("limit", 77, product=product), actor="zoe")
        now = admin.get(f"/offers/{offer.pk}/why", headers=HX).content.decode()
        assert "Why 77?" in now
        assert "rule " in now
        address = re.search(rf"/offers/{offer.pk}/why[?]at=([^\"]+)", now)
        assert address
        before = admin.get(f"/offers/{offer.pk}/why", {"at": then.isoformat()}, headers=HX).content.decode()
        assert f"Why {seen}?" in before
        assert "rule " not in before
        assert admin.get(f"/offers/{offer.pk}/why?at=nonsense").status_code == 400
        long_ago = admin.get(f"/offers/{offer.pk}/why?at=2020-01-01T00:00").content.decode()
        assert "as far as the history goes" in long_ago


# --- products ----------------------------------------------------------------------------------------


def test_a_correction_is_taken_back_once(shop: Shop, admin: Client) -> None:
    product = Product.objects.get(sku="MUG-BLUE-4")
    form = {"warehouse": default_warehouse().pk, "on_hand": 100, "reason": "casse"}
    admin.post(f"/stock/{product.pk}/correct", form)
    move = StockMovement.objects.filter(product=product, reason="correction").latest("id")
    wanted = offer_of("MUG-BLUE-4").desired_quantity
    assert f"/stock/moves/{move.pk}/undo" in admin.get(f"/stock/{product.pk}/").content.decode()
    for _ in range(2):
        admin.post(f"/stock/moves/{move.pk}/undo")
    assert Stock.objects.get(product=product, warehouse=default_warehouse()).on_hand == 130
    assert offer_of("MUG-BLUE-4").desired_quantity == wanted + 30
    assert "/undo" not in admin.get(f"/stock/{product.pk}/").content.decode()
    receipt = StockMovement.objects.filter(product=product, reason="receipt")[0]
    admin.post(f"/stock/moves/{receipt.pk}/undo")
    assert Stock.objects.get(product=product, warehouse=default_warehouse()).on_hand == 130


def test_barcodes_are_given_checked_and_belong_to_one_product(shop: Shop, admin: Client) -> None:
    lamp, mug = (Product.objects.get(sku=sku) for sku in ("LAMP-OAK-01", "MUG-BLUE-4"))
    assert admin.post(f"/stock/{lamp.pk}/edit", {"barcodes": "3017620422004"}).status_code == 422
    assert admin.post(f"/stock/{lamp.pk}/edit", {"barcodes": "3017620422003"}).status_code == 303
    assert admin.post(f"/stock/{mug.pk}/edit", {"barcodes": "3017620422003"}).status_code == 422
    assert Barcode.objects.get().product == lamp
    admin.post(f"/stock/{lamp.pk}/edit", {"barcodes": ""})
    assert not Barcode.objects.exists()


@pytest.mark.parametrize(
    ("sku", "parts", "words"),
    [
        ("MUG-BLUE-4", "1 VASE-TERRA", "has stock of its own"),
        ("THROW-WOOL", "1 VASE-TERRA", "Orders keep units"),
        ("THROW-WOOL", "VASE-TERRA", "is not a number of units"),
        ("THROW-WOOL", "0 VASE-TERRA", "is not a number of units"),
        ("THROW-WOOL", "2 GHOST", "No product has the SKU GHOST"),
        ("THROW-WOOL", "2 THROW-WOOL", "is a kit itself"),
    ],
)
def test_what_cannot_be_a_kit_says_why(sku: str, parts: str, words: str, shop: Shop, admin: Client) -> None:
    product = Product.objects.get(sku=sku)
    answer = admin.post(f"/stock/{product.pk}/edit", {"parts": parts})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Product.objects.get(pk=product.pk).is_kit


def test_the_export_of_stock_sums_the_warehouses(shop: Shop, admin: Client) -> None:
    recompute_desired([])
    content = b"".join(admin.get("/stock/export.xlsx?q=MUG").streaming_content)
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[2]) for row in rows] == [("MUG-BLUE-4", 130)]
