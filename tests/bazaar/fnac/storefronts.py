"""A Fnac and a Darty in this process, on real HTTP, and the hub's own connector before them."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta
from typing import Any

import httpx2
import uvicorn
from lxml import etree

from bazaar.faults.connection import CuttableProtocol
from bazaar.fnac.party import FnacParty
from bazaar.fnac.schema import NAMESPACE
from bazaar.fnac.sessions import open_session
from bazaar.server import build_app
from bazaar.world.world import SimulatedWorld
from comptoir.connectors.fnac import CONNECTOR
from comptoir.sdk.connector import Context
from comptoir.sdk.records import Order, OrderDecision, Parcel, Shipment, ShippedLine
from comptoir.sdk.statuses import OrderStatus
from comptoir.sdk.testing import FakeCache, FakeThrottle


class Play:
    """A world served by a thread; the clock is pushed by the test, between requests."""

    def __init__(self, world: SimulatedWorld) -> None:
        self.world = world
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._server = uvicorn.Server(_config(world))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listening]}, daemon=True
        )
        self._connections: list[Any] = []
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)

    def stop(self) -> None:
        for connection in self._connections:
            connection.close()
        self._server.should_exit = True
        self._thread.join()
        self._listening.close()
        self.world.close()

    def party(self, key: str = "fnac-1") -> FnacParty:
        found = self.world.parties[key]
        assert isinstance(found, FnacParty)
        return found

    def advance(self, **duration: float) -> None:
        self.world.advance(self.world.now() + timedelta(**duration))

    def connect(self, party: str = "fnac-1", **settings: object) -> Any:
        told = self.party(party).describe()
        values = {
            "base_url": f"{self.url}{told['path']}",
            "partner_id": told["partner_id"],
            "shop_id": told["shop_id"],
            "key": told["api_key"],
            "shop_name": told["shop_name"],
            **settings,
        }
        connection = CONNECTOR.connect(CONNECTOR.settings.load(values), self._context())
        self._connections.append(connection)
        return connection

    def _context(self) -> Context:
        return Context(
            clock=self.world.now,
            throttle=FakeThrottle(),
            observe=lambda _: None,
            cache=FakeCache(),
            account="play",
            allow_loopback=True,
            timeout_s=0.4,
        )


class Seller:
    """Sends raw requests to fnac-1 of a play, as a seller who writes his XML by hand."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.shop = play.party().shop
        self.http = httpx2.Client(base_url=f"{play.url}/fnac-1/api.php", trust_env=False)

    def ask(self, service: str, inside: str = "", *, token: str = "", attributes: str = "") -> etree._Element:
        used = token or open_session(self.shop).token
        ids = f'partner_id="{self.shop.partner_id}" shop_id="{self.shop.shop_id}" token="{used}"'
        return self.send(
            service, f'<{service} xmlns="{NAMESPACE}" {ids} {attributes}>{inside}</{service}>'.encode()
        )

    def send(self, service: str, body: bytes) -> etree._Element:
        """Every answer is an HTTP 200."""
        answer = self.http.post(f"/{service}", content=body)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/xml")
        return etree.fromstring(answer.content)

    def sign_in(self, **change: str) -> etree._Element:
        given = {"partner_id": self.shop.partner_id, "shop_id": self.shop.shop_id, "key": self.shop.api_key}
        inside = "".join(f"<{name}>{value}</{name}>" for name, value in {**given, **change}.items())
        return self.send("auth", f'<auth xmlns="{NAMESPACE}">{inside}</auth>'.encode())


def _config(world: SimulatedWorld) -> uvicorn.Config:
    return uvicorn.Config(
        build_app(world),
        http=CuttableProtocol,
        ws="none",
        date_header=False,
        lifespan="off",
        log_level="critical",
        timeout_graceful_shutdown=1,
    )


def codes(root: etree._Element) -> list[str | None]:
    """The codes of every error of an answer, wherever it stands."""
    return [node.get("code") for node in root.iter(f"{{{NAMESPACE}}}error")]


def texts(root: etree._Element, name: str) -> list[str]:
    return [node.text or "" for node in root.iter(f"{{{NAMESPACE}}}{name}")]


def accept(order: Order) -> OrderDecision:
    return OrderDecision(order_id=order.external_id, lines={line.external_id: True for line in order.lines})


def parcel(order: Order) -> Shipment:
    lines = [line for line in order.lines if line.status is OrderStatus.TO_SHIP]
    return Shipment(
        reference=f"S-{order.external_id}",
        order_id=order.external_id,
        parcel=Parcel(carrier="COLISSIMO", tracking_number=f"6A{order.external_id}"),
        lines=tuple(ShippedLine(line_id=i.external_id, sku=i.sku, quantity=i.quantity) for i in lines),
        shipped_at=order.placed_at,
        completes_order=True,
    )
