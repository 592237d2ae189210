"""A count from a file, with its errors, applied and taken back; how long buyers are kept. In both languages."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, Route, expect

from comptoir.inventory.models import Stock
from comptoir.orders.models import OrderContact
from comptoir.orders.privacy import kept_days
from tests.e2e.conftest import Say, press
from tests.web.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_count_from_a_file_is_seen_applied_and_taken_back(page: Page, say: Say, shop: Shop) -> None:
    lamp = shop.products[0].stocks.get()
    page.goto("/stock/")
    page.get_by_role("link", name=say("From a file")).click()
    content = f"sku;{say('Warehouse')};{say('On hand')}\n{lamp.product.sku};;30\nGHOST;;5\n".encode()
    table = {"name": "inventaire.csv", "mimeType": "text/csv", "buffer": content}
    page.set_input_files("input[type=file]", files=[table])
    press(page, say("Show what it changes"))
    expect(page.locator("#errors li")).to_have_count(1)
    expect(page.locator("#errors")).to_contain_text("GHOST")
    expect(page.locator("main ins")).to_have_text(["30"])
    assert Stock.objects.get(pk=lamp.pk).on_hand == lamp.on_hand
    page.locator("form[action$='/apply'] button").click()
    expect(page.locator(".toasts")).to_be_visible()
    assert Stock.objects.get(pk=lamp.pk).on_hand == 30
    press(page, say("Take it all back"))
    expect(page.locator(".toasts")).to_contain_text(say("Taken back: what moved since stays counted."))
    assert Stock.objects.get(pk=lamp.pk).on_hand == lamp.on_hand


def test_buyers_are_found_as_one_types_and_kept_as_long_as_one_says(page: Page, say: Say, shop: Shop) -> None:
    name = shop.to_ship.contact.buyer_name
    assert not OrderContact.objects.exclude(plain_name="").exists()
    page.goto("/orders/")
    page.fill("#q", name[:3].lower())
    page.wait_for_url("**/orders/?q=**")
    expect(page.locator("#rows")).to_contain_text(shop.to_ship.reference)
    page.goto("/settings/")
    page.get_by_role("link", name=say("Personal data")).click()
    expect(page.locator("main")).to_contain_text(say("Next purge"))
    page.fill(f"input[name={shop.house.key}]", "400")
    press(page, say("Keep"))
    expect(page.locator("main .errorlist")).to_be_visible()
    page.fill(f"input[name={shop.house.key}]", "21")
    press(page, say("Keep"))
    expect(page.locator(".toasts")).to_contain_text(say("Kept."))
    assert kept_days(shop.house, {}) == 21


def test_a_file_that_is_made_says_so_until_it_comes(page: Page, say: Say, shop: Shop) -> None:
    page.goto("/orders/?status=to_ship")
    page.evaluate(
        """() => {
          const note = document.querySelector("#making");
          window.shown = [];
          new MutationObserver(() => window.shown.push(!note.hidden)).observe(note, { attributes: true });
        }"""
    )

    def slowly(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    page.route("**/orders/export.xlsx**", slowly)
    with page.expect_download() as coming:
        page.locator(".downloads a").last.click()
    assert coming.value.suggested_filename == "orders.xlsx"
    expect(page.locator("#making")).to_be_hidden()
    expect(page.locator("#progress")).to_be_hidden()
    assert page.evaluate("window.shown") == [True, False]
    assert page.url.endswith("/orders/?status=to_ship")
