"""Three hundred orders at eight: from the keyboard alone, with nothing lost, undone or printed wrongly."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, Route, TimeoutError, expect

from comptoir.orders.models import Order
from tests.e2e.conftest import Say
from tests.web.shop import Shop

pytestmark = pytest.mark.browser


def focused(page: Page) -> str:
    """The address of the line, or the name of the field, that has the focus."""
    return str(
        page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.name || ''")
    )


def key(page: Page, name: str, leads_to: str = "") -> None:
    """As a person does, who presses again when nothing came: Chromium drops keys while a page is new."""
    for _ in range(5):
        page.keyboard.press(name)
        if not leads_to:
            return None
        try:
            return page.wait_for_url(f"**{leads_to}", timeout=5_000)
        except TimeoutError:
            continue
    raise AssertionError(f"{name} does not lead to {leads_to}")


def test_orders_are_gone_through_from_the_keyboard_alone(page: Page, shop: Shop, say: Say) -> None:
    page.goto("/orders/")
    rows = page.locator("a[data-row]").evaluate_all("rows => rows.map(row => row.getAttribute('href'))")
    for typed, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        key(page, typed)
        assert focused(page) == rows[place]
    key(page, "Enter", rows[1])
    expect(page.locator("#around")).to_be_visible()
    key(page, "j", rows[2])
    key(page, "k", rows[1])
    key(page, "u", "/orders/")
    assert focused(page) == rows[1], "the list is left off where it was"
    key(page, "/")
    assert focused(page) == "q"
    key(page, "Escape")
    page.locator("main").focus()
    key(page, "?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys")).to_contain_text(say("Undo what was just done"))
    key(page, "Escape")
    key(page, "g")
    key(page, "f", "/offers/")


def test_ticked_orders_are_accepted_without_a_mouse(page: Page, shop: Shop, say: Say) -> None:
    page.goto("/orders/?status=to_accept")
    key(page, "a")  # nothing is ticked: nothing happens
    expect(page.locator("#dialog")).to_be_hidden()
    key(page, "j")
    key(page, "x")
    key(page, "a")
    expect(page.locator("#dialog")).to_be_visible()
    page.locator("#dialog button[type=submit]").press("Enter")
    expect(page.locator(".toast-line")).to_be_visible()
    assert Order.objects.filter(decision="accept").count() == 1


def test_what_was_done_is_undone_from_the_toast_and_later(page: Page, shop: Shop, say: Say) -> None:
    order = shop.to_ship
    page.goto(f"/orders/{order.reference}/")
    page.locator("main").focus()
    key(page, "h")
    page.locator("#dialog [name=reason]").fill("Wait for the second parcel")
    key(page, "Enter")
    page.locator(".toast-line").wait_for()
    order.refresh_from_db()
    assert order.held
    key(page, "z")
    expect(page.locator("main .note-alert")).to_have_count(0)
    order.refresh_from_db()
    assert order.held == ""
    page.goto("/notices/")  # the toasts are gone; what they said is not, nor what they let undo
    page.locator("#main .undo button").first.click()
    page.wait_for_url(f"**/orders/{order.reference}/")
    order.refresh_from_db()
    assert order.held == "Wait for the second parcel"


def test_the_focus_stays_where_it_was_when_a_part_is_replaced(page: Page, shop: Shop) -> None:
    page.goto("/flows/")
    button = page.locator("[id^=pause-]").first
    button.focus()
    name = button.get_attribute("id")
    with page.expect_response("**/flows/"):
        page.evaluate("htmx.trigger('#board', 'refresh'); htmx.ajax('GET', '/flows/', {target: '#board'})")
    expect(page.locator(f"#{name}")).to_be_focused()
    page.goto("/offers/")
    cell = page.locator(f"#{page.locator('.price-cell').first.get_attribute('id')}")
    cell.locator("a").focus()
    key(page, "Enter")
    expect(cell.locator("[name=price]")).to_be_focused()
    key(page, "Escape")
    expect(cell.locator("a")).to_be_focused()
    # What came is wired as soon as it stands there: no moment in which a key does nothing.
    page.evaluate(
        """id => new MutationObserver((_, watch) => {
             const field = document.querySelector(`#${id} [name=price]`);
             if (!field) return;
             watch.disconnect();
             field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
           }).observe(document.body, { childList: true, subtree: true })""",
        cell.get_attribute("id"),
    )
    with page.expect_response("**/price-cell?shown=1"):
        key(page, "Enter")
    expect(cell.locator("a")).to_be_focused()


def test_what_takes_long_says_so_and_is_not_sent_twice(page: Page, shop: Shop) -> None:
    page.goto(f"/orders/{shop.to_accept.reference}/")
    sent: list[str] = []

    def slowly(route: Route) -> None:
        sent.append("once")
        time.sleep(1)
        route.continue_()

    page.route("**/decide", slowly)
    page.evaluate(
        """() => { const button = document.querySelector('[data-key=a]');
                   const keep = () => sessionStorage.setItem('shown', !document.querySelector('#progress').hidden);
                   button.click(); button.click(); setTimeout(keep, 700); }"""
    )
    page.wait_for_selector(".toast-line")
    assert page.evaluate("sessionStorage.getItem('shown')") == "true"
    assert sent == ["once"]


@pytest.mark.parametrize("address", ["/orders/", "order", "/stock/", "/offers/", "/erp/"])
def test_on_paper_the_content_stands_alone_in_full_width(address: str, page: Page, shop: Shop) -> None:
    page.goto(f"/orders/{shop.to_ship.reference}/" if address == "order" else address)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dots an inch
    for gone in (
        ".sidebar",
        ".topbar",
        ".filters",
        ".pager",
        "main .actions",
        ".toasts",
        ".tick",
        "#progress",
    ):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    expect(page.locator("h1")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
    hidden = page.evaluate(
        """[...document.querySelectorAll('main .table-wrap')].filter(one => one.scrollWidth > one.clientWidth).length"""
    )
    assert hidden == 0, "a table is cut off at the edge of the sheet"
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
