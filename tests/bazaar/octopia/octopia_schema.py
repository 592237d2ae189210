"""The reconstructed description, as a judge of what the simulator answers and takes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("COMPTOIR_SHARED", ROOT.parent / "shared")) / "specs" / "octopia" / "rest-v2"


class Specification:
    """Every listed field is allowed to be null; no field that is not listed is allowed."""

    def __init__(self) -> None:
        text = (SHARED / "octopia-seller-v2.reconstructed.openapi.yaml").read_text("utf-8")
        self._document: dict[str, Any] = _strict(yaml.safe_load(text))

    def operations(self) -> list[tuple[str, str]]:
        return [
            (method.upper(), path) for path, methods in self._document["paths"].items() for method in methods
        ]

    def check_answer(self, method: str, path: str, status: int, body: object) -> None:
        """jsonschema.ValidationError when the answer is not as described."""
        answers = self._document["paths"][path][method.lower()]["responses"]
        assert str(status) in answers, f"{method} {path}: {status} is not described"
        told = answers[str(status)]
        if "$ref" in told:
            told = self._document["components"]["responses"][told["$ref"].rpartition("/")[2]]
        for content in told.get("content", {}).values():
            schema = {**content["schema"], "components": self._document["components"]}
            jsonschema.Draft202012Validator(schema).validate(body)


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {name: _strict(value) for name, value in node.items()}
    if found.get("type") == "object" and found.get("properties"):
        found["additionalProperties"] = False
    if isinstance(found.get("type"), str) and "in" not in found:
        found["type"] = [found["type"], "null"]
    return found
