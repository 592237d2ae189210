"""The lists that an operator sets up once: reasons, carriers, shipping types, states, fields, documents.

Codes and labels are ours, in the shapes of the specification; codes 1, 10, 15, 26, 33, 34 and the state
11 carry the meaning that the specification's own examples give them.
"""

from __future__ import annotations

from typing import Final

REASONS: Final = (
    ("1", "INCIDENT_OPEN", "Item not received", False),
    ("2", "INCIDENT_OPEN", "Item damaged", False),
    ("8", "INCIDENT_CLOSE", "Problem solved", True),
    ("10", "INCIDENT_CLOSE", "Replacement item received", False),
    ("15", "REFUND", "Out of stock", True),
    ("16", "REFUND", "Item returned", True),
    ("17", "REFUND", "Item not received", True),
    ("18", "REFUND", "Goodwill gesture", True),
    ("34", "CANCELATION", "Cancelled by the client prior to shipping", True),
    ("35", "CANCELATION", "Out of stock", True),
    ("36", "CANCELATION", "Delivery impossible", True),
    ("26", "ORDER_MESSAGING", "Other question", True),
    ("27", "ORDER_MESSAGING", "Where is my order", True),
    ("33", "OFFER_MESSAGING", "Other question", True),
    ("MMP_SELLER_MESSAGING_ONBOARDING", "MMP_SELLER_MESSAGING", "Onboarding", True),
    ("R1", "RETURN", "No longer wanted", False),
    ("R2", "RETURN", "Item defective", False),
)

OFFER_STATES: Final = (
    ("1", "Used - Like New"),
    ("2", "Used - Very Good"),
    ("3", "Used - Good"),
    ("4", "Used - Acceptable"),
    ("10", "Refurbished"),
    ("11", "New"),
)

# code, label, standard code, tracking address
CARRIERS: Final = (
    ("COLISSIMO", "Colissimo", "COLISSIMO", "https://tracking.example/colissimo?code={trackingId}"),
    ("CHRONOPOST", "Chronopost", "CHRONOPOST", "https://tracking.example/chronopost?code={trackingId}"),
    (
        "MONDIALRELAY",
        "Mondial Relay",
        "MONDIAL_RELAY",
        "https://tracking.example/mondialrelay?code={trackingId}",
    ),
    ("DPD", "DPD", "DPD", "https://tracking.example/dpd?code={trackingId}"),
    ("GLS", "GLS", "GLS", "https://tracking.example/gls?code={trackingId}"),
    ("DHL", "DHL", "DHL", "https://tracking.example/dhl?code={trackingId}"),
    ("UPS", "UPS", "UPS", "https://tracking.example/ups?code={trackingId}"),
)

LOGISTIC_CLASSES: Final = (("S", "Small"), ("M", "Medium"), ("L", "Large"), ("FREE", "Free Shipping"))
ZONES: Final = (("DOM1", "Domestic 1"), ("INT1", "International 1"))
STANDARD: Final = ("STD", "Standard", "CU_ADD-STD")
EXPRESS: Final = ("EXP", "Express", "CU_ADD-EXP")

# code, entity, label, type
ADDITIONAL_FIELDS: Final = (
    ("ecotax", "OFFER", "Eco tax", "NUMERIC"),
    ("gift-wrap", "OFFER", "Gift wrap", "BOOLEAN"),
    ("warehouse-note", "ORDER", "Warehouse note", "STRING"),
    ("gift-message", "ORDER_LINE", "Gift message", "STRING"),
    ("customer-care-phone", "SHOP", "Customer care phone number", "STRING"),
)

# code, entity, label; the types of an order document that a shop may upload are those without SYSTEM_
DOCUMENT_TYPES: Final = (
    ("SYSTEM_DELIVERY_BILL", "ORDER", "Delivery slip"),
    ("CUSTOMER_INVOICE", "ORDER", "Invoice"),
    ("LEGAL_DOC", "SHOP", "Legal documents"),
)
DOCUMENT_SUFFIXES: Final = frozenset(
    [
        "csv",
        "doc",
        "xls",
        "xlsx",
        "ppt",
        "pdf",
        "odt",
        "ods",
        "odp",
        "txt",
        "rtf",
        "png",
        "jpg",
        "gif",
        "zpl",
        "mov",
        "mp4",
    ]
)

VAT_CODE: Final = "VAT"


def reason_label(code: str, kind: str) -> str | None:
    """None when the code is not a reason of that kind."""
    return next((label for known, of, label, _ in REASONS if known == code and of == kind), None)


def carrier(code: str) -> tuple[str, str, str, str] | None:
    return next((one for one in CARRIERS if one[0] == code), None)


def field_type(entity: str, code: str) -> str | None:
    return next((kind for known, of, _, kind in ADDITIONAL_FIELDS if known == code and of == entity), None)
