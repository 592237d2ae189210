"""One of each thing that the little shop lacks, so that every page of the hub has something to show."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from comptoir.accounts.invitations import invite
from comptoir.accounts.keys import create_api_key
from comptoir.accounts.roles import Role
from comptoir.catalog.models import Supplier
from comptoir.core import clock
from comptoir.events.models import Delivery, Event
from comptoir.events.webhooks import create_webhook
from comptoir.finance.purchase_orders import Wanted, create_purchase_order
from comptoir.flows.table_files import read_file, table_of
from comptoir.inventory.lead_time_rules import LeadTimeDraft
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import QuantityRule, Stock, Warehouse
from comptoir.inventory.reservations import default_warehouse, lock_stock
from comptoir.inventory.transfers import ask_transfer, send_transfer
from comptoir.offers.acts import OfferAct
from comptoir.offers.imports import receive_file
from comptoir.offers.lead_time_rules import keep_lead_time
from comptoir.offers.models import Offer
from comptoir.offers.wishes import set_price
from tests.web.shop import Shop

WHO = "Claire Aubert"


def furnish(shop: Shop) -> list[str]:
    """Make them; the addresses of their pages."""
    now, product, shelf = clock.now(), shop.products[0], default_warehouse()
    lyon = Warehouse.objects.get(code="LYON")
    transfer = ask_transfer(product=product, source=shelf, target=lyon, units=2, actor=WHO, note="Réassort")
    send_transfer(transfer.pk, actor=WHO)
    returns = Warehouse.objects.create(
        code="RETOURS", name="Retours", sellable=False, inspects=True, priority=900
    )
    with transaction.atomic():
        lock_stock([product.pk], returns.pk)
        move_stock([Move(product.pk, returns.pk, 1, "receipt", now, "Retour 12")])
    back = Stock.objects.get(product=product, warehouse=returns)
    rule = QuantityRule.objects.create(
        number=1, kind="buffer", value=2, channel=shop.house, valid_from=now, in_force=True, created_at=now,
        created_by=WHO,
    )  # fmt: skip
    lead_time = keep_lead_time(LeadTimeDraft(2), actor=WHO)
    offer = Offer.objects.filter(channel=shop.house, product=product)[0]
    set_price(offer, Decimal("61.50"), actor=WHO)
    act = OfferAct.objects.latest("id")
    prices = f"sku;channel;price\n{product.sku};maison;63.50\n{product.sku};maison;9999\nNOPE;maison;1\n"
    file = receive_file("prix.csv", prices.encode(), actor=WHO)
    rules = read_file("rules", "regles.csv", table_of("rules", "csv"), actor=WHO)
    lines = [Wanted(product, 24, Decimal("12.50"))]
    purchase = create_purchase_order(
        supplier=Supplier.objects.create(name="Lainages du Nord"), lines=lines, actor=WHO
    )
    webhook = create_webhook(name="Entrepôt", url="https://hooks.example/comptoir", actor=WHO)
    event = Event.objects.create(
        at=now,
        kind="order.imported",
        subject_kind="order",
        subject=shop.to_ship.reference,
        source="x",
        source_id=1,
    )
    Delivery.objects.create(
        webhook=webhook, event=event, state="failed", attempts=3, due_at=now, tried_at=now, status=503,
        message="HTTP 503",
    )  # fmt: skip
    create_api_key(name="Entrepôt (WMS)", role=Role.INTEGRATOR)
    invite(email="nouveau@example.org", role=Role.SUPPORT, actor=shop.admin)
    return [
        f"/stock/transfers/{transfer.pk}/receive/", f"/stock/returns/{back.pk}/", f"/stock/rules/{rule.number}/",
        f"/stock/rules/{rule.number}/remove/", f"/stock/rules/files/{rules.pk}/",
        f"/offers/lead-times/{lead_time.pk}/", f"/offers/lead-times/{lead_time.pk}/remove/",
        f"/offers/history/{act.pk}/", f"/offers/roll-back/?act={act.pk}", f"/offers/{offer.pk}/history",
        f"/offers/import/{file.pk}/", f"/erp/purchases/{purchase.reference}/", f"/webhooks/{webhook.pk}/",
        f"/webhooks/{webhook.pk}/change/", "/keys/", "/people/", "/webhooks/", "/stock/warehouses/",
    ]  # fmt: skip
