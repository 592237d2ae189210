"""Money and its papers: settlements, documents of the ERP, orders to suppliers, accounting entries."""

from comptoir.finance.models.documents import CreditNoteRule, ErpDocument
from comptoir.finance.models.journals import (
    AccountingEntry,
    AccountingRow,
    AccountMap,
    JournalDelivery,
    PostedSettlement,
)
from comptoir.finance.models.purchases import PurchaseDelivery, PurchaseLine, PurchaseOrder
from comptoir.finance.models.reconciliations import ErpDay, ErpGap
from comptoir.finance.models.settlements import SettlementEntry

__all__ = [
    "AccountMap",
    "AccountingEntry",
    "AccountingRow",
    "CreditNoteRule",
    "ErpDay",
    "ErpDocument",
    "ErpGap",
    "JournalDelivery",
    "PostedSettlement",
    "PurchaseDelivery",
    "PurchaseLine",
    "PurchaseOrder",
    "SettlementEntry",
]
