"""Accounts of buyers in an ERP that keeps one for each of them, and their right to be forgotten there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from comptoir.sdk.records import Record


class BuyerAccount(Record, frozen=True, kw_only=True):
    number: str
    references: tuple[str, ...]
    """Every order of ours on it: it is forgotten when all of them are."""


@runtime_checkable
class BuyerAccounts(Protocol):
    def buyer_accounts(self, references: Sequence[str]) -> Mapping[str, BuyerAccount]:
        """Account number → the account, of those that these orders stand on; {} where no account is a buyer's."""
        ...

    def forget_account(self, number: str) -> None:
        """Empty what names the buyer: title, addresses, contacts. Its documents stay. Harmless twice."""
        ...
