"""What was stored before there were envelopes is sealed in small steps, while people trade.

A step locks its contacts, seals them and their payloads, and commits: cut off anywhere, the next one goes on with
what is still plain. A partial index names that, and is empty once all is done.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from comptoir.core.bulk import execute, fetch, stage_rows
from comptoir.core.envelopes import is_sealed
from comptoir.orders.contacts import ContactSealer
from comptoir.orders.models import OrderContact, RawOrder
from comptoir.orders.rows import CONTACT, RAW

STEP = 1_000
# The condition of the index orders_contact_plain.
PLAIN = Q(purged_at=None) & (
    Q(sealed=None)
    | ~Q(plain_name="")
    | ~Q(plain_email="")
    | ~Q(plain_phone="")
    | Q(plain_shipping__isnull=False)
    | Q(plain_billing__isnull=False)
)
_CONTACTS = """
UPDATE orders_ordercontact contact SET sealed = news.sealed, words = news.words, ships = news.ships,
    buyer_name = '', buyer_email = '', buyer_phone = '', shipping_address = NULL, billing_address = NULL
FROM sealed_contact news WHERE contact.order_id = news.order_id
"""
_RAW = """
UPDATE orders_raworder raw SET payload = news.payload FROM sealed_raw news WHERE raw.order_id = news.order_id
"""


def seal_plain(*, step: int = STEP) -> int:
    """Seal the next ones, in a transaction of their own; how many they were. 0: all is sealed."""
    with transaction.atomic():
        found = OrderContact.objects.select_for_update(no_key=True, skip_locked=True).filter(PLAIN)
        return _seal(list(found.order_by("order_id")[:step]))


def reseal_after(order_id: int, *, step: int = STEP) -> int:
    """Seal anew those after this one, under today's data key; the last one's id. 0: there are no more.

    After a key was stolen; and what an older release of the hub wrote last, in payloads, is sealed on the way.
    """
    with transaction.atomic():
        found = OrderContact.objects.select_for_update(no_key=True).filter(
            order_id__gt=order_id, purged_at=None
        )
        contacts = list(found.order_by("order_id")[:step])
        _seal(contacts, anew=True)
        return contacts[-1].order_id if contacts else 0


def _seal(contacts: Sequence[OrderContact], *, anew: bool = False) -> int:
    if not contacts:
        return 0
    sealer = ContactSealer()
    rows = [sealer.contact(one.order_id, one.person) for one in contacts]
    stage_rows("sealed_contact", CONTACT, rows, like="orders_ordercontact")
    execute(_CONTACTS)
    raws = RawOrder.objects.select_for_update(no_key=True).filter(
        order_id__in=[one.order_id for one in contacts]
    )
    payloads = [
        (raw.order_id, sealer.raw(raw.order_id, raw.text()), raw.received_at)
        for raw in raws.order_by("order_id")
        if anew or not is_sealed(bytes(raw.payload))
    ]
    stage_rows("sealed_raw", RAW, payloads, like="orders_raworder")
    execute(_RAW)
    return len(contacts)


def plain_left() -> bool:
    return OrderContact.objects.filter(PLAIN).exists()


def data_keys_in_use() -> int:
    return int(fetch("SELECT count(*) FROM core_datakey")[0][0])
