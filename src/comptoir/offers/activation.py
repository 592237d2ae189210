"""Which articles are offered where: rules of products, families and channels, applied in sets.

The most specific rule wins: the product before its family before everything, and at each level the channel before
all channels. « Pause and show again by stock » is a rule of quantity (`offers.publication`); here is what may be
offered at all, and what is offered by itself. A closed period pauses too, where its calendar says so
(`inventory.calendars`): what lies only in places that are closed now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.inventory.availability import AVAILABLE
from comptoir.inventory.calendars import paused_places
from comptoir.journal.audit import record_change
from comptoir.offers.activation_models import ActivationRule
from comptoir.offers.acts import OfferAct
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.offers.wishes import Wish, read_offers, want
from comptoir.sdk.connector import Role

Action = ActivationRule.Action
BATCH = 2_000
_WINS = """(SELECT rule.action FROM offers_activationrule rule
    WHERE (rule.channel_id IS NULL OR rule.channel_id = {channel})
      AND (rule.product_id = article.id OR rule.product_id IS NULL AND rule.family IN ('', article.family))
    ORDER BY rule.product_id IS NULL, rule.family = '', rule.channel_id IS NULL LIMIT 1)"""
# Where nothing of it lies anywhere, the house's calendar decides.
_SHUT = """(cardinality(%(shut)s::bigint[]) > 0 AND coalesce((
    SELECT bool_and(CASE WHEN stock.warehouse_id = ANY(%(own)s::bigint[]) THEN stock.warehouse_id ELSE 0 END
                    = ANY(%(shut)s::bigint[]))
    FROM inventory_stock stock JOIN inventory_warehouse w ON w.id = stock.warehouse_id AND w.sellable
    WHERE stock.on_hand > 0 AND (stock.product_id = article.id OR stock.product_id IN (
        SELECT component_id FROM catalog_kitcomponent WHERE kit_id = article.id))
), 0 = ANY(%(shut)s::bigint[])))"""
_TO_PAUSE = f"""
SELECT o.id FROM offers_offer o JOIN catalog_product article ON article.id = o.product_id
WHERE o.network = 'seller' AND NOT o.barred AND ({_WINS.format(channel="o.channel_id")} = 'never' OR {_SHUT})
ORDER BY o.id
"""  # noqa: S608 - our own text
_TO_SHOW = f"""
SELECT o.id FROM offers_offer o LEFT JOIN catalog_product article ON article.id = o.product_id
WHERE o.barred AND {_WINS.format(channel="o.channel_id")} IS DISTINCT FROM 'never' AND NOT {_SHUT} ORDER BY o.id
"""  # noqa: S608 - our own text
# What has a price to begin with and a purchase price for its floor. Whether there is stock is asked of these alone.
_TO_LIST = f"""
SELECT article.id FROM catalog_product article
WHERE article.active AND article.list_price > 0 AND {_WINS.format(channel="%(channel)s::bigint")} = 'list'
  AND EXISTS (SELECT FROM catalog_purchaseprice cost WHERE cost.product_id = article.id)
  AND NOT EXISTS (SELECT FROM offers_offer o WHERE o.channel_id = %(channel)s AND o.sku = article.sku
                                               AND o.network = 'seller')
ORDER BY article.id
"""  # noqa: S608 - our own text
_IN_STOCK = f"SELECT product_id FROM ({AVAILABLE}) sellable WHERE available > 0"  # noqa: S608
_BAR = "UPDATE offers_offer SET barred = %s WHERE id = ANY(%s)"


class RuleExists(ValueError):  # noqa: N818
    """There is a rule of exactly that product or family on that channel already."""


@dataclass(frozen=True)
class Applied:
    listed: int = 0
    paused: int = 0
    shown: int = 0


def rules(only: Sequence[str] = ()) -> QuerySet[ActivationRule]:
    """`only`: the only channels that exist for who asks; the rules of all channels concern them too."""
    found = ActivationRule.objects.select_related("channel", "product")
    return found.filter(Q(channel__key__in=only) | Q(channel=None)) if only else found


def keep_rule(
    action: str, *, channel: Channel | None, family: str = "", product: Product | None = None, actor: str
) -> ActivationRule:
    """Raises RuleExists."""
    try:
        with transaction.atomic():
            rule = ActivationRule.objects.create(
                action=action, channel=channel, family=family, product=product, created_at=clock.now(), created_by=actor
            )  # fmt: skip
    except IntegrityError as error:
        raise RuleExists(str(error)) from error
    record_change(
        actor=actor, action="offers.activation", subject_kind="rule", subject=str(rule.pk), after=_told(rule)
    )
    return rule


def remove_rule(rule: ActivationRule, *, actor: str) -> None:
    record_change(
        actor=actor, action="offers.activation", subject_kind="rule", subject=str(rule.pk), before=_told(rule)
    )
    rule.delete()


def apply_rules() -> Applied:
    """Pause what is barred, show again what is not any more, offer what shall be offered by itself."""
    own, shut = paused_places(clock.now())
    closed = {"own": own, "shut": shut}
    shown = _move(_TO_SHOW, closed, barred=False)
    if not (shut or ActivationRule.objects.exists()):
        return Applied(shown=shown)
    listed = _list()
    return Applied(listed=listed, paused=_move(_TO_PAUSE, closed, barred=True), shown=shown)


def is_anything_ruled() -> bool:
    """Whether `apply_rules` may find something to do."""
    ruled = ActivationRule.objects.exists() or Offer.objects.filter(barred=True).exists()
    return ruled or bool(paused_places(clock.now())[1])


def _move(which: str, closed: dict[str, list[int]], *, barred: bool) -> int:
    """An offer that a person paused stays paused when the rule goes: it was not the rule that paused it.

    One that was not created yet is not paused, which would write to what is not there: it waits, barred.
    """
    moved = 0
    ids = [row[0] for row in fetch(which, closed)]
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            known = read_offers(ids[start : start + BATCH], lock=True)
            new = {offer.id for offer in known.values() if offer.state == Offer.State.NEW}
            mine = [one for one in known.values() if one.id not in new and one.now.paused != barred]
            done = want([(offer, Wish(paused=barred).applied_to(offer.now)) for offer in mine], actor="comptoir",
                        kind=OfferAct.Kind.RULE)  # fmt: skip
            execute(_BAR, [barred, [*new, *(offer.id for offer in mine)] if barred else list(known)])
            moved += done.changed + len(new)
    return moved


def _list() -> int:
    listed = 0
    for channel in Channel.objects.filter(role=Role.MARKETPLACE, publishes=True).order_by("id"):
        ids = [row[0] for row in fetch(_TO_LIST, {"channel": channel.pk})]
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            ready = [row[0] for row in fetch(_IN_STOCK, {"products": batch})]
            listed += list_products(channel, ready) if ready else 0
    return listed


def _told(rule: ActivationRule) -> dict[str, str]:
    return {"action": rule.action, "channel": rule.channel.key if rule.channel else "*", "family": rule.family,
            "product": rule.product.sku if rule.product else ""}  # fmt: skip
