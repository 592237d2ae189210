"""The pont: a Windows agent beside Sage that writes through its own objects, as an HTTPS contract.

`docs/develop/pont-openapi.yaml` is the contract. One writer at a time: while Sage is held by somebody, 503.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.sage.amendments import AskedCancellation, AskedCredit, cancel, credit, find_credit
from bazaar.sage.base import Base
from bazaar.sage.orders import AskedOrder, Refusal, anonymise, create_order, find_order
from bazaar.sage.purchasing import AskedPurchase, create_purchase, find_purchase, plan_receipts
from bazaar.sage.warehouse import Sale, Warehouse

T = TypeVar("T")
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Pont:
    def __init__(self, base: Base, warehouse: Warehouse) -> None:
        self._base = base
        self._warehouse = warehouse
        self._applied = base.world.shelf(base.key, "applied", str)
        self._working = base.world.shelf(base.key, "working", bytes)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/v1/sante", self._guarded(self._health)),
            Route("/v1/commandes", self._guarded(self._order), methods=["POST"]),
            Route("/v1/commandes/{reference}", self._guarded(self._find)),
            Route("/v1/commandes/{reference}/annulations", self._guarded(self._cancel), methods=["POST"]),
            Route("/v1/achats/commandes", self._guarded(self._purchase), methods=["POST"]),
            Route("/v1/achats/commandes/{reference}", self._guarded(self._find_purchase)),
            Route("/v1/clients/{number}/anonymisation", self._guarded(self._anonymise), methods=["POST"]),
            Route("/v1/avoirs", self._guarded(self._credit), methods=["POST"]),
        ]

    def work_off(self, reference: str) -> None:
        """An order that was being written when it was asked for: now it is there."""
        body = self._working.pop(reference, None)
        if body is None:
            return
        asked = msgspec.json.decode(body, type=AskedOrder)
        with suppress(Refusal):  # whoever asks again is told why
            if find_order(self._base, reference) is None:
                self._create(asked)

    # --- the operations ---------------------------------------------------------------------------------

    async def _health(self, request: Request) -> Response:
        profile = self._base.settings.profile
        return _answer(
            200, {"contrat": "comptoir-pont/1", "sage": profile, "base": "COMPTOIR", "etat": "pret"}
        )

    async def _order(self, request: Request) -> Response:
        asked = _read(await request.body(), AskedOrder)
        known = find_order(self._base, asked.idExterne)
        if known is not None:
            if asked.idExterne not in self._warehouse.sales:
                self._note(asked, known)  # it was written, and this program was killed before it noted so
            sale = self._warehouse.sales[asked.idExterne]
            self._base.world.record("erp_order_repeated", self._base.key, order_id=asked.idExterne,
                                    channel=sale.channel, external_id=sale.external_id)  # fmt: skip
            return _answer(200, {"piece": known})
        if asked.idExterne in self._working:
            return _problem(409, "en_cours", "This order is being written.")
        if self._base.world.fault(self._base.key, "partial_failure"):
            return _problem(503, "occupe", "The record is held by another user.", {"retry-after": "1"})
        if self._base.world.fault(self._base.key, "late_import"):
            # Sage is slow: the agent goes on with it after it has stopped waiting.
            self._working[asked.idExterne] = msgspec.json.encode(asked)
            world = self._base.world
            world.set_timer(
                world.now() + timedelta(minutes=3), self._base.key, "work_off", reference=asked.idExterne
            )
            return _problem(409, "en_cours", "This order is being written.")
        return _answer(201, {"piece": self._create(asked)})

    def _create(self, asked: AskedOrder) -> str:
        with self._base.work():
            piece = create_order(self._base, asked)
        self._note(asked, piece)
        return piece

    def _note(self, asked: AskedOrder, piece: str) -> None:
        sale = Sale(channel=asked.canal, external_id=asked.referenceLongue)
        self._warehouse.sales[asked.idExterne] = sale
        self._base.world.record(
            "erp_order_created", self._base.key, order_id=asked.idExterne, amount=asked.totalTtc, channel=sale.channel,
            external_id=sale.external_id, document=piece,
        )  # fmt: skip
        self._warehouse.plan(asked.idExterne)

    async def _find(self, request: Request) -> Response:
        reference = str(request.path_params["reference"])
        piece = find_order(self._base, reference)
        if piece is not None:
            return _answer(200, {"piece": piece})
        if reference in self._working:
            return _problem(409, "en_cours", "This order is being written.")
        return _problem(404, "inconnue", "No document has this idExterne.")

    async def _cancel(self, request: Request) -> Response:
        reference = str(request.path_params["reference"])
        asked = _read(await request.body(), AskedCancellation)
        key = f"annulation/{asked.id}"
        if key in self._applied:
            return _answer(200, {"id": asked.id})
        if find_order(self._base, reference) is None:
            raise Refusal("commande", f"no order {reference!r}")
        with self._base.work():
            cancel(self._base, self._warehouse, reference, asked)
        self._applied[key] = reference
        return _answer(201, {"id": asked.id})

    async def _credit(self, request: Request) -> Response:
        asked = _read(await request.body(), AskedCredit)
        known = find_credit(self._base, asked.idExterne)
        if known is not None:
            return _answer(200, {"piece": known})
        with self._base.work():
            return _answer(201, {"piece": credit(self._base, self._warehouse, asked)})

    async def _purchase(self, request: Request) -> Response:
        asked = _read(await request.body(), AskedPurchase)
        known = find_purchase(self._base, asked.idExterne)
        if known is not None:
            return _answer(200, {"piece": known})
        if self._base.world.fault(self._base.key, "partial_failure"):
            return _problem(503, "occupe", "The record is held by another user.", {"retry-after": "1"})
        with self._base.work():
            piece = create_purchase(self._base, self._warehouse, asked)
        plan_receipts(self._base, asked.idExterne)
        return _answer(201, {"piece": piece})

    async def _find_purchase(self, request: Request) -> Response:
        piece = find_purchase(self._base, str(request.path_params["reference"]))
        if piece is None:
            return _problem(404, "inconnue", "No document has this idExterne.")
        return _answer(200, {"piece": piece})

    async def _anonymise(self, request: Request) -> Response:
        number = str(request.path_params["number"])
        with self._base.work():
            if not anonymise(self._base, number):
                return _problem(404, "inconnue", f"No customer {number}.")
        return _answer(200, {"id": number})

    # --- the door ---------------------------------------------------------------------------------------

    def _guarded(self, handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            if request.headers.get("authorization") != f"Bearer {self._base.settings.api_key}":
                return _problem(401, "cle", "The key of the pont is wrong.")
            try:
                response: Response = await handler(request)
            except Refusal as refusal:
                return _problem(422, refusal.code, refusal.message)
            except msgspec.ValidationError as error:
                return _problem(400, "contrat", str(error))
            return response

        return endpoint


def _read(body: bytes, kind: type[T]) -> T:
    return msgspec.json.decode(body, type=kind)


def _answer(status: int, body: dict[str, Any]) -> Response:
    return Response(_encode(body), status, media_type="application/json")


def _problem(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return Response(
        _encode({"code": code, "message": message}), status, headers, media_type="application/json"
    )
