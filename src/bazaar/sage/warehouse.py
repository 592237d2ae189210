"""The warehouse of this Sage: prepares, ships and invoices on its own clock, or tells what is short."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec

from bazaar.sage.base import DEPOT, Base
from bazaar.sage.credits import plan_credit
from bazaar.sage.numbering import next_piece
from bazaar.sage.orders import hour
from bazaar.sage.transform import BL, FA, PL, lines_of, transform


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """What the pont was told of an order and the company file has no place for."""

    channel: str
    external_id: str
    cancelled: Decimal = Decimal(0)
    """Amount of the units that were cancelled: their lines no longer say it."""
    short: bool = False


class Warehouse:
    def __init__(self, base: Base) -> None:
        self._base = base
        self.sales = base.world.shelf(base.key, "sales", Sale)

    def plan(self, reference: str) -> None:
        """Start half-way, ship at the end of a time drawn between the two settings."""
        settings, world, key = self._base.settings, self._base.world, self._base.key
        rng = world.rng(f"{key}/preparation")
        wait = timedelta(minutes=rng.uniform(settings.prepare_min_minutes, settings.prepare_max_minutes))
        world.set_timer(world.now() + wait / 2, key, "prepare", reference=reference)
        world.set_timer(world.now() + wait, key, "ship", reference=reference)

    def open_documents(self, reference: str) -> list[dict[str, Any]]:
        """Orders and preparations of that reference that still have units to send."""
        return self._base.rows(
            "SELECT e.DO_Type, e.DO_Piece FROM F_DOCENTETE e WHERE e.DO_Domaine = 0 AND e.DO_NoWeb = %s"
            " AND e.DO_Type IN (1, 2) AND e.DO_Cloture = 0 ORDER BY e.cbMarq",
            [reference],
        )

    def prepare(self, reference: str) -> None:
        with self._base.work():
            for document in self.open_documents(reference):
                if document["do_type"] == 1:
                    transform(self._base, 1, document["do_piece"], PL)

    def ship(self, reference: str) -> None:
        """Ship what is open; when units lack, all of it waits."""
        for document in self.open_documents(reference):
            lacking = self._lacking(document)
            if lacking:
                self._wait(reference, lacking)
            else:
                self._send(reference, document)

    def restock(self, reference: str, order: str, ordered: dict[str, int]) -> None:
        """The supplier's goods arrive, and more of them when others took them meanwhile."""
        needed = Counter(ordered)
        for document in self.open_documents(reference):
            for sku, units in self._lacking(document).items():
                needed[sku] = max(needed[sku], units)
        with self._base.work():
            self._receive(order, ordered, dict(needed))
        self.ship(reference)

    def invoice(self, piece: str) -> None:
        with self._base.work():
            if lines_of(self._base, BL, piece):
                plan_credit(self._base, transform(self._base, BL, piece, FA))

    def take_back(self, reference: str, sku: str, quantity: int) -> None:
        """A return: its document (DO_Type 4) and the units back on their shelf."""
        base, now = self._base, self._base.local()
        with base.work():
            piece = next_piece(base, 4)
            base.insert("F_DOCENTETE", DO_Domaine=0, DO_Type=4, DO_Piece=piece, DO_Date=now.date(), DO_Heure=hour(now),
                        DO_Tiers=base.settings.client, DE_No=DEPOT, DO_Statut=2, DO_Cloture=0, DO_NoWeb="",
                        DO_Ref=reference, DO_Provenance=0)  # fmt: skip
            base.insert("F_DOCLIGNE", DO_Domaine=0, DO_Type=4, CT_Num=base.settings.client, DO_Piece=piece,
                        DO_Date=now.date(), DL_Ligne=10000, DO_Ref=reference, AR_Ref=sku, DL_Qte=quantity,
                        DL_PieceBC="", DL_PieceBL="", DL_PiecePL="", DE_No=DEPOT, DL_MontantHT=0, DL_MontantTTC=0,
                        DL_NonLivre=0, PF_Num="")  # fmt: skip
            self.add_stock(sku, quantity, "return", reference)

    # --- leaving ----------------------------------------------------------------------------------------

    def _lacking(self, document: dict[str, Any]) -> dict[str, int]:
        needed: Counter[str] = Counter()
        for line in lines_of(self._base, document["do_type"], document["do_piece"]):
            if not line["dl_nonlivre"]:
                needed[line["ar_ref"]] += int(line["dl_qte"])
        found = self._base.rows(
            "SELECT AR_Ref, AS_QteSto FROM F_ARTSTOCK WHERE DE_No = %s AND AR_Ref = ANY(%s)",
            [DEPOT, list(needed)],
        )
        stock = {row["ar_ref"]: int(row["as_qtesto"]) for row in found}
        return {sku: units - stock.get(sku, 0) for sku, units in needed.items() if units > stock.get(sku, 0)}

    def _send(self, reference: str, document: dict[str, Any]) -> None:
        base, world = self._base, self._base.world
        lines = lines_of(base, document["do_type"], document["do_piece"])
        leaving = self._part(lines)
        if not any(leaving[line["cbmarq"]] for line in lines if not line["dl_nonlivre"]):
            return
        rng = world.rng(f"{base.key}/carriers")
        carrier = rng.randint(1, len(base.settings.carriers))
        parcel = f"{base.settings.carriers[carrier - 1][:2]}{rng.randint(0, 10**11 - 1):011d}FR"
        with base.work():
            piece = transform(base, document["do_type"], document["do_piece"], BL, leaving, DO_Expedit=carrier,
                              DO_DateExpedition=base.local())  # fmt: skip
            base.run("UPDATE F_DOCLIGNE SET DL_NoColis = %s WHERE DO_Domaine = 0 AND DO_Type = 3 AND DO_Piece = %s",
                     [parcel, piece])  # fmt: skip
        for line in lines:
            units = int(leaving[line["cbmarq"]])
            if units and not line["dl_nonlivre"]:
                self._tell(reference, line["ar_ref"], units, parcel)
        later = world.now() + timedelta(hours=base.settings.invoice_after_hours)
        world.set_timer(later, base.key, "invoice", piece=piece)
        if any(leaving[line["cbmarq"]] != line["dl_qte"] for line in lines):
            world.set_timer(world.now() + timedelta(hours=1), base.key, "ship", reference=reference)

    def _part(self, lines: list[dict[str, Any]]) -> dict[int, Decimal]:
        """All of it, or now and then half of the units of its first article; the rest is a remainder."""
        whole = {line["cbmarq"]: line["dl_qte"] for line in lines}
        goods = [line for line in lines if not line["dl_nonlivre"] and line["dl_qte"]]
        rng = self._base.world.rng(f"{self._base.key}/parcels")
        if rng.random() >= self._base.settings.split_rate or any(line["ar_refcompose"] for line in lines):
            return whole  # kits leave whole
        if len(goods) > 1:
            return whole | {goods[0]["cbmarq"]: Decimal(0)}
        if goods and goods[0]["dl_qte"] > 1:
            return whole | {goods[0]["cbmarq"]: Decimal(int(goods[0]["dl_qte"]) // 2)}
        return whole

    def _tell(self, reference: str, sku: str, units: int, parcel: str) -> None:
        sale, record = self.sales[reference], self._base.world.record
        record("stock_moved", self._base.key, order_id=reference, sku=sku, quantity=-units, why="shipment")
        record("erp_shipped", self._base.key, order_id=reference, sku=sku, quantity=units, channel=sale.channel,
               external_id=sale.external_id, tracking_number=parcel)  # fmt: skip

    # --- what is short ----------------------------------------------------------------------------------

    def _wait(self, reference: str, lacking: dict[str, int]) -> None:
        """These units were oversold: told once per order."""
        world, key, settings = self._base.world, self._base.key, self._base.settings
        sale = self.sales[reference]
        if not sale.short:
            for sku, units in lacking.items():
                world.record("erp_short", key, order_id=reference, sku=sku, quantity=units, channel=sale.channel,
                             external_id=sale.external_id)  # fmt: skip
            self.sales[reference] = msgspec.structs.replace(sale, short=True)
        again = world.now() + timedelta(hours=settings.restock_after_hours)
        if settings.restock_on_short:
            order = self._order_from_supplier(lacking)
            world.set_timer(again, key, "restock", reference=reference, order=order, ordered=lacking)
        else:
            world.set_timer(again, key, "ship", reference=reference)

    def _order_from_supplier(self, lacking: dict[str, int]) -> str:
        base, now = self._base, self._base.local()
        with base.work():
            piece = next_piece(base, 12)
            base.insert("F_DOCENTETE", DO_Domaine=1, DO_Type=12, DO_Piece=piece, DO_Date=now.date(), DO_Heure=hour(now),
                        DO_Tiers="FRN00001", DE_No=DEPOT, DO_Statut=2, DO_Cloture=0, DO_NoWeb="", DO_Ref="",
                        DO_Provenance=0)  # fmt: skip
            for place, (sku, units) in enumerate(lacking.items(), start=1):
                base.insert("F_DOCLIGNE", DO_Domaine=1, DO_Type=12, CT_Num="FRN00001", DO_Piece=piece,
                            DO_Date=now.date(), DL_Ligne=place * 10000, AR_Ref=sku, DL_Qte=units, DL_PieceBC="",
                            DL_PieceBL="", DL_PiecePL="", DE_No=DEPOT, DL_MontantHT=0, DL_MontantTTC=0, DL_NonLivre=0,
                            PF_Num="")  # fmt: skip
                self.expect(sku, units)
        return piece

    def _receive(self, order: str, ordered: dict[str, int], arrived: dict[str, int]) -> None:
        base = self._base
        receipt = next_piece(base, 13)
        for table in ("F_DOCENTETE", "F_DOCLIGNE"):
            base.run(
                f"UPDATE {table} SET DO_Type = 13, DO_Piece = %s, cbModification = %s"  # noqa: S608
                " WHERE DO_Domaine = 1 AND DO_Type = 12 AND DO_Piece = %s",
                [receipt, base.minute(), order],
            )
        for sku, units in ordered.items():
            self.expect(sku, -units)
        for sku, units in arrived.items():
            self.add_stock(sku, units, "receipt", order)

    def expect(self, sku: str, units: int) -> None:
        self._base.run(
            "UPDATE F_ARTSTOCK SET AS_QteCom = AS_QteCom + %s, cbModification = %s WHERE AR_Ref = %s AND DE_No = %s",
            [units, self._base.minute(), sku, DEPOT],
        )

    def add_stock(self, sku: str, units: int, why: str, reference: str) -> None:
        """At the standard cost: the weighted average follows."""
        self._base.run(
            "UPDATE F_ARTSTOCK s SET AS_QteSto = AS_QteSto + %s, AS_MontSto = AS_MontSto + %s * a.AR_CoutStd,"
            " cbModification = %s FROM F_ARTICLE a WHERE a.AR_Ref = s.AR_Ref AND s.AR_Ref = %s AND s.DE_No = %s",
            [units, units, self._base.minute(), sku, DEPOT],
        )
        self._base.world.record(
            "stock_moved", self._base.key, order_id=reference, sku=sku, quantity=units, why=why
        )
