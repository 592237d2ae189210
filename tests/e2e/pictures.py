"""The pictures of the README and the guides (`tools/pictures.py`): no test of `make test`, for it writes to docs/.

The shop is that of the tests, on a Thursday at 10:12 in Paris, with what a morning leaves in the newer rooms.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, Page

from comptoir.core import clock
from comptoir.finance.models import ErpDay, ErpGap
from comptoir.inventory.calendar_models import LeadTimeRule
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import QuantityRule
from comptoir.inventory.reservations import default_warehouse, lock_stock
from comptoir.journal.models import Run
from comptoir.offers.desired import recompute_desired
from comptoir.orders.models import Order
from tests.web.shop import Shop, open_shop

NOW = datetime(2026, 11, 26, 9, 12, tzinfo=UTC)
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
DESK, PHONE = (1440, 960), (390, 844)
PICTURES = [
    ("today", "/", ("fr", "en"), DESK, "light"),
    ("orders", "/orders/", ("fr", "en"), DESK, "light"),
    ("order", "order", ("fr", "en"), DESK, "light"),
    ("offers", "/offers/", ("fr", "en"), DESK, "light"),
    ("why", "why", ("fr", "en"), DESK, "light"),
    ("reconciliation", "/erp/", ("fr", "en"), DESK, "light"),
    ("rules", "/stock/rules/", ("fr", "en"), DESK, "light"),
    ("lead-times", "/offers/lead-times/", ("fr", "en"), DESK, "light"),
    ("flows-dark", "/flows/", ("en",), DESK, "dark"),
    ("today-phone", "/", ("fr",), PHONE, "light"),
]
EACH = [
    (name, place, language, *rest) for name, place, languages, *rest in PICTURES for language in languages
]


@pytest.fixture
def shop(browser: Browser, transactional_db: None, settings: Any) -> Iterator[Shop]:
    settings.SECOND_FACTOR = "administrators"
    with clock.clock_at(lambda: NOW):
        shop = open_shop(orders=100)
        Authenticator.objects.create(user=shop.admin, type="totp", data={"secret": "none"})
        _fill(shop)
        yield shop


def _fill(shop: Shop) -> None:
    old = Order.objects.filter(placed_at__lt=NOW - timedelta(hours=34), status__in=("to_ship", "accepted"))
    old.update(status="shipped")
    shelf = default_warehouse().pk
    with transaction.atomic():
        lock_stock([product.pk for product in shop.products], shelf)
        move_stock(
            [Move(product.pk, shelf, 60, "receipt", NOW, "BL-2026-121") for product in shop.products[:6]]
        )
        recompute_desired([product.pk for product in shop.products])
    first, second = Order.objects.filter(status="to_ship").order_by("id")[:2]
    for number, (order, kind, there) in enumerate(
        ((first, "missing", None), (second, "amount", Decimal("54.90")))
    ):
        ErpGap.objects.create(
            erp=shop.erp, kind=kind, reference=order.reference, order=order, channel=order.channel.key,
            day=order.placed_at.date(), here_amount=order.total_amount, there_amount=there,
            documents=["BC00017"] if there else [], found_at=NOW - timedelta(minutes=number), checked_at=NOW,
        )  # fmt: skip
    for back in range(1, 8):
        for channel in (shop.house, shop.garden):
            amount = Decimal("3480.20") + 121 * back
            ErpDay.objects.create(
                erp=shop.erp, channel=channel.key, day=NOW.date() - timedelta(days=back), here_count=41 + back,
                here_amount=amount, there_count=41 + back - (back == 1), there_amount=amount - 35 * (back == 1),
                gaps=back == 1, checked_at=NOW,
            )  # fmt: skip
    for number, (kind, value, more) in enumerate((
        ("buffer", 2, {"channel": shop.house}), ("share", 60, {"channel": shop.garden}),
        ("limit", 10, {"product": shop.products[1]}), ("minimum", 3, {}),
    ), start=1):  # fmt: skip
        QuantityRule.objects.create(
            number=number, kind=kind, value=value, valid_from=NOW - timedelta(days=3), in_force=True, created_at=NOW,
            created_by="Claire Aubert", **more,
        )  # fmt: skip
    for days, more in ((1, {}), (4, {"product": shop.products[4]}), (2, {"channel": shop.garden})):
        LeadTimeRule.objects.create(days=days, created_at=NOW, created_by="Claire Aubert", **more)
    for back in range(1, 90):
        Run.objects.create(
            flow="import_orders", channel=shop.house.key, outcome="succeeded", counts={"created": back % 7},
            started_at=NOW - timedelta(minutes=15 * back), ended_at=NOW - timedelta(minutes=15 * back, seconds=-3),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "place", "language", "size", "theme"), EACH, ids=[f"{name}-{lang}" for name, _, lang, *_ in EACH]
)
def test_picture(
    name: str, place: str, language: str, size: tuple[int, int], theme: str, browser: Browser, shop: Shop,
    live_server: Any,
) -> None:  # fmt: skip
    type(shop.admin).objects.filter(pk=shop.admin.pk).update(language=language)
    client = Client()
    client.force_login(shop.admin, backend="django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": size[0], "height": size[1]}, locale=language
    )
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([session, {"name": "theme", "value": theme, "url": live_server.url}])
    faults: list[str] = []
    page = context.new_page()
    page.on(
        "response",
        lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status > 399 else None,
    )
    _arrange(page, place, shop)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(800)  # charts move into place
    page.screenshot(path=IMAGES / f"{name}-{language}.png")
    context.close()
    assert not faults


def _arrange(page: Page, place: str, shop: Shop) -> None:
    if place == "order":
        page.goto(f"/orders/{shop.to_ship.reference}/")
    elif place == "why":
        page.goto("/offers/")
        page.locator(".trio a[hx-target='#dialog-body']").first.click()
        page.locator("#dialog .why-steps").wait_for()
    else:
        page.goto(place)
    if place == "/orders/":
        page.locator("td.tick input").nth(1).check()
        page.locator("td.tick input").nth(2).check()
    if place == "/":
        page.locator(".skeleton").wait_for(state="detached")
