"""Buyers of stored orders, said otherwise."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction

from comptoir.orders.contacts import ContactSealer
from comptoir.orders.models import OrderContact


def rename_buyers(*order_ids: int, **facts: Any) -> None:
    """Of these orders, else of all: `name`, `email`, `phone`, `shipping`, `billing` as `Person` has them."""
    with transaction.atomic():
        sealer = ContactSealer()
        found = (
            OrderContact.objects.filter(order_id__in=order_ids) if order_ids else OrderContact.objects.all()
        )
        for contact in found:
            person = msgspec.structs.replace(contact.person, **facts)
            _, sealed, words, ships = sealer.contact(contact.order_id, person)
            OrderContact.objects.filter(pk=contact.pk).update(sealed=sealed, words=words, ships=ships)
