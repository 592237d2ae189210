"""Orders in the company file: written once per external id, with their reservations."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec

from bazaar.sage.base import DEPOT, EMPTY_DATE, Base
from bazaar.sage.numbering import next_piece

CENT = Decimal("0.01")
REFERENCE_LENGTH = 17


class Refusal(Exception):  # noqa: N818
    """A business rule of Sage says no: `CanProcess` is false."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class AskedLine(msgspec.Struct, frozen=True, kw_only=True):
    article: str
    quantite: int
    puTtc: Decimal  # noqa: N815 - the contract's name
    designation: str = ""
    gamme1: str = ""
    gamme2: str = ""


class AskedAddress(msgspec.Struct, frozen=True, kw_only=True):
    nom: str = ""
    societe: str = ""
    l1: str = ""
    l2: str = ""
    cp: str = ""
    ville: str = ""
    pays: str = ""
    tel: str = ""
    mail: str = ""


class AskedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer's own account, made where it is not there, after the model of another one."""

    numero: str
    intitule: str
    modele: str
    cp: str = ""
    ville: str = ""
    pays: str = ""


class AskedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /v1/commandes`, as docs/develop/pont-openapi.yaml describes it."""

    idExterne: str  # noqa: N815
    client: str
    date: str
    lignes: tuple[AskedLine, ...]
    reference: str = ""
    referenceLongue: str = ""  # noqa: N815
    canal: str = ""
    depot: str = ""
    totalTtc: Decimal | None = None  # noqa: N815
    adresse: AskedAddress = AskedAddress()
    compteClient: AskedAccount | None = None  # noqa: N815


def find_order(base: Base, reference: str) -> str | None:
    """The order's first number, whatever documents it has become."""
    found = base.row(
        "SELECT e.DO_Type, e.DO_Piece, l.DL_PieceBC FROM F_DOCENTETE e LEFT JOIN F_DOCLIGNE l"
        " ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece"
        " WHERE e.DO_Domaine = 0 AND e.DO_NoWeb = %s AND e.DO_Provenance = 0 ORDER BY e.cbMarq",
        [reference],
    )
    if found is None:
        return None
    return str(found["do_piece"] if found["do_type"] == 1 else found["dl_piecebc"])


def create_order(base: Base, asked: AskedOrder) -> str:
    """The piece of a new order. Raises Refusal. Call inside `work()`, once `find_order` found nothing."""
    if not 0 < len(asked.idExterne) <= REFERENCE_LENGTH:
        raise Refusal("idExterne", f"idExterne has 1 to {REFERENCE_LENGTH} characters")
    if not asked.lignes:
        raise Refusal("lignes", "an order has lines")
    if asked.compteClient is not None:
        _open_account(base, asked.compteClient)
    client = _client(base, asked.client)
    articles = {line.article: _article(base, line) for line in asked.lignes}
    piece = next_piece(base, 1)
    now = base.local()
    total_ht = total_ttc = Decimal(0)
    for place, line in enumerate(asked.lignes, start=1):
        ht, ttc = _write_line(base, asked, piece, place, line, articles[line.article])
        total_ht, total_ttc = total_ht + ht, total_ttc + ttc
    if asked.totalTtc is not None and total_ttc != asked.totalTtc:
        raise Refusal("total", f"the lines make {total_ttc}, the order says {asked.totalTtc}")
    address = asked.adresse
    header: dict[str, Any] = {
        "DO_Domaine": 0, "DO_Type": 1, "DO_Piece": piece, "DO_Date": now.date(), "DO_Heure": hour(now),
        "DO_Ref": asked.reference[:17], "DO_Tiers": asked.client, "CT_NumPayeur": asked.client, "DE_No": DEPOT,
        "LI_No": _delivery_address(base, asked), "DO_Expedit": 0, "DO_Reliquat": 0, "DO_Coord01": address.nom[:25],
        "DO_Coord02": address.ville[:25], "DO_Souche": 0, "DO_Tarif": client["n_cattarif"],
        "N_CatCompta": client["n_catcompta"], "DO_Statut": 2, "DO_Cloture": 0, "DO_NoWeb": asked.idExterne,
        "DO_Provenance": 0, "DO_DateLivr": EMPTY_DATE, "DO_DateLivrRealisee": EMPTY_DATE,
        "DO_DateExpedition": EMPTY_DATE, "DO_TotalHT": total_ht,
    }  # fmt: skip
    if base.has_external_reference:
        header |= {
            "DO_RefExterne": asked.referenceLongue[:51],
            "DO_TotalTTC": total_ttc,
            "DO_NetAPayer": total_ttc,
        }
    base.insert("F_DOCENTETE", **header)
    return piece


def hour(now: Any) -> str:
    """DO_Heure: nine characters, zeros before HHMMSS."""
    return f"000{now:%H%M%S}"


def _open_account(base: Base, asked: AskedAccount) -> None:
    if base.row("SELECT 1 AS there FROM F_COMPTET WHERE CT_Num = %s", [asked.numero]):
        return
    model = base.row("SELECT * FROM F_COMPTET WHERE CT_Num = %s AND CT_Type = 0", [asked.modele])
    if model is None:
        raise Refusal("client", f"no customer {asked.modele!r} to take after")
    kept = {name: value for name, value in model.items() if name not in ("cbmarq", "cbmodification")}
    base.insert("F_COMPTET", **(kept | {
        "ct_num": asked.numero, "ct_intitule": asked.intitule[:35], "ct_codepostal": asked.cp[:9],
        "ct_ville": asked.ville[:35], "ct_pays": asked.pays[:35]}))  # fmt: skip


def anonymise(base: Base, number: str) -> bool:
    """False when there is no such customer. Documents keep their numbers and amounts."""
    found = base.run(
        "UPDATE F_COMPTET SET CT_Intitule = 'ANONYME', CT_Contact = '', CT_Adresse = '', CT_Complement = '',"
        " CT_CodePostal = '', CT_Ville = '', CT_Telephone = '', CT_EMail = '', cbModification = %s"
        " WHERE CT_Num = %s AND CT_Type = 0",
        [base.minute(), number],
    )
    base.run(
        "UPDATE F_LIVRAISON SET LI_Intitule = 'ANONYME', LI_Adresse = '', LI_Complement = '', LI_CodePostal = '',"
        " LI_Ville = '', LI_Contact = '', LI_Telephone = '', LI_EMail = '' WHERE CT_Num = %s",
        [number],
    )
    base.run(
        "UPDATE F_DOCENTETE SET DO_Coord01 = '', DO_Coord02 = '' WHERE DO_Domaine = 0 AND DO_Tiers = %s",
        [number],
    )
    return bool(found)


def _client(base: Base, number: str) -> dict[str, Any]:
    found = base.row("SELECT N_CatTarif, N_CatCompta, CT_Sommeil FROM F_COMPTET WHERE CT_Num = %s AND CT_Type = 0",
                     [number])  # fmt: skip
    if found is None or found["ct_sommeil"]:
        raise Refusal("client", f"no active customer {number!r}")
    return found


def _article(base: Base, line: AskedLine) -> dict[str, Any]:
    found = base.row(
        "SELECT a.AR_Design, a.AR_SuiviStock, a.AR_Sommeil, a.AR_Gamme1, t.TA_Code, t.TA_Taux FROM F_ARTICLE a"
        " LEFT JOIN F_ARTCOMPTA c ON c.AR_Ref = a.AR_Ref AND c.ACP_Type = 0 AND c.ACP_Champ = 1"
        " LEFT JOIN F_FAMCOMPTA f ON f.FA_CodeFamille = a.FA_CodeFamille AND f.FCP_Type = 0 AND f.FCP_Champ = 1"
        " LEFT JOIN F_TAXE t ON t.TA_Code = COALESCE(c.ACP_ComptaCPT_Taxe1, f.FCP_ComptaCPT_Taxe1)"
        " WHERE a.AR_Ref = %s",
        [line.article],
    )
    if found is None or found["ar_sommeil"]:
        raise Refusal("article", f"no active article {line.article!r}")
    if found["ar_gamme1"] and not line.gamme1:
        raise Refusal("gamme", f"{line.article} needs the value of its range")
    if line.quantite < 1:
        raise Refusal("quantite", f"{line.article}: {line.quantite} cannot be ordered")
    return found


def _write_line(
    base: Base, asked: AskedOrder, piece: str, place: int, line: AskedLine, article: dict[str, Any]
) -> tuple[Decimal, Decimal]:
    rate = article["ta_taux"] or Decimal(0)
    ht, ttc = amounts(line.puTtc, line.quantite, rate)
    now = base.local()
    base.insert(
        "F_DOCLIGNE", DO_Domaine=0, DO_Type=1, CT_Num=asked.client, DO_Piece=piece, DL_PieceBC="", DL_PieceBL="",
        DL_PiecePL="", DO_Date=now.date(), DL_DateBC=now.date(), DL_Ligne=place * 10000,
        DO_Ref=asked.reference[:17], AR_Ref=line.article, DL_Design=(line.designation or article["ar_design"])[:69],
        DL_Qte=line.quantite, DL_QteBC=line.quantite, DL_QtePL=0, DL_QteBL=0, DL_PrixUnitaire=ht / line.quantite,
        DL_Remise01REM_Valeur=0, DL_Remise01REM_Type=0, DL_Taxe1=rate, DL_CodeTaxe1=article["ta_code"] or "",
        AG_No1=0, AG_No2=0, DL_MvtStock=0, DL_TTC=1, DE_No=DEPOT, DL_PUTTC=line.puTtc, DL_MontantHT=ht,
        DL_MontantTTC=ttc, DL_NoColis="", DL_NonLivre=0 if article["ar_suivistock"] else 1, PF_Num="",
    )  # fmt: skip
    if article["ar_suivistock"]:
        base.run(
            "UPDATE F_ARTSTOCK SET AS_QteRes = AS_QteRes + %s, cbModification = %s WHERE AR_Ref = %s AND DE_No = %s",
            [line.quantite, base.minute(), line.article, DEPOT],
        )
    _write_components(base, asked, piece, place, line)
    return ht, ttc


def _write_components(base: Base, asked: AskedOrder, piece: str, place: int, line: AskedLine) -> None:
    """What a kit is made of leaves the depot: lines of their own, without a price."""
    parts = base.rows(
        "SELECT n.NO_RefDet, n.NO_Qte FROM F_NOMENCLAT n JOIN F_ARTICLE k ON k.AR_Ref = n.AR_Ref"
        " WHERE n.AR_Ref = %s AND k.AR_SuiviStock = 0",
        [line.article],
    )
    now = base.local()
    for number, part in enumerate(parts, start=1):
        units = part["no_qte"] * line.quantite
        base.insert(
            "F_DOCLIGNE", DO_Domaine=0, DO_Type=1, CT_Num=asked.client, DO_Piece=piece, DL_PieceBC="", DL_PieceBL="",
            DL_PiecePL="", DO_Date=now.date(), DL_DateBC=now.date(), DL_Ligne=place * 10000 + number,
            DO_Ref=asked.reference[:17], AR_Ref=part["no_refdet"], DL_Design="", DL_Qte=units, DL_QteBC=units,
            DL_QtePL=0, DL_QteBL=0, DL_PrixUnitaire=0, DL_Remise01REM_Valeur=0, DL_Remise01REM_Type=0, DL_Taxe1=0,
            DL_CodeTaxe1="", AG_No1=0, AG_No2=0, DL_MvtStock=0, DL_TTC=1, DE_No=DEPOT, DL_PUTTC=0, DL_MontantHT=0,
            DL_MontantTTC=0, DL_NoColis="", DL_NonLivre=0, AR_RefCompose=line.article, PF_Num="",
        )  # fmt: skip
        base.run(
            "UPDATE F_ARTSTOCK SET AS_QteRes = AS_QteRes + %s, cbModification = %s WHERE AR_Ref = %s AND DE_No = %s",
            [units, base.minute(), part["no_refdet"], DEPOT],
        )


def amounts(unit_ttc: Decimal, quantity: Decimal | int, rate: Decimal) -> tuple[Decimal, Decimal]:
    """Without and with tax, each rounded to the cent."""
    ttc = (unit_ttc * quantity).quantize(CENT, ROUND_HALF_UP)
    return (ttc / (1 + rate / 100)).quantize(CENT, ROUND_HALF_UP), ttc


def _delivery_address(base: Base, asked: AskedOrder) -> int:
    address = asked.adresse
    number = base.rows("SELECT COALESCE(max(LI_No), 0) + 1 AS next FROM F_LIVRAISON")[0]["next"]
    base.insert(
        "F_LIVRAISON", LI_No=number, CT_Num=asked.client, LI_Intitule=(address.nom or address.societe)[:35],
        LI_Adresse=address.l1[:35], LI_Complement=address.l2[:35], LI_CodePostal=address.cp[:9],
        LI_Ville=address.ville[:35], LI_Pays=address.pays[:35], LI_Contact=address.societe[:35], LI_Principal=0,
        LI_Telephone=address.tel[:21], LI_EMail=address.mail[:69],
    )  # fmt: skip
    return int(number)
