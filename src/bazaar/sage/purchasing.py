"""Orders to suppliers through the pont: made once per idExterne, received on this Sage's own clock."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec

from bazaar.sage.base import DEPOT, Base
from bazaar.sage.numbering import next_piece
from bazaar.sage.orders import CENT, REFERENCE_LENGTH, Refusal, hour
from bazaar.sage.warehouse import Warehouse

ORDER, RECEIPT = 12, 13


class AskedPurchaseLine(msgspec.Struct, frozen=True, kw_only=True):
    article: str
    quantite: int
    puHt: Decimal  # noqa: N815 - the contract's name
    gamme1: str = ""
    gamme2: str = ""
    refFournisseur: str = ""  # noqa: N815
    designation: str = ""


class AskedPurchase(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /v1/achats/commandes`"""

    idExterne: str  # noqa: N815
    fournisseur: str
    date: str
    lignes: tuple[AskedPurchaseLine, ...]
    reference: str = ""
    dateLivraison: str = ""  # noqa: N815
    depot: str = ""
    commentaire: str = ""


def find_purchase(base: Base, reference: str) -> str | None:
    found = base.row(
        "SELECT l.DO_Type, l.DO_Piece, l.DL_PieceBC FROM F_DOCLIGNE l WHERE l.DO_Domaine = 1 AND l.DO_Ref = %s"
        " ORDER BY l.cbMarq",
        [reference],
    )
    return None if found is None else str(found["dl_piecebc"] or found["do_piece"])


def create_purchase(base: Base, warehouse: Warehouse, asked: AskedPurchase) -> str:
    """The piece of a new order. Raises Refusal. Call inside `work()`, once `find_purchase` found nothing."""
    if not 0 < len(asked.idExterne) <= REFERENCE_LENGTH or not asked.lignes:
        raise Refusal("idExterne", "an idExterne of 1 to 17 characters, and lines")
    supplier = base.row(
        "SELECT CT_Sommeil FROM F_COMPTET WHERE CT_Num = %s AND CT_Type = 1", [asked.fournisseur]
    )
    if supplier is None or supplier["ct_sommeil"]:
        raise Refusal("fournisseur", f"no active supplier {asked.fournisseur!r}")
    for line in asked.lignes:
        if (
            not base.row("SELECT 1 AS there FROM F_ARTICLE WHERE AR_Ref = %s", [line.article])
            or line.quantite < 1
        ):
            raise Refusal("article", f"{line.quantite} x {line.article!r} cannot be ordered")
    piece, now = next_piece(base, ORDER), base.local()
    base.insert("F_DOCENTETE", DO_Domaine=1, DO_Type=ORDER, DO_Piece=piece, DO_Date=now.date(), DO_Heure=hour(now),
                DO_Tiers=asked.fournisseur, DE_No=DEPOT, DO_Statut=2, DO_Cloture=0, DO_NoWeb=asked.idExterne,
                DO_Ref=asked.reference[:17], DO_Provenance=0)  # fmt: skip
    for place, line in enumerate(asked.lignes, start=1):
        total = (line.puHt * line.quantite).quantize(CENT)
        base.insert("F_DOCLIGNE", DO_Domaine=1, DO_Type=ORDER, CT_Num=asked.fournisseur, DO_Piece=piece,
                    DO_Date=now.date(), DL_Ligne=place * 10000, DO_Ref=asked.idExterne, AR_Ref=line.article,
                    DL_Qte=line.quantite, DL_PieceBC="", DL_PieceBL="", DL_PiecePL="", DE_No=DEPOT, AG_No1=0, AG_No2=0,
                    DL_PrixUnitaire=line.puHt, DL_MontantHT=total, DL_MontantTTC=total, DL_NonLivre=0,
                    PF_Num="")  # fmt: skip
        warehouse.expect(line.article, line.quantite)
    return piece


def plan_receipts(base: Base, reference: str) -> None:
    """Half of it after some hours, the rest later."""
    for part, hours in ((0.5, base.settings.supplier_hours), (1.0, base.settings.supplier_hours * 2)):
        later = base.world.now() + timedelta(hours=hours)
        base.world.set_timer(later, base.key, "receive", reference=reference, part=part)


def receive(base: Base, warehouse: Warehouse, reference: str, part: float) -> None:
    """What arrives becomes a receipt (DO_Type 13); what is still to come stays with the order."""
    with base.work():
        lines = base.rows(
            "SELECT * FROM F_DOCLIGNE WHERE DO_Domaine = 1 AND DO_Type = %s AND DO_Ref = %s AND DL_Qte > 0"
            " ORDER BY cbMarq",
            [ORDER, reference],
        )
        arriving = [(line, int(line["dl_qte"] * Decimal(str(part)))) for line in lines]
        if not any(units for _, units in arriving):
            return
        order, receipt, now = lines[0]["do_piece"], next_piece(base, RECEIPT), base.local()
        head = base.row("SELECT * FROM F_DOCENTETE WHERE DO_Domaine = 1 AND DO_Type = %s AND DO_Piece = %s",
                        [ORDER, order])  # fmt: skip
        assert head is not None
        copied = {name: value for name, value in head.items() if name not in ("cbmarq", "cbmodification")}
        base.insert(
            "F_DOCENTETE", **(copied | {"do_type": RECEIPT, "do_piece": receipt, "do_date": now.date()})
        )
        for line, units in arriving:
            if units:
                _move(base, warehouse, line, units, receipt, reference)
        base.run("UPDATE F_DOCENTETE SET DO_Cloture = 1, cbModification = %s WHERE DO_Domaine = 1 AND DO_Type = %s"
                 " AND DO_Piece = %s AND NOT EXISTS (SELECT FROM F_DOCLIGNE WHERE DO_Domaine = 1 AND DO_Type = %s"
                 " AND DO_Piece = %s AND DL_Qte > 0)", [base.minute(), ORDER, order, ORDER, order])  # fmt: skip


def _move(
    base: Base, warehouse: Warehouse, line: dict[str, Any], units: int, receipt: str, reference: str
) -> None:
    rest = line["dl_qte"] - units
    if rest:
        left = {name: value for name, value in line.items() if name not in ("cbmarq", "cbmodification")}
        base.insert("F_DOCLIGNE", **(left | {"dl_qte": rest}))
    base.run("UPDATE F_DOCLIGNE SET DO_Type = %s, DO_Piece = %s, DL_PieceBC = %s, DL_Qte = %s, cbModification = %s"
             " WHERE cbMarq = %s",
             [RECEIPT, receipt, line["do_piece"], units, base.minute(), line["cbmarq"]])  # fmt: skip
    warehouse.expect(line["ar_ref"], -units)
    warehouse.add_stock(line["ar_ref"], units, "receipt", reference)
