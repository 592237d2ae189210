"""offers_update, batch_status, batch_query: offers are taken in at once and looked at later."""

from __future__ import annotations

from lxml import etree

from bazaar.fnac.exchange import Call, RefusedError, add, add_error, child_text, children, reply_to
from bazaar.fnac.paging import is_between
from bazaar.fnac.records import Batch, OfferRow
from bazaar.fnac.schema import NAMESPACE

MOST_OFFERS = 10_000


async def offers_update(call: Call) -> etree._Element:
    offers = children(call.request, "offer")
    if len(offers) > MOST_OFFERS:
        words = "The limit of requested elements is reached by the service. Try with less elements."
        raise RefusedError("ERR_105", words)
    shop = call.shop
    batch = Batch(batch_id=shop.new_uuid(), created_at=shop.now(), rows=[_row(offer) for offer in offers])
    shop.batches[batch.batch_id] = batch
    wait = shop.settings.batch_wait_seconds
    if shop.world.fault(shop.key, "late_import"):
        wait *= shop.settings.late_import_factor
    shop.later(wait, "batch_run", batch_id=batch.batch_id)
    reply = reply_to("offers_update")
    add(reply, "batch_id", batch.batch_id)
    return reply


def _row(offer: etree._Element) -> OfferRow:
    fields = {etree.QName(node).localname: (node.text or "").strip() for node in offer if not len(node)}
    return OfferRow(
        fields=fields,
        reference_type=_type(offer, "offer_reference"),
        product_type=_type(offer, "product_reference"),
    )


def _type(offer: etree._Element, name: str) -> str:
    node = offer.find(f"{{{NAMESPACE}}}{name}")
    return "" if node is None else str(node.get("type") or "Ean")


async def batch_status(call: Call) -> etree._Element:
    batch_id = child_text(call.request, "batch_id")
    batch = call.shop.batches.get(batch_id)
    if batch is None:
        raise RefusedError("ERR_104", "Batch not found.")
    reply = reply_to("batch_status", batch.status)
    add(reply, "batch_id", batch.batch_id)
    for verdict in batch.verdicts:
        node = add(reply, "offer", attributes={"status": verdict.status})
        add(node, "product_fnac_id", verdict.product_id)
        add(node, "offer_fnac_id", verdict.offer_id)
        add(node, "offer_seller_id", verdict.sku, cdata=True)
        if verdict.code:
            add_error(node, verdict.code, verdict.message, verdict.status)
    return reply


async def batch_query(call: Call) -> etree._Element:
    dates = children(call.request, "date")
    batches = list(call.shop.batches.values())
    found = [batch for batch in batches if all(is_between(date, batch.created_at) for date in dates)]
    reply = reply_to("batch_query")
    for batch in found if dates else [b for b in found if b.status in ("ACTIVE", "RUNNING")]:
        node = add(reply, "batch", attributes={"status": batch.status})
        add(node, "batch_id", batch.batch_id)
        add(node, "nb_lines", len(batch.rows))
        add(node, "created_at", batch.created_at.isoformat())
    for name, status in (("nb_batch_running", "RUNNING"), ("nb_batch_active", "ACTIVE")):
        add(reply, name, sum(batch.status == status for batch in batches))
    return reply
