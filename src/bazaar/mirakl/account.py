"""The lines of the seller's account, found by order, with the last one at hand for the running balance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bazaar.mirakl.records import Transaction
from bazaar.party import Shelf


class Account:
    def __init__(self, shelf: Shelf[Transaction]) -> None:
        self._shelf = shelf
        self._ids_of_order: dict[str, list[str]] = {}
        self.last: Transaction | None = None
        self.payout_asked_for: datetime | None = None
        for one in sorted(shelf.values(), key=lambda one: one.number):
            self._note(one)

    def all(self) -> Iterable[Transaction]:
        return self._shelf.values()

    def of_order(self, order_id: str) -> list[Transaction]:
        return [self._shelf[one] for one in self._ids_of_order.get(order_id, ())]

    def append(self, transaction: Transaction) -> None:
        self._shelf[transaction.id] = transaction
        self._note(transaction)

    def put_back(self, transaction: Transaction) -> None:
        self._shelf[transaction.id] = transaction

    def _note(self, transaction: Transaction) -> None:
        self.last = transaction
        if transaction.order_id:
            self._ids_of_order.setdefault(transaction.order_id, []).append(transaction.id)
