from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from comptoir.sdk.accounting import AccountingLine

DAY = date(2026, 11, 23)


def posting(
    account: str, name: str, /, debit: str = "0", credit: str = "0", **changes: Any
) -> AccountingLine:
    values: dict[str, Any] = {
        "journal": "VF",
        "journal_label": "Ventes Fnac",
        "entry": "1",
        "entry_date": DAY,
        "account": account,
        "account_label": name,
        "piece": "F-2026-001",
        "piece_date": date(2026, 11, 22),
        "label": "Commande C-000001",
        "debit": Decimal(debit),
        "credit": Decimal(credit),
        "validated_on": DAY,
    }
    return AccountingLine(**values | changes)


def sale(entry: str = "1", **changes: Any) -> list[AccountingLine]:
    """120 € of an order: its customer, the goods, the VAT."""
    own: dict[str, Any] = {"entry": entry} | changes
    third = {"auxiliary": "FNAC", "auxiliary_label": "Clients de la Fnac", "due_on": date(2026, 12, 5)}
    return [
        posting("411000", "Clients", debit="120.00", **own | third),
        posting("707000", "Ventes de marchandises", credit="100", **own),
        posting("445710", "TVA collectée", credit="20.0", **own),
    ]
