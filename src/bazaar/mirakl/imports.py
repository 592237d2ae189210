"""Asynchronous imports: taken at once, WAITING, then RUNNING, and applied when they are COMPLETE.

What an import changes is seen by buyers only at its end: until then the old price and stock sell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import msgspec

from bazaar.mirakl.offer_rules import apply_offer, delete_offer
from bazaar.mirakl.offer_updates import BadLineError, OfferUpdate, from_row
from bazaar.mirakl.price_import import apply_prices
from bazaar.mirakl.records import Import, ImportKind
from bazaar.mirakl.reference import ADDITIONAL_FIELDS
from bazaar.mirakl.shop import Shop
from bazaar.mirakl.stock_import import apply_stock
from bazaar.mirakl.tables import Row, write_table

OFFER_FIELDS = frozenset(code for code, entity, _, _ in ADDITIONAL_FIELDS if entity == "OFFER")
Failures = dict[int, str]  # by index of the line
SHARE_FAILING = 0.2  # of the lines, when the fault partial_failure strikes


def accept(
    shop: Shop,
    kind: ImportKind,
    content: bytes,
    header: Row,
    rows: tuple[Row, ...],
    *,
    updates: bytes = b"",
    mode: str = "NORMAL",
) -> Import:
    """Keep the import for later; the same request again gives the import that it already made."""
    digest = hashlib.blake2s(mode.encode() + content).hexdigest()
    earlier = _duplicate(shop, kind, digest)
    if earlier is not None:
        return earlier
    one = Import(
        import_id=_new_id(shop, kind),
        kind=kind,
        created_at=shop.now(),
        digest=digest,
        header=header,
        rows=rows,
        updates=updates,
        mode=mode,
    )
    shop.imports[one.import_id] = one
    wait = shop.settings.import_wait_seconds
    if shop.world.fault(shop.key, "late_import"):
        wait *= shop.settings.late_import_factor
    shop.later(wait, "import_run", import_id=one.import_id)
    return one


def _duplicate(shop: Shop, kind: ImportKind, digest: str) -> Import | None:
    """ "If Mirakl detects a duplicate import request, the API will return the import_id of the existing
    import": how it detects one is not documented, hence the setting `duplicate_import`."""
    hour_ago = shop.now() - timedelta(hours=1)
    whole_hour = shop.settings.duplicate_import == "last_hour"
    for one in reversed(list(shop.imports.values())):
        if one.created_at < hour_ago and one.finished:
            continue
        if one.kind == kind and one.digest == digest and (whole_hour or not one.finished):
            return one
    return None


def _new_id(shop: Shop, kind: ImportKind) -> str:
    return str(2000 + len(shop.imports)) if kind in {"OF01", "OF24"} else shop.new_uuid()


def run(shop: Shop, import_id: str) -> None:
    one = shop.imports[import_id]
    one.status = "RUNNING"
    shop.imports[import_id] = one
    shop.later(shop.settings.import_run_seconds, "import_complete", import_id=import_id)


def complete(shop: Shop, import_id: str) -> None:
    one = shop.imports[import_id]
    doomed = _doomed_lines(shop, len(one.rows))
    failures = APPLY[one.kind](shop, one, doomed)
    one.status = "COMPLETE"
    one.lines_in_error = len(failures)
    one.lines_in_success = len(one.rows) - len(failures)
    one.error_report = _report(one, failures)
    shop.imports[import_id] = one
    is_copy = not one.digest
    if not is_copy and shop.world.fault(shop.key, "duplicated_import"):
        _run_again(shop, one)


def _doomed_lines(shop: Shop, count: int) -> Failures:
    """Lines that the platform itself fails to write, though they are good."""
    if not shop.world.fault(shop.key, "partial_failure"):
        return {}
    rng = shop.rng("partial_failure")
    return {index: "Internal error" for index in range(count) if rng.random() < SHARE_FAILING}


def _run_again(shop: Shop, one: Import) -> None:
    """The platform takes the same file twice: a second import of its own, with what the first one said."""
    again = Import(
        import_id=_new_id(shop, one.kind),
        kind=one.kind,
        created_at=shop.now(),
        digest="",
        header=one.header,
        rows=one.rows,
        updates=one.updates,
        mode=one.mode,
    )
    shop.imports[again.import_id] = again
    shop.later(shop.settings.import_wait_seconds, "import_run", import_id=again.import_id)


def _report(one: Import, failures: Failures) -> str:
    """The file again with its errors: last columns for offers, first ones for stock and prices."""
    if not failures:
        return ""
    first_line = 2  # the header is line 1
    if one.kind in {"OF01", "OF24"}:
        header = (*one.header, "error-line", "error-message")
        rows = [(*one.rows[i], str(i + first_line), text) for i, text in sorted(failures.items())]
    else:
        header = ("error-line", "error-message", *one.header)
        rows = [(str(i + first_line), text, *one.rows[i]) for i, text in sorted(failures.items())]
    return write_table(header, rows)


def _apply_offers(shop: Shop, one: Import, doomed: Failures) -> Failures:
    failures = dict(doomed)
    named = set()
    for index, read in enumerate(_readers(one)):
        try:
            update = read()
            named.add(update.shop_sku)
            if index not in doomed:
                outcome = apply_offer(shop, update)
                setattr(one, outcome, getattr(one, outcome) + 1)
        except BadLineError as refusal:
            failures.setdefault(index, str(refusal))
    if one.mode == "REPLACE":
        for offer in [offer for offer in shop.live_offers() if offer.sku not in named]:
            delete_offer(shop, offer)
            one.deleted += 1
    return failures


def _readers(one: Import) -> list[Callable[[], OfferUpdate]]:
    if one.kind == "OF24":
        updates = msgspec.json.decode(one.updates, type=list[OfferUpdate], strict=False)
        return [partial(_same, update) for update in updates]
    rows = [dict(zip(one.header, row, strict=False)) for row in one.rows]
    return [partial(from_row, row, OFFER_FIELDS) for row in rows]


def _same(update: OfferUpdate) -> OfferUpdate:
    return update


APPLY: dict[ImportKind, Callable[[Shop, Import, Failures], Failures]] = {
    "OF01": _apply_offers,
    "OF24": _apply_offers,
    "STO01": apply_stock,
    "PRI01": apply_prices,
}
