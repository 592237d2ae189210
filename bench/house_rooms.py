"""The newer rooms of the large house: parcels, the ERP's documents and entries, suppliers, rules, histories, files.

Each statement takes its size from the number of orders, so that a small house is small everywhere.
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.accounts.models import Invitation, User
from comptoir.accounts.roles import Role
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute
from comptoir.core.sealing import seal
from comptoir.events.models import Webhook
from comptoir.flows.models import TableFile
from comptoir.flows.table_files import read_file, table_of

DAYS = 365
SUPPLIERS, LINES_OF_A_FILE = 200, 10_000
ERP = "bench-erp"

# One parcel for each order that has left, told to its channel.
_PARCELS = """
INSERT INTO shipping_shipment (order_id, reference, source, carrier, carrier_name, tracking_number, tracking_url,
    shipped_at, state, message, attempts, created_at, confirmed_at)
SELECT id, 'BL-' || id, 'bench-erp', 'COLISSIMO', 'Colissimo', '6A' || lpad(id::text, 11, '0'), '',
    placed_at + interval '1 day', 'confirmed', '', 1, placed_at + interval '1 day', placed_at + interval '25 hours'
FROM orders_order WHERE status IN ('shipped', 'delivered');
INSERT INTO shipping_shipmentline (shipment_id, order_line_id, warehouse_id, quantity)
SELECT parcel.id, line.id, %(warehouse)s, 1 FROM shipping_shipment parcel
JOIN orders_orderline line ON line.order_id = parcel.order_id;
"""
# What waits keeps its units; what came back was refunded.
_PROMISES = """
INSERT INTO inventory_reservation (order_line_id, product_id, warehouse_id, quantity)
SELECT line.id, line.product_id, %(warehouse)s, 1 FROM orders_orderline line
WHERE line.status IN ('to_ship', 'to_accept') AND line.order_id > %(orders)s * 0.99;
UPDATE inventory_stock stock SET reserved = kept.units
FROM (SELECT product_id, warehouse_id, sum(quantity) AS units FROM inventory_reservation GROUP BY 1, 2) kept
WHERE kept.product_id = stock.product_id AND kept.warehouse_id = stock.warehouse_id;
"""
_DELIVERIES_TO_THE_ERP = """
INSERT INTO orders_erpexport (channel_id, kind, number, state, external_id, items, created_at, sent_at, closed_at,
    message)
SELECT %(erp)s, 'orders', n, 'confirmed', '', 50, at, at + interval '1 second', at + interval '1 minute', ''
FROM (SELECT n, %(now)s::timestamptz - (%(orders)s / 50 - n) * interval '30 minutes' AS at
      FROM generate_series(0, %(orders)s / 50) n) made;
INSERT INTO orders_erpexportitem (export_id, key, order_id, quantity, amount, outcome, message)
SELECT export.id, o.reference, o.id, 0, o.total_amount, 'done', '' FROM orders_order o
JOIN orders_erpexport export ON export.number = o.id / 50 WHERE o.erp_state = 'confirmed';
"""
_DOCUMENTS = """
INSERT INTO finance_erpdocument (channel_id, order_id, kind, number, origin, document_date, total_amount, tax_amount,
    currency, lines, asked_as, shares, refunding, message, decided_by, created_at, updated_at)
SELECT %(erp)s, id, kind, left(kind, 2) || id, '', placed_at::date, total_amount, 5.80, 'EUR', '[]', '', '{}',
    CASE WHEN kind <> 'credit_note' THEN '' WHEN id %% 7 = 0 THEN 'to_decide' ELSE 'done' END,
    '', '', placed_at, placed_at
FROM orders_order CROSS JOIN unnest(ARRAY['note', 'invoice', 'credit_note']) kind
WHERE status NOT IN ('to_ship', 'to_accept', 'cancelled') AND (kind <> 'credit_note' OR status = 'refunded');
"""
_SETTLEMENTS = """
INSERT INTO finance_settlemententry (account, channel_id, external_id, state, kind, external_kind, amount, currency,
    order_id, order_external_id, booked_at, payout_at, paid, raw, created_at, updated_at)
