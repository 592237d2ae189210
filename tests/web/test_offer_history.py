"""The history of prices on screen, by the API and by the command line: seen, gone back on, undone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from comptoir.accounts.keys import create_api_key
from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.config.cli import app
from comptoir.core import clock
from comptoir.offers.models import Offer, OfferAct
from comptoir.offers.wishes import set_price
from tests.web.conftest import NOW, SignIn
from tests.web.shop import Shop

D = Decimal
LATER = NOW + timedelta(hours=2)


def offer_of(sku: str, channel: str = "maison") -> Offer:
    return Offer.objects.get(sku=sku, channel__key=channel)


@pytest.fixture
def changed(shop: Shop) -> Offer:
    """A lamp at 59.90, wanted at 65 an hour later."""
    with clock.clock_at(lambda: NOW + timedelta(hours=1)):
        set_price(offer_of("LAMP-OAK-01"), D("65"), actor="zoe")
    return offer_of("LAMP-OAK-01")


def test_the_history_names_who_and_what_and_leads_back(changed: Offer, admin: Client) -> None:
    page = admin.get("/offers/history/").content.decode()
    assert "zoe" in page
    act = OfferAct.objects.get()
    told = admin.get(f"/offers/history/{act.pk}/").content.decode()
    assert "LAMP-OAK-01" in told
    assert "€65.00" in told
    assert "€59.90" in admin.get(f"/offers/{changed.pk}/history").content.decode()
    seen = admin.get(f"/offers/roll-back/?act={act.pk}")
    assert seen.context["preview"].changes == 1
    done = admin.post("/offers/roll-back/", {"act": act.pk, "upto": seen.context["preview"].upto})
    assert done["Location"] == f"/offers/history/{OfferAct.objects.get(kind='roll_back').pk}/"
    assert offer_of("LAMP-OAK-01").desired_price == D("59.90")


def test_ticked_offers_go_back_to_a_moment(changed: Offer, admin: Client) -> None:
    with clock.clock_at(lambda: LATER):
        dialog = admin.post("/offers/roll-back/moment", {"offer": [changed.pk]}).content.decode()
        assert f'value="{changed.pk}"' in dialog
        form = {"at": "2026-11-23T10:30:00", "offer": str(changed.pk)}  # Paris: 09:30 UTC
        seen = admin.post("/offers/roll-back/", form)
        assert seen.context["preview"].changes == 1
        admin.post("/offers/roll-back/", form | {"upto": seen.context["preview"].upto})
    assert offer_of("LAMP-OAK-01").desired_price == D("59.90")


def test_a_preview_that_is_overtaken_is_shown_again(changed: Offer, admin: Client) -> None:
    seen = admin.get(f"/offers/roll-back/?act={OfferAct.objects.get().pk}").context["preview"]
    set_price(changed, D("66"), actor="somebody")
    answer = admin.post("/offers/roll-back/", {"act": OfferAct.objects.earliest("id").pk, "upto": seen.upto})
    assert "were changed meanwhile" in answer.content.decode()
    assert offer_of("LAMP-OAK-01").desired_price == D("66")


@pytest.mark.parametrize(
    "query",
    ["at=soon", "at=2099-01-01T00:00", "act=x", "act=1&offer=1;2", "at=2026-11-23T09:00&channel=nowhere"],
)
def test_what_cannot_be_read_is_said(query: str, changed: Offer, admin: Client) -> None:
    assert admin.get(f"/offers/roll-back/?{query}").status_code == 422


def test_who_is_narrowed_sees_and_takes_back_what_is_theirs_alone(changed: Offer, sign_in: SignIn) -> None:
    client = sign_in(Role.MARKETPLACE_MANAGER)
    User.objects.filter(role=Role.MARKETPLACE_MANAGER).update(channels=["jardin"])
    act = OfferAct.objects.get()
    assert "zoe" not in client.get("/offers/history/").content.decode()
    assert client.get(f"/offers/history/{act.pk}/").status_code == 404
    assert client.get(f"/offers/{changed.pk}/history").status_code == 404
    seen = client.get(f"/offers/roll-back/?act={act.pk}").context["preview"]
    assert seen.total == 0
    client.post("/offers/roll-back/", {"act": act.pk, "upto": seen.upto})
    assert offer_of("LAMP-OAK-01").desired_price == D("65")


def test_read_only_people_read(changed: Offer, sign_in: SignIn) -> None:
    client = sign_in(Role.READ_ONLY)
    assert "act=" not in client.get("/offers/history/").content.decode()
    assert client.get("/offers/roll-back/?act=1").status_code == 403


# --- the API ------------------------------------------------------------------------------------------


def call(client: Client, key: str, address: str, body: Any = None) -> Any:
    head = {"Authorization": f"Bearer {key}"}
    if body is None:
        return client.get(f"/api/v1{address}", headers=head)
    return client.post(f"/api/v1{address}", body, content_type="application/json", headers=head)


def test_the_api_tells_the_history_and_goes_back(changed: Offer, client: Client) -> None:
    _, key = create_api_key(name="tool", role=Role.INTEGRATOR)
    acts = call(client, key, "/offers/acts").json()["acts"]
    assert [(act["kind"], act["actor"]) for act in acts] == [("person", "zoe")]
    changes = call(client, key, f"/offers/acts/{acts[0]['id']}/changes").json()["changes"]
    assert changes == call(client, key, f"/offers/{changed.pk}/history").json()["changes"]
    assert (changes[0]["price_before"], changes[0]["price_after"]) == ("59.9000", "65.0000")
    asked = {"undo": acts[0]["id"]}
    seen = call(client, key, "/offers/roll-back/preview", asked).json()
    assert (seen["changes"], seen["rows"][0]["sku"]) == (1, "LAMP-OAK-01")
    stale = call(client, key, "/offers/roll-back", asked | {"upto": seen["upto"] - 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_since_preview")
    done = call(client, key, "/offers/roll-back", asked | {"upto": seen["upto"]}).json()
    assert done["changed"] == 1
    assert offer_of("LAMP-OAK-01").desired_price == D("59.90")
    assert call(client, key, "/offers/roll-back/preview", {}).status_code == 422


def test_a_key_of_one_channel_goes_back_there_alone(changed: Offer, client: Client) -> None:
    _, key = create_api_key(name="tool", role=Role.INTEGRATOR, channels=["jardin"])
    assert call(client, key, "/offers/acts").json()["acts"] == []
    assert call(client, key, f"/offers/{changed.pk}/history").status_code == 404
    seen = call(client, key, "/offers/roll-back/preview", {"undo": OfferAct.objects.get().pk}).json()
    assert (seen["changes"], seen["rows"]) == (0, [])


# --- the command line ---------------------------------------------------------------------------------


def test_the_command_shows_first_and_goes_back_with_yes(
    changed: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comptoir.config.commands.offers.open_hub", lambda: None)
    asked = ["offer", "roll-back", "--to", "2026-11-23T09:30", "--sku", "LAMP-OAK-01"]
    shown = CliRunner().invoke(app, asked)
    assert "maison  LAMP-OAK-01  65" in shown.output
    assert "Nothing was written" in shown.output
    done = CliRunner().invoke(app, [*asked, "--yes"])
    assert "1 are as they were. Act" in done.output
    assert offer_of("LAMP-OAK-01").desired_price == D("59.90")
