"""The buyers' invoices: one file for one order, taken in a minute later; a new one replaces the old one."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bazaar.octopia.account import Account
from bazaar.octopia.exchange import Call, Operation, Refused, answer, bad
from bazaar.octopia.money import JSON
from bazaar.octopia.order_calls import find_order
from bazaar.octopia.order_records import InvoiceImport
from bazaar.octopia.paging import linked_page

TAKEN_AFTER_S = 60.0
MOST_BYTES = 4 * 1024 * 1024


async def send_invoice(call: Call) -> Response:
    order = find_order(call)
    if order.state not in {"InPreparation", "Shipped", "Delivered"}:
        raise bad("orderId", f"The order {order.order_id} is {order.state}: no invoice is possible.")
    async with call.request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise bad("file", "The file is required.")
        content, name = await file.read(), file.filename or ""
    if not content or len(content) > MOST_BYTES:
        raise bad("file", "The file is empty or too large.")
    one = InvoiceImport(
        import_id=f"II{len(call.account.invoice_imports) + 1:08d}",
        created_at=call.now,
        files=(name,),
        order_ids=(order.order_id,),
    )
    call.account.invoice_imports[one.import_id] = one
    call.account.later(TAKEN_AFTER_S, "invoice", import_id=one.import_id)
    return answer({"importId": one.import_id}, 202)


async def list_imports(call: Call) -> Response:
    found = sorted(call.account.invoice_imports.values(), key=lambda one: one.import_id)
    return linked_page(call, found, lambda one: one.import_id, lambda one: JSON.encode(_fields(one)))


async def get_import(call: Call) -> Response:
    found = call.account.invoice_imports.get(call.path("import_id"))
    if found is None:
        raise Refused(404)
    return answer(_fields(found))


async def list_documents(call: Call) -> Response:
    """The invoice that counts: the last one that was taken in."""
    order = find_order(call)
    done = [
        one
        for one in call.account.invoice_imports.values()
        if order.order_id in one.order_ids and one.status == "Done"
    ]
    items = [{"name": one.files[0]} for one in done[-1:]]
    return answer({"itemsPerPage": len(items), "items": items})


def take_in(account: Account, import_id: str) -> None:
    one = account.invoice_imports[import_id]
    one.status = "Done"
    account.invoice_imports[import_id] = one


def _fields(one: InvoiceImport) -> dict[str, object]:
    return {"importId": one.import_id, "status": one.status, "files": [{"name": name} for name in one.files]}


def operations() -> list[Operation]:
    return [
        Operation("POST", "/orders/{order_id}/invoice-documents", send_invoice),
        Operation("GET", "/orders/{order_id}/invoice-documents", list_documents),
        Operation("GET", "/order-invoice-imports", list_imports),
        Operation("GET", "/order-invoice-imports/{import_id}", get_import),
    ]
