"""Who an order is for: the marketplace's one customer, or one per buyer, made once."""

from __future__ import annotations

from comptoir.connectors.sage_x3.lists import Lists
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.payloads import build_customer, customer_number
from comptoir.connectors.sage_x3.services import Services
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord, TransientError
from comptoir.sdk.records import Address, ErpOrder


class Customers:
    def __init__(self, lists: Lists, services: Services, settings: SageX3Settings, mapped: Mapped) -> None:
        self._lists = lists
        self._services = services
        self._settings = settings
        self._mapped = mapped
        self._there: set[str] = set()

    def of(self, order: ErpOrder) -> str:
        """Its account, which exists when this returns."""
        settings = self._settings
        if settings.customer_mode == "generic":
            return settings.customer_of().get(order.channel, settings.customer)
        address = order.order.billing_address or order.order.shipping_address or Address()
        number = customer_number(order.order.buyer, address)
        if number not in self._there and not self._exists(number):
            self._create(number, order, address)
        self._there.add(number)
        return number

    def of_order(self, reference: str) -> str:
        """The account that an order of ours was written for."""
        name = self._mapped.place("order.customer")
        column = self._mapped.place("order.reference")[1]
        rows = self._services.query(self._settings.order_object, {column: reference})
        own = next((row for row in rows if row.get(column) == reference), None)
        if own is None:
            raise RejectedRecord(f"{reference} is not in X3: nothing to credit.", code="order")
        if customer := str(own.get(name[1], "")):
            return customer
        key = self._mapped.place("order.number")[1]
        read = self._services.read(self._settings.order_object, {key: str(own.get(key, ""))}) or {}
        return str(read.get(name[0], {}).get(name[1], "")) or self._settings.customer

    def _exists(self, number: str) -> bool:
        return bool(self._lists.of("customers", "number", [number], ("number",)))

    def _create(self, number: str, order: ErpOrder, address: Address) -> None:
        """Its number is ours: X3 refuses a second one, and then it is there."""
        entity = build_customer(
            number, order.order.buyer, address, order.order.currency, self._settings, self._mapped
        )
        try:
            self._services.save(self._settings.customer_object, entity)
        except (RejectedRecord, OutcomeUnknown) as error:
            if self._exists(number):
                return
            if isinstance(error, OutcomeUnknown):
                # The order itself was not begun: with the next delivery the customer is there, or is made.
                raise TransientError(f"{number}: {error.message}", code="customer") from error
            raise
