"""A house after a year of work: orders in every state with their history, offers, runs, issues, an audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from bench.house_rooms import fill_rooms
from bench.shop import MORNING, PRODUCTS, analyse, clear_database, make_products, sku_of
from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import copy_rows, execute, fetch
from comptoir.core.sealing import seal
from comptoir.events.models import Webhook
from comptoir.finance.models import PurchaseOrder
from comptoir.flows.models import TableFile
from comptoir.inventory.models import LeadTimeRule, QuantityRule, Stock, StockMovement, Transfer, Warehouse
from comptoir.journal.models import Exchange, Issue, Run
from comptoir.offers.acts import OfferAct
from comptoir.offers.import_models import OfferImport
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.orders.contacts import ContactSealer, Person
from comptoir.orders.models import Order
from comptoir.orders.rows import CONTACT
from comptoir.sdk.records import Address

ORDERS = 1_000_000
CHANNELS = 4
SLICE = 50_000
FIRST_NAMES = ("Zoé", "Lucas", "Inès", "Hugo", "Anaïs", "Marie-Hélène", "Léa")

# One order every so often from a year ago until now; of the last two days some wait, the rest has arrived.
_ORDERS = """
INSERT INTO orders_order (id, channel_id, external_id, number, reference, status, external_status, placed_at,
    external_updated_at, currency, total_amount, shipping_amount, discount_amount, tax_amount, prices_include_tax,
    accept_by, ship_by, shipping_method, test, content_hash, held, decision, decision_reason, decided_by, erp_state,
    erp_document, erp_status, created_at, updated_at)
SELECT n, (%(channels)s::bigint[])[1 + n %% 4], 'MK' || n || '-A', 'MK' || n, 'CO-' || n, status, upper(status), placed,
    placed, 'EUR', 34.80, 4.90, 0, 0, true,
    placed + interval '1 day', placed + interval '2 days', 'Standard', false, '', '',
    CASE WHEN status = 'to_accept' THEN 'manual' ELSE '' END, '', '',
    CASE WHEN status IN ('to_ship', 'to_accept') THEN 'waiting' ELSE 'confirmed' END, '', '', placed, placed
FROM (SELECT n, %(now)s::timestamptz - (%(all)s - n) * %(step)s::interval AS placed,
             CASE WHEN n < %(all)s * 0.995 THEN CASE n %% 50 WHEN 0 THEN 'cancelled' WHEN 1 THEN 'refunded'
                                                             ELSE 'delivered' END
                  WHEN n %% 20 = 0 THEN 'to_accept' WHEN n %% 3 = 0 THEN 'shipped' ELSE 'to_ship' END AS status
      FROM generate_series(%(first)s::int, %(last)s::int) n) made
"""
_LINES = """
INSERT INTO orders_orderline (order_id, external_id, line_number, product_id, sku, title, quantity, unit_price, amount,
    shipping_amount, discount_amount, tax_amount, status, external_status, cancelled_quantity, refunded_quantity,
    refunded_amount, fulfilled_by, external_product_id, external_offer_id, shipped_quantity, erp_cancelled_quantity,
    erp_refunded_amount{extra})
SELECT o.id, o.id || '-' || l, l, p.id, p.sku, p.title, 1, 29.90, 29.90, 0, 0, 0, o.status, upper(o.status), 0, 0, 0,
    'seller', '', '', CASE WHEN o.status IN ('shipped', 'delivered') THEN 1 ELSE 0 END, 0, 0{values}
FROM orders_order o CROSS JOIN generate_series(1, CASE WHEN o.id %% 4 = 0 THEN 2 ELSE 1 END) l
JOIN catalog_product p ON p.id = (%(ids)s::bigint[])[1 + (o.id * 7919 + l * 104729) %% %(products)s]
WHERE o.id BETWEEN %(first)s AND %(last)s
"""
_EVENTS = """
INSERT INTO orders_orderevent (order_id, at, kind, data, actor, run_id)
SELECT id, placed_at, kind, '{}', '', 1 + id %% 2000 FROM orders_order
CROSS JOIN unnest(ARRAY['imported', 'status_changed', 'shipped']) kind WHERE id BETWEEN %(first)s AND %(last)s
"""
_RUNS = """
INSERT INTO journal_run (flow, channel, trigger, actor, started_at, ended_at, outcome, counts, cursor_before,
    cursor_after, error_kind, error)
SELECT flow, channel, 'schedule', '', at, at + interval '2 seconds', 'succeeded',
       '{"created": 12, "requests": 2, "unchanged": 3}', '', '', '', ''
