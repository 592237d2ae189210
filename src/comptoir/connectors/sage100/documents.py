"""Sales documents as shipments and order states. Sage keeps no order: its lines change type and piece."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from comptoir.connectors.sage100.database import Row
from comptoir.connectors.sage100.instants import left_at, to_utc
from comptoir.sdk.records import BookedOrder, ErpOrderState, ErpShipmentLine, Parcel

CENT = Decimal("0.01")
LEFT = (3, 6, 7)
"""Delivery note, invoice, booked invoice: their units are gone."""


def is_sold(row: Row) -> bool:
    """A line that was ordered: goods, or a kit as such; its components' own lines are Sage's."""
    return bool(row["ar_suivistock"] or row.get("parts")) and not row.get("composed")


def reference_of(row: Row, prefix: str) -> str:
    """The header's own; on an invoice that groups several notes, the line's."""
    header = str(row["do_noweb"] or "")
    return header if header.startswith(prefix) else str(row["do_ref"] or "")


def parse_shipments(
    rows: Iterable[Row], prefix: str, depots: Mapping[int, str], zone: ZoneInfo
) -> tuple[ErpShipmentLine, ...]:
    return tuple(
        _shipment_line(row, reference_of(row, prefix), depots, zone)
        for row in rows
        if is_sold(row) and row["dl_qte"] > 0 and reference_of(row, prefix).startswith(prefix)
    )


def _shipment_line(row: Row, reference: str, depots: Mapping[int, str], zone: ZoneInfo) -> ErpShipmentLine:
    note = row["do_piece"] if row["do_type"] == 3 else row["dl_piecebl"] or row["do_piece"]
    carrier = row["carrier"] or ""
    return ErpShipmentLine(
        order_reference=reference,
        # Numbers of notes begin again some day: with the order's reference they name one departure for ever.
        shipment_id=f"{reference}/{note}",
        line_id="",
        sku=row["ae_ref"] or row["ar_ref"],
        quantity=int(row["dl_qte"]),
        warehouse=depots.get(row["de_no"], ""),
        parcel=Parcel(carrier=carrier.upper().replace(" ", ""), carrier_name=carrier,
                      tracking_number=row["dl_nocolis"] or ""),
        shipped_at=left_at(row, zone),
    )  # fmt: skip


def parse_booked(rows: Iterable[Row]) -> tuple[BookedOrder, ...]:
    return tuple(
        BookedOrder(
            order_reference=row["reference"], document=row["piece"], total=row["total"].quantize(CENT),
            placed_date=row["placed"].date(),
            state="waiting" if row["waiting"] else "shipped" if row["gone"] else "cancelled",
        )
        for row in rows
    )  # fmt: skip


def parse_states(rows: Iterable[Row], prefix: str, zone: ZoneInfo) -> tuple[ErpOrderState, ...]:
    """One per order, from all the documents that it has become."""
    by_reference: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_reference[reference_of(row, prefix)].append(row)
    return tuple(
        _state(reference, found, zone)
        for reference, found in by_reference.items()
        if reference.startswith(prefix)
    )


def _state(reference: str, rows: list[Row], zone: ZoneInfo) -> ErpOrderState:
    goods = [row for row in rows if row["ar_suivistock"]]
    waiting = any(row["do_type"] in (1, 2) and row["dl_qte"] > 0 and not row["do_cloture"] for row in goods)
    left = any(row["do_type"] in LEFT and row["dl_qte"] > 0 for row in goods)
    preparing = left or any(row["do_type"] == 2 for row in rows)
    changed: datetime = max(row["cbmodification"] for row in rows)
    return ErpOrderState(
        order_reference=reference,
        document=" > ".join(dict.fromkeys(_chain(rows)))[:60],
        status="preparing" if waiting and preparing else "received" if waiting else "shipped" if left else "cancelled",
        changed_at=to_utc(changed, zone),
    )  # fmt: skip


def _chain(rows: list[Row]) -> Iterator[str]:
    """Every number that the order has had, in the order of its life."""
    for names in (("dl_piecebc", 1), ("dl_piecepl", 2), ("dl_piecebl", 3), ("", 6)):
        column, do_type = names
        for row in rows:
            if column and row[column]:
                yield row[column]
            if row["do_type"] == do_type or (do_type == 6 and row["do_type"] == 7):
                yield row["do_piece"]
