"""UPLOAD_VAT_INVOICE: one PDF of one order (its options are checked when the feed is created)."""

from __future__ import annotations

from bazaar.amazon.account import Account
from bazaar.amazon.records import Feed


def take_invoice(account: Account, feed: Feed, body: bytes) -> bytes:
    """The tab-delimited report; error 79513 for options without their prefix, as Amazon words it."""
    order_id = feed.options.get("metadata:orderid", "")
    if not order_id and not feed.options.get("metadata:shippingid"):
        return _report("79513", "metadata:orderid or metadata:shippingid is required.")
    if not feed.options.get("metadata:invoicenumber"):
        return _report("79513", "metadata:invoicenumber is required.")
    if order_id and account.orders.get(order_id) is None:
        return _report("SIM201", f"The order {order_id} was not found.")
    if not body.startswith(b"%PDF-"):
        return _report("SIM202", "The document is not a PDF.")
    account.counters["invoices"] = account.counters.get("invoices", 0) + 1
    return _report()


def _report(code: str = "", message: str = "") -> bytes:
    done = 0 if code else 1
    lines = [
        "Feed Processing Summary:",
        "\tNumber of records processed\t\t1",
        f"\tNumber of records successful\t\t{done}",
    ]
    if code:
        lines += ["", "original-record-number\tsku\terror-code\terror-type\terror-message"]
        lines.append(f"1\t\t{code}\tError\t{message}")
    return ("\r\n".join(lines) + "\r\n").encode()