SELECT 'bench', channel_id, kind || id, 'final', kind, upper(kind), CASE kind WHEN 'sale' THEN 34.80 ELSE -4.20 END,
    'EUR', id, external_id, placed_at, placed_at + interval '14 days', true, '', placed_at, placed_at
FROM orders_order CROSS JOIN unnest(ARRAY['sale', 'commission']) kind WHERE status = 'delivered';
"""
_ENTRIES = """
INSERT INTO finance_accountingentry (channel_id, journal, number, source, entry_date, piece, label, total, created_at)
SELECT channel.id, 'VT', row_number() OVER (), 'bench ' || channel.id || ' ' || day || ' ' || n,
    %(today)s::date - day, 'P' || n, 'Sales of the day', 1200, %(now)s
FROM channels_channel channel CROSS JOIN generate_series(0, %(days)s - 1) day CROSS JOIN generate_series(1, 4) n
WHERE channel.role = 'marketplace';
INSERT INTO finance_accountingrow (entry_id, place, account, account_label, auxiliary, auxiliary_label, label,
    debit, credit)
SELECT entry.id, place, CASE place WHEN 1 THEN '411000' ELSE '707000' END, 'Account', '', '', entry.label,
    CASE place WHEN 1 THEN 1200 ELSE 0 END, CASE place WHEN 1 THEN 0 ELSE 300 END
FROM finance_accountingentry entry CROSS JOIN generate_series(1, 5) place;
"""
_COMPARISON = """
INSERT INTO finance_erpday (erp_id, channel, day, here_count, here_amount, there_count, there_amount, gaps,
    checked_at)
SELECT %(erp)s, channel.key, %(today)s::date - day, 700, 24360, 699, 24325.20, 1, %(now)s
FROM channels_channel channel CROSS JOIN generate_series(0, %(days)s - 1) day WHERE channel.role = 'marketplace';
INSERT INTO finance_erpgap (erp_id, kind, reference, order_id, channel, day, here_amount, there_amount, documents,
    found_at, checked_at)
SELECT %(erp)s, (ARRAY['missing', 'amount', 'doubled', 'stuck'])[1 + o.id %% 4], o.reference, o.id, channel.key,
    o.placed_at::date, 34.80, 29.90, '["FA1"]', %(now)s - o.id * interval '1 second', %(now)s
FROM orders_order o JOIN channels_channel channel ON channel.id = o.channel_id WHERE o.id %% 200 = 0;
INSERT INTO orders_completeness (channel_id, day, seen, stored, to_erp, in_erp, missing, checked_at)
SELECT channel.id, %(today)s::date - day, 700, 700, 690, 690, '[]', %(now)s
FROM channels_channel channel CROSS JOIN generate_series(0, %(days)s - 1) day WHERE channel.role = 'marketplace';
"""
_DIVERGENCES = """
INSERT INTO journal_issue (reason, state, channel, flow, subject_kind, subject, message, action, detail, occurrences,
    opened_at, last_seen_at, closed_by, resolution)
SELECT 'divergence', 'open', channel.key, 'import_orders', 'order', o.external_id,
    'The order changed after the ERP had it.', '', '{}', 1, %(now)s, %(now)s, '', ''
FROM orders_order o JOIN channels_channel channel ON channel.id = o.channel_id WHERE o.id %% 2500 = 3;
"""
_SUPPLIERS = """
INSERT INTO catalog_supplier (name) SELECT 'Supplier ' || n FROM generate_series(1, %(suppliers)s) n;
UPDATE catalog_product SET supplier_id = 1 + id %% %(suppliers)s, family = 'Family ' || id %% 60;
INSERT INTO catalog_purchaseprice (product_id, supplier_id, price, currency, valid_from)
SELECT id, supplier_id, 12 + n, 'EUR', %(now)s - n * interval '90 days' FROM catalog_product
CROSS JOIN generate_series(1, 4) n;
INSERT INTO finance_purchaseorder (reference, supplier_id, supplier_code, warehouse, currency, comment, state,
    document,
    message, created_by, created_at, sent_at, updated_at)
SELECT 'PO-' || n, 1 + n %% %(suppliers)s, '', '', 'EUR', '',
    (ARRAY['received', 'received', 'ordered', 'partially_received', 'draft'])[1 + n %% 5], '', '', 'bench', at, at, at
