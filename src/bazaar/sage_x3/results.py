"""Results as X3 writes them: `<RESULT>` or JSON, whichever `requestConfig` asks for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lxml import etree

from bazaar.sage_x3.published import OBJECTS
from bazaar.sage_x3.records import Customer, Invoice, Order, Purchase

Entity = dict[str, Any]


def write_entity(name: str, entity: Entity, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(entity, ensure_ascii=False)
    root = etree.Element("RESULT")
    for own, part in entity.items():
        if isinstance(part, list):
            table = etree.SubElement(root, "TAB", {"DIM": "1002", "ID": own, "SIZE": str(len(part))})
            for number, line in enumerate(part, start=1):
                _fields(etree.SubElement(table, "LIN", {"NUM": str(number)}), OBJECTS[name][own], line)
        else:
            _fields(etree.SubElement(root, "GRP", {"ID": own}), OBJECTS[name][own], part)
    return '<?xml version="1.0" encoding="UTF-8"?>' + etree.tostring(root, encoding="unicode")


def write_list(rows: Sequence[dict[str, str]], *, as_json: bool) -> str:
    if as_json:
        return json.dumps(list(rows), ensure_ascii=False)
    root = etree.Element("RESULT", {"DIM": str(len(rows)), "SIZE": str(len(rows))})
    for number, row in enumerate(rows, start=1):
        line = etree.SubElement(root, "LIN", {"NUM": str(number)})
        for field, value in row.items():
            etree.SubElement(line, "FLD", {"NAME": field, "TYPE": "Char"}).text = value
    return '<?xml version="1.0" encoding="UTF-8"?>' + etree.tostring(root, encoding="unicode")


def _fields(parent: etree._Element, published: Any, cells: dict[str, Any]) -> None:
    for field, value in cells.items():
        kind = published[field][0] if field in published else "Char"
        if isinstance(value, list):
            listed = etree.SubElement(parent, "LST", {"NAME": field, "SIZE": str(len(value)), "TYPE": kind})
            for item in value:
                etree.SubElement(listed, "ITM").text = item
        else:
            etree.SubElement(parent, "FLD", {"NAME": field, "TYPE": kind}).text = str(value)


# --- what is shown of each object -----------------------------------------------------------------------


def order_entity(order: Order, site: str, stock_site: str) -> Entity:
    lines = [
        {"NUMLIG": line.number, "ITMREF": line.article, "ITMDES": line.title, "QTY": line.quantity,
         "GROPRI": f"{line.price:f}", "DSTOFCY": stock_site, "DLVQTY": line.delivered, "ALLQTY": line.allocated,
         "SOQSTA": line_state(line.closed, line.delivered, line.quantity)}
        for line in order.lines
    ]  # fmt: skip
    address = {field: text.split("\n") if field in ("BPRNAM", "BPAADDLIG") else text
               for field, text in order.delivery_address.items()}  # fmt: skip
    return {
        "SOH0_1": {"SALFCY": site, "SOHTYP": order.type, "SOHNUM": order.number, "CUSORDREF": order.reference,
                   "ORDDAT": order.date, "BPCORD": order.customer, "CUR": order.currency, "YCANAL": order.channel,
                   "YREFEXT": order.external_id},
        "SOH1_4": {"PRITYP": 2},
        "SOH1_5": {"ORDSTA": order_state(order), "DLVSTA": delivery_state(order), "ALLSTA": allocation_state(order)},
        "SOH2_1": {"STOFCY": stock_site},
        "ADB2_1": address,
        "SOH4_1": lines,
        "SOH4_4": {"ORDINVATI": f"{order.total:f}"},
    }  # fmt: skip


def order_row(order: Order) -> dict[str, str]:
    """The left list of orders: what `query` gives."""
    return {"SOHNUM": order.number, "BPCORD": order.customer, "ORDDAT": order.date, "CUSORDREF": order.reference,
            "DLVSTA": str(delivery_state(order))}  # fmt: skip


def invoice_entity(invoice: Invoice, site: str) -> Entity:
    day = f"{invoice.created_at:%Y%m%d}"
    return {"SIH0_1": {"SALFCY": site, "SIVTYP": invoice.type, "NUM": invoice.number, "INVREF": invoice.reference,
                       "INVDAT": day, "BPCINV": invoice.customer, "CUR": invoice.currency}}  # fmt: skip


def invoice_row(invoice: Invoice) -> dict[str, str]:
    return {"NUM": invoice.number, "BPCINV": invoice.customer, "INVDAT": f"{invoice.created_at:%Y%m%d}",
            "INVREF": invoice.reference}  # fmt: skip


def purchase_entity(purchase: Purchase, site: str) -> Entity:
    return {"POH0_1": {"POHFCY": site, "POHNUM": purchase.number, "BPSNUM": purchase.supplier,
                       "ORDREF": purchase.reference}}  # fmt: skip


def purchase_row(purchase: Purchase) -> dict[str, str]:
    return {"POHNUM": purchase.number, "BPSNUM": purchase.supplier, "ORDREF": purchase.reference}


def customer_entity(customer: Customer) -> Entity:
    return {
        "BPC0_1": {"BPCNUM": customer.number, "BPCNAM": customer.name, "BPCSTA": 2 if customer.active else 1}
    }


# --- states ---------------------------------------------------------------------------------------------


def line_state(closed: bool, delivered: int, quantity: int) -> int:
    """SOQSTA: 1 waiting, 2 begun, 3 done or closed."""
    return 3 if closed or delivered >= quantity else 2 if delivered else 1


def delivery_state(order: Order) -> int:
    """DLVSTA: 1 not, 2 partly, 3 delivered."""
    if not any(line.delivered for line in order.goods):
        return 1
    return 2 if any(line.open for line in order.goods) else 3


def order_state(order: Order) -> int:
    """ORDSTA: 1 open, 2 closed; delivered throughout, it closes by itself."""
    return 2 if order.closed or delivery_state(order) == 3 else 1


def allocation_state(order: Order) -> int:
    """ALLSTA: 1 not, 2 partly, 3 allocated."""
    wanted = [line for line in order.goods if line.open]
    if not any(line.allocated for line in wanted):
        return 1
    return 3 if all(line.allocated >= line.open for line in wanted) else 2
