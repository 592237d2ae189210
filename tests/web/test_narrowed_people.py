"""Who is limited to some channels: the others do not exist for them, in lists, by id and in actions."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse

from comptoir.accounts.models import User
from comptoir.accounts.roles import Permission, Role
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.finance.models import AccountingEntry, ErpDocument, ErpGap
from comptoir.flows.models import Turn
from comptoir.inventory.calendar_models import LeadTimeRule
from comptoir.inventory.models import QuantityRule, Reservation
from comptoir.journal.models import Exchange, Issue, Run
from comptoir.offers.activation_models import ActivationRule
from comptoir.offers.acts import OfferAct, OfferChange
from comptoir.offers.import_models import OfferImport
from comptoir.offers.models import Offer
from comptoir.orders.models import Order
from tests.web.shop import Shop
from tests.web.test_permissions import WEB

ROLES = (Role.OPERATIONS, Role.MARKETPLACE_MANAGER, Role.SUPPORT, Role.READ_ONLY)
BY_ID = {
    "order": ("reference",), "offer": ("offer_id",), "turn": ("turn_id",), "run": ("run_id",),
    "exchange": ("exchange_id",), "issue": ("issue_id",), "channel": ("key",), "gap": ("gap_id",),
    "document": ("document_id",), "entry": ("entry_id",), "quantity rule": ("number",), "rule": ("rule_id",),
    "act": ("act_id",), "file of offers": ("import_id",),
}  # fmt: skip
OF_THE_HOUSE = {
    "product_id": "articles and their stock are everybody's", "movement_id": "a line of that stock",
    "stock_id": "a line of that stock", "warehouse_id": "a place of that stock", "transfer_id": "between two places",
    "file_id": "counts and articles, not what a channel shows", "closure_id": "a day on which the house is closed",
    "user_id": "people: for who manages them", "invitation_id": "people", "key_id": "keys: for who manages people",
    "webhook_id": "webhooks: for who manages people", "delivery_id": "webhooks",
    "session_id": "one of one's own: another person's is not found",
}  # fmt: skip
"""Numbers in addresses that belong to no channel, and whose they are."""
WORDS = {"kind", "form", "name", "code", "secret", "key", "reference", "verb", "uidb64", "provider_id", "pk"}
"""What stands in addresses and is no number of ours."""
OF_A_CHANNEL = {name for names in BY_ID.values() for name in names}


def named(pattern: URLPattern) -> set[str]:
    return set(pattern.pattern.converters)


OBJECTS = [p for p in WEB if OF_A_CHANNEL & named(p)]
LISTS = ("home", "orders", "offers", "flows", "runs", "days", "issues", "issue-list", "channels", "stock")


def narrowed(role: Role, *channels: str) -> Client:
    user = User.objects.create_user(
        f"{role}-narrowed@example.org", "unused-password-1", role=role, language="en", channels=list(channels)
    )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ids_on(channel: str) -> dict[str, object]:
    return {
        "reference": Order.objects.filter(channel__key=channel).order_by("id")[0].reference,
        "offer_id": Offer.objects.filter(channel__key=channel).order_by("id")[0].pk,
        "turn_id": Turn.objects.filter(channel=channel).order_by("id")[0].pk,
        "run_id": Run.objects.filter(channel=channel).order_by("id")[0].pk,
        "exchange_id": Exchange.objects.filter(channel=channel).order_by("id")[0].pk,
        "issue_id": Issue.objects.filter(channel=channel).order_by("id")[0].pk,
        "key": channel,
    } | _of_the_new_rooms(Order.objects.filter(channel__key=channel).order_by("id")[0])


def _of_the_new_rooms(order: Order) -> dict[str, object]:
    """One of each on the order's channel, made once."""
    now, house, kept = clock.now(), order.channel, {"channel": order.channel}
    erp = Channel.objects.get(key="erp")
    gap = ErpGap.objects.get_or_create(erp=erp, kind="missing", reference=order.reference, defaults={
        "order": order, "channel": house.key, "found_at": now, "checked_at": now})[0]  # fmt: skip
    document = ErpDocument.objects.get_or_create(channel=erp, order=order, kind="credit_note", number="AV1", defaults={
        "document_date": now.date(), "total_amount": 1, "refunding": "to_decide", "created_at": now,
        "updated_at": now})[0]  # fmt: skip
    entry = AccountingEntry.objects.get_or_create(**kept, journal="VT", number=house.pk, defaults={
        "source": house.key, "entry_date": now.date(), "piece": "P", "label": "L", "total": 1,
        "created_at": now})[0]  # fmt: skip
    quantity = QuantityRule.objects.get_or_create(**kept, number=7_000 + house.pk, defaults={
        "kind": "buffer", "value": 1, "valid_from": now, "created_at": now})[0]  # fmt: skip
    # Two rooms call theirs « rule »: both have this number.
    rule = {"pk": 7_000 + house.pk, **kept, "defaults": {"created_at": now, "created_by": "x"}}
    ActivationRule.objects.get_or_create(action="never", **rule)
    LeadTimeRule.objects.get_or_create(days=3, **rule)
    offer = Offer.objects.filter(**kept).order_by("id")[0]
    act = OfferAct.objects.get_or_create(actor=house.key, defaults={"kind": "person", "at": now})[0]
    OfferChange.objects.get_or_create(act=act, offer_id=offer.pk, defaults={
        "at": now, "paused_before": False, "paused_after": True})  # fmt: skip
    file = OfferImport.objects.get_or_create(only=[house.key], defaults={
        "name": "prices.csv", "content": b"", "actor": "x", "created_at": now, "state": "read"})[0]  # fmt: skip
    return {"gap_id": gap.pk, "document_id": document.pk, "entry_id": entry.pk, "number": quantity.number,
            "rule_id": 7_000 + house.pk, "act_id": act.pk, "import_id": file.pk}  # fmt: skip


