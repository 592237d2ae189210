"""Who may come in and what they then cannot do: an invitation, a second factor, a key, in both languages."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from comptoir.accounts.models import ApiKey, User
from comptoir.accounts.roles import Role
from comptoir.orders.models import Order
from tests.e2e.conftest import Say, press
from tests.web.shop import PASSWORD, Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NEW_PASSWORD = "une phrase assez longue pour tenir"


def enter(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in/")
    page.fill("#id_username", email)
    page.fill("#id_password", password)
    page.click("main form button.btn-primary")


def stranger(browser: Browser, page: Page) -> Page:
    """Another person at another machine: no cookie of the first."""
    language = page.locator("html").get_attribute("lang") or "fr"
    at_home = browser.new_context(
        base_url=str(page.url).split("/people")[0].split("/account")[0], locale=language
    )
    return at_home.new_page()


def test_a_colleague_is_invited_to_look_and_cannot_touch(
    page: Page,
    browser: Browser,
    say: Say,
    shop: Shop,
) -> None:
    page.goto("/people/invite/")
    page.fill("#id_email", "leo@example.org")
    page.fill("#id_name", "Léo Marchand")
    page.select_option("#id_role", Role.READ_ONLY.value)
    press(page, say("Make the link"))
    link = page.locator("#secret").inner_text()

    theirs = stranger(browser, page)
    theirs.goto(link)
    theirs.fill("#id_name", "Léo Marchand")
    theirs.fill("#id_password", NEW_PASSWORD)
    theirs.locator("form button.btn-primary").click()
    theirs.wait_for_url("**/sign-in/")
    enter(theirs, "leo@example.org", NEW_PASSWORD)
    theirs.wait_for_url("**/")
    leo = User.objects.get(email="leo@example.org")
    assert (leo.role, leo.channels) == (Role.READ_ONLY, [])
    User.objects.filter(pk=leo.pk).update(language=User.objects.get(pk=shop.admin.pk).language)

    order = shop.to_accept
    page.goto(f"/orders/{order.reference}/")
    expect(page.get_by_role("button", name=say("Accept"), exact=True)).to_be_visible()
    theirs.goto(f"/orders/{order.reference}/")
    expect(theirs.locator("h1")).to_contain_text(order.reference)
    expect(theirs.get_by_role("button", name=say("Accept"), exact=True)).to_have_count(0)
    assert order.contact.buyer_name
    assert order.contact.buyer_name not in theirs.content()
    for address in ("/people/", "/keys/", "/audit/", "/channels/connect/", f"/orders/{order.reference}/hold"):
        answer = theirs.goto(address)
        assert answer is not None
        assert answer.status == 403, address
        expect(theirs.locator("h1")).to_have_text(say("Not with your role"))
    # And what the buttons would have sent is refused too.
    sent = theirs.evaluate(
        """async (address) => {
            const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
            const body = new URLSearchParams({accept: "1", csrfmiddlewaretoken: token});
            return (await fetch(address, {method: "POST", body})).status;
        }""",
        f"/orders/{order.reference}/decide",
    )
    assert sent == 403
    assert Order.objects.get(pk=order.pk).decision == order.decision
    # The link opened once.
    answer = theirs.goto(link)
    assert answer is not None
    assert answer.status == 410
    theirs.context.close()


def test_a_second_factor_is_set_up_and_then_asked_for(
    page: Page,
    browser: Browser,
    say: Say,
    shop: Shop,
) -> None:
    page.goto("/account/2fa/totp/activate/")
    if "/reauthenticate/" in page.url:
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_url("**/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    page.fill("#id_code", totp(secret))
    page.press("#id_code", "Enter")
    page.wait_for_url("**/2fa/recovery-codes/**")
    assert Authenticator.objects.filter(user=shop.admin, type="totp").exists()

    elsewhere = stranger(browser, page)
    enter(elsewhere, shop.admin.email, PASSWORD)
    elsewhere.wait_for_url("**/account/2fa/authenticate/")
    elsewhere.goto("/orders/")
    assert (
        "/sign-in/" in elsewhere.url or "/authenticate/" in elsewhere.url
    )  # the password alone opens nothing
    enter(elsewhere, shop.admin.email, PASSWORD)
    elsewhere.wait_for_url("**/account/2fa/authenticate/")
    elsewhere.fill("#id_code", "000000")
    elsewhere.press("#id_code", "Enter")
    expect(elsewhere.locator(".errorlist")).to_be_visible()
    cache.clear()  # a code is good once, which is remembered there; the next one is thirty seconds away
    elsewhere.fill("#id_code", totp(secret))
    elsewhere.press("#id_code", "Enter")
    elsewhere.wait_for_url("**/")
    elsewhere.goto("/orders/")
    expect(elsewhere.locator("h1")).to_have_text(say("Orders"))
    elsewhere.context.close()


def test_a_key_is_made_used_and_revoked(
    page: Page, browser: Browser, say: Say, live_server: Any, shop: Shop
) -> None:
    page.goto("/keys/new/")
    page.fill("#id_name", "Entrepôt")
    page.select_option("#id_role", Role.READ_ONLY.value)
    page.check("input[name=channels][value=jardin]")
    press(page, say("Make the key"))
    secret = page.locator("#secret").inner_text()
    elsewhere = browser.new_context()
    calls, headers = elsewhere.request, {"Authorization": f"Bearer {secret}"}
    orders = f"{live_server.url}/api/v1/orders"
    read = calls.get(orders, headers=headers)
    assert read.status == 200
    assert {one["channel"] for one in read.json()["orders"]} == {"jardin"}
    refused = calls.post(f"{orders}/{shop.to_accept.reference}/accept", headers=headers)
    assert refused.status == 403
    assert calls.get(orders).status == 401

    page.goto("/keys/")
    row = page.locator("tr", has_text="Entrepôt")
    expect(row).to_contain_text("jardin")
    expect(row).to_contain_text("127.0.0.1")
    assert secret not in page.content()
    row.get_by_role("button", name=say("Revoke"), exact=True).click()
    expect(page.locator("tr", has_text="Entrepôt")).to_contain_text(say("revoked"))
    assert calls.get(orders, headers=headers).status == 401
    assert ApiKey.objects.get(name="Entrepôt").revoked_at
    elsewhere.close()


def totp(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
