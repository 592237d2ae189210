"""A page learns that the file that it asked for has come."""

from __future__ import annotations

import re

from django.test import Client

from comptoir.journal.models import Change
from comptoir.orders.models import Order
from tests.web.shop import Shop


def test_a_file_that_was_asked_for_says_that_it_comes(shop: Shop, admin: Client) -> None:
    token = "a1" * 16
    answer = admin.get(f"/orders/export.csv?status=to_accept&_file={token}")
    assert answer.cookies["file"].value == token
    assert (
        b"".join(answer.streaming_content).count(b"\n")
        == 1 + Order.objects.filter(status="to_accept").count()
    )
    assert "_file" not in Change.objects.get(action="buyer.seen").after["filters"]
    for wrong in ("", "x", "<script>", "a1" * 17):
        assert "file" not in admin.get("/orders/", {"_file": wrong}).cookies


def test_links_to_files_are_marked_and_none_would_save_a_refusal_as_a_file(shop: Shop, admin: Client) -> None:
    pages = (
        "/orders/",
        "/stock/",
        "/offers/",
        "/audit/",
        "/erp/",
        "/stock/files/",
        "/offers/import/",
        "/stock/rules/",
    )
    for place in pages:
        page = admin.get(place).content.decode()
        links = re.findall(r"<a\b[^>]*href=\"[^\"]*\.(?:csv|xlsx)[^>]*>", page)
        assert links, place
        assert [link for link in links if "data-file" not in link or " download" in link] == [], place