def address(pattern: URLPattern, ids: dict[str, object]) -> str:
    return reverse(str(pattern.name), kwargs={name: ids[name] for name in named(pattern)})


def test_every_number_in_an_address_is_of_a_channel_or_of_the_house() -> None:
    numbers = {name for p in WEB for name in named(p)} - WORDS
    assert numbers - OF_A_CHANNEL == OF_THE_HOUSE.keys()


def test_the_walk_meets_every_kind_of_object() -> None:
    assert {name for p in OBJECTS for name in named(p)} == OF_A_CHANNEL
    assert len(OBJECTS) > 25


@pytest.mark.parametrize("role", ROLES)
def test_no_object_of_another_channel_opens_by_id(role: Role, shop: Shop) -> None:
    there, here = ids_on("maison"), ids_on("jardin")
    client = narrowed(role, "jardin")
    for pattern in OBJECTS:
        for call in (client.get, client.post):
            status = call(address(pattern, there)).status_code
            assert status in (403, 404) or (status == 405 and call == client.get), (pattern.name, status)
    # The same pages of one's own channel open: it is not that nothing does.
    for name in ("order", "offer-why", "run", "exchange", "channel"):
        pattern = next(p for p in OBJECTS if p.name == name)
        assert client.get(address(pattern, here)).status_code == 200, name


def test_nothing_of_another_channel_was_changed_by_the_walk(shop: Shop) -> None:
    def state() -> list[object]:
        return [
            list(Order.objects.order_by("id").values_list("status", "held", "decision", "erp_state")),
            list(Turn.objects.order_by("id").values_list("paused")),
            list(Issue.objects.order_by("id").values_list("state")),
            list(Offer.objects.order_by("id").values_list("desired_price", "sent_price")),
        ]

    before, there = state(), ids_on("maison")
    client = narrowed(Role.OPERATIONS, "jardin")
    for pattern in OBJECTS:
        client.post(address(pattern, there), {"accept": "1", "paused": "1", "reason": "why", "price": "45"})
    assert state() == before


@pytest.mark.parametrize("name", LISTS)
def test_no_list_names_another_channel(name: str, shop: Shop) -> None:
    everywhere = {"maison", "Maison &amp; Déco"}
    page = narrowed(Role.OPERATIONS, "jardin").get(reverse(name)).content.decode()
    assert not [word for word in everywhere if word in page]
    others = Order.objects.filter(channel__key="maison").values_list("reference", flat=True)
    assert not [one for one in others if re.search(rf"\b{re.escape(one)}\b", page)]


def test_the_same_lists_name_it_to_who_is_not_narrowed(shop: Shop) -> None:
    client = narrowed(Role.OPERATIONS)
    for name in ("orders", "offers", "flows", "runs", "issues", "channels"):
        assert "Maison &amp; Déco" in client.get(reverse(name)).content.decode(), name


