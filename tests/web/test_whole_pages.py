"""An address that is opened by itself is a page, never a part of one; what people read is in their own language."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from comptoir.offers.models import Offer
from comptoir.web.country_names import by_name, country_name
from comptoir.web.user_agents import browser_name
from tests.web.furnished import furnish
from tests.web.shop import Shop
from tests.web.test_permissions import OPEN_TO_ALL, WEB, address

HX = {"HX-Request": "true"}


def test_every_address_opened_by_itself_is_a_whole_page(shop: Shop, admin: Client) -> None:
    furnished = furnish(shop)
    assert [place for place in furnished if admin.get(place).status_code != 200] == []
    walked, parts = 0, []
    for place in [*furnished, *(address(pattern) for pattern in WEB if pattern.name not in OPEN_TO_ALL)]:
        answer = admin.get(place)
        if answer.status_code == 200 and not answer.streaming and "text/html" in answer["Content-Type"]:
            walked += 1
            text = answer.content.decode()
            if "<!DOCTYPE html>" not in text or 'id="main"' not in text or text.count("<h1") != 1:
                parts.append(place)
    assert parts == []
    assert walked > 70  # a few ask for the first row of a thing, which an earlier test may have taken


def test_what_runs_out_is_a_part_for_the_first_page_and_a_page_for_a_person(
    shop: Shop, admin: Client
) -> None:
    part = admin.get("/running-out/", headers=HX)
    assert b"<html" not in part.content
    assert "HX-Request" in part["Vary"]
    assert b"<title>" in admin.get("/running-out/").content


def test_the_cell_of_a_price_opened_by_itself_is_its_form(shop: Shop, admin: Client) -> None:
    offer = Offer.objects.earliest("id").pk
    assert admin.get(f"/offers/{offer}/price-cell").headers["Location"] == f"/offers/{offer}/price"
    assert admin.get(f"/offers/{offer}/price-cell?shown=1").headers["Location"] == "/offers/"


def test_countries_are_named_and_sorted_in_the_readers_language() -> None:
    with override("fr"):
        assert country_name("DE") == "Allemagne"
        codes = [code for code, _ in by_name(["ES", "EG", "DE"])]
        assert codes == ["DE", "EG", "ES"]  # Allemagne, Égypte, Espagne
    with override("en"):
        assert country_name("de") == "Germany"
    assert country_name("Atlantide") == "Atlantide"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131 Safari/537.36 Edg/131",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Linux"),
        ("our-robot/2", "our-robot/2"),
        ("", ""),
    ],
)
def test_a_session_is_known_by_its_browser_and_its_system(told: str, name: str) -> None:
    assert browser_name(told) == name
