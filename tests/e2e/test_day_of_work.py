"""What people do all day, in both languages, on a real page: connect, ship, explain, mend, import."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from comptoir.channels.models import Channel
from comptoir.channels.services import read_settings
from comptoir.flows.connect import connector_type
from comptoir.journal.models import Issue
from comptoir.offers.models import Offer
from comptoir.offers.rulings import recompute_channel
from comptoir.orders.models import Order
from comptoir.shipping.models import Shipment
from tests.e2e.conftest import Say, press
from tests.e2e.marketplace import Marketplace, marketplace_open
from tests.web.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def marketplace() -> Iterator[Marketplace]:
    with marketplace_open() as market:
        yield market


def test_a_channel_is_connected_in_three_steps(page: Page, say: Say, marketplace: Marketplace) -> None:
    page.goto("/channels/")
    page.get_by_role("link", name=say("Connect a channel")).click()
    page.get_by_role("link", name="Mirakl").click()
    page.fill("input[name=base_url]", marketplace.url)
    page.fill("input[name=api_key]", "a-key-that-opens-nothing")
    press(page, say("Test the connection"))
    expect(page.locator("[role=alert]").first).to_contain_text(say("The other side refuses these settings."))
    page.fill("input[name=api_key]", marketplace.api_key)
    press(page, say("Test the connection"))
    page.wait_for_url("**/name/")
    page.fill("input[name=name]", "Ma boutique")
    page.fill("input[name=key]", "ma-boutique")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/channels/ma-boutique/")
    channel = Channel.objects.get(key="ma-boutique")
    assert read_settings(channel, connector_type("mirakl")).dump()["api_key"] == marketplace.api_key
    assert marketplace.api_key not in page.content()


def test_ten_orders_are_accepted_and_one_is_shipped_with_its_slip(page: Page, say: Say, shop: Shop) -> None:
    Order.objects.filter(status="to_ship", shipments=None).exclude(pk=shop.to_ship.pk).update(
        status="to_accept"
    )
    waiting = Order.objects.filter(status="to_accept").count()
    page.goto("/orders/?status=to_accept")
    page.get_by_label(say("Tick every order of the page")).check()
    expect(page.locator("[data-count=order]")).to_have_text(str(waiting))
    press(page, say("Accept…"))
    dialog = page.locator("dialog#dialog")
    expect(dialog.locator(".preview li")).to_have_count(waiting)
    dialog.locator("button.btn-primary").click()
    expect(page.locator(".toasts")).to_contain_text(str(waiting))
    assert Order.objects.filter(decision="accept").count() == waiting

    order = shop.to_ship
    page.goto(f"/orders/{order.reference}/")
    page.keyboard.press("s")
    dialog.locator("input[name=carrier]").fill("colissimo")
    dialog.locator("input[name=tracking_number]").fill("6A00000000042")
    dialog.locator("button.btn-primary").click()
    expect(page.locator(".toasts")).to_contain_text(
        say("Shipped. The channel is told at its next turn, within a minute.")
    )
    expect(page.locator("main")).to_contain_text("6A00000000042")
    assert Shipment.objects.filter(order=order, tracking_number="6A00000000042", carrier="COLISSIMO").exists()
    token = page.locator("main input[name=csrfmiddlewaretoken]").first.input_value()
    slip = page.request.post(
        "/orders/packing-slips.pdf",
        form={"order": order.reference, "csrfmiddlewaretoken": token},
        headers={"Referer": page.url},
    )
    assert slip.body().startswith(b"%PDF")


def test_a_number_is_explained_from_the_shelf_to_the_channel(page: Page, say: Say, shop: Shop) -> None:
    Channel.objects.filter(pk=shop.house.pk).update(stock_limit=2, stock_buffer=1)
    recompute_channel(Channel.objects.get(pk=shop.house.pk))
    page.goto("/offers/?q=LAMP-OAK-01&channel=maison")
    page.locator("a.editable[href$='/why']").click()
    dialog = page.locator("dialog#dialog")
    expect(dialog.locator("h1")).to_contain_text("2")
    steps = dialog.locator(".why-steps li")
    expect(steps.last).to_contain_text(say("%(n)s units are shown at most").split("%(n)s")[1].strip())
    expect(steps.last.locator("strong")).to_have_text("2")
    dialog.get_by_role("link", name=say("Open the product")).click()
    page.wait_for_url(f"**/stock/{shop.products[0].pk}/")


def test_an_issue_is_found_mended_and_tried_again(page: Page, say: Say) -> None:
    page.goto("/")
    page.get_by_role("link", name=say("Rejected by the other side")).click()
    issue = page.locator(".issue", has_text="CHAIR-RAT")
    expect(page.locator("main")).to_contain_text(
        say("Correct what the channel refuses, then send the offer again.")
    )
    issue.get_by_role("link", name="CHAIR-RAT").click()
    page.locator("tr", has_text="1010").locator(".price-cell a").click()
    field = page.locator(".price-cell input[name=price]")
    expect(field).to_be_visible()
    _settled(page)
    expect(field).to_be_focused()
    field.fill("1")
    page.keyboard.press("Enter")
    expect(page.locator(".price-cell [role=alert]")).to_be_visible()
    _settled(page)
    page.locator(".price-cell input[name=price]").fill("99")
    page.keyboard.press("Enter")
    expect(page.locator(".price-cell a").first).to_contain_text("99")
    page.goto("/issues/")
    page.locator(".issue", has_text="CHAIR-RAT").get_by_role("button", name=say("Try again")).click()
    expect(page.locator(".toasts")).to_contain_text(
        say("Tried again: the issue closes by itself when it works.")
    )
    offer = Offer.objects.get(sku="CHAIR-RAT", channel__key="maison")
    assert (offer.desired_price, offer.price_error, offer.sent_price) == (Decimal(99), "", None)
    assert Issue.objects.filter(subject="CHAIR-RAT", state="open").exists()


def test_a_file_of_prices_shows_its_errors_and_keeps_the_rest(page: Page, say: Say) -> None:
    page.goto("/offers/")
    page.get_by_role("link", name=say("Offers from a file…")).click()
    content = b"sku;canal;prix\nLAMP-OAK-01;maison;61,90\nGHOST;maison;5\nMUG-BLUE-4;maison;cher\n"
    page.set_input_files(
        "input[type=file]", files=[{"name": "prix.csv", "mimeType": "text/csv", "buffer": content}]
    )
    press(page, say("Show what it changes"))
    errors = page.locator("#lines li", has=page.locator(".error-words"))
    expect(errors).to_have_count(2)
    expect(errors.first).to_contain_text("GHOST")
    assert Offer.objects.get(sku="LAMP-OAK-01", channel__key="maison").desired_price == Decimal("59.90")
    page.get_by_role("button", name=say("Keep what changes")).click()
    expect(page.locator(".toasts")).to_be_visible()
    assert Offer.objects.get(sku="LAMP-OAK-01", channel__key="maison").desired_price == Decimal("61.90")
    page.reload()
    page.locator("summary", has=page.locator("use[href$='#bell']")).click()
    expect(page.locator("#notices")).to_contain_text(say("The channels are told at the next publication."))


def _settled(page: Page) -> None:
    """htmx has taken what it put in: sent sooner, a form leaves as a plain one, and the page is another."""
    expect(page.locator(".htmx-added, .htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)
