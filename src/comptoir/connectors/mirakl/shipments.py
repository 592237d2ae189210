"""Telling that parcels left.

Where the platform lets sellers split orders (PC01 `multi_shipment`), ST01 takes each parcel with its
lines. Elsewhere an order leaves whole: OR23 (carrier and number), then OR24 (shipped), in that order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from comptoir.connectors.mirakl.carriers import build_tracking
from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.lookup import CHUNK, look_at
from comptoir.connectors.mirakl.profile import Profile
from comptoir.connectors.mirakl.settings import MiraklSettings
from comptoir.connectors.mirakl.statuses import LEFT, order_status
from comptoir.connectors.mirakl.verdicts import done, in_groups, one_by_one, rejected
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.records import Outcome, Shipment, Verdict


class _Line(msgspec.Struct):
    package_reference: str | None = None


class _Told(msgspec.Struct):
    """A shipment as ST01 and ST11 answer it."""

    id: str
    order_id: str | None = None
    invoice_reference: str | None = None
    shipment_lines: list[_Line] | None = None

    @property
    def references(self) -> set[str]:
        return {line.package_reference for line in self.shipment_lines or () if line.package_reference}


class _Refusal(msgspec.Struct):
    order_id: str | None = None
    message: str | None = None


class _Created(msgspec.Struct):
    shipment_success: list[_Told] | None = None
    shipment_errors: list[_Refusal] | None = None


class _Listed(msgspec.Struct):
    data: list[_Told]
    next_page_token: str | None = None


class ShipmentWriter:
    def __init__(self, client: MiraklClient, profile: Profile, settings: MiraklSettings) -> None:
        self._client = client
        self._profile = profile
        self._carriers = settings.carrier_codes

    def confirm(self, shipments: Sequence[Shipment]) -> Iterator[Verdict]:
        if not shipments:
            return iter(())
        if self._profile.feature("multi_shipment") == "true":
            return in_groups(one_per_order(shipments), _reference, self._confirm_parcels)
        return one_by_one(shipments, _reference, self._confirm_order)

    def _confirm_order(self, shipment: Shipment) -> Verdict:
        if not shipment.completes_order:
            message = "This marketplace takes an order in one parcel only: it is told with the last one."
            return Verdict(key=shipment.reference, outcome=Outcome.DEFERRED, message=message)
        tracking = self._tracking(shipment, url_field="carrier_url")
        try:
            self._client.send("OR23", tracking, order_id=shipment.order_id)
            self._client.send("OR24", order_id=shipment.order_id)
        except RejectedRecord:
            # A second confirmation is refused as "wrong state": did this parcel leave already?
            if not self._has_left(shipment):
                raise
            return done(shipment.reference, message="It was already shipped so.")
        return done(shipment.reference)

    def _has_left(self, shipment: Shipment) -> bool:
        order = look_at(self._client, shipment.order_id)
        same_parcel = (order.shipping_tracking or "") in {"", shipment.parcel.tracking_number}
        return same_parcel and order_status(order.order_state or "") in LEFT

    def _confirm_parcels(self, shipments: Sequence[Shipment]) -> list[Verdict]:
        """Look first: ST01 has no key that would make a second call harmless."""
        told = self._told(shipments)
        verdicts = [done(_reference(s), told[_reference(s)]) for s in shipments if _reference(s) in told]
        missing = [shipment for shipment in shipments if _reference(shipment) not in told]
        if missing:
            body = {"shipments": [self._build_parcel(shipment) for shipment in missing]}
            created = self._client.send("ST01", body).json(_Created)
            verdicts += [_verdict(shipment, created) for shipment in missing]
        return verdicts

    def _told(self, shipments: Sequence[Shipment]) -> dict[str, str]:
        """Our references that these orders already carry, and the marketplace's id of each."""
        query: dict[str, object] = {"order_id": [one.order_id for one in shipments], "limit": 100}
        found: dict[str, str] = {}
        while True:
            listed = self._client.get("ST11", query).json(_Listed)
            found |= {reference: told.id for told in listed.data for reference in told.references}
            if not listed.next_page_token:
                return found
            query = {"page_token": listed.next_page_token}

    def _build_parcel(self, shipment: Shipment) -> dict[str, object]:
        tracking = self._tracking(shipment, url_field="tracking_url")
        return build_shipment(shipment, tracking)

    def _tracking(self, shipment: Shipment, *, url_field: str) -> dict[str, object]:
        carriers = self._profile.carriers()
        return build_tracking(shipment.parcel, carriers, self._carriers, url_field=url_field)


def build_shipment(shipment: Shipment, tracking: dict[str, object]) -> dict[str, object]:
    """Our reference travels as `package_reference`: that is how the shipment is found again."""
    lines = [
        {"order_line_id": line.line_id, "quantity": line.quantity, "package_reference": shipment.reference}
        for line in shipment.lines
    ]
    return {"order_id": shipment.order_id, "shipment_lines": lines, "tracking": tracking, "shipped": True}


def one_per_order(shipments: Sequence[Shipment]) -> list[list[Shipment]]:
    """Groups of at most 100 in which no order comes twice: ST01 tells its errors by order only."""
    groups: list[list[Shipment]] = []
    for shipment in shipments:
        free = (g for g in groups if len(g) < CHUNK and all(s.order_id != shipment.order_id for s in g))
        group = next(free, None)
        if group is None:
            groups.append([shipment])
        else:
            group.append(shipment)
    return groups


def _reference(shipment: Shipment) -> str:
    return shipment.reference


def _verdict(shipment: Shipment, created: _Created) -> Verdict:
    for told in created.shipment_success or ():
        if told.order_id == shipment.order_id:
            return Verdict(key=shipment.reference, outcome=Outcome.DONE, external_id=told.id)
    for refusal in created.shipment_errors or ():
        if refusal.order_id == shipment.order_id:
            return rejected(shipment.reference, refusal.message or "")
    raise UnexpectedAnswer(f"ST01 says nothing of the order {shipment.order_id}.")
