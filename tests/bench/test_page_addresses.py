"""Each page of the hub is measured at 1,000,000 orders, or stands in a list that says why not."""

from __future__ import annotations

import re

from bench.page_addresses import ADDRESSES, NOT_MEASURED, OWN_PAGES
from django.test import Client
from django.urls import resolve

from tests.web.conftest import admin, sign_in  # noqa: F401 - fixtures
from tests.web.shop import Shop, open_shop
from tests.web.test_permissions import WEB, address

TEXT_PLACES = ("channel", "reference", "shipped", "to_ship", "to_accept", "kind", "purchase")


def _measured() -> set[str | None]:
    """Names of the urlconf, whatever stands in the braces."""
    found = set()
    for pattern in ADDRESSES.values():
        path = pattern.split("?")[0]
        path = re.sub(r"\{(\w+)\}", lambda m: "mirakl" if m[1] in TEXT_PLACES else "1", path)
        found.add(resolve(path).url_name)
    return found


def test_every_page_is_measured_or_named_with_its_reason(db: None, admin: Client) -> None:  # noqa: F811
    _: Shop = open_shop(orders=10)
    measured = _measured()
    forgotten = []
    for pattern in WEB:
        name = pattern.name
        if name in measured or name in NOT_MEASURED or name.startswith(OWN_PAGES):
            continue
        if admin.get(address(pattern)).status_code != 405:  # it takes writes alone: no page
            forgotten.append(name)
    assert forgotten == []


def test_nothing_is_both_measured_and_left_out() -> None:
    names = {pattern.name for pattern in WEB}
    assert not NOT_MEASURED.keys() & _measured()
    assert NOT_MEASURED.keys() <= names, "a page that is no more"
    assert all(NOT_MEASURED.values())
