from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from comptoir.journal.models import Exchange, Run
from comptoir.offers.models import Offer
from comptoir.orders.models import Order
from tests.web.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_order_is_found_opened_and_accepted(page: Page, shop: Shop) -> None:
    order = shop.to_accept
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/orders/")
    page.keyboard.press("/")
    page.keyboard.type(order.reference)
    page.wait_for_url(f"**/orders/?q={order.reference}")
    page.click(f"a[data-row]:text-is('{order.reference}')")
    page.get_by_role("button", name="Accepter").click()
    expect(page.locator(".toasts")).to_contain_text("d’ici une minute")
    assert Order.objects.get(pk=order.pk).decision == "accept"


def test_an_order_is_held_in_a_dialog_that_keeps_what_was_wrong(page: Page, shop: Shop) -> None:
    page.goto(f"/orders/{shop.to_accept.reference}/")
    page.get_by_role("link", name="Bloquer…").click()
    dialog = page.locator("dialog#dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Bloquer").click()
    expect(dialog.locator(".errorlist")).to_be_visible()
    dialog.locator("input[name=reason]").fill("adresse à vérifier")
    dialog.get_by_role("button", name="Bloquer").click()
    expect(page.locator("main")).to_contain_text("adresse à vérifier")
    page.get_by_role("button", name="Débloquer").click()
    expect(page.locator(".toasts")).to_contain_text("Débloquée")


def test_the_language_and_the_light_are_switched(page: Page) -> None:
    page.goto("/orders/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Orders")
    page.get_by_role("button", name="Dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_wrong_address_is_explained_in_the_connection_form(page: Page) -> None:
    page.goto("/channels/connect/")
    page.get_by_role("link", name="Mirakl").click()
    page.fill("input[name=base_url]", "http://127.0.0.1:9")
    page.fill("input[name=api_key]", "some-long-key")
    page.get_by_role("button", name="Tester la connexion").click()
    expect(page.locator("[role=alert]").first).to_contain_text("ne répond pas")
    expect(page.locator("input[name=base_url]")).to_have_value("http://127.0.0.1:9")


def test_the_menu_of_a_phone_opens_and_closes(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/orders/")
    expect(page.locator(".sidebar")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.locator(".sidebar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".sidebar")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_fault_of_accessibility(theme: str, page: Page, shop: Shop) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
    order, other = shop.to_accept.reference, shop.to_ship.reference
    offer = Offer.objects.all()[0].pk
    run, exchange = Run.objects.filter(outcome="failed")[0].pk, Exchange.objects.all()[0].pk
    addresses = [
        "/", "/orders/", "/orders/?q=nothing", f"/orders/{order}/", f"/orders/{other}/", f"/orders/{other}/ship",
        "/stock/", f"/stock/{shop.products[0].pk}/", "/offers/", "/flows/", "/flows/runs/", f"/flows/runs/{run}/",
        f"/flows/exchanges/{exchange}/", "/flows/days/", "/issues/", "/issues/all/", "/channels/", "/channels/maison/",
        "/channels/maison/rules/", "/channels/maison/settings/", "/channels/connect/", "/channels/connect/mirakl/",
        "/audit/", "/settings/", "/notices/", "/offers/import/", f"/offers/{offer}/why", f"/orders/{other}/refund",
        f"/orders/{order}/cancel", f"/orders/{order}/note", f"/stock/{shop.products[0].pk}/edit",
    ]  # fmt: skip
    for address in addresses:
        page.goto(address)
        if address in ("/orders/", "/offers/"):
            page.locator("td.tick input").first.check()
        if address == "/":
            expect(page.locator(".skeleton")).to_have_count(0)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
