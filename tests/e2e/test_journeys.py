from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import pytest
from axe_playwright_python.sync_playwright import Axe
from bench.page_addresses import ADDRESSES
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse
from playwright.sync_api import Error, Page, expect

from comptoir.flows.table_files import read_file
from comptoir.inventory.models import Warehouse
from comptoir.journal.models import Run
from comptoir.orders.models import Order
from tests.bench.test_page_addresses import TEXT_PLACES
from tests.e2e.conftest import Say
from tests.web.furnished import furnish
from tests.web.shop import Shop
from tests.web.test_narrowed_people import ids_on
from tests.web.test_permissions import ARGUMENTS, WEB

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_order_is_found_opened_and_accepted(page: Page, say: Say, shop: Shop) -> None:
    order = shop.to_accept
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/orders/")
    page.keyboard.press("/")
    page.keyboard.type(order.reference)
    page.wait_for_url(f"**/orders/?q={order.reference}")
    page.click(f"a[data-row]:text-is('{order.reference}')")
    page.get_by_role("button", name=say("Accept"), exact=True).click()
    words = say("Noted. The channel is told at its next turn, within a minute.")
    expect(page.locator(".toasts")).to_contain_text(words)
    assert Order.objects.get(pk=order.pk).decision == "accept"


def test_an_order_is_held_in_a_dialog_that_keeps_what_was_wrong(page: Page, say: Say, shop: Shop) -> None:
    page.goto(f"/orders/{shop.to_accept.reference}/")
    page.get_by_role("link", name=say("Hold…")).click()
    dialog = page.locator("dialog#dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=say("Put on hold"), exact=True).click()
    expect(dialog.locator(".errorlist")).to_be_visible()
    dialog.locator("input[name=reason]").fill("adresse à vérifier")
    dialog.get_by_role("button", name=say("Put on hold"), exact=True).click()
    expect(page.locator("main")).to_contain_text("adresse à vérifier")
    page.get_by_role("button", name=say("Release"), exact=True).click()
    expect(page.locator(".toasts")).to_contain_text(say("Released."))


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


LEFT_OUT = ("export", "start", "picking", "slip", "sign-out", "admin", "api")
"""Addresses that give a file, or lead out."""


def pages_from(page: Page, first: str) -> Iterator[str]:
    """Every page that links lead to from there, one of each kind: as a person finds them."""
    waiting, known = [first], {resolve(first).view_name}
    while waiting:
        address = waiting.pop(0)
        yield address
        for path in page.eval_on_selector_all("a[href]", "links => links.map(a => a.pathname)"):
            try:
                name = resolve(path).view_name
            except Resolver404:
                continue
            if name not in known and not any(word in name for word in LEFT_OUT):
                known.add(name)
                waiting.append(path)


NOT_PAGES = {"metrics", "readyz", "offer-price-cell"}
"""Measured by the benches, and read by programs, or a part of a page."""


def name_of(address: str) -> str:
    """The page that an address with braces is of."""
    path = re.sub(r"\{(\w+)\}", lambda m: "mirakl" if m[1] in TEXT_PLACES else "1", address.split("?")[0])
    return resolve(path).url_name or ""


def every_address(shop: Shop, visited: set[str]) -> Iterator[str]:
    """What the urlconf knows and no link led to: behind buttons, in dialogs, of things that were made for it."""
    product, client = shop.products[0], Client()
    client.force_login(shop.admin, backend="django.contrib.auth.backends.ModelBackend")
    table = f"sku;on hand\n{product.sku};7\nNOPE;1\n".encode()
    ids = ARGUMENTS | ids_on("maison") | {
        "reference": shop.to_ship.reference, "product_id": product.pk, "user_id": shop.admin.pk, "kind": "mirakl",
        "file_id": read_file("stock", "counts.csv", table, actor=shop.admin.email).pk, "code": "not_found",
        "warehouse_id": Warehouse.objects.order_by("id")[0].pk,
    }  # fmt: skip
    for pattern in WEB:
        names = get_resolver().reverse_dict.getlist(pattern.name)[0][0][0][1]
        if pattern.name in visited or not set(names) <= ids.keys():
            continue
        address = reverse(str(pattern.name), kwargs={name: ids[name] for name in names})
        answer = client.get(address)
        # A part of a page alone is no page; what leads on is seen where it leads.
        if answer.status_code == 200 and "text/html" in answer["Content-Type"] and b"<h1" in answer.content:
            yield address


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("theme", "language"), [("light", "fr"), ("dark", "en")])
def test_no_page_has_a_fault_of_accessibility(theme: str, language: str, page: Page, shop: Shop) -> None:
    """Every page that links lead to, and those behind buttons and with nothing or something ticked."""
    type(shop.admin).objects.filter(pk=shop.admin.pk).update(language=language)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
    run = Run.objects.filter(outcome="failed")[0].pk
    behind = [f"/orders/{shop.to_accept.reference}/", "/orders/?q=nothing", f"/flows/runs/{run}/"]
    seen: list[str] = []
    faults: list[str] = []
    visited: set[str] = set()
    for address in chain(furnish(shop), pages_from(page, "/"), behind, every_address(shop, visited)):
        try:
            page.goto(address)
        except Error as error:
            if "Download is starting" in error.message:
                continue
            raise
        if address in ("/orders/", "/offers/"):
            page.locator("td.tick input").first.check()
        if address == "/":
            expect(page.locator(".skeleton")).to_have_count(0)
        found = Axe().run(page)
        if found.violations_count:
            faults.append(f"{address}\n{found.generate_report()}")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        if page.evaluate(wide) > 0:
            faults.append(f"{address} is wider than the window")
        seen.append(address)
        visited.add(resolve(address.split("?")[0]).url_name or "")
    left = {name_of(one) for one in ADDRESSES.values()} - visited - NOT_PAGES
    assert not left, "pages that this walk does not meet"
    assert not faults, "\n".join(faults)
