"""Units cancelled before they leave, and credit notes for those that left: each id once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec

from bazaar.sage.base import DEPOT, Base
from bazaar.sage.numbering import next_piece
from bazaar.sage.orders import Refusal, amounts, hour
from bazaar.sage.transform import refresh_totals
from bazaar.sage.warehouse import Warehouse


class AskedCancellation(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /v1/commandes/{idExterne}/annulations`"""

    id: str
    article: str
    quantite: int
    motif: str = ""


class AskedCredit(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /v1/avoirs`"""

    idExterne: str  # noqa: N815
    commande: str
    article: str
    quantite: int
    montantTtc: Decimal  # noqa: N815
    date: str = ""
    motif: str = ""


def cancel(base: Base, warehouse: Warehouse, reference: str, asked: AskedCancellation) -> None:
    """Take units off the lines that have not left. Raises Refusal. Call inside `work()`."""
    lines = base.rows(
        "SELECT l.* FROM F_DOCLIGNE l JOIN F_DOCENTETE e ON e.DO_Domaine = l.DO_Domaine AND e.DO_Type = l.DO_Type"
        " AND e.DO_Piece = l.DO_Piece WHERE e.DO_Domaine = 0 AND e.DO_NoWeb = %s AND e.DO_Type IN (1, 2)"
        " AND l.AR_Ref = %s AND l.DL_Qte > 0 ORDER BY l.DL_Ligne",
        [reference, asked.article],
    )
    open_units = int(sum(line["dl_qte"] for line in lines))
    if asked.quantite > open_units:
        code = "deja_expedie" if reference in warehouse.sales else "inconnue"
        raise Refusal(
            code, f"{open_units} units of {asked.article} can still be cancelled, not {asked.quantite}"
        )
    left = asked.quantite
    gone = Decimal(0)
    for line in lines:
        units = min(left, int(line["dl_qte"]))
        if units:
            gone += _reduce(base, line, units)
            _reduce_components(base, line, units)
            left -= units
    sale = warehouse.sales[reference]
    warehouse.sales[reference] = msgspec.structs.replace(sale, cancelled=sale.cancelled + gone)
    _close_empty(base, reference)
    base.world.record(
        "erp_order_cancelled", base.key, order_id=reference, sku=asked.article, quantity=asked.quantite
    )


def _reduce(base: Base, line: dict[str, Any], units: int) -> Decimal:
    """The amount that the line loses."""
    left = line["dl_qte"] - units
    ht, ttc = amounts(line["dl_puttc"], left, line["dl_taxe1"])
    base.run(
        "UPDATE F_DOCLIGNE SET DL_Qte = %s, DL_MontantHT = %s, DL_MontantTTC = %s, cbModification = %s"
        " WHERE cbMarq = %s",
        [left, ht, ttc, base.minute(), line["cbmarq"]],
    )
    if not line["dl_nonlivre"]:
        column = "AS_QteRes" if line["do_type"] == 1 else "AS_QtePrepa"
        base.run(
            f"UPDATE F_ARTSTOCK SET {column} = {column} - %s, cbModification = %s WHERE AR_Ref = %s AND DE_No = %s",  # noqa: S608
            [units, base.minute(), line["ar_ref"], DEPOT],
        )
    refresh_totals(base, line["do_type"], line["do_piece"])
    return Decimal(line["dl_montantttc"] - ttc)


def _reduce_components(base: Base, line: dict[str, Any], units: int) -> None:
    """Of a kit: as many of each of its parts."""
    parts = base.rows(
        "SELECT l.*, n.NO_Qte FROM F_DOCLIGNE l JOIN F_NOMENCLAT n ON n.AR_Ref = l.AR_RefCompose"
        " AND n.NO_RefDet = l.AR_Ref WHERE l.DO_Domaine = 0 AND l.DO_Type = %s AND l.DO_Piece = %s"
        " AND l.AR_RefCompose = %s",
        [line["do_type"], line["do_piece"], line["ar_ref"]],
    )
    for part in parts:
        _reduce(base, part, units * int(part["no_qte"]))


def _close_empty(base: Base, reference: str) -> None:
    """A document of which nothing is left to leave is closed."""
    base.run(
        "UPDATE F_DOCENTETE e SET DO_Cloture = 1, cbModification = %s WHERE DO_Domaine = 0 AND DO_NoWeb = %s"
        " AND DO_Type IN (1, 2) AND NOT EXISTS (SELECT FROM F_DOCLIGNE l WHERE l.DO_Domaine = 0"
        " AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece AND l.DL_Qte > 0 AND l.DL_NonLivre = 0)",
        [base.minute(), reference],
    )


def find_credit(base: Base, identity: str) -> str | None:
    found = base.row(
        "SELECT DO_Piece FROM F_DOCENTETE WHERE DO_Domaine = 0 AND DO_Type IN (6, 7) AND DO_Provenance = 2"
        " AND DO_NoWeb = %s",
        [identity],
    )
    return None if found is None else str(found["do_piece"])


def credit(base: Base, warehouse: Warehouse, asked: AskedCredit) -> str:
    """A credit note (DO_Type 6, provenance 2) with negative amounts. Raises Refusal. Call inside `work()`."""
    if asked.commande not in warehouse.sales:
        raise Refusal("commande", f"no order {asked.commande!r}")
    line = base.row(
        "SELECT l.DL_Taxe1, l.DL_CodeTaxe1, l.CT_Num FROM F_DOCLIGNE l JOIN F_DOCENTETE e"
        " ON e.DO_Domaine = l.DO_Domaine AND e.DO_Type = l.DO_Type AND e.DO_Piece = l.DO_Piece"
        " WHERE e.DO_Domaine = 0 AND e.DO_NoWeb = %s AND l.AR_Ref = %s",
        [asked.commande, asked.article],
    )
    if line is None:
        raise Refusal("article", f"{asked.commande} has no article {asked.article}")
    units = max(asked.quantite, 1)
    ht, ttc = amounts(asked.montantTtc, 1, line["dl_taxe1"])
    piece, now, client = next_piece(base, 6), base.local(), line["ct_num"]
    more = {"DO_TotalTTC": -ttc, "DO_NetAPayer": -ttc} if base.has_external_reference else {}
    base.insert("F_DOCENTETE", DO_Domaine=0, DO_Type=6, DO_Piece=piece, DO_Date=now.date(), DO_Heure=hour(now),
                DO_Tiers=client, DE_No=DEPOT, DO_Statut=2, DO_Cloture=0, DO_NoWeb=asked.idExterne,
                DO_Ref=asked.commande, DO_Provenance=2, DO_TotalHT=-ht, **more)  # fmt: skip
    base.insert(
        "F_DOCLIGNE", DO_Domaine=0, DO_Type=6, CT_Num=client, DO_Piece=piece, DO_Date=now.date(), DL_Ligne=10000,
        DO_Ref=asked.commande, AR_Ref=asked.article, DL_Qte=-units, DL_PieceBC="", DL_PieceBL="", DL_PiecePL="",
        DL_PUTTC=ttc / units, DL_TTC=1, DL_Taxe1=line["dl_taxe1"], DL_CodeTaxe1=line["dl_codetaxe1"], DE_No=DEPOT,
        DL_MontantHT=-ht, DL_MontantTTC=-ttc, DL_NonLivre=1, PF_Num="",
    )  # fmt: skip
    base.world.record("erp_refund_created", base.key, order_id=asked.commande, sku=asked.article,
                      quantity=asked.quantite, amount=asked.montantTtc)  # fmt: skip
    if asked.quantite:
        back = base.world.now() + timedelta(hours=base.settings.return_after_hours)
        base.world.set_timer(back, base.key, "return", reference=asked.commande, sku=asked.article,
                             quantity=asked.quantite)  # fmt: skip
    return piece
