"""The kill switch on screen: stopped at once, said everywhere with who and when, and resumed knowingly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.channels.models import Channel
from comptoir.journal.models import Change
from comptoir.offers.kill_switch import what_waits
from comptoir.offers.models import Offer
from comptoir.offers.wishes import set_price
from tests.web.conftest import SignIn
from tests.web.shop import Shop


def stop(client: Client, kind: str = "prices", verb: str = "stop", key: str = "maison") -> int:
    return client.post(f"/channels/{key}/writes/{kind}/{verb}").status_code


def test_prices_are_stopped_and_it_is_said_on_three_pages(shop: Shop, admin: Client) -> None:
    assert "Stop every price?" in admin.get("/channels/maison/writes/prices/stop").content.decode()
    assert stop(admin) == 303
    shop.house.refresh_from_db()
    assert (shop.house.prices_stopped, shop.house.stock_stopped) == (True, False)
    for address in ("/", "/offers/", "/channels/maison/"):
        page = admin.get(address).content.decode()
        assert "no price leaves." in page, address
        assert "Stopped by administrator@example.org" in page, address
    assert "no price leaves." not in admin.get("/channels/jardin/").content.decode()
    stop(admin, "stock")
    assert "neither prices nor quantities leave." in admin.get("/").content.decode()
    assert Change.objects.filter(action="channel.kill_switch").count() == 2


def test_who_resumes_sees_what_will_leave_first(shop: Shop, admin: Client) -> None:
    Offer.objects.update(sent_price=F("desired_price"), sent_quantity=F("desired_quantity"), state="listed")
    stop(admin)
    mug, lamp, vase = (
        Offer.objects.get(channel=shop.house, sku=sku) for sku in ("MUG-BLUE-4", "LAMP-OAK-01", "VASE-TERRA")
    )
    set_price(mug, Decimal("40"), actor="zoe")
    set_price(lamp, Decimal("61"), actor="zoe")
    Offer.objects.filter(pk=vase.pk).update(desired_price=Decimal("440"))
    waiting = what_waits(shop.house)
    assert (waiting.prices, waiting.held_back) == (2, 1)
    assert [(one.sku, one.desired) for one in waiting.first_prices] == [
        ("MUG-BLUE-4", Decimal("40")), ("LAMP-OAK-01", Decimal("61"))]  # fmt: skip
    page = admin.get("/channels/maison/writes/prices/resume").content.decode()
    assert "€40.00" in page
    assert "1 more is held back" in page
    assert stop(admin, verb="resume") == 303
    assert "no price leaves" not in admin.get("/").content.decode()


def test_quantities_are_shown_before_they_leave_again(shop: Shop, admin: Client) -> None:
    stop(admin, "stock")
    page = admin.get("/channels/maison/writes/stock/resume").content.decode()
    waiting = what_waits(Channel.objects.get(key="maison"))
    assert waiting.quantities > 0
    assert f"<strong>{waiting.quantities}</strong> quantities" in page


@pytest.mark.parametrize(
    ("role", "status"), [(Role.READ_ONLY, 403), (Role.OPERATIONS, 403), (Role.MARKETPLACE_MANAGER, 303)]
)
def test_who_may_change_offers_may_stop_them(role: Role, status: int, shop: Shop, sign_in: SignIn) -> None:
    client = sign_in(role)
    assert stop(client) == status
    assert ("Stop prices…" in client.get("/channels/jardin/").content.decode()) == (status == 303)


def test_who_is_narrowed_stops_what_is_theirs_alone(shop: Shop, sign_in: SignIn) -> None:
    client = sign_in(Role.MARKETPLACE_MANAGER)
    User.objects.filter(role=Role.MARKETPLACE_MANAGER).update(channels=["jardin"])
    assert (stop(client), stop(client, key="jardin")) == (404, 303)
    assert stop(client, key="jardin", kind="everything") == 404


def test_an_address_of_elsewhere_is_not_followed(shop: Shop, admin: Client) -> None:
    answer = admin.post("/channels/maison/writes/prices/stop", {"next": "https://evil.example/"})
    assert answer["Location"] == "/channels/maison/"
