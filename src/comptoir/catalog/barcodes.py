"""The barcodes that a person gives a product; those of the ERP are added to them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from stdnum import ean

from comptoir.catalog.models import Barcode, Product
from comptoir.journal.audit import record_change


class WrongBarcode(ValueError):  # noqa: N818
    """Its check digit is not right, or another product has it."""


@transaction.atomic
def change_barcodes(product_id: int, codes: Sequence[str], *, actor: str) -> None:
    """These and no others. Raises WrongBarcode, Product.DoesNotExist."""
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    wanted = list(dict.fromkeys(ean.compact(code) for code in codes if code.strip()))
    for code in wanted:
        if not ean.is_valid(code):
            raise WrongBarcode(code)
    if taken := Barcode.objects.filter(code__in=wanted).exclude(product=product).first():
        raise WrongBarcode(taken.code)
    before = sorted(product.barcodes.values_list("code", flat=True))
    if before == sorted(wanted):
        return
    product.barcodes.exclude(code__in=wanted).delete()
    Barcode.objects.bulk_create(Barcode(product=product, code=code) for code in wanted if code not in before)
    record_change(actor=actor, action="product.barcodes", subject_kind="product", subject=product.sku,
                  before={"barcodes": ", ".join(before)}, after={"barcodes": ", ".join(sorted(wanted))})  # fmt: skip
