"""The company file as it is delivered: accounts, taxes, depots, carriers, and the merchant's articles."""

from __future__ import annotations

from decimal import Decimal

from bazaar.sage.base import DEPOT, Base
from bazaar.world.facts import Product

SERVICES = {"PORT": "Frais de port", "REMISE": "Remise commerciale", "ARRONDI": "Arrondi"}
TAXES = {"20": ("C20", "445712"), "10": ("C10", "445711"), "5.5": ("C05", "445710"), "2.1": ("C02", "445713")}
COUNTERS = {1: "BC00000", 2: "PL00000", 3: "BL00000", 4: "BR00000", 5: "BA00000", 6: "FA00000"}
PURCHASES = {2: "FBC0000", 3: "FBR0000"}


def seed(base: Base) -> None:
    """Harmless twice."""
    if base.row("SELECT 1 AS there FROM F_DEPOT"):
        return
    settings = base.settings
    with base.work():
        base.insert("F_DEPOT", DE_No=DEPOT, DE_Intitule="Depot principal", DE_Principal=1, DE_Code="MAIN",
                    DE_Exclure=0)  # fmt: skip
        base.insert("P_CATCOMPTA", CA_ComptaVen01="Ventes France", CA_ComptaVen02="Ventes export")
        base.insert("P_SOUCHEVENTE", S_Intitule="Vente", S_Valide=1, JO_Num="VTE")
        for carrier in settings.carriers:
            base.insert("P_EXPEDITION", E_Intitule=carrier)
        for number, (rate, (code, account)) in enumerate(TAXES.items(), start=1):
            base.insert("F_TAXE", TA_Intitule=f"TVA collectee {rate} %", TA_TTaux=0, TA_Taux=Decimal(rate),
                        TA_Type=0, CG_Num=account, TA_No=number, TA_Code=code, TA_Sens=1)  # fmt: skip
        for domain, counters in ((0, COUNTERS), (1, PURCHASES)):
            for column, piece in counters.items():
                base.insert(
                    "F_DOCCURRENTPIECE", DC_Domaine=domain, DC_IdCol=column, DC_Souche=0, DC_Piece=piece
                )
        base.insert("F_COMPTET", CT_Num=settings.client, CT_Intitule="Clients places de marche", CT_Type=0,
                    CG_NumPrinc="411000", N_CatTarif=1, N_CatCompta=1, CT_Sommeil=0)  # fmt: skip
        _family(base, "SERVICES", Decimal(20))
        for reference, words in SERVICES.items():
            base.insert("F_ARTICLE", AR_Ref=reference, AR_Design=words, FA_CodeFamille="SERVICES", AR_SuiviStock=0,
                        AR_Sommeil=0, AR_Gamme1=0, AR_Gamme2=0, AR_Publie=0)  # fmt: skip


def take_in_products(base: Base) -> list[Product]:
    """The articles of the world that the file does not have yet."""
    known = {row["ar_ref"] for row in base.rows("SELECT AR_Ref FROM F_ARTICLE")}
    fresh = [product for sku, product in base.world.products.items() if sku not in known]
    with base.work():
        for product in fresh:
            _article(base, product)
    return fresh


def _article(base: Base, product: Product) -> None:
    family = product.family.upper()[:11]
    if not base.row("SELECT 1 AS there FROM F_FAMILLE WHERE FA_CodeFamille = %s", [family]):
        _family(base, family, product.vat_rate)
    base.insert(
        "F_ARTICLE", AR_Ref=product.sku, AR_Design=product.title[:69], FA_CodeFamille=family, AR_UnitePoids=3,
        AR_PoidsNet=product.weight_g, AR_PoidsBrut=product.weight_g, AR_PrixAch=product.purchase_price,
        AR_PrixVen=product.list_price, AR_PrixTTC=1, AR_Gamme1=0, AR_Gamme2=0, AR_SuiviStock=2, AR_Nomencl=0,
        AR_Sommeil=0, AR_CodeBarre=product.ean, AR_CoutStd=product.purchase_price, AR_Publie=1,
    )  # fmt: skip
    base.insert("F_ARTCOMPTA", AR_Ref=product.sku, ACP_Type=0, ACP_Champ=1, ACP_ComptaCPT_CompteG="707100",
                ACP_ComptaCPT_Taxe1=tax_code(product.vat_rate))  # fmt: skip
    supplier = _supplier(base, product.supplier)
    base.insert("F_ARTFOURNISS", AR_Ref=product.sku, CT_Num=supplier, AF_PrixAch=product.purchase_price, AF_Remise=0,
                AF_DelaiAppro=5, AF_Colisage=1, AF_QteMini=1, AF_Principal=1)  # fmt: skip
    stock = product.initial_stock
    base.insert(
        "F_ARTSTOCK", AR_Ref=product.sku, DE_No=DEPOT, AS_QteMini=0, AS_QteMaxi=0,
        AS_MontSto=stock * product.purchase_price, AS_QteSto=stock, AS_QteRes=0, AS_QteCom=0, AS_Principal=1,
        AS_QtePrepa=0, AS_QteAControler=0,
    )  # fmt: skip
    if stock:
        base.world.record("stock_moved", base.key, sku=product.sku, quantity=stock, why="opening")


def tax_code(rate: Decimal) -> str:
    return TAXES.get(f"{rate.normalize():f}", TAXES["20"])[0]


def _family(base: Base, code: str, rate: Decimal) -> None:
    base.insert("F_FAMILLE", FA_CodeFamille=code, FA_Type=0, FA_Intitule=code.capitalize(), FA_SuiviStock=2)
    base.insert("F_FAMCOMPTA", FA_CodeFamille=code, FCP_Type=0, FCP_Champ=1, FCP_ComptaCPT_CompteG="707000",
                FCP_ComptaCPT_Taxe1=tax_code(rate))  # fmt: skip


def _supplier(base: Base, name: str) -> str:
    found = base.row("SELECT CT_Num FROM F_COMPTET WHERE CT_Type = 1 AND CT_Intitule = %s", [name[:35]])
    if found:
        return str(found["ct_num"])
    count = base.rows("SELECT count(*) AS known FROM F_COMPTET WHERE CT_Type = 1")[0]["known"]
    number = f"FRN{count + 1:05d}"
    base.insert(
        "F_COMPTET", CT_Num=number, CT_Intitule=name[:35], CT_Type=1, CG_NumPrinc="401000", CT_Sommeil=0
    )
    return number
