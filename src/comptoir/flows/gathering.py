"""A backlog of small pages, stored by the thousand: most of what a page of a hundred costs is there for any page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from comptoir.sdk.records import OrderPage

MOST = 1_000
"""Orders in one transaction: more is hardly faster, and holds the locks longer."""


def gathered(pages: Iterable[OrderPage]) -> Iterator[OrderPage]:
    """The same orders in fewer pages, each with the cursor of the last that it holds.

    The first page comes alone and at once, then two together, then four…: the few orders of a usual turn wait
    for nothing, those of a first import come by `MOST`. Where a read fails, what was read before comes first.
    """
    kept: list[OrderPage] = []
    wanted = 1
    try:
        for page in pages:
            kept.append(page)
            if len(kept) >= wanted or sum(len(one.orders) for one in kept) >= MOST:
                yield _as_one(kept)
                kept = []
                wanted *= 2
    except Exception:
        if kept:
            yield _as_one(kept)
        raise
    if kept:
        yield _as_one(kept)


def _as_one(pages: list[OrderPage]) -> OrderPage:
    if len(pages) == 1:
        return pages[0]
    return OrderPage(
        orders=tuple(order for page in pages for order in page.orders),
        rejected=tuple(one for page in pages for one in page.rejected),
        cursor=pages[-1].cursor, total=pages[-1].total, last=pages[-1].last, exchange=pages[-1].exchange,
    )  # fmt: skip