FROM (SELECT n, %(now)s::timestamptz - n * interval '1 hour' AS at FROM generate_series(1, %(purchases)s) n) made;
INSERT INTO finance_purchaseline (order_id, line_number, product_id, supplier_sku, quantity, received_quantity,
    unit_price)
SELECT purchase.id, n, 1 + (purchase.id * 31 + n) %% %(products)s, '', 24, 0, 12.50
FROM finance_purchaseorder purchase CROSS JOIN generate_series(1, 20) n;
"""
_WAREHOUSES = """
INSERT INTO inventory_warehouse (code, name, sellable, priority, inspects)
VALUES ('LYON', 'Lyon', true, 200, false), ('RETURNS', 'Returns', false, 900, true);
INSERT INTO inventory_stock (product_id, warehouse_id, on_hand, reserved, incoming)
SELECT product.id, warehouse.id, 0, 0, product.id %% 3 FROM catalog_product product JOIN inventory_warehouse warehouse
ON warehouse.code = 'LYON' OR (warehouse.code = 'RETURNS' AND product.id %% 20 = 0) WHERE NOT product.is_kit;
INSERT INTO inventory_stockmovement (product_id, warehouse_id, quantity, reason, at, reference, actor)
SELECT stock.product_id, stock.warehouse_id, 7, 'receipt', %(now)s - interval '200 days', 'BL', ''
    FROM inventory_stock stock
JOIN inventory_warehouse warehouse ON warehouse.id = stock.warehouse_id WHERE warehouse.code IN ('LYON', 'RETURNS');
INSERT INTO inventory_transfer (product_id, source_id, target_id, units, received_units, state, note, asked_by,
    asked_at)
SELECT product.id, %(warehouse)s, lyon.id, 5, CASE WHEN product.id %% 9 = 0 THEN NULL ELSE 5 END,
    CASE WHEN product.id %% 9 = 0 THEN 'sent' ELSE 'received' END, '', 'bench', %(now)s
FROM catalog_product product JOIN inventory_warehouse lyon ON lyon.code = 'LYON' WHERE NOT product.is_kit;
"""
_RULES = """
INSERT INTO inventory_quantityrule (number, version, kind, value, product_id, family, valid_from, note, in_force,
    created_at, created_by, ended_at)
SELECT n, version, 'buffer', version, n, '', %(now)s - interval '30 days', '', version = 2, %(now)s, 'bench',
    CASE WHEN version = 1 THEN %(now)s::timestamptz END
FROM generate_series(1, %(rules)s) n CROSS JOIN generate_series(1, 2) version;
INSERT INTO inventory_leadtimerule (days, product_id, family, created_at, created_by)
SELECT 2, n, '', %(now)s, 'bench' FROM generate_series(1, %(rules)s / 10) n;
INSERT INTO offers_activationrule (action, channel_id, family, created_at, created_by)
SELECT 'never', channel.id, 'Old family ' || n, %(now)s, 'bench' FROM channels_channel channel
CROSS JOIN generate_series(1, 50) n WHERE channel.role = 'marketplace';
"""
_HISTORY = """
INSERT INTO offers_offeract (kind, at, actor, words)
SELECT (ARRAY['person', 'file', 'bulk', 'api'])[1 + n %% 4], %(now)s::timestamptz - n * interval '1 hour', 'bench', ''
FROM generate_series(1, %(acts)s) n;
INSERT INTO offers_offerchange (act_id, offer_id, at, price_before, price_after, floor_before, floor_after,
    paused_before, paused_after)
SELECT act.id, 1 + (act.id * 37 + n) %% %(offers)s, act.at, 29.90, 28.90, 20, 20, false, false
FROM offers_offeract act CROSS JOIN generate_series(1, CASE WHEN act.id %% 50 = 1 THEN 1000 ELSE 20 END) n;
INSERT INTO offers_decision (offer_id, at, quantity, available, kept_back, stop, few, sent)
SELECT id, %(now)s::timestamptz - n * interval '3 hours', 42, 45, 3, 0, false, 42 FROM offers_offer
CROSS JOIN generate_series(1, %(decisions)s) n;
"""
_OFFER_FILES = """
INSERT INTO offers_offerimport (state, name, content, "only", actor, by_api, let_pass, created_at, lines_read,
    changes,
    unchanged, too_far, errors, applied, message, columns)
