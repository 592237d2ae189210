"""Where each thing stands in this X3: published groups and fields, REST classes and columns. Editable.

Every folder publishes its own objects and representations, so nothing of this is certain: these are the standard
names, as the README sources them. A merchant writes `items.title=YDES, order.external=SOH0_1.YREFEXT` over them;
a name with nothing after `=` is neither read nor written. The connection test reads the descriptions and names what
is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

OBJECTS: Final[Mapping[str, str]] = {
    # sales order: GROUP.FIELD of the published object SOH
    "order.number": "SOH0_1.SOHNUM",
    "order.site": "SOH0_1.SALFCY",
    "order.type": "SOH0_1.SOHTYP",
    "order.date": "SOH0_1.ORDDAT",
    "order.customer": "SOH0_1.BPCORD",
    "order.currency": "SOH0_1.CUR",
    "order.reference": "SOH0_1.CUSORDREF",
    "order.external": "",
    "order.channel": "",
    "order.price_type": "SOH1_4.PRITYP",
    "order.state": "SOH1_5.ORDSTA",
    "order.stock_site": "SOH2_1.STOFCY",
    "order.ship_name": "ADB2_1.BPRNAM",
    "order.ship_street": "ADB2_1.BPAADDLIG",
    "order.ship_postcode": "ADB2_1.POSCOD",
    "order.ship_city": "ADB2_1.CTY",
    "order.ship_country": "ADB2_1.CRY",
    "order.ship_phone": "",
    "order.ship_email": "",
    "line.number": "SOH4_1.NUMLIG",
    "line.article": "SOH4_1.ITMREF",
    "line.title": "SOH4_1.ITMDES",
    "line.quantity": "SOH4_1.QTY",
    "line.price": "SOH4_1.GROPRI",
    "line.site": "SOH4_1.DSTOFCY",
    "line.delivered": "SOH4_1.DLVQTY",
    "line.state": "SOH4_1.SOQSTA",
    # customer: BPC
    "customer.number": "BPC0_1.BPCNUM",
    "customer.name": "BPC0_1.BPCNAM",
    "customer.category": "BPC0_1.BCGCOD",
    "customer.active": "BPC0_1.BPCSTA",
    "customer.full_name": "BPRC_1.BPRNAM",
    "customer.country": "BPRC_1.CRY",
    "customer.language": "BPRC_1.LAN",
    "customer.currency": "BPRC_1.CUR",
    "customer.tax_rule": "BPC3_2.VACBPR",
    "address.code": "BPAC_1.CODADR",
    "address.title": "BPAC_1.BPADES",
    "address.country": "BPAC_1.BPACRY",
    "address.line_1": "BPAC_1.ADDLIG1",
    "address.line_2": "BPAC_1.ADDLIG2",
    "address.postcode": "BPAC_1.POSCOD",
    "address.city": "BPAC_1.CTY",
    "address.phone": "BPAC_1.TEL1",
    "address.default": "BPAC_1.BPAADDFLG",
    # credit note: SIH
    "credit.number": "SIH0_1.NUM",
    "credit.site": "SIH0_1.SALFCY",
    "credit.type": "SIH0_1.SIVTYP",
    "credit.reference": "SIH0_1.INVREF",
    "credit.date": "SIH0_1.INVDAT",
    "credit.customer": "SIH0_1.BPCINV",
    "credit.currency": "SIH0_1.CUR",
    "credit.price_type": "SIH1_6.PRITYP",
    "credit.order": "",
    "credit_line.article": "SIH4_1.ITMREF",
    "credit_line.title": "SIH4_1.ITMDES1",
    "credit_line.quantity": "SIH4_1.QTY",
    "credit_line.price": "SIH4_1.GROPRI",
    "credit_line.order": "",
    # order to a supplier: POH
    "purchase.number": "POH0_1.POHNUM",
    "purchase.site": "POH0_1.POHFCY",
    "purchase.date": "POH0_1.ORDDAT",
    "purchase.supplier": "POH0_1.BPSNUM",
    "purchase.reference": "POH0_1.ORDREF",
    "purchase.currency": "POH1_4.CUR",
    "purchase_line.article": "POH3_1.ITMREF",
    "purchase_line.quantity": "POH3_1.QTYPUU",
    "purchase_line.price": "POH3_1.GROPRI",
    "purchase_line.expected": "POH3_1.EXTRCPDAT",
    # sub-program of the available stock
    "program.ask_site": "GRP1.I_STOFCY",
    "program.sku": "GRP2.O_ITMREF",
    "program.site": "GRP2.O_STOFCY",
    "program.available": "GRP2.O_AVAILABLE",
}
LISTS: Final[Mapping[str, str]] = {
    "list.items": "ITMMASTER",
    "list.prices": "ITMSALES",
    "list.suppliers": "ITMBPS",
    "list.stock": "ITMMVT",
    "list.allocations": "STOCK",
    "list.movements": "STOJOU",
    "list.orders": "SORDER",
    "list.order_lines": "SORDERQ",
    "list.deliveries": "SDELIVERY",
    "list.delivery_lines": "SDELIVERYD",
    "list.invoices": "SINVOICE",
    "list.invoice_lines": "SINVOICED",
    "list.customers": "BPCUSTOMER",
    "list.purchases": "PORDER",
    "list.purchase_lines": "PORDERQ",
    "items.sku": "ITMREF",
    "items.title": "ITMDES1",
    "items.ean": "EANCOD",
    "items.status": "ITMSTA",
    "items.family": "TCLCOD",
    "items.tax_level": "VACITM",
    "items.weight": "ITMWEI",
    "items.weight_unit": "WEU",
    "items.changed": "UPDDAT",
    "prices.sku": "ITMREF",
    "prices.price": "BASPRI",
    "suppliers.sku": "ITMREF",
    "suppliers.supplier": "BPSNUM",
    "suppliers.priority": "PIO",
    "stock.sku": "ITMREF",
    "stock.site": "STOFCY",
    "stock.physical": "PHYSTO",
    "stock.incoming": "ORDSTO",
    "stock.cost": "AVC",
    "stock.changed": "UPDDAT",
    "allocations.sku": "ITMREF",
    "allocations.site": "STOFCY",
    "allocations.row": "STOCOU",
    "allocations.quantity": "CUMALLQTY",
    "movements.voucher_type": "VCRTYP",
    "movements.voucher": "VCRNUM",
    "movements.line": "VCRLIN",
    "movements.row": "MVTSEQ",
    "movements.sku": "ITMREF",
    "movements.site": "STOFCY",
    "movements.quantity": "QTYSTU",
    "movements.at": "CREDATTIM",
    "orders.number": "SOHNUM",
    "orders.reference": "CUSORDREF",
    "orders.date": "ORDDAT",
    "orders.state": "ORDSTA",
    "orders.delivery_state": "DLVSTA",
    "orders.allocation_state": "ALLSTA",
    "orders.invoice_state": "INVSTA",
    "orders.total": "ORDINVATI",
    "orders.changed": "UPDDAT",
    "orders.changed_at": "UPDDATTIM",
    "order_lines.number": "SOHNUM",
    "order_lines.line": "SOPLIN",
    "order_lines.sku": "ITMREF",
    "order_lines.site": "STOFCY",
    "order_lines.allocated": "ALLQTYSTU",
    "order_lines.state": "SOQSTA",
    "deliveries.number": "SDHNUM",
    "deliveries.carrier": "BPTNUM",
    "deliveries.tracking": "BOLNUM",
    "delivery_lines.number": "SDHNUM",
    "delivery_lines.line": "SDDLIN",
    "delivery_lines.order": "SOHNUM",
    "invoices.number": "NUM",
    "invoices.category": "INVTYP",
    "invoices.reference": "INVREF",
    "invoices.customer": "BPR",
    "invoices.date": "INVDAT",
    "invoices.currency": "CUR",
    "invoices.total": "AMTATI",
    "invoices.net": "AMTNOT",
    "invoices.order": "",
    "invoices.changed": "UPDDAT",
    "invoice_lines.number": "NUM",
    "invoice_lines.line": "SIDLIN",
    "invoice_lines.order": "SOHNUM",
    "invoice_lines.delivery": "SDHNUM",
    "invoice_lines.sku": "ITMREF",
    "invoice_lines.quantity": "QTY",
    "invoice_lines.amount": "AMTATILIN",
    "customers.number": "BPCNUM",
    "purchases.number": "POHNUM",
    "purchases.reference": "ORDREF",
    "purchases.closed": "CLEFLG",
    "purchases.changed": "UPDDAT",
    "purchases.changed_at": "UPDDATTIM",
    "purchase_lines.number": "POHNUM",
    "purchase_lines.line": "POPLIN",
    "purchase_lines.sku": "ITMREF",
    "purchase_lines.quantity": "QTYSTU",
    "purchase_lines.received": "RCPQTYSTU",
}
VALUES: Final[Mapping[str, str]] = {
    # local menus
    "value.active_item": "1",
    "value.price_with_tax": "2",
    "value.delivery_voucher": "4",
    "value.line_closed": "3",
    "value.order_closed": "2",
    "value.customer_active": "2",
    "value.purchase_closed": "2",
    "value.invoice": "1",
    "value.credit_note": "2",
}
DEFAULTS: Final[Mapping[str, str]] = {**OBJECTS, **LISTS, **VALUES}


class Mapped:
    """The standard names under a merchant's own."""

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self._names = {**DEFAULTS, **overrides}

    def __getitem__(self, name: str) -> str:
        return self._names[name]

    def place(self, name: str) -> tuple[str, str]:
        """`(group or table, field)` in a published object; two empty strings where it is not published."""
        group, _, field = self._names[name].partition(".")
        return group, field

    def columns(self, listed: str) -> dict[str, str]:
        """`{our word: its column}` of a list, without what is not published."""
        prefix = f"{listed}."
        return {
            name.removeprefix(prefix): column
            for name, column in self._names.items()
            if name.startswith(prefix) and column
        }

    def places(self, *prefixes: str) -> Iterator[tuple[str, str]]:
        """`(our word, GROUP.FIELD)` of everything that is written or read in these parts of an object."""
        for name in OBJECTS:
            if name.startswith(prefixes) and self._names[name]:
                yield name, self._names[name]


def parse_overrides(text: str) -> dict[str, str]:
    """`{our word: name}` of `a=b, c=d`; ValueError names what cannot be read or is no word of ours."""
    found = {}
    for part in filter(None, (piece.strip() for piece in text.replace("\n", ",").split(","))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or name not in DEFAULTS:
            raise ValueError(part)
        if name in OBJECTS and value and not all(value.partition(".")):
            raise ValueError(part)
        found[name] = value
    return found
