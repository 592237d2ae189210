"""A real Chromium on a real server. Without one these tests are skipped, loudly; with CI=true they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.web.shop import PASSWORD, Shop, open_shop

Say = Callable[[str], str]
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-dev-shm-usage", "--disable-sync", "--no-first-run",
)  # fmt: skip


def _chromium() -> str | None:
    named = os.environ.get("COMPTOIR_CHROMIUM", "")
    return shutil.which(named) if named else shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = _chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium: apt install chromium")
    # Playwright's own loop runs in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def shop(browser: Browser, transactional_db: None) -> Shop:
    return open_shop(orders=20)


def _is_trouble(message: ConsoleMessage) -> bool:
    """A refused form is answered 422, which Chromium writes down as an error; it is what we want."""
    return message.type in ("error", "warning") and "422" not in message.text


@pytest.fixture
def page(browser: Browser, live_server: Any, shop: Shop) -> Iterator[Page]:
    """Signed in, in French. Whatever the console says against us fails the test."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="fr-FR"
    )
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if _is_trouble(message) else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/sign-in/")
    page.fill("#id_username", shop.admin.email)
    page.fill("#id_password", PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_url("**/")
    yield page
    context.close()
    assert said == []


@pytest.fixture(params=["fr", "en"])
def say(request: pytest.FixtureRequest, page: Page, shop: Shop) -> Iterator[Say]:
    """The page in one language, and the words that it then has."""
    type(shop.admin).objects.filter(pk=shop.admin.pk).update(language=request.param)
    with override(request.param):
        yield gettext


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
