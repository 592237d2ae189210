"""OR04 references of several orders, with an error per order; OR31 custom fields of one order."""

from __future__ import annotations

from typing import Annotated

import msgspec
from starlette.responses import Response

from bazaar.mirakl.exchange import Call, Operation, RefusedError, answer
from bazaar.mirakl.order_json import additional_fields
from bazaar.mirakl.order_records import Order
from bazaar.mirakl.orders_read import find_order
from bazaar.mirakl.reference import field_type


class References(msgspec.Struct):
    order_reference_for_seller: str | msgspec.UnsetType | None = msgspec.UNSET


class Update(msgspec.Struct):
    order_id: str
    references: References | None = None


class Updates(msgspec.Struct):
    orders: Annotated[list[Update], msgspec.Meta(min_length=1)]


class Field(msgspec.Struct):
    code: str
    value: str | int | float | bool | list[str] | None = None


class LineFields(msgspec.Struct):
    order_line_id: str
    order_line_additional_fields: list[Field] = []


class FieldUpdate(msgspec.Struct):
    order_additional_fields: list[Field] = []
    order_lines: list[LineFields] = []


async def or04(call: Call) -> Response:
    updates = (await call.body(Updates)).orders
    if len(updates) > 100:
        raise RefusedError(400, "The limit of 100 is exceeded for the parameter : orders", field="orders")
    return answer({"updated_orders": [_update(call, one) for one in updates]})


def _update(call: Call, update: Update) -> dict[str, object]:
    order = call.shop.orders.get(update.order_id)
    sent = update.references.order_reference_for_seller if update.references else msgspec.UNSET
    if order is None:
        return _failed(update, "ORDER_NOT_FOUND", "order_id", f"Order '{update.order_id}' not found")
    if isinstance(sent, str) and not sent.strip():
        field = "references.order_reference_for_seller"
        return _failed(update, "VALIDATION_ERROR", field, "May not be blank")
    if not isinstance(sent, msgspec.UnsetType):
        order.reference_for_seller = sent
        call.shop.touch(order)
    references = {"order_reference_for_seller": order.reference_for_seller}
    updated = {"order_lines": [], "references": references}
    return {"errors": [], "order_id": order.order_id, "updated": updated}


def _failed(update: Update, code: str, field: str, message: str) -> dict[str, object]:
    errors = [{"code": code, "field": field, "message": message}]
    return {"errors": errors, "order_id": update.order_id, "updated": None}


async def or31(call: Call) -> Response:
    order = find_order(call)
    sent = await call.body(FieldUpdate)
    errors = _errors(order, sent)
    if errors:
        return answer({"order_update_errors": {"errors": errors, "input": msgspec.to_builtins(sent)}})
    _write(order.additional_fields, sent.order_additional_fields)
    for one in sent.order_lines:
        line = order.line(one.order_line_id)
        assert line is not None, "checked by _errors"
        _write(line.additional_fields, one.order_line_additional_fields)
    call.shop.touch(order)
    return answer({"order_update_result": _result(order)})


def _errors(order: Order, sent: FieldUpdate) -> list[dict[str, str]]:
    found = [_unknown(one) for one in sent.order_additional_fields if field_type("ORDER", one.code) is None]
    for line in sent.order_lines:
        if order.line(line.order_line_id) is None:
            message = f"Order line '{line.order_line_id}' not found"
            found.append({"code": "ORDER_LINE_NOT_FOUND", "field": "order_line_id", "message": message})
        fields = line.order_line_additional_fields
        found += [_unknown(one) for one in fields if field_type("ORDER_LINE", one.code) is None]
    return found


def _unknown(field: Field) -> dict[str, str]:
    message = f"The custom field '{field.code}' does not exist"
    return {"code": "VALIDATION_ERROR", "field": "code", "message": message}


def _write(values: dict[str, str], fields: list[Field]) -> None:
    """Null or an empty string deletes a value."""
    for field in fields:
        if field.value in (None, ""):
            values.pop(field.code, None)
        else:
            values[field.code] = str(field.value)


def _result(order: Order) -> dict[str, object]:
    lines = [
        {
            "order_line_id": line.line_id,
            "order_line_additional_fields": additional_fields("ORDER_LINE", line.additional_fields),
        }
        for line in order.lines
    ]
    return {
        "order_additional_fields": additional_fields("ORDER", order.additional_fields),
        "order_lines": lines,
    }


def operations() -> list[Operation]:
    return [
        Operation("OR04", "PUT", "/api/orders", or04, "errors"),
        Operation("OR31", "PUT", "/api/orders/{order_id}/additional_fields", or31, "errors"),
    ]