def test_what_a_filter_asks_for_elsewhere_is_nothing(shop: Shop) -> None:
    client, other = narrowed(Role.OPERATIONS, "jardin"), ids_on("maison")
    for name in ("orders", "offers", "runs", "issue-list"):
        page = client.get(reverse(name), {"channel": "maison", "q": ""}).content.decode()
        assert "Maison &amp; Déco" not in page
    found = client.get(reverse("orders"), {"q": str(other["reference"])}).content.decode()
    assert reverse("order", args=[other["reference"]]) not in found


def test_figures_of_the_first_page_are_those_of_the_channel(shop: Shop) -> None:
    today = narrowed(Role.OPERATIONS, "jardin").get("/").context["today"]
    whole = narrowed(Role.SUPPORT).get("/").context["today"]
    held = Order.objects.filter(channel__key="jardin", placed_at__date="2026-11-23")
    assert sum(one.orders for one in today.takings) == held.count() < sum(o.orders for o in whole.takings)
    assert today.issues == Issue.objects.filter(channel="jardin", state="open").count() < whole.issues
    assert today.chart.series[0].values != whole.chart.series[0].values


def test_exports_bulk_actions_and_sheets_keep_to_the_channel(shop: Shop) -> None:
    client, other = narrowed(Role.OPERATIONS, "jardin"), ids_on("maison")["reference"]
    for address_ in ("/orders/export.csv", "/offers/export.csv"):
        text = b"".join(client.get(address_)).decode()  # type: ignore[arg-type]
        assert "jardin" in text.lower()
        assert "maison" not in text.lower()
    assert str(other) not in b"".join(client.post("/orders/export.csv", {"order": other})).decode()  # type: ignore[arg-type]
    client.post("/orders/bulk/hold", {"order": other, "sure": "1", "reason": "mine"})
    assert not Order.objects.get(reference=other).held


def test_prices_of_another_channel_cannot_be_changed_in_bulk_or_by_file(shop: Shop) -> None:
    client = narrowed(Role.MARKETPLACE_MANAGER, "jardin")
    mine, other = (Offer.objects.get(channel__key=key, sku="LAMP-OAK-01") for key in ("jardin", "maison"))
    shown = client.post("/offers/prices", {"offer": [mine.pk, other.pk], "wanted": "47,00"}).context
    assert [change.offer for change in shown["changes"]] == [mine]
    sheet = SimpleUploadedFile("p.csv", b"SKU;channel;price\nLAMP-OAK-01;;46\nMUG-BLUE-4;maison;31\n")
    address = client.post("/offers/import/", {"file": sheet})["Location"]
    lines = client.get(address).context["file"].lines.order_by("number")
    assert [(line.number, line.offer_id, line.error) for line in lines] == [
        (2, mine.pk, ""),
        (3, None, "no_channel"),
    ]
    # A preview that was signed, and a file that was read, when the person could see more.
    User.objects.filter(email__startswith=Role.MARKETPLACE_MANAGER).update(channels=["maison"])
    client.post("/offers/keep", {"signed": shown["signed"]})
    assert client.post(f"{address}keep").status_code == 404
    mine.refresh_from_db()
    assert mine.desired_price not in (Decimal(46), Decimal(47))


def test_the_page_of_a_product_names_no_order_of_another_channel(shop: Shop) -> None:
    kept = Reservation.objects.filter(order_line__order__channel__key="maison")[0]
    page = narrowed(Role.SUPPORT, "jardin").get(reverse("product", args=[kept.product_id])).content.decode()
    assert kept.order_line.order.reference not in page
    assert "Maison" not in page


def test_what_concerns_every_channel_is_refused(shop: Shop) -> None:
    client = narrowed(Role.OPERATIONS, "jardin")
    refused = client.post(f"/stock/{shop.products[0].pk}/correct")
    assert refused.status_code == 403
    assert "every channel at once" in refused.content.decode()


def test_an_administrator_is_on_every_channel(admin: Client, shop: Shop) -> None:
    answer = admin.post(
        "/people/invite/", {"email": "new@example.org", "role": "administrator", "channels": ["jardin"]}
    )
    assert answer.status_code == 422
    assert "An administrator is on every channel" in answer.content.decode()
    boss = User(email="boss@example.org", role=Role.ADMINISTRATOR, channels=["jardin"])
    assert boss.sees("maison")
    assert boss.may(Permission.MANAGE_USERS)
