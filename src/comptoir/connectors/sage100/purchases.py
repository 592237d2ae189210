"""Orders to suppliers: what the pont is told, and where Sage stands with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptoir.connectors.sage100.database import Row
from comptoir.connectors.sage100.instants import to_utc
from comptoir.connectors.sage100.payloads import REFERENCE_LENGTH, Variants
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.purchasing import ErpPurchaseOrder, ErpPurchaseState

RECEIVED: Final = (13, 16, 17)
"""Receipt, invoice, booked invoice: their units are there."""
UNIT: Final = Decimal("0.000001")


def build_purchase(
    order: ErpPurchaseOrder, prefix: str, suppliers: Iterable[Row], variants: Variants
) -> dict[str, Any]:
    """RejectedRecord, with the order's reference, when Sage could not hold it."""
    reference = order.reference
    if not 0 < len(reference) <= REFERENCE_LENGTH or not reference.startswith(prefix):
        raise _refusal(reference, "is no reference of ours", "reference")
    if order.currency != "EUR":
        raise _refusal(reference, f"is in {order.currency}: Sage's company file keeps euros", "currency")
    return {
        "idExterne": reference,
        "fournisseur": supplier_account(order, suppliers),
        "reference": reference,
        "date": order.ordered_on.isoformat(),
        "dateLivraison": order.expected_on.isoformat() if order.expected_on else "",
        "depot": order.warehouse,
        "commentaire": order.comment[:69],
        "lignes": [
            {
                "article": variants.get(line.sku, (line.sku, "", ""))[0],
                "gamme1": variants.get(line.sku, ("", "", ""))[1],
                "gamme2": variants.get(line.sku, ("", "", ""))[2],
                "refFournisseur": line.supplier_sku[:19],
                "designation": line.title[:69],
                "quantite": line.quantity,
                "puHt": line.unit_price.quantize(UNIT),
            }
            for line in order.lines
        ],
    }


def supplier_account(order: ErpPurchaseOrder, suppliers: Iterable[Row]) -> str:
    """By its own number, else by its name, where one account alone has it. Asleep, it takes no orders."""
    known = list(suppliers)
    found = [row for row in known if order.supplier_code and row["ct_num"] == order.supplier_code]
    found = found or [
        row for row in known if not order.supplier_code and row["ct_intitule"] == order.supplier
    ]
    awake = [row for row in found if not row["ct_sommeil"]]
    if len(awake) != 1:
        words = "no active supplier" if not awake else f"{len(awake)} suppliers"
        name = order.supplier_code or order.supplier
        raise _refusal(order.reference, f"Sage has {words} {name!r}", "supplier")
    return str(awake[0]["ct_num"])


def parse_purchases(rows: Iterable[Row], zone: ZoneInfo) -> tuple[ErpPurchaseState, ...]:
    """One word per order, from all the documents that its lines are."""
    by_reference: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_reference[row["do_ref"]].append(row)
    return tuple(_state(reference, found, zone) for reference, found in by_reference.items())


def _state(reference: str, rows: list[Row], zone: ZoneInfo) -> ErpPurchaseState:
    waiting = any(row["do_type"] == 12 and row["dl_qte"] > 0 and not row["do_cloture"] for row in rows)
    received: Mapping[str, int] = _received(rows)
    some = any(received.values())
    numbers = dict.fromkeys(
        number for row in rows for number in (row["dl_piecebc"], row["do_piece"]) if number
    )
    status = (
        "partially_received"
        if some and waiting
        else "received"
        if some
        else "ordered"
        if waiting
        else "cancelled"
    )
    return ErpPurchaseState(
        order_reference=reference, document=" > ".join(numbers)[:60], received=received,
        status=status,  # type: ignore[arg-type]
        changed_at=to_utc(max(row["cbmodification"] for row in rows), zone),
    )  # fmt: skip


def _received(rows: list[Row]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["do_type"] in RECEIVED:
            found[row["ae_ref"] or row["ar_ref"]] += int(row["dl_qte"])
    return dict(found)


def _refusal(reference: str, why: str, code: str) -> RejectedRecord:
    return RejectedRecord(f"{reference}: {why}.", code=code, record_id=reference)
