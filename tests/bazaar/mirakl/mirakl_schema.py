"""The specification's response schemas, as a judge of what the simulator answers.

Nulls are always allowed: the specification never declares them, and its own examples are full of them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("COMPTOIR_SHARED", ROOT.parent / "shared")) / "specs" / "mirakl"
# Present in the specification's own examples, or needed by its text, though the schema omits them.
BESIDE_THE_SCHEMA = {"order_additional_fields.value", "order_line_additional_fields.value"} | {
    "offer_additional_fields.value",
    "order_lines.refunds.tax_legal_notice",
}


class Specification:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._operations = {
            operation["summary"].split(" ")[0]: operation
            for methods in document["paths"].values()
            for operation in methods.values()
            if isinstance(operation, dict) and "summary" in operation
        }

    @classmethod
    def read(cls) -> Specification:
        text = (SHARED / "mirakl-mmp-seller-openapi.json").read_text("utf-8")
        return cls(json.loads(text))

    def schema(self, code: str, status: int, kind: str = "application/json") -> dict[str, Any]:
        return self._operations[code]["responses"][str(status)]["content"][kind]["schema"]

    def faults(self, schema: dict[str, Any], value: object, path: str = "") -> list[str]:
        """What in `value` the schema does not know or types otherwise; empty when it conforms."""
        schema = self._resolved(schema)
        if value is None:
            return []
        choices = schema.get("oneOf") or schema.get("anyOf")
        if choices:
            tried = [self.faults(choice, value, path) for choice in choices]
            return min(tried, key=len)
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            return self._object_faults(schema, value, path)
        if kind == "array":
            if not isinstance(value, list):
                return [f"{path}: {value!r} is no array"]
            return [fault for one in value for fault in self.faults(schema["items"], one, path)]
        return self._scalar_faults(schema, value, path)

    def _object_faults(self, schema: dict[str, Any], value: object, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no object"]
        properties = schema.get("properties", {})
        found = []
        for name, one in value.items():
            inner = f"{path}.{name}" if path else name
            if name in properties:
                found += self.faults(properties[name], one, inner)
            elif not any(inner.endswith(known) for known in BESIDE_THE_SCHEMA) and properties:
                found.append(f"{inner}: unknown field")
        return found

    def _scalar_faults(self, schema: dict[str, Any], value: object, path: str) -> list[str]:
        kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
        kind = kinds.get(schema.get("type", ""))
        if kind is None:
            return []
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            return [f"{path}: {value!r} is no {schema['type']}"]
        allowed = schema.get("enum")
        return [f"{path}: {value!r} is not in the enumeration"] if allowed and value not in allowed else []

    def missing(self, schema: dict[str, Any], value: object, path: str = "") -> list[str]:
        """Required fields that are absent."""
        schema = self._resolved(schema)
        if isinstance(value, list) and "items" in schema:
            return [fault for one in value for fault in self.missing(schema["items"], one, path)]
        if not isinstance(value, dict):
            return []
        found = [f"{path}.{name}" for name in schema.get("required", ()) if name not in value]
        for name, one in value.items():
            if name in schema.get("properties", {}):
                found += self.missing(schema["properties"][name], one, f"{path}.{name}")
        return found

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            found: Any = self._document
            for key in schema["$ref"].split("/")[1:]:
                found = found[key]
            schema = found
        merged = schema
        for part in schema.get("allOf", ()):
            inner = self._resolved(part)
            properties = {**merged.get("properties", {}), **inner.get("properties", {})}
            merged = {**inner, **merged, "properties": properties}
        return merged


def sample(name: str) -> Any:
    return json.loads((SHARED / "samples" / name).read_text("utf-8"))
