"""What becomes of a batch of offers: ACTIVE → RUNNING → OK, WARNING or ERROR, offer by offer."""

from __future__ import annotations

from decimal import Decimal

from bazaar.fnac.records import Batch, Offer, OfferRow, RowVerdict
from bazaar.fnac.shop import CURRENCY, Shop, product_id
from bazaar.world.facts import FactKind, Product

KEPT = (
    "instead_of_price",
    "adherent_price",
    "showcase",
    "time_to_ship",
    "is_shipping_free",
    "logistic_type_id",
)
DEFAULT_QUANTITY = "1"
"""`OffersUpdateService.xsd` gives the quantity this default."""


class RefusedOfferError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def run(shop: Shop, batch_id: str) -> None:
    batch = shop.batches[batch_id]
    batch.status = "RUNNING"
    shop.batches[batch_id] = batch
    shop.later(shop.settings.batch_run_seconds, "batch_complete", batch_id=batch_id)


def complete(shop: Shop, batch_id: str) -> None:
    batch = shop.batches[batch_id]
    doomed = -1
    if shop.world.fault(shop.key, "partial_failure"):
        doomed = shop.rng("batches").randrange(len(batch.rows))
    verdicts = [_verdict(shop, row, doomed=index == doomed) for index, row in enumerate(batch.rows)]
    if shop.world.fault(shop.key, "duplicated_import"):
        # Everything is worked through a second time: what is absolute stays what it was.
        verdicts = [_verdict(shop, row, doomed=index == doomed) for index, row in enumerate(batch.rows)]
    _close(shop, batch, verdicts)


def _close(shop: Shop, batch: Batch, verdicts: list[RowVerdict]) -> None:
    """An OK batch tells nothing of its offers, as recorded ones do; the others tell of every offer."""
    statuses = {verdict.status for verdict in verdicts}
    batch.status = next((status for status in ("ERROR", "WARNING") if status in statuses), "OK")
    batch.verdicts = [] if batch.status == "OK" else verdicts
    shop.batches[batch.batch_id] = batch


def _verdict(shop: Shop, row: OfferRow, *, doomed: bool) -> RowVerdict:
    try:
        if doomed:
            raise RefusedOfferError("ERR_199", "The offer could not be processed. Try again.")
        offer = _apply(shop, row)
    except RefusedOfferError as error:
        sku = row.fields.get("offer_reference", "")
        return RowVerdict(status="ERROR", sku=sku, code=error.code, message=error.message)
    return RowVerdict(status="OK", sku=offer.sku, offer_id=offer.offer_id, product_id=product_id(offer.ean))


def _apply(shop: Shop, row: OfferRow) -> Offer:
    """Create, update or delete one offer. RefusedOfferError, and then nothing has changed."""
    existing = _existing(shop, row)
    if row.fields.get("treatment") == "delete":
        return _delete(shop, existing)
    fields = _completed(shop, row, existing)
    product = _product(shop, row, existing)
    offer = _make(shop, row, fields, product, existing)
    shop.keep_offer(offer)
    told: list[FactKind] = ["stock_told"] if "quantity" in row.fields else []
    told += ["price_told"] if "price" in row.fields else []
    told += ["offer_told"] if "product_state" in row.fields else []
    for kind in told:
        tell(shop, kind, offer, "updated" if existing else "inserted")
    return offer


def _existing(shop: Shop, row: OfferRow) -> Offer | None:
    reference = row.fields["offer_reference"]
    if row.reference_type == "SellerSku":
        return shop.offer(reference)
    return next((offer for offer in shop.live_offers() if offer.offer_id == reference), None)


def _delete(shop: Shop, existing: Offer | None) -> Offer:
    if existing is None:
        raise RefusedOfferError("ERR_027", "Offer not found.")
    existing.deleted, existing.quantity = True, 0
    shop.keep_offer(existing)
    tell(shop, "offer_told", existing, "deleted")
    return existing


def _completed(shop: Shop, row: OfferRow, existing: Offer | None) -> dict[str, str]:
    """The fields of the offer; those that were not sent are kept, or lost, as the storefront does."""
    fields = dict(row.fields)
    if existing is not None and shop.settings.keeps_missing_fields:
        fields.setdefault("price", str(existing.price))
        fields.setdefault("product_state", existing.state)
        fields.setdefault("quantity", str(existing.quantity))
        fields.setdefault("description", existing.description)
        fields = existing.extra | fields
    if missing := [name for name in ("price", "product_state") if not fields.get(name)]:
        raise RefusedOfferError("ERR_020", f"Mandatory field missing: {missing[0]}.")
    fields.setdefault("quantity", DEFAULT_QUANTITY)
    return fields


def _product(shop: Shop, row: OfferRow, existing: Offer | None) -> Product:
    reference = row.fields.get("product_reference", "")
    if not reference and existing is not None and shop.settings.keeps_missing_fields:
        return shop.world.products_by_ean[existing.ean]
    product = shop.product(row.product_type, reference)
    if product is None:
        raise RefusedOfferError("ERR_026", "Product not found.")
    if existing is not None and existing.ean != product.ean:
        raise RefusedOfferError("ERR_028", "The offer exists for another product.")
    return product


def _make(
    shop: Shop, row: OfferRow, fields: dict[str, str], product: Product, existing: Offer | None
) -> Offer:
    now = shop.now()
    return Offer(
        sku=existing.sku if existing else row.fields["offer_reference"],
        ean=product.ean,
        offer_id=existing.offer_id if existing else shop.new_uuid(),
        title=product.title,
        price=Decimal(fields["price"]),
        quantity=int(fields["quantity"]),
        state=fields["product_state"],
        created_at=existing.created_at if existing else now,
        updated_at=now,
        description=fields.get("description", ""),
        internal_comment=fields.get("internal_comment", ""),
        extra={name: fields[name] for name in KEPT if fields.get(name)},
    )


def tell(shop: Shop, kind: FactKind, offer: Offer, action: str) -> None:
    shop.world.record(
        kind,
        shop.key,
        sku=offer.sku,
        quantity=offer.quantity,
        amount=offer.price,
        currency=CURRENCY,
        action=action,
    )


def put_on_sale(shop: Shop, product: Product) -> None:
    """An offer that was there before the story begins: no batch made it and nobody told it."""
    now = shop.now()
    price = min(max(product.list_price, Decimal("0.90")), Decimal("20000.00"))
    shop.keep_offer(
        Offer(
            sku=product.sku,
            ean=product.ean,
            offer_id=shop.new_uuid(),
            title=product.title,
            price=price,
            quantity=min(product.initial_stock, 9999),
            state="11",
            created_at=now,
            updated_at=now,
        )
    )
