"""The connection test: everything that the settings name is looked for, and what lacks is named."""

from __future__ import annotations

from typing import Final

from comptoir.connectors.sage_x3.lists import Lists
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.services import Services
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.errors import ConfigurationError
from comptoir.sdk.records import ChannelProfile

# The first column of each names a row: without it nothing can be read of the list.
_LISTS: Final = {
    "items": ("sku",), "prices": ("sku",), "suppliers": ("sku", "supplier"), "stock": ("sku", "site"),
    "allocations": ("sku", "row"), "movements": ("voucher", "row"), "orders": ("number",),
    "order_lines": ("number", "line"), "deliveries": ("number",), "delivery_lines": ("number", "line"),
    "invoices": ("number",), "invoice_lines": ("number", "line"), "customers": ("number",),
    "purchases": ("number",), "purchase_lines": ("number", "line"),
}  # fmt: skip
# What the description of an object may not name although it can be read: they only matter where they are there.
_OPTIONAL: Final = ("line.delivered", "line.state", "order.state")


def check_setup(lists: Lists, services: Services, settings: SageX3Settings, mapped: Mapped) -> ChannelProfile:
    counts = _check_lists(lists, mapped)
    warnings = _check_objects(services, settings, mapped)
    _check_search(services, settings, mapped)
    _require(lists, "customers", "number", {settings.customer, *settings.customer_of().values()}, "customer")
    articles = {settings.shipping_article, settings.discount_article, settings.rounding_article}
    _require(lists, "items", "sku", articles, "article")
    return ChannelProfile(
        account_id=f"{settings.endpoint}/{settings.pool}",
        account_name=settings.endpoint,
        features={"endpoint": settings.endpoint, "pool": settings.pool, "sites": ", ".join(settings.sites()),
                  "lists": str(counts), "order_numbers": "ours" if settings.own_numbers else "X3"},
        warnings=tuple(warnings),
    )  # fmt: skip


def _check_lists(lists: Lists, mapped: Mapped) -> int:
    """One row of each: a column of the mapping that the representation does not give is named."""
    for listed, order in _LISTS.items():
        columns = mapped.columns(listed)
        if missing := [word for word in order if word not in columns]:
            raise ConfigurationError(f"{listed}.{missing[0]} needs a column.", code="mapping")
        rows = lists.raw(listed, order)
        given = {column for row in rows for column in row}  # one that is empty may be left out of a row
        if rows and (absent := sorted(set(columns.values()) - given)):
            name = mapped[f"list.{listed}"]
            raise ConfigurationError(
                f"The representation {name} gives no {', '.join(absent)}.", code="mapping"
            )
    return len(_LISTS)


def _check_objects(services: Services, settings: SageX3Settings, mapped: Mapped) -> list[str]:
    wanted = {
        settings.order_object: ("order.", "line."),
        settings.invoice_object: ("credit.", "credit_line."),
    }
    if settings.purchase_object:
        wanted[settings.purchase_object] = ("purchase.", "purchase_line.")
    if settings.customer_mode == "buyer":
        wanted[settings.customer_object] = ("customer.", "address.")
    warnings = []
    for name, parts in wanted.items():
        published = services.describe(name)
        if not published:
            warnings.append(f"The description of {name} cannot be read: its fields were not checked.")
            continue
        absent = {word: place for word, place in mapped.places(*parts) if place not in published}
        if needed := sorted(f"{word} ({place})" for word, place in absent.items() if word not in _OPTIONAL):
            raise ConfigurationError(f"{name} does not publish {', '.join(needed)}.", code="mapping")
        warnings += [f"{name} does not publish {place} ({word})." for word, place in sorted(absent.items())]
    if settings.stock_program:
        services.describe(settings.stock_program)
    return warnings


def _check_search(services: Services, settings: SageX3Settings, mapped: Mapped) -> None:
    """What is looked for before it is written must be found by its reference alone: one that does not exist is asked
    for, and a left list without that column would answer with others."""
    wanted = {settings.order_object: "order.reference", settings.invoice_object: "credit.reference"}
    if settings.purchase_object:
        wanted[settings.purchase_object] = "purchase.reference"
    for name, word in wanted.items():
        column = mapped.place(word)[1]
        if services.query(name, {column: f"{settings.reference_prefix}?"}, 1):
            raise ConfigurationError(f"The list of {name} cannot be narrowed by {column}.", code="mapping")


def _require(lists: Lists, listed: str, word: str, wanted: set[str], what: str) -> None:
    names = wanted - {""}
    found = {str(row[word]) for row in lists.of(listed, word, names, (word,))}
    if missing := sorted(names - found):
        raise ConfigurationError(f"Sage X3 has no {what} {', '.join(missing)}.")
