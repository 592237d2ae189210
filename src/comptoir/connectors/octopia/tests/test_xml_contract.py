"""The contract again, where all offers go as XML packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from comptoir.connectors.octopia.tests.test_contract import TestOctopia as _Octopia
from comptoir.connectors.octopia.tests.test_contract import draft, price
from comptoir.sdk.records import StockUpdate


class TestOctopiaXml(_Octopia):
    reads = {"report": lambda c: c.read_submission("stock", "x!7000001!token*1@1764000000")}  # noqa: RUF012
    writes = {  # noqa: RUF012 - read only
        "stock": lambda c: [c.submit_stock([StockUpdate(sku="SKU-A", quantity=3)])],
        "price": lambda c: [c.submit_prices([price()])],
        "offer": lambda c: [c.submit_offers([draft()])],
    }

    @pytest.fixture(autouse=True)
    def published(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def settings(self, url: str) -> dict[str, Any]:
        folder = str(self.__dict__.get("folder", "/"))
        xml = {"offer_packages": "xml", "xml_folder": folder, "xml_base_url": "https://www.example.com/o"}
        return super().settings(url) | xml
