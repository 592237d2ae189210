"""A passkey, and the company's account at an OpenID Connect provider: as a browser does them, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from comptoir.accounts.models import User
from tests.e2e.conftest import Say
from tests.e2e.provider import CLIENT, PASSWORD, SECRET, Provider, provider_open
from tests.web.shop import PASSWORD as OURS
from tests.web.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def key_of(page: Page) -> tuple[Any, str]:
    """A security key that says yes by itself, plugged into this page: (its session, its number)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def test_a_passkey_is_kept_and_opens_without_a_password(page: Page, say: Say, shop: Shop) -> None:
    session, number = key_of(page)
    page.goto("/account/2fa/webauthn/add/")
    if "/reauthenticate/" in page.url:
        page.fill("#id_password", OURS)
        page.press("#id_password", "Enter")
        page.wait_for_url("**/webauthn/add/")
    page.fill("#id_name", "Clé du bureau")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/add/" not in url)
    expect(page.locator("main")).to_be_visible()
    kept = session.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert [one["isResidentCredential"] for one in kept] == [True]
    assert Authenticator.objects.filter(user=shop.admin, type="webauthn").count() == 1

    page.goto("/")
    page.context.clear_cookies()
    page.goto("/orders/")
    assert "/sign-in/" in page.url
    page.goto("/sign-in/")
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/orders/")
    expect(page.locator("h1")).to_have_text(say("Orders"))

    # A key that nobody here knows opens nothing.
    Authenticator.objects.filter(type="webauthn").delete()
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.click("#passkey_login")
    page.wait_for_load_state("networkidle")
    page.goto("/orders/")
    assert "/sign-in/" in page.url


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with provider_open() as one:
        app = {"provider_id": "sso", "name": "Company", "client_id": CLIENT, "secret": SECRET,
               "settings": {"server_url": one.url, "oauth_pkce_enabled": True}}  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "EMAIL_AUTHENTICATION": False}}
        yield one


@pytest.fixture
def at_home(browser: Browser, page: Page, say: Say) -> Iterator[Page]:
    """Somebody who is not signed in, in the language of the test."""
    url, language = page.url, page.locator("html").get_attribute("lang")
    context = browser.new_context(base_url=url, locale=language or "fr")
    yield context.new_page()
    context.close()


def go_to_the_provider(page: Page, say: Say, provider: Provider) -> None:
    page.goto("/sign-in/")
    page.locator("form[action*='/sso/'] button").click()
    page.wait_for_url(f"{provider.url}/authorize**")
    page.fill("#password", PASSWORD)
    page.click("button")


def test_the_companys_account_opens_for_who_was_invited(
    at_home: Page, say: Say, provider: Provider, shop: Shop
) -> None:
    provider.email = shop.admin.email
    go_to_the_provider(at_home, say, provider)
    at_home.wait_for_url(lambda url: url.startswith("http://localhost") and "/callback" not in url)
    at_home.goto("/orders/")
    expect(at_home.locator("h1")).to_have_text(say("Orders"))
    assert SocialAccount.objects.get().user == shop.admin
    assert provider.refused == []
    assert provider.codes == {}  # each opened once


@pytest.mark.parametrize("verified", [True, False])
def test_and_for_nobody_else(verified: bool, at_home: Page, say: Say, provider: Provider, shop: Shop) -> None:
    """A stranger, or who only claims an address of ours."""
    provider.email, provider.verified = "stranger@example.org" if verified else shop.admin.email, verified
    go_to_the_provider(at_home, say, provider)
    at_home.wait_for_url("**/sign-in/**")
    at_home.goto("/orders/")
    assert "/sign-in/" in at_home.url
    assert not SocialAccount.objects.exists()
    assert not User.objects.filter(email="stranger@example.org").exists()
