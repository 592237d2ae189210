"""The API models of the shared specifications: what a request may be, what an answer must be."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import pytest

ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("COMPTOIR_SHARED", ROOT.parent / "shared")) / "specs" / "amazon"
needs_models = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the specifications are not here: {FOLDER} (COMPTOIR_SHARED says where)"
)


@dataclass(frozen=True)
class Modelled:
    """One operation of one model."""

    model: str
    name: str
    method: str
    path: str
    content: dict[str, Any]

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{[^}]+\\\}", "(.+)", re.escape(self.path)))

    def check_answer(self, status: int, body: bytes) -> None:
        answers = self.content["responses"]
        assert str(status) in answers, f"{self.name}: {status} is not documented"
        schema = answers[str(status)].get("schema")
        if schema is None:
            assert not body, f"{self.name}: {status} has no body in the model"
            return
        validate(json.loads(body), schema, self.model)

    def check_request(self, url: str, body: bytes) -> None:
        known = {one["name"]: one for one in self.content.get("parameters", [])}
        given = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        assert not given.keys() - known.keys(), f"{self.name}: {given.keys() - known.keys()} are unknown"
        for name, parameter in known.items():
            if parameter["in"] == "query":
                _check_parameter(self.name, parameter, given.get(name))
            elif parameter["in"] == "body" and parameter.get("required"):
                validate(json.loads(body), parameter["schema"], self.model)

    def examples(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for status, answer in self.content["responses"].items():
            for example in answer.get("x-amzn-api-sandbox", {}).get("static", []):
                yield status, example


def _check_parameter(operation: str, parameter: dict[str, Any], text: str | None) -> None:
    name = parameter["name"]
    if text is None:
        assert not parameter.get("required"), f"{operation}: {name} is missing"
        return
    values = text.split(",") if parameter.get("type") == "array" else [text]
    allowed = parameter.get("enum") or parameter.get("items", {}).get("enum")
    assert not allowed or set(values) <= set(allowed), f"{operation}: {name}={text}"
    assert len(values) <= parameter.get("maxItems", len(values)), f"{operation}: too many {name}"
    if parameter.get("type") == "integer":
        assert text.isdigit(), f"{operation}: {name}={text}"


def validate(value: object, schema: dict[str, Any], model: str) -> None:
    """Swagger 2.0 is a dialect of JSON Schema draft 4: its references are local to `definitions`."""
    whole = {**schema, "definitions": load(model)["definitions"]}
    found = jsonschema.exceptions.best_match(jsonschema.Draft4Validator(whole).iter_errors(value))
    assert found is None, f"{found.json_path}: {found.message}"


@cache
def load(model: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{model}.json").read_text("utf-8"))
    return found


@cache
def operations() -> tuple[Modelled, ...]:
    return tuple(
        Modelled(model, content["operationId"], method.upper(), path, content)
        for model in MODELS
        for path, methods in load(model)["paths"].items()
        for method, content in methods.items()
        if isinstance(content, dict) and "operationId" in content
    )


def modelled(method: str, path: str) -> Modelled:
    """The operation that a path calls: the longest template that fits."""
    fitting = [one for one in operations() if one.method == method and one.pattern.fullmatch(unquote(path))]
    assert fitting, f"no model has {method} {path}"
    return max(fitting, key=lambda one: (-one.path.count("{"), len(one.path)))


MODELS = (
    "orders_2026-01-01",
    "ordersV0",
    "listingsItems_2021-08-01",
    "listingsRestrictions_2021-08-01",
    "feeds_2021-06-30",
    "reports_2021-06-30",
    "catalogItems_2022-04-01",
    "definitionsProductTypes_2020-09-01",
    "productPricing_2022-05-01",
    "productFeesV0",
    "fbaInventory",
    "finances_2024-06-19",
    "sellers",
    "tokens_2021-03-01",
    "notifications",
    "application_2023-11-30",
)
