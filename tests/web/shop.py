"""A small shop for the screens: two channels, an ERP, products, offers, orders in every state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.accounts.services import create_user
from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.channels.services import suspend_channel
from comptoir.core import clock
from comptoir.core.sealing import seal
from comptoir.flows.models import Turn
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Warehouse
from comptoir.inventory.reservations import default_warehouse, lock_stock, settle_reservations
from comptoir.journal.issues import Reason, Trouble, open_issues
from comptoir.journal.models import Exchange, Run
from comptoir.offers.desired import recompute_after_sales
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.orders.decisions import leave_to_a_person
from comptoir.orders.intake import record_orders
from comptoir.orders.models import Completeness, Order
from comptoir.sdk.records import Address, Buyer, OrderLine, Parcel
from comptoir.sdk.records import Order as OrderRecord
from comptoir.sdk.statuses import OrderStatus
from comptoir.shipping.services import ship_by_hand

PASSWORD = "a-long-counter-password"
CATALOGUE = (
    ("LAMP-OAK-01", "Lampe de chevet en chêne, abat-jour lin", "59.90", 42),
    ("MUG-BLUE-4", "Lot de 4 mugs en grès bleu nuit 35 cl", "34.50", 130),
    ("KETTLE-1L7", "Bouilloire à température réglable 1,7 l", "79.00", 8),
    ("THROW-WOOL", "Plaid en laine mérinos 130 × 180 cm", "89.90", 0),
    ("CHAIR-RAT", "Chaise de jardin en rotin tressé", "129.00", 15),
    ("KNIFE-CHEF", "Couteau de chef 20 cm, acier forgé", "49.90", 61),
    ("SCALE-KIT", "Balance de cuisine à plateau inox 5 kg", "27.90", 3),
    ("VASE-TERRA", "Vase en terre cuite, grand modèle", "44.00", 24),
)
BUYERS = ("Zoé Martin", "Lucas Bernard", "Inès Dubois", "Hugo Thévenet", "Camille Roux", "Anaïs Lefèvre")
PATH = (
    OrderStatus.TO_ACCEPT, OrderStatus.TO_SHIP, OrderStatus.TO_SHIP, OrderStatus.SHIPPED, OrderStatus.DELIVERED,
    OrderStatus.TO_SHIP, OrderStatus.CANCELLED, OrderStatus.ACCEPTED, OrderStatus.PENDING, OrderStatus.DELIVERED,
)  # fmt: skip


@dataclass
class Shop:
    admin: User
    house: Channel
    garden: Channel
    erp: Channel
    products: list[Product]

    @property
    def to_accept(self) -> Order:
        return Order.objects.filter(status=OrderStatus.TO_ACCEPT).order_by("id")[0]

    @property
    def to_ship(self) -> Order:
        return Order.objects.filter(status=OrderStatus.TO_SHIP, held="").order_by("id")[0]


def open_shop(*, orders: int = 40) -> Shop:
    now = clock.now()
    admin = create_user(
        email="claire@example.org", password=PASSWORD, role=Role.ADMINISTRATOR, name="Claire Aubert"
    )
    house, garden = make_channel("maison", "Maison & Déco"), make_channel("jardin", "Jardin Vivant")
    erp = make_channel("erp", "Gestion commerciale", kind="mirakl", role="erp")
    products = [_product(*row, now) for row in CATALOGUE]
    for channel in (house, garden):
        list_products(channel, [p.pk for p in products[: 6 if channel is garden else 8]])
    Offer.objects.update(floor_price=Decimal("20.00"), state="listed")
    with transaction.atomic():
        for channel, start in ((house, 0), (garden, 1)):
            records = [order_record(n, now) for n in range(start, orders, 2)]
            intake = record_orders(channel, records, run_id=_run(channel, "import_orders", now).pk)
            recompute_after_sales(channel, settle_reservations(intake.order_ids), intake.sold)
            open_issues(intake.troubles)
    shop = Shop(admin, house, garden, erp, products)
    _journal(shop, now)
    return shop


def make_channel(key: str, name: str, kind: str = "mirakl", role: str = "marketplace") -> Channel:
    settings = {"base_url": "https://shop.example", "api_key": f"key-of-{key}-very-secret"}
    return Channel.objects.create(
        key=key, name=name, kind=kind, role=role, account=key, stock_pool=key,
        sealed_settings=seal(settings), created_at=clock.now(),
        profile={"account_id": "2041", "account_name": name, "state": "open", "currency": "EUR",
                 "features": {"multi_shipment": "true", "order_acceptance": "manual"}, "warnings": [],
                 "reasons": [{"code": "19", "label": "Article indisponible", "kind": ""}]},
        profile_read_at=clock.now(),
    )  # fmt: skip


def order_record(n: int, now: datetime, **fields: Any) -> OrderRecord:
    """Order number `n`: the same number gives the same order."""
    status = PATH[n % len(PATH)]
    placed = now - timedelta(hours=2.3 * n, minutes=7)
    chosen = [CATALOGUE[(n + step) % len(CATALOGUE)] for step in range(1 + n % 3)]
    lines = tuple(
        OrderLine(
            external_id=f"{n}-{i}",
            sku=sku,
            title=title,
            quantity=1 + n % 2,
            unit_price=Decimal(price),
            amount=Decimal(price) * (1 + n % 2),
            status=status,
            external_status=status.upper(),
            commission_amount=Decimal("4.20"),
        )
        for i, (sku, title, price, _) in enumerate(chosen, start=1)
    )
    buyer = BUYERS[n % len(BUYERS)]
    address = Address(
        name=buyer, street_1=f"{n + 1} rue des Tanneurs", postcode="44000", city="Nantes", country="FR"
    )
    values: dict[str, Any] = {
        "external_id": f"C{88000 + n}-A",
        "number": f"C{88000 + n}",
        "status": status,
        "external_status": status.upper(),
        "placed_at": placed,
        "updated_at": placed + timedelta(minutes=3),
        "currency": "EUR",
        "lines": lines,
        "shipping_amount": Decimal("4.90"),
        "total_amount": sum((line.amount for line in lines), Decimal("4.90")),
        "buyer": Buyer(name=buyer, email=f"buyer-{n}@alias.example", phone="+33 6 00 00 00 00"),
        "shipping_address": address,
        "billing_address": address,
        "accept_by": placed + timedelta(hours=24),
        "ship_by": placed + timedelta(hours=30),
        "deliver_by": placed + timedelta(days=4),
        "shipping_method": "Livraison standard",
        "raw": b"{}",
    }
    return OrderRecord(**(values | fields))


def _product(sku: str, title: str, price: str, on_hand: int, now: datetime) -> Product:
    product = Product.objects.create(
        sku=sku, title=title, list_price=Decimal(price), vat_rate=20, created_at=now, updated_at=now
    )
    warehouse = default_warehouse()
    Warehouse.objects.get_or_create(code="LYON", defaults={"name": "Lyon", "priority": 200})
    if on_hand:
        lock_stock([product.pk], warehouse.pk)
        move_stock(
            [Move(product.pk, warehouse.pk, on_hand, "receipt", now - timedelta(days=2), "BL-2026-118")]
        )
    return product


def _run(channel: Channel, flow: str, at: datetime, **fields: Any) -> Run:
    values: dict[str, Any] = {
        "started_at": at - timedelta(minutes=4),
        "ended_at": at - timedelta(minutes=3, seconds=56),
        "outcome": "succeeded",
        "counts": {"pages": 2, "created": 20, "requests": 3},
    }
    return Run.objects.create(flow=flow, channel=channel.key, **(values | fields))


def _journal(shop: Shop, now: datetime) -> None:
    """What a morning leaves: turns, a failure, issues, an exchange, a parcel, a decision to take."""
    for name, channel in (
        ("import_orders", shop.house),
        ("publish_offers", shop.house),
        ("accept_orders", shop.house),
        ("import_orders", shop.garden),
        ("confirm_shipments", shop.garden),
        ("export_orders_to_erp", shop.erp),
        ("import_stock_from_erp", shop.erp),
    ):
        Turn.objects.create(
            flow=name,
            channel=channel.key,
            due_at=now + timedelta(minutes=2),
            ended_at=now - timedelta(minutes=3),
            started_at=now - timedelta(minutes=4),
            succeeded_at=now - timedelta(minutes=3),
        )
    Turn.objects.create(flow="purge", channel="", due_at=now + timedelta(hours=9), paused=True)
    failed = _run(
        shop.garden,
        "confirm_shipments",
        now,
        outcome="failed",
        error_kind="TransientError",
        counts={"requests": 1},
        error="HTTP 503 from the marketplace: maintenance",
    )
    Turn.objects.filter(flow="confirm_shipments").update(failures=2, succeeded_at=now - timedelta(hours=1))
    order = shop.to_ship
    imported = Run.objects.filter(channel=order.channel.key, flow="import_orders")[0]
    Exchange.objects.create(
        run=imported,
        channel=order.channel.key,
        operation="OR11",
        method="GET",
        status=200,
        duration_ms=182.4,
        started_at=now,
        url="https://shop.example/api/orders?start_update_date=2026-11-23T08%3A00%3A00Z&max=100",
        request_headers={"Authorization": "[redacted]", "Accept": "application/json"},
        response_headers={"Content-Type": "application/json"},
        response_body=f'{{"orders": [{{"order_id": "{order.external_id}", "order_state": "SHIPPING"}}], "total_count": 1}}',  # noqa: E501
    )
    Exchange.objects.create(
        run=failed,
        channel="jardin",
        operation="OR24",
        method="PUT",
        status=503,
        duration_ms=3020.0,
        started_at=now,
        url="https://shop.example/api/orders/C88003-A/ship",
        error="503 Service Unavailable",
    )
    open_issues(
        [
            Trouble(
                Reason.REJECTED,
                "1010 The price is above the highest price that the category allows.",
                channel="maison",
                flow="publish_offers",
                subject_kind="offer",
                subject="CHAIR-RAT",
                action="retry_offer",
            ),
            Trouble(
                Reason.UNKNOWN_PRODUCT,
                "No product has the SKU OLD-RUG: the order waits for it.",
                channel="jardin",
                subject_kind="order",
                subject="C88011-A",
                action="create_product",
            ),
        ]
    )
    Offer.objects.filter(channel=shop.house, sku="CHAIR-RAT").update(
        price_error="1010 The price is above the highest price that the category allows.",
        sent_price=Decimal("129.00"),
    )
    Offer.objects.exclude(sku__in=("CHAIR-RAT", "KETTLE-1L7")).update(
        sent_price=Decimal("49.90"),
        confirmed_price=Decimal("49.90"),
        passed_price=F("desired_price"),
        sent_quantity=4,
        confirmed_quantity=4,
        quantity_confirmed_at=clock.now(),
    )
    leave_to_a_person([(shop.to_accept, "Not every unit is in stock.")])
    lines = {line.pk: line.quantity for line in order.lines.all()[:1]}
    ship_by_hand(
        order.pk,
        parcel=Parcel(carrier="COLISSIMO", carrier_name="Colissimo", tracking_number="6A12345678901"),
        lines=lines,
        actor="Claire Aubert",
    )
    for back in range(3):
        Completeness.objects.create(
            channel=shop.house,
            day=(now - timedelta(days=back)).date(),
            seen=20 + back,
            stored=20 + back,
            to_erp=12,
            in_erp=12 - (back == 0),
            checked_at=now,
        )
    suspend_channel(shop.garden, "HTTP 401: the API key is not valid any more")