FROM generate_series(1, %(count)s) n
CROSS JOIN LATERAL (SELECT %(now)s::timestamptz - n * interval '30 seconds' AS at,
    (ARRAY['import_orders', 'publish_offers', 'confirm_shipments', 'accept_orders'])[1 + n %% 4] AS flow,
    'bench-' || 1 + n / 4 %% 4 AS channel) made
"""
_TURNS = """
INSERT INTO flows_turn (flow, channel, due_at, started_at, ended_at, succeeded_at, failures, paused)
SELECT DISTINCT ON (flow, channel) flow, channel, %(now)s, started_at, ended_at, ended_at, 0, false
FROM journal_run ORDER BY flow, channel, id DESC
"""
_EXCHANGES = """
INSERT INTO journal_exchange (run_id, channel, operation, method, url, started_at, duration_ms, status, request_headers,
    request_body, response_headers, response_body, error)
SELECT 1 + n %% %(runs)s, 'bench-' || 1 + n %% 4, 'OR11', 'GET', 'https://shop.example/api/orders?page=' || n, %(now)s,
    120, 200, '{}', '', '{}', repeat('{"order_id": "MK' || n || '-A"} ', 40), ''
FROM generate_series(1, %(count)s) n
"""
_ISSUES = """
INSERT INTO journal_issue (reason, state, channel, flow, subject_kind, subject, message, action, detail, occurrences,
    opened_at, last_seen_at, closed_by, resolution)
SELECT (ARRAY['rejected', 'to_decide', 'drift', 'unknown_product'])[1 + n %% 4],
    CASE WHEN n %% 10 = 0 THEN 'open' ELSE 'closed' END, 'bench-' || 1 + n %% 4, 'publish_offers', 'offer', 'SKU-' || n,
    'The price is above the highest price.', 'retry_offer', '{}', 1, %(now)s, %(now)s - n * interval '1 minute', '', ''
FROM generate_series(1, %(count)s) n
"""
_CHANGES = """
INSERT INTO journal_change (at, actor, key, action, subject_kind, subject, before, after)
SELECT %(now)s, 'person-' || n %% 20, '', 'offer.price', 'offer', 'SKU-' || n, '{"price": "1"}', '{"price": "2"}'
FROM generate_series(1, %(count)s) n
"""
_SALES = """
INSERT INTO inventory_stockmovement (product_id, warehouse_id, quantity, reason, at, reference, order_line_id, actor)
SELECT line.product_id, stock.warehouse_id, -1, 'sale', o.placed_at, '', line.id, '' FROM orders_orderline line
JOIN orders_order o ON o.id = line.order_id JOIN inventory_stock stock ON stock.product_id = line.product_id
WHERE line.shipped_quantity > 0 AND stock.warehouse_id = (SELECT min(id) FROM inventory_warehouse)
"""


@dataclass(frozen=True)
class House:
    admin: User
    places: dict[str, object]
    """What stands in the addresses of the pages: one of each thing."""


def open_house(orders: int, progress: Callable[[float], None]) -> House:
    clear_database()
    User.objects.all().delete()
    channels = [_channel(number) for number in range(1, CHANNELS + 1)]
    ids = make_products([sku_of(n) for n in range(PRODUCTS)])
    for channel in channels:
        list_products(channel, ids)
    _fill_orders(orders, channels, ids, progress)
    fill_rooms(orders, warehouse=Warehouse.objects.earliest("id").pk, products=len(ids),
               offers=len(ids) * CHANNELS)  # fmt: skip
    _fill_journal(orders)
    analyse()
    admin = User.objects.create_user("bench@example.org", "a-long-bench-password", role=Role.ADMINISTRATOR)
    return House(admin, _places(orders))


def _channel(number: int) -> Channel:
    key = f"bench-{number}"
    return Channel.objects.create(
        key=key, name=f"Bench {number}", kind="mirakl", role="marketplace", account=key, stock_pool=key,
        currency="EUR", sealed_settings=seal({}), created_at=MORNING,
    )  # fmt: skip


def _fill_orders(
    orders: int, channels: list[Channel], ids: list[int], progress: Callable[[float], None]
) -> None:
    # Columns that other rooms added with a default of Django's alone.
    known = {row[0] for row in fetch("SELECT column_name FROM information_schema.columns"
                                     " WHERE table_name = 'orders_orderline' AND column_default IS NULL"
                                     " AND is_nullable = 'NO'")}  # fmt: skip
    extra = sorted(known & {"given_back_amount", "given_back_quantity", "erp_refunded_quantity"})
    lines = _LINES.replace("{extra}", "".join(f", {name}" for name in extra)).replace(
        "{values}", ", 0" * len(extra)
    )
    common = {
        "channels": [channel.pk for channel in channels], "ids": ids, "products": len(ids), "now": clock.now(),
        "all": orders, "step": timedelta(days=365) / orders,
    }  # fmt: skip
    for first in range(1, orders + 1, SLICE):
        values = common | {"first": first, "last": min(orders, first + SLICE - 1)}
        for statement in (_ORDERS, lines, _EVENTS):
            execute(statement, values)
        _seal_buyers(values["first"], values["last"])
        progress(first / orders)
    execute("SELECT setval(pg_get_serial_sequence('orders_order', 'id'), %(all)s)", {"all": orders})


@transaction.atomic
def _seal_buyers(first: int, last: int) -> None:
    """As intake stores them: who bought in an envelope, found by hashed words, and the channel's message sealed."""
    sealer, now = ContactSealer(), clock.now()
    copy_rows("orders_ordercontact", CONTACT, [sealer.contact(n, _buyer(n)) for n in range(first, last + 1)])
    raw = ((n, sealer.raw(n, b'{"order_id": "MK%d-A"}' % n), now) for n in range(first, last + 1))
    copy_rows("orders_raworder", ("order_id", "payload", "received_at"), list(raw))


