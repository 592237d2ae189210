"""How this X3 behaves, and what its folder has published. Durations are in virtual time."""

from __future__ import annotations

import msgspec


class X3Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    endpoint: str = "SEED"
    pool: str = "COMPTOIR"
    auth: str = "jwt"
    """What its hub is told to use; the server takes both."""
    user: str = "COMPT"
    password: str = "x3-basic-password"  # noqa: S105 - of a simulated server
    client_id: str = "6f0a1f2e-comptoir"
    client_secret: str = "x3-secret-of-the-connected-application"  # noqa: S105
    result_format: str = "XML"
    sales_site: str = "FR011"
    stock_site: str = "FR012"
    customer: str = "MKDIVERS"
    order_type: str = "SON"
    """Numbered by X3's own counter."""
    manual_type: str = "SWB"
    """Numbered by whoever writes the order."""
    own_numbers: bool = False
    """Whether its hub is told to number orders itself."""
    customer_mode: str = "generic"
    credit_type: str = "AVC"
    most_rows: int = 500
    """Of one page of a list, whatever is asked for."""
    prepare_min_minutes: int = 20
    prepare_max_minutes: int = 240
    invoice_after_hours: int = 10
    split_rate: float = 0.08  # part of the orders of which a remainder leaves later
    restock_on_short: bool = True
    restock_after_hours: int = 24
    return_after_hours: int = 48
    credit_rate: float = 0.05  # part of the invoices of which an article is credited without being asked
    credit_after_hours: int = 6
    carriers: tuple[str, ...] = ("COLISSIMO", "CHRONOPOST", "MONDIAL RELAY", "DPD")
