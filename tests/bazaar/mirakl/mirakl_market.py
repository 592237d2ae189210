"""A Mirakl marketplace on a real socket, and the seller's client on it."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import timedelta
from typing import Any

import httpx2
import uvicorn

from bazaar.faults.levels import FaultSettings
from bazaar.mirakl import MiraklParty
from bazaar.mirakl.party import HAND_BUYER
from bazaar.server import build_app
from bazaar.world.facts import Fact, Purchase, PurchaseLine
from bazaar.world.world import SimulatedWorld


class Served:
    """An application on 127.0.0.1, in a thread of its own, until `stop`."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(build_app(world), log_level="warning", lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def _run(self) -> None:
        asyncio.run(self._server.serve([self._listening]))

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._listening.close()


class Market:
    """A marketplace and the seller's client on it."""

    def __init__(self, world: SimulatedWorld, party: MiraklParty, url: str) -> None:
        self.world = world
        self.party = party
        self.http = httpx2.Client(
            base_url=f"{url}/{party.key}", headers={"Authorization": party.shop.api_key}, timeout=10
        )
        self.skus = list(world.products)

    def get(self, path: str, **params: object) -> httpx2.Response:
        return self.http.get(f"/api/{path}", params=params)  # type: ignore[arg-type]

    def ok(self, path: str, **params: object) -> Any:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put(self, path: str, body: object = None) -> httpx2.Response:
        return self.http.put(f"/api/{path}", json=body)

    def post(self, path: str, body: object) -> httpx2.Response:
        return self.http.post(f"/api/{path}", json=body)

    def upload(self, path: str, text: str, **fields: str) -> httpx2.Response:
        files = {"file": ("file.csv", text.encode(), "text/csv")}
        return self.http.post(f"/api/{path}", files=files, data=fields)

    def wait(self, **duration: float) -> None:
        self.world.advance(self.world.now() + timedelta(**duration))

    def facts(self, kind: str) -> list[Fact]:
        return [fact for fact in self.world.ledger if fact.kind == kind]

    def sell(self, count: int = 1, quantity: int = 10, price: str = "20.00") -> list[str]:
        """Put the first products on sale by OF24 and wait until it is done; their SKUs."""
        skus = self.skus[:count]
        offers = [self.offer(sku, quantity=quantity, price=price) for sku in skus]
        answer = self.post("offers", {"offers": offers})
        assert answer.status_code == 201, answer.text
        self.wait(minutes=2)
        return skus

    def offer(self, sku: str, **more: object) -> dict[str, object]:
        return {
            "shop_sku": sku,
            "product_id": self.world.products[sku].ean,
            "product_id_type": "EAN",
            "state_code": "11",
            "price": "20.00",
            "quantity": 10,
            "update_delete": "update",
            **more,
        }

    def buy(self, *lines: tuple[str, int], forced: bool = False) -> str | None:
        hand = self.party.place_by_hand
        if forced:
            return hand(lines)
        wanted = tuple(PurchaseLine(sku=sku, quantity=quantity) for sku, quantity in lines)
        return self.party.buy(Purchase(at=self.world.now(), buyer=HAND_BUYER, lines=wanted))

    def order(self, order_id: str) -> Any:
        (found,) = self.ok("orders", order_ids=order_id)["orders"]
        return found

    def accept(self, order_id: str) -> None:
        lines = [
            {"id": line["order_line_id"], "accepted": True} for line in self.order(order_id)["order_lines"]
        ]
        answer = self.put(f"orders/{order_id}/accept", {"order_lines": lines})
        assert answer.status_code == 204, answer.text

    def to_shipping(self, *lines: tuple[str, int]) -> str:
        """An order accepted and debited."""
        order_id = self.buy(*lines, forced=True)
        assert order_id is not None
        self.accept(order_id)
        self.wait(hours=1)
        assert self.order(order_id)["order_state"] == "SHIPPING"
        return order_id

    def ship(self, order_id: str) -> None:
        tracking = {"carrier_code": "COLISSIMO", "tracking_number": "8X123"}
        assert self.put(f"orders/{order_id}/tracking", tracking).status_code == 204
        assert self.put(f"orders/{order_id}/ship").status_code == 204

    def import_report(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


def always(*names: str) -> FaultSettings:
    """Faults that strike each time they are asked about."""
    return FaultSettings(rates=dict.fromkeys(names, 1.0))
