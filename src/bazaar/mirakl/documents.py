"""Files attached to orders: OR72 list, OR73 download, OR74 upload (the customer's invoice), OR76 delete."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import msgspec
from starlette.datastructures import UploadFile
from starlette.responses import Response

from bazaar.mirakl.exchange import Call, Operation, RefusedError, answer, decode, nothing, raw
from bazaar.mirakl.money import stamp
from bazaar.mirakl.order_records import Document, Order
from bazaar.mirakl.orders_read import find_order
from bazaar.mirakl.reference import DOCUMENT_SUFFIXES, DOCUMENT_TYPES
from bazaar.mirakl.shop import Shop

MOST_DOCUMENTS = 50  # "An order can have a maximum of 50 documents"
UPLOADABLE = frozenset(
    code for code, entity, _ in DOCUMENT_TYPES if entity == "ORDER" and not code.startswith("SYSTEM_")
)


class Description(msgspec.Struct):
    file_name: str
    type_code: str


class Descriptions(msgspec.Struct):
    order_documents: list[Description]


async def or72(call: Call) -> Response:
    ids = call.csv("order_ids")
    if not ids:
        raise RefusedError(400, "The parameter order_ids is required", field="order_ids")
    found = [one for one in _live(call.shop) if one.order_id in ids]
    return answer({"order_documents": [_fields(one) for one in found], "total_count": len(found)})


def _live(shop: Shop) -> list[Document]:
    return [one for one in shop.documents.values() if not one.deleted]


def _fields(one: Document) -> dict[str, object]:
    return {
        "date_uploaded": stamp(one.uploaded_at),
        "file_name": one.file_name,
        "file_size": len(one.content),
        "id": one.id,
        "order_id": one.order_id,
        "type": one.type_code,
    }


async def or73(call: Call) -> Response:
    """One document id gives the file itself, anything else a ZIP archive."""
    orders, ids, codes = call.csv("order_ids"), call.csv("document_ids"), set(call.csv("document_codes"))
    if not orders and not ids:
        raise RefusedError(400, "order_ids or document_ids is required", field="order_ids")
    found = [
        one
        for one in _live(call.shop)
        if (str(one.id) in ids if ids else one.order_id in orders and (not codes or one.type_code in codes))
    ]
    if not found:
        raise RefusedError(404, "No document found")
    if len(ids) == 1:
        return raw(found[0].content, "application/octet-stream", found[0].file_name)
    name = f"documents-{call.now:%Y%m%d%H%M%S}.zip"
    return raw(_archive(found), "application/octet-stream", name)


def _archive(documents: Sequence[Document]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one in documents:
            archive.writestr(f"{one.order_id}/{one.file_name}", one.content)
    return out.getvalue()


async def or74(call: Call) -> Response:
    order = find_order(call)
    form = await call.request.form()
    part = form.get("order_documents")
    if part is None:
        raise RefusedError(400, "order_documents is required", field="order_documents")
    text = part.encode() if isinstance(part, str) else await part.read()
    described = decode(text, Descriptions).order_documents
    parts = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
    files = {one.filename or "": await one.read() for one in parts}
    if len(files) < len(parts):
        raise RefusedError(400, "The file names must be distinct", field="files")
    errors = [row for one in described if (row := _upload(call, order, one, files)) is not None]
    return answer({"errors_count": len(errors), "order_documents": errors})


def _upload(call: Call, order: Order, one: Description, files: dict[str, bytes]) -> dict[str, object] | None:
    """None when it is kept, else what is wrong with it."""
    error = _error(call.shop, order, one, files)
    if error is not None:
        code, field, message = error
        errors = [{"code": code, "field": field, "message": message}]
        return {"errors": errors, "input": msgspec.to_builtins(one)}
    document = Document(
        id=2000 + len(call.shop.documents),
        order_id=order.order_id,
        type_code=one.type_code,
        file_name=one.file_name,
        uploaded_at=call.now,
        content=files[one.file_name],
    )
    call.shop.documents[str(document.id)] = document
    if one.type_code == "CUSTOMER_INVOICE":
        order.has_invoice = True
        call.shop.touch(order)
    return None


def _error(
    shop: Shop, order: Order, one: Description, files: dict[str, bytes]
) -> tuple[str, str, str] | None:
    if one.type_code not in UPLOADABLE:
        message = "Unable to retrieve document's type from the given code"
        return "valid_order_document.type", "type_code", message
    if one.file_name not in files:
        return "valid_order_document.file", "file_name", "No file of this name was sent"
    if not one.file_name.isascii():
        return "valid_order_document.name", "file_name", "The file name must contain only US-ASCII characters"
    if one.file_name.rpartition(".")[2].lower() not in DOCUMENT_SUFFIXES:
        return "valid_order_document.format", "file_name", "This format is not supported"
    mine = [kept for kept in _live(shop) if kept.order_id == order.order_id]
    if any(kept.file_name == one.file_name for kept in mine):
        return "valid_order_document.name", "file_name", "A document of this name already exists"
    if len(mine) >= MOST_DOCUMENTS:
        return "valid_order_document.count", "file_name", f"An order has at most {MOST_DOCUMENTS} documents"
    return None


async def or76(call: Call) -> Response:
    key = str(call.path_number("document_id"))
    document = call.shop.documents.get(key)
    if document is None or document.deleted:
        raise RefusedError(404, f"Document with id '{key}' not found")
    call.shop.documents[key] = msgspec.structs.replace(document, deleted=True, content=b"")
    return nothing()


def operations() -> list[Operation]:
    documents = "/api/orders/documents"
    return [
        Operation("OR72", "GET", documents, or72),
        Operation("OR73", "GET", f"{documents}/download", or73),
        Operation("OR74", "POST", "/api/orders/{order_id}/documents", or74, "errors"),
        Operation("OR76", "DELETE", f"{documents}/{{document_id}}", or76, "errors"),
    ]
