"""« May we sell these there? »: asked of the channel by hand, nothing written there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.flows.connect import capabilities, connected
from comptoir.journal.exchanges import ExchangeRecorder
from comptoir.journal.models import Run
from comptoir.sdk.errors import ConnectorError, RejectedRecord
from comptoir.sdk.listings import ListingTarget
from comptoir.sdk.money import to_cents
from comptoir.sdk.records import OfferDraft, Verdict

MOST = 100


def preview_listings(channel: Channel, skus: Sequence[str], *, actor: str) -> list[Verdict]:
    """One verdict per SKU that is a product here, with the channel's reasons. At most a hundred at once.

    RejectedRecord where the channel cannot tell; other errors of the sdk as they come. It leaves a Run.
    """
    if ListingTarget.__name__ not in capabilities(channel):
        raise RejectedRecord("This channel cannot tell beforehand what it would take.")
    if len(skus) > MOST:
        raise RejectedRecord(f"At most {MOST} articles at once.")
    run = Run.objects.create(
        flow="preview_listings", channel=channel.key, trigger="hand", actor=actor, started_at=clock.now()
    )
    recorder = ExchangeRecorder(channel.key, sample_rate=1.0)
    try:
        with connected(channel, recorder) as connection:
            target: ListingTarget = connection
            verdicts = list(target.preview_listings(_drafts(channel, skus)))
        run.outcome = Run.Outcome.SUCCEEDED
        run.counts = {"asked": len(verdicts)}
        return verdicts
    except ConnectorError as error:
        run.outcome, run.error_kind, run.error = Run.Outcome.FAILED, type(error).__name__, error.message
        raise
    finally:
        run.ended_at = clock.now()
        run.save()
        recorder.flush(run.pk)


def _drafts(channel: Channel, skus: Sequence[str]) -> list[OfferDraft]:
    """At the list price, one unit: enough to be judged."""
    found = Product.objects.filter(sku__in=skus).prefetch_related("barcodes").order_by("sku")
    return [
        OfferDraft(
            sku=product.sku, ean=next((barcode.code for barcode in product.barcodes.all()), ""), title=product.title,
            price=to_cents(product.list_price or Decimal(1)), currency=channel.currency, floor=Decimal(0), quantity=1,
        )
        for product in found
    ]  # fmt: skip
