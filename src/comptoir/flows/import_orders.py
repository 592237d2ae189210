"""channel ──pages of changed orders──▶ orders, reservations, desired quantities

The cursor moves in the transaction that stores its page (several at once, of a backlog): a cut connection, a
killed worker or a page that comes twice loses nothing and doubles nothing. Once all pages are stored, last
units that waited for news of this channel's sales are shared anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.gathering import gathered
from comptoir.flows.intake import store_page
from comptoir.flows.registry import flow
from comptoir.offers.settling import note_orders_read
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OrderSource
from comptoir.sdk.records import OrderPage


@flow(
    label=N_("Import orders"),
    every=timedelta(minutes=5),
    role=Role.MARKETPLACE,
    needs=(OrderSource,),
    lock="orders",
)
def import_orders(execution: Execution) -> None:
    source: OrderSource = execution.connection
    began = execution.now()
    for page in gathered(_counted(execution, source.order_pages(execution.cursor("orders")))):
        store_page(execution, page, cursor="orders")
    note_orders_read(execution.channel, began)


def _counted(execution: Execution, pages: Iterable[OrderPage]) -> Iterator[OrderPage]:
    for page in pages:
        execution.count("pages")
        yield page
