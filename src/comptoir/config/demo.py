"""The first start with a simulated world: its marketplaces and its ERP connected, its products on sale."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.inventory.models import Stock
from comptoir.rehearsal.connecting import connect_parties, offer_everything
from comptoir.sdk.connector import Role

# A person watches: polls are closer together than on a real marketplace, which asks for five minutes.
INTERVALS = {"import_orders": 20, "accept_orders": 15, "publish_offers": 30, "check_submissions": 20}
ERP_INTERVALS = {"import_products_from_erp": 60, "import_stock_from_erp": 60, "export_orders_to_erp": 20,
                 "import_shipments_from_erp": 20}  # fmt: skip
WAIT_FOR_ERP_S = 40.0


def set_up(world: dict[str, Any]) -> None:
    """`world`: what bazaar says of itself. Safe to repeat after a kill in between."""
    channels = connect_parties(world["parties"], intervals=INTERVALS)
    erps = [channel for channel in channels if channel.role == Role.ERP]
    Channel.objects.filter(pk__in=[erp.pk for erp in erps]).update(intervals=ERP_INTERVALS)
    _take_stock(erps)
    offer_everything(channels)
    for channel in channels:
        if channel.role == Role.MARKETPLACE:  # at once: buyers wait for the first offers
            run_flow("publish_offers", channel.key, trigger="hand")


def _take_stock(erps: Sequence[Channel]) -> None:
    """The ERP writes its files a moment after it starts: wait for them, not for ever."""
    until = time.monotonic() + WAIT_FOR_ERP_S
    while erps and time.monotonic() < until:
        for erp in erps:
            run_flow("import_products_from_erp", erp.key, trigger="hand")
            run_flow("import_stock_from_erp", erp.key, trigger="hand")
        if Product.objects.exists() and Stock.objects.filter(on_hand__gt=0).exists():
            return
        time.sleep(0.5)
