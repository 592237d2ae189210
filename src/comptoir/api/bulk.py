"""Bulk writes: up to 10,000 rows in one call, as JSON or as NDJSON, every fault told at once.

    {"rows": [{…}, {…}]}             application/json
    {…}\\n{…}\\n                       application/x-ndjson

A row that does not fit refuses the whole call and nothing is written; with `?partial=true` the others are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
from django.http import HttpRequest
from ninja import Schema
from pydantic import BaseModel, ValidationError

from comptoir.api.problems import Problem

MAX_ROWS = 10_000
NDJSON = ("application/x-ndjson", "application/jsonl", "application/ndjson")
R = TypeVar("R", bound=BaseModel)
BULK_ROWS: list[type[BaseModel]] = []
"""Kinds of rows, for the description."""


class RefusedOut(Schema):
    row: int
    """Its place in what was sent, from 0."""
    field: str
    why: str


class BulkOut(Schema):
    received: int
    changed: int
    unchanged: int
    refused: list[RefusedOut]


@dataclass
class Rows(Generic[R]):
    received: int
    good: dict[int, R] = field(default_factory=dict)
    """By their place."""
    refused: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def refuse(self, place: int, name: str, why: str) -> None:
        self.refused.setdefault(place, []).append((name, why))
        self.good.pop(place, None)

    def told(self) -> list[dict[str, Any]]:
        return [
            {"row": place, "field": name, "why": why}
            for place, faults in sorted(self.refused.items())
            for name, why in faults
        ]

    def settle(self, *, partial: bool) -> None:
        """Raises the Problem that names every fault, unless the good rows are wanted alone."""
        if self.refused and not partial:
            errors = [{"where": ["body", "rows", e["row"], e["field"]], "why": e["why"]} for e in self.told()]
            words = f"{len(self.refused)} of {self.received} rows do not fit; nothing was written."
            raise Problem(422, "invalid", words, errors=errors)


def read_rows(request: HttpRequest, kind: type[R]) -> Rows[R]:
    items = _items(request)
    if len(items) > MAX_ROWS:
        raise Problem(413, "too_big", f"{len(items)} rows; {MAX_ROWS} are possible in one call.")
    rows: Rows[R] = Rows(len(items))
    for place, item in enumerate(items):
        try:
            rows.good[place] = kind.model_validate(item, strict=False)
        except ValidationError as error:
            for one in error.errors():
                rows.refuse(place, ".".join(map(str, one["loc"])), one["msg"])
    return rows


def _items(request: HttpRequest) -> Sequence[Any]:
    if (request.content_type or "") in NDJSON:
        return list(_lines(request.body))
    whole = _decode(request.body, "the body")
    if not isinstance(whole, dict) or not isinstance(whole.get("rows"), list) or len(whole) > 1:
        raise Problem(422, "invalid", "Some values do not fit.",
                      errors=[{"where": ["body"], "why": 'an object with "rows", a list, is needed'}])  # fmt: skip
    return list(whole["rows"])


def _lines(body: bytes) -> Iterator[Any]:
    for number, line in enumerate(body.splitlines(), start=1):
        if line.strip():
            yield _decode(line, f"line {number}")


def _decode(text: bytes, where: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "bad_request", f"{where} is no JSON: {error}") from error


def documented(kind: type[BaseModel]) -> dict[str, Any]:
    """`openapi_extra` of a bulk write: its body is read by `read_rows`, so ninja cannot describe it."""
    BULK_ROWS.append(kind)
    row = {"$ref": f"#/components/schemas/{kind.__name__}"}
    rows = {"type": "array", "items": row, "maxItems": MAX_ROWS}
    whole = {
        "type": "object",
        "properties": {"rows": rows},
        "required": ["rows"],
        "additionalProperties": False,
    }
    lines = {"type": "string", "description": "One JSON object a line."}
    content = {"application/json": {"schema": whole}, "application/x-ndjson": {"schema": lines}}
    return {"requestBody": {"required": True, "content": content}}