def _buyer(n: int) -> Person:
    name = f"{FIRST_NAMES[n % 7]} {'Lefèvre' if n % 400 == 0 else f'Nom{n % 5000}'}"
    place = Address(
        name=name, street_1=f"{n % 200} rue des Tanneurs", postcode="44000", city="Nantes", country="FR"
    )
    return Person(name, f"buyer-{n}@alias.example", f"+33 6 {n % 10**8:08d}", place, place)


def _fill_journal(orders: int) -> None:
    now, runs = clock.now(), max(100, orders // 10)
    execute(_RUNS, {"now": now, "count": runs})
    execute(_TURNS, {"now": now})
    execute(_EXCHANGES, {"now": now, "count": max(100, orders // 20), "runs": runs})
    execute(_ISSUES, {"now": now, "count": max(100, orders // 50)})
    execute(_CHANGES, {"now": now, "count": max(100, orders // 5)})
    execute(_SALES)
    # The ledger and its sum agree here too.
    execute("""UPDATE inventory_stock stock SET on_hand = ledger.units
               FROM (SELECT product_id, warehouse_id, sum(quantity) AS units
                     FROM inventory_stockmovement GROUP BY 1, 2) ledger
               WHERE ledger.product_id = stock.product_id AND ledger.warehouse_id = stock.warehouse_id""")
    execute(
        "UPDATE offers_offer SET price_error = 'The price is above the highest price.' WHERE id %% 500 = 0",
        {},
    )


def _places(orders: int) -> dict[str, object]:
    middle = Order.objects.get(reference=f"CO-{orders // 2}")
    far = f"after={middle.placed_at.isoformat()}~{middle.pk}".replace("+", "%2B")
    sold = StockMovement.objects.filter(reason="sale").latest("id")
    shipped = Order.objects.filter(status="delivered").latest("id")
    return {
        "far": far, "reference": middle.reference, "sku": sku_of(77), "product": sold.product_id,
        "offer": Offer.objects.earliest("id").pk, "channel": "bench-1", "day": middle.placed_at.date().isoformat(),
        "shipped": shipped.reference, "tracking": shipped.shipments.get().tracking_number, "number": shipped.number,
        "phone": f"06 {shipped.pk:08d}", "email": f"buyer-{shipped.pk}@alias.example",
        "to_ship": Order.objects.filter(status="to_ship").latest("id").reference,
        "to_accept": Order.objects.filter(status="to_accept").latest("id").reference,
        "run": Run.objects.latest("id").pk, "exchange": Exchange.objects.latest("id").pk,
        "issue": Issue.objects.filter(state="open").latest("id").pk, "act": OfferAct.objects.earliest("id").pk,
        "rule": QuantityRule.objects.latest("id").number, "lead_time": LeadTimeRule.objects.latest("id").pk,
        "import": OfferImport.objects.earliest("id").pk,
        "file": TableFile.objects.filter(kind="stock").latest("id").pk,
        "rules_file": TableFile.objects.filter(kind="rules").latest("id").pk,
        "purchase": PurchaseOrder.objects.latest("id").reference,
        "warehouse": sold.warehouse_id, "transfer": Transfer.objects.filter(state="sent").latest("id").pk,
        "returned": Stock.objects.filter(warehouse__inspects=True).latest("product_id").pk,
        "person": User.objects.latest("id").pk, "webhook": Webhook.objects.latest("id").pk,
        "moment": (clock.now() - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"), "kind": "mirakl",
    }  # fmt: skip
