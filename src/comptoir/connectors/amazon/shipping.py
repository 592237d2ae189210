"""Confirms shipments one parcel at a time, each with its own verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.shipments import build_confirmation, shipment_path
from comptoir.sdk.errors import OutcomeUnknown, RateLimited, RejectedRecord, TransientError
from comptoir.sdk.records import Outcome, Shipment, Verdict

# So many failures in a row are Amazon's trouble, not that of one order.
_GIVE_UP_AFTER = 3


def confirm(
    client: AmazonClient,
    shipments: Sequence[Shipment],
    place_of: Callable[[Shipment], str],
    now: datetime,
) -> Iterator[Verdict]:
    """`place_of` gives the marketplace of a shipment's order: Amazon refuses any other."""
    failures = 0
    for shipment in shipments:
        try:
            _confirm_one(client, shipment, shipment.marketplace or place_of(shipment), now)
        except RateLimited:
            raise
        except RejectedRecord as error:
            failures = 0
            yield _verdict(shipment, Outcome.REJECTED, error.message, error.code)
        except OutcomeUnknown as error:
            # Sending it again edits the same parcel: `package_reference` makes that harmless.
            yield _verdict(shipment, Outcome.UNKNOWN, error.message, error.code)
        except TransientError as error:
            failures += 1
            if failures >= _GIVE_UP_AFTER:
                raise
            yield _verdict(shipment, Outcome.RETRY, error.message, error.code)
        else:
            failures = 0
            yield _verdict(shipment, Outcome.DONE)


def _confirm_one(client: AmazonClient, shipment: Shipment, marketplace_id: str, now: datetime) -> None:
    body = build_confirmation(shipment, marketplace_id, now)
    client.write("confirmShipment", "POST", shipment_path(shipment.order_id), body=body)


def _verdict(shipment: Shipment, outcome: Outcome, message: str = "", code: str = "") -> Verdict:
    return Verdict(key=shipment.reference, outcome=outcome, code=code, message=message)
