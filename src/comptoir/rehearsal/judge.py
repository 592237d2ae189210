"""Compares the hub, the ERP and the world's own ledger, order by order and unit by unit."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from comptoir.core.bulk import fetch
from comptoir.inventory.ledger import find_imbalances
from comptoir.rehearsal.latency import Latency, stock_latency
from comptoir.rehearsal.refunds import judge_refunds
from comptoir.rehearsal.world import World

Key = tuple[str, str]

_HUB_ORDERS = """
SELECT c.key, o.external_id, o.total_amount, o.status, o.erp_state, o.reference, o.held,
       (SELECT jsonb_object_agg(line.external_id, jsonb_build_array(line.sku, line.quantity, line.cancelled_quantity))
        FROM orders_orderline line WHERE line.order_id = o.id),
       EXISTS (SELECT FROM journal_issue i WHERE i.subject_kind = 'order' AND i.subject = o.external_id
               AND i.channel = c.key)
FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id
"""
_HUB_STOCK = """
SELECT p.sku, sum(stock.on_hand) FROM inventory_stock stock JOIN catalog_product p ON p.id = stock.product_id GROUP BY 1
"""
_HUB_OFFERS = """
SELECT c.key, o.sku, o.desired_quantity, o.confirmed_quantity, o.desired_price, o.confirmed_price,
       o.floor_price, o.state
