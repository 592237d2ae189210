"""The description (OpenAPI 3.1): what every operation has in common is added to each."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic import BaseModel

from comptoir.api.bulk import BULK_ROWS
from comptoir.api.problems import CODES

SELECTABLE = (
    "OrderOut",
    "ShipmentOut",
    "ProductOut",
    "StockOut",
    "OfferOut",
    "ChannelOut",
    "RunOut",
    "IssueOut",
)
"""Objects of lists where `fields` chooses: none of their fields is always there."""
ALWAYS = {"401": "No living key", "403": "The key lacks a permission", "404": "Not there", "422": "Not understood",
          "429": "Too many calls", "400": "Cannot be read"}  # fmt: skip
WRITES = {"409": "Not in this state", "412": "Changed meanwhile", "413": "Too big"}
PROBLEM = {
    "type": "object",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "The page of the code."},
        "code": {"type": "string", "enum": sorted(CODES)},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "why"],
                "properties": {"where": {"type": "array", "items": {"type": ["string", "integer"]}},
                               "why": {"type": "string"}},
            },
        },
    },
}  # fmt: skip


class HubApi(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """list_orders, ship: names that a generated client reads well with."""
        return (
            f"{operation.tags[0]}_{operation.view_func.__name__}"
            if operation.tags
            else operation.view_func.__name__
        )

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        told = super().get_openapi_schema(**given)
        schemas = told["components"]["schemas"]
        schemas["Problem"] = PROBLEM
        for row in BULK_ROWS:
            schemas[row.__name__] = _schema_of(row, schemas)
        for name in SELECTABLE:
            schemas[name].pop("required", None)
        for path in told["paths"].values():
            for method, operation in path.items():
                _complete(method, operation)
        return told


def _complete(method: str, operation: dict[str, Any]) -> None:
    writes = method != "get"
    for status, words in (ALWAYS | (WRITES if writes else {})).items():
        operation["responses"].setdefault(status, _problem(words))
    for status, answer in operation["responses"].items():
        if int(status) < 300:
            answer["headers"] = {"RateLimit": _header("What is left of the key's calls."),
                                 "RateLimit-Policy": _header("The limit of the key.")}  # fmt: skip
    if writes:
        operation.setdefault("parameters", []).append(
            _parameter("Idempotency-Key", "The same key and body get the same answer, and are done once.")
        )
    if operation.get("tags", [""])[0] in ("orders", "offers", "issues") and writes:
        operation["parameters"].append(
            _parameter("If-Match", "The ETag of what was read: 412 when it changed.")
        )


def _schema_of(row: type[BaseModel], schemas: dict[str, Any]) -> dict[str, Any]:
    schema = row.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    return schema


def _problem(words: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": words, "content": content}


def _header(words: str) -> dict[str, Any]:
    return {"description": words, "schema": {"type": "string"}}


def _parameter(name: str, words: str) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": False,
        "description": words,
        "schema": {"type": "string"},
    }
