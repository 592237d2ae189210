"""Credit notes that this Sage makes by itself, on its own clock: goods that came back, a claim that was granted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bazaar.sage.base import DEPOT, Base
from bazaar.sage.numbering import next_piece
from bazaar.sage.orders import hour
from bazaar.sage.transform import FA, lines_of


def plan_credit(base: Base, piece: str) -> None:
    """Some invoices are credited some hours after they were made."""
    if base.world.rng(f"{base.key}/credits").random() < base.settings.credit_rate:
        later = base.world.now() + timedelta(hours=base.settings.credit_after_hours)
        base.world.set_timer(later, base.key, "credit", piece=piece)


def credit_invoice(base: Base, piece: str) -> None:
    """One article of the invoice, whole. An order that was credited already is left alone."""
    lines = lines_of(base, FA, piece)
    goods = [
        one for one in lines if not one["dl_nonlivre"] and not one["ar_refcompose"] and one["dl_qte"] > 0
    ]
    if not goods or _credited(base, goods[0]["do_ref"]):
        return
    with base.work():
        _write(base, goods[0])
    line = goods[0]
    base.world.record(
        "erp_refund_created", base.key, order_id=line["do_ref"], sku=line["ar_ref"], quantity=int(line["dl_qte"]),
        amount=line["dl_montantttc"].quantize(Decimal("0.01")), currency="EUR", own=True,
    )  # fmt: skip
    back = base.world.now() + timedelta(hours=base.settings.return_after_hours)
    base.world.set_timer(back, base.key, "return", reference=line["do_ref"], sku=line["ar_ref"],
                         quantity=int(line["dl_qte"]))  # fmt: skip


def _credited(base: Base, reference: str) -> bool:
    found = base.row(
        "SELECT 1 AS there FROM F_DOCLIGNE l JOIN F_DOCENTETE e ON e.DO_Domaine = l.DO_Domaine"
        " AND e.DO_Type = l.DO_Type AND e.DO_Piece = l.DO_Piece WHERE e.DO_Domaine = 0 AND e.DO_Provenance IN (1, 2)"
        " AND (l.DO_Ref = %s OR l.DL_PieceBC IN (SELECT b.DL_PieceBC FROM F_DOCLIGNE b WHERE b.DO_Ref = %s"
        " AND b.DL_PieceBC <> ''))",
        [reference, reference],
    )
    return found is not None


def _write(base: Base, line: dict[str, Any]) -> None:
    """DO_Type 6, provenance 2, negative. Every other one bears no reference: it is known by the order's number."""
    piece, now = next_piece(base, FA), base.local()
    reference = "" if int(piece[-1]) % 2 else line["do_ref"]
    ht, ttc = line["dl_montantht"], line["dl_montantttc"]
    more = {"DO_TotalTTC": -ttc, "DO_NetAPayer": -ttc} if base.has_external_reference else {}
    base.insert("F_DOCENTETE", DO_Domaine=0, DO_Type=FA, DO_Piece=piece, DO_Date=now.date(), DO_Heure=hour(now),
                DO_Tiers=line["ct_num"], DE_No=DEPOT, DO_Statut=2, DO_Cloture=0, DO_NoWeb="", DO_Ref=reference,
                DO_Provenance=2, DO_TotalHT=-ht, **more)  # fmt: skip
    base.insert(
        "F_DOCLIGNE", DO_Domaine=0, DO_Type=FA, CT_Num=line["ct_num"], DO_Piece=piece, DO_Date=now.date(),
        DL_Ligne=10000, DO_Ref=reference, AR_Ref=line["ar_ref"], DL_Qte=-line["dl_qte"],
        DL_PieceBC=line["dl_piecebc"], DL_PieceBL=line["dl_piecebl"], DL_PiecePL=line["dl_piecepl"],
        DL_DateBC=line["dl_datebc"], DL_DateBL=line["dl_datebl"], DL_PUTTC=line["dl_puttc"], DL_TTC=1,
        DL_Taxe1=line["dl_taxe1"], DL_CodeTaxe1=line["dl_codetaxe1"], DE_No=DEPOT, DL_MontantHT=-ht,
        DL_MontantTTC=-ttc, DL_NonLivre=1, PF_Num="",
    )  # fmt: skip