FROM offers_offer o JOIN channels_channel c ON c.id = o.channel_id WHERE o.network = 'seller'
"""
# What the channel says in the end, and what the hub may call it.
_SAME = {
    "refused": {"refused", "cancelled"},
    "cancelled": {"cancelled", "refunded"},
    "shipped": {"shipped", "delivered"},
    "refunded": {"refunded", "shipped", "delivered"},
    "open": {"pending", "to_accept", "accepted", "to_ship", "partially_shipped"},
}


@dataclass
class Verdict:
    orders: Counter[str] = field(default_factory=Counter)
    stock: Counter[str] = field(default_factory=Counter)
    offers: Counter[str] = field(default_factory=Counter)
    issues: Counter[str] = field(default_factory=Counter)
    refunds: Counter[str] = field(default_factory=Counter)
    latency: Latency = field(default_factory=Latency)
    disagreements: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.disagreements


@dataclass(frozen=True)
class HubOrder:
    total: Decimal
    status: str
    erp_state: str
    reference: str
    held: str
    lines: dict[str, list[Any]]
    has_issue: bool


def judge(world: World, erp: str, *, replayed: bool = False) -> Verdict:
    """`replayed`: what was really sold once knows nothing of this stock; oversold units are counted only."""
    verdict = Verdict()
    hub = {
        (r[0], r[1]): HubOrder(r[2], r[3], r[4], r[5], r[6], json.loads(r[7] or "{}"), r[8])
        for r in fetch(_HUB_ORDERS)
    }
    documents: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for document in world.documents():
        documents[document["channel"], document["external_id"]].append(document)
    placed = list(world.orders())
    for told in placed:
        key = (told["party"], told["order_id"])
        _judge_order(verdict, told, hub.get(key), documents.get(key, []))
    _judge_strangers(verdict, hub, {(o["party"], o["order_id"]) for o in placed}, documents)
    counts, disagreements = judge_refunds(world, placed)
    verdict.refunds.update(counts)
    verdict.disagreements += disagreements
    _judge_stock(verdict, world)
    _judge_oversold(verdict, world, placed, replayed)
    _judge_offers(verdict, world)
    _count_issues(verdict)
    verdict.latency = stock_latency(world, placed)
    return verdict


# --- orders ---------------------------------------------------------------------------------------------


def _judge_order(
    verdict: Verdict, told: dict[str, Any], here: HubOrder | None, documents: list[dict[str, Any]]
) -> None:
    counts, name = verdict.orders, f"{told['party']} {told['order_id']}"
    state = final_state(told)
    counts["placed"] += 1
    for kind in ("accepted", "refused", "cancelled", "shipped"):
        counts[kind] += any(step["kind"] == f"order_{kind}" for step in told["history"])
    if here is None:
        counts["lost"] += 1
        verdict.disagreements.append(f"{name}: lost, the hub does not have it")
        return
    counts["in_hub"] += 1
    if here.total != Decimal(str(told["total"])):
        counts["wrong_total"] += 1
        verdict.disagreements.append(f"{name}: total {told['total']} there, {here.total} in the hub")
    _judge_lines(verdict, name, told, here)
    if here.status not in _SAME[state]:
        counts["wrong_status"] += 1
        verdict.disagreements.append(f"{name}: {state} there, {here.status} in the hub")
    _judge_erp(verdict, name, state, told, here, documents)


def _judge_lines(verdict: Verdict, name: str, told: dict[str, Any], here: HubOrder) -> None:
    lines = {str(line["line_id"]): (line["sku"], int(line["quantity"])) for line in told["lines"]}
    ours = {line: (values[0], values[1]) for line, values in here.lines.items()}
    if lines != ours:
        verdict.orders["wrong_lines"] += 1
        verdict.disagreements.append(f"{name}: lines {lines} there, {ours} in the hub")


def _judge_erp(
    verdict: Verdict,
    name: str,
    state: str,
    told: dict[str, Any],
    here: HubOrder,
    documents: list[dict[str, Any]],
) -> None:
    counts = verdict.orders
    counts["in_erp"] += bool(documents)
    if len(documents) > 1:
        counts["doubled"] += 1
        verdict.disagreements.append(f"{name}: {len(documents)} documents in the ERP")
    if state in ("shipped", "refunded") and not documents:
        counts["lost_before_erp"] += 1
        verdict.disagreements.append(f"{name}: {state} there, and the ERP never had it")
    for document in documents:
        if Decimal(str(document["total"])) != Decimal(str(told["total"])):
            counts["wrong_total"] += 1
            verdict.disagreements.append(
                f"{name}: total {told['total']} there, {document['total']} in the ERP"
            )
        # The warehouse may ship before it hears of a cancellation; a person must then be told.
        if document["state"] == "shipped" and state in ("cancelled", "refused") and not here.has_issue:
            counts["shipped_after_cancellation"] += 1
            verdict.disagreements.append(f"{name}: {state} there, shipped by the ERP, and nobody was told")
        if document["state"] != "shipped" and state == "shipped":
            verdict.disagreements.append(f"{name}: shipped there, {document['state']} in the ERP")


def final_state(told: dict[str, Any]) -> str:
    """Where the order ended on its marketplace, by the ledger."""
    kinds = {step["kind"] for step in told["history"]}
    ordered = sum(int(line["quantity"]) for line in told["lines"])
    cancelled, refunded = sum(told["cancelled"].values()), sum(told["refunded"].values())
    if "order_refused" in kinds:
        return "refused"
    if "order_cancelled" in kinds and (not told["cancelled"] or cancelled >= ordered):
        return "cancelled"
    if "order_shipped" in kinds or "order_delivered" in kinds:
        return "refunded" if refunded else "shipped"
    return "open"


def _judge_strangers(
    verdict: Verdict, hub: dict[Key, HubOrder], placed: set[Key], documents: dict[Key, list[dict[str, Any]]]
) -> None:
    for key in sorted(hub.keys() - placed):
        verdict.orders["invented"] += 1
        verdict.disagreements.append(f"{' '.join(key)}: in the hub, and nobody ever placed it")
    for key in sorted(documents.keys() - placed):
        verdict.orders["invented"] += 1
        verdict.disagreements.append(f"{' '.join(key)}: in the ERP, and nobody ever placed it")


# --- stock and offers -----------------------------------------------------------------------------------


def _judge_stock(verdict: Verdict, world: World) -> None:
    truth, here = world.stock(), {row[0]: int(row[1]) for row in fetch(_HUB_STOCK)}
    for sku, units in sorted(truth.items()):
        gap = here.get(sku, 0) - units["physical"]
        if gap:
            verdict.stock["drift_units"] += abs(gap)
            verdict.disagreements.append(
                f"{sku}: {units['physical']} in the warehouse, {here.get(sku, 0)} in the hub"
            )
    for imbalance in find_imbalances():
        verdict.stock["imbalances"] += 1
        verdict.disagreements.append(f"{imbalance}: the running stock is not the sum of its ledger")


def _judge_oversold(verdict: Verdict, world: World, placed: list[dict[str, Any]], replayed: bool) -> None:
    """Units that the warehouse lacked when they should have left, and those refused because it would."""
    oversold = {sku: units["short"] for sku, units in world.stock().items()}
    for told in placed:
        if final_state(told) == "refused":
            for line in told["lines"]:
                oversold[line["sku"]] = oversold.get(line["sku"], 0) + int(line["quantity"])
    verdict.stock["oversold_units"] = sum(oversold.values())
    if not replayed:
        verdict.disagreements += [
            f"{sku}: {units} oversold" for sku, units in sorted(oversold.items()) if units
        ]


def _judge_offers(verdict: Verdict, world: World) -> None:
    shown = {(o["party"], o["sku"]): o for o in world.offers()}
    floors: dict[Key, Decimal] = {}
    for channel, sku, wanted, confirmed, price, confirmed_price, floor, state in fetch(_HUB_OFFERS):
        verdict.offers["count"] += 1
        floors[channel, sku] = floor
        if wanted != confirmed or price != confirmed_price or state == "new":
            verdict.offers["unconfirmed"] += 1
            verdict.disagreements.append(
                f"{channel} {sku}: wanted {wanted} at {price}, confirmed {confirmed} at {confirmed_price}"
            )
        there = shown.get((channel, sku))
        if there is not None and int(there["quantity"]) != wanted:
            verdict.stock["drift_units"] += abs(int(there["quantity"]) - wanted)
            verdict.disagreements.append(f"{channel} {sku}: shows {there['quantity']}, should show {wanted}")
    for fact in world.facts("price_told"):
        floor = floors.get((fact["party"], fact["sku"]))
        if floor is not None and fact["amount"] is not None and Decimal(str(fact["amount"])) < floor:
            verdict.offers["below_floor"] += 1
            verdict.disagreements.append(
                f"{fact['party']} {fact['sku']}: told {fact['amount']}, floor {floor}"
            )


def _count_issues(verdict: Verdict) -> None:
    rows: Iterable[tuple[str, str, int]] = fetch(
        "SELECT reason, state, count(*) FROM journal_issue GROUP BY 1, 2"
    )
    for _, state, count in rows:
        verdict.issues["opened"] += count
        verdict.issues["open"] += count if state == "open" else 0
