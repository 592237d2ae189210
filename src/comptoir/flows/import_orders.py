"""channel ──pages of changed orders──▶ orders, reservations, desired quantities

The cursor moves in the transaction that stores its page: a cut connection, a killed worker or a page
that comes twice loses nothing and doubles nothing.
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.intake import store_page
from comptoir.flows.registry import flow
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OrderSource


@flow(
    label=N_("Import orders"),
    every=timedelta(minutes=5),
    role=Role.MARKETPLACE,
    needs=(OrderSource,),
    lock="orders",
)
def import_orders(execution: Execution) -> None:
    source: OrderSource = execution.connection
    for page in source.order_pages(execution.cursor("orders")):
        execution.count("pages")
        store_page(execution, page, cursor="orders")
