"""Order intake as the flow does it: pages, a backlog by the thousand; orders, reservations, offers and the cursor
in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.measures import Stopwatch
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.flows.execution import Execution
from comptoir.flows.gathering import gathered
from comptoir.flows.intake import store_page
from comptoir.journal.models import Run
from comptoir.sdk.records import Order, OrderPage

PAGE = 100
"""What one page of OR11 holds at most: the page size of the Mirakl connector."""


class Importer:
    """One run of `import_orders` on pages that are already read; its watch counts the storing alone."""

    def __init__(self, channel: Channel) -> None:
        run = Run.objects.create(flow="import_orders", channel=channel.key, started_at=clock.now())
        self.watch = Stopwatch()
        self.execution = Execution(run, channel, None)
        self._pages = 0

    def store(self, orders: Sequence[Order]) -> None:
        """One read: pages of `PAGE` orders."""
        with self.watch.running():
            for page in gathered(self._paged(orders)):
                store_page(self.execution, page, cursor="orders")

    def _paged(self, orders: Sequence[Order]) -> Iterator[OrderPage]:
        for first in range(0, len(orders), PAGE):
            self._pages += 1
            yield OrderPage(orders=tuple(orders[first : first + PAGE]), cursor=f"page {self._pages}")

    def counted(self, name: str) -> int:
        return self.execution.counts[name]
