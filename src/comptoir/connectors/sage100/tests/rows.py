"""Rows as the base gives them: the columns of the queries, with Sage's own values."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from comptoir.connectors.sage100.progress import NEVER

DAY = datetime(2026, 11, 23)  # noqa: DTZ001 - as Sage keeps it


def article(**changed: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "cbmarq": 1,
        "ar_ref": "MUG",
        "ar_design": "Mug en grès",
        "fa_codefamille": "TABLE",
        "ar_codebarre": "4006381333931",
        "ar_poidsnet": Decimal("0.35"),
        "ar_unitepoids": 2,
        "ar_prixach": Decimal("4.10"),
        "ar_coutstd": Decimal("4.20"),
        "ar_prixven": Decimal("12.00"),
        "ar_prixttc": 1,
        "ar_suivistock": 2,
        "ar_sommeil": 0,
        "ar_gamme1": 0,
        "ar_publie": 1,
        "cbmodification": DAY,
        "vat_rate": Decimal("20.000000"),
        "units": Decimal(10),
        "value": Decimal(43),
        "supplier_price": Decimal("5.00"),
        "supplier_discount": Decimal(10),
        "supplier": "Grès SA",
    }
    return row | changed


def line(**changed: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "header": 7,
        "do_type": 3,
        "do_piece": "BL00004",
        "do_noweb": "CO-000000001",
        "do_date": DAY,
        "do_heure": "000143015",
        "do_dateexpedition": NEVER,
        "carrier": "Mondial Relay",
        "cbmarq": 70,
        "ar_ref": "MUG",
        "ag_no1": 0,
        "dl_qte": Decimal(2),
        "dl_piecebc": "BC00012",
        "dl_piecepl": "",
        "dl_piecebl": "",
        "dl_datebl": NEVER,
        "dl_nocolis": "6A0001",
        "dl_ligne": 10000,
        "do_ref": "CO-000000001",
        "de_no": 1,
        "ar_suivistock": 2,
        "ae_ref": None,
        "do_cloture": 0,
        "do_reliquat": 0,
        "cbmodification": DAY,
    }
    return row | changed
