"""Who says what of an article: an import never writes over what the hub owns.

By default the ERP owns every field of an article; a title, a brand or a list price that is kept here may be taken
over, one field at a time. What belongs to offers (their prices, floors, rules) is the hub's in any case: no import
reaches it.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from comptoir.catalog.models import FieldOwner
from comptoir.core import clock
from comptoir.journal.audit import record_change

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title",),
    "brand": ("brand",),
    "family": ("family",),
    "list_price": ("list_price", "currency"),
    "vat_rate": ("vat_rate",),
    "weight": ("weight_g",),
    "size": ("length_mm", "width_mm", "height_mm"),
    "active": ("active",),
    "barcode": (),
    "supplier": (),
    "purchase_price": (),
}
"""Each field, and the columns of `catalog_product` that it is; the last three have tables of their own."""


class UnknownField(ValueError):  # noqa: N818
    """No field of an article has this name."""


def hub_fields() -> frozenset[str]:
    """The fields that imports leave alone."""
    owned = FieldOwner.objects.filter(owner=FieldOwner.Owner.HUB)
    return frozenset(owned.values_list("field", flat=True))


def hub_columns(fields: frozenset[str]) -> frozenset[str]:
    return frozenset(column for field in fields for column in FIELDS.get(field, ()))


@transaction.atomic
def set_owner(field: str, owner: str, *, actor: str) -> None:
    """From the next import on. ValueError for an owner that is none, UnknownField."""
    if field not in FIELDS:
        raise UnknownField(f"{field} is none of {', '.join(FIELDS)}")
    chosen = FieldOwner.Owner(owner)
    before = FieldOwner.objects.filter(field=field).values_list("owner", flat=True).first()
    FieldOwner.objects.update_or_create(field=field, defaults={"owner": chosen, "changed_at": clock.now()})
    record_change(actor=actor, action="catalog.owner", subject_kind="field", subject=field,
                  before={"owner": before or FieldOwner.Owner.ERP}, after={"owner": str(chosen)})  # fmt: skip