SELECT CASE n WHEN 1 THEN 'read' ELSE 'applied' END, 'prices-' || n || '.csv', '', '[]', 'bench', false, false,
    %(now)s - n * interval '1 day', %(lines)s, %(lines)s, 0, 0, 0, 0, '', '["sku", "price"]'
FROM generate_series(1, 10) n;
INSERT INTO offers_offerimportline (file_id, number, cells, offer_id, sku, channel, currency, price, price_before,
    outcome,
    error, detail)
SELECT file.id, n, '{"sku": "SKU", "price": "29.90"}', n, 'SKU-' || n, 'bench-1', 'EUR', 28.90, 29.90,
    CASE WHEN n %% 100 = 0 THEN 'error' ELSE 'changes' END, CASE WHEN n %% 100 = 0 THEN 'no_price' ELSE '' END,
    jsonb_build_object('sku', 'SKU-' || n)
FROM offers_offerimport file CROSS JOIN generate_series(1, %(lines)s) n;
"""
_FEED = """
INSERT INTO events_event (at, kind, channel, subject_kind, subject, data, source, source_id)
SELECT %(now)s, 'order.imported', 'bench-1', 'order', 'CO-' || n, '{}', 'bench', n FROM generate_series(1,
    %(events)s) n;
INSERT INTO events_delivery (webhook_id, event_id, state, attempts, due_at, tried_at, status, message, duration_ms)
SELECT webhook.id, event.id, 'done', 1, event.at, event.at, 200, '', 40 FROM events_event event
CROSS JOIN events_webhook webhook;
"""


def fill_rooms(orders: int, *, warehouse: int, products: int, offers: int) -> None:
    now = clock.now()
    execute("TRUNCATE events_event, events_webhook, events_collected RESTART IDENTITY CASCADE")
    erp = Channel.objects.create(
        key=ERP, name="Bench ERP", kind="sage100", role="erp", account=ERP, stock_pool=ERP, currency="EUR",
        sealed_settings=seal({}), created_at=now,
    )  # fmt: skip
    for n in range(3):
        Webhook.objects.create(name=f"Bench {n}", url=f"https://hooks.example/{n}", sealed_secret=seal({"s": "x"}),
                               created_at=now, created_by="bench")  # fmt: skip
    values = {
        "now": now, "today": now.date(), "orders": orders, "erp": erp.pk, "warehouse": warehouse, "days": DAYS,
        "products": products, "offers": offers, "suppliers": SUPPLIERS, "purchases": max(50, orders // 200),
        "rules": min(2_000, products), "acts": max(50, orders // 50), "decisions": max(2, orders // 50_000),
        "lines": max(100, orders // 10), "events": max(100, orders // 2),
    }  # fmt: skip
    for room in (_PARCELS, _PROMISES, _DELIVERIES_TO_THE_ERP, _DOCUMENTS, _SETTLEMENTS, _ENTRIES, _COMPARISON,
                 _DIVERGENCES, _SUPPLIERS, _WAREHOUSES, _RULES, _HISTORY, _OFFER_FILES, _FEED):  # fmt: skip
        for statement in room.split(";\n"):
            if statement.strip():
                execute(statement, values)
    _fill_by_hand()


def _fill_by_hand() -> None:
    """Colleagues, an invitation, and the preview of a count of 10,000 articles."""
    now = clock.now()
    User.objects.bulk_create(User(email=f"colleague-{n}@example.org", role=Role.SUPPORT) for n in range(100))
    Invitation.objects.create(email="new@example.org", hashed="0" * 64, created_at=now,
                              expires_at=now + timedelta(days=3))  # fmt: skip
    changes = [
        {
            "line": n,
            "sku": f"SKU-{n:06d}",
            "warehouse": "LYON",
            "before": {"on_hand": 7},
            "after": {"on_hand": 8},
        }
        for n in range(LINES_OF_A_FILE)
    ]
    read_file("rules", "rules.csv", table_of("rules", "csv"), actor="bench")
    TableFile.objects.bulk_create(
        TableFile(kind="stock", state="read", name=f"count-{n}.csv", content=b"", changes=changes, actor="bench",
                  created_at=now)
        for n in range(20)
    )  # fmt: skip
