"""A file of counts: judged line by line, applied as corrections in one transaction, taken back as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from comptoir.catalog.models import Product
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.core.sheets import Row, WrongLine
from comptoir.inventory.counts import MAX_UNITS
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Stock, StockMovement, Warehouse
from comptoir.inventory.reservations import default_warehouse, lock_stock_rows, make_stock_rows
from comptoir.sdk.i18n import N_

COLUMNS = {
    "sku": {"sku", "reference", "reference (sku)", "article"},
    "warehouse": {"warehouse", "entrepot", "depot"},
    "on_hand": {
        "on hand",
        "on_hand",
        "physique",
        "en stock",
        "stock",
        "quantity",
        "quantite",
        "units counted",
        "compte",
    },
    "incoming": {"incoming", "attendu", "en arrivage", "to come"},
}
TITLES = (N_("SKU"), N_("Title"), N_("Warehouse"), N_("On hand"), N_("Incoming"))
TEXTS = {
    "no_product": N_("no product has the SKU %(sku)s"),
    "kit": N_("%(sku)s is a kit: its components are counted, not the kit"),
    "no_warehouse": N_("no warehouse has the code %(text)s"),
    "no_units": N_("%(text)s is no number of units"),
    "nothing": N_("nothing is counted: the column of units is empty"),
    "twice": N_("the same article and warehouse as line %(n)s"),
    "counted": N_("the ERP counted %(sku)s since: its number stays"),
}
Change = dict[str, Any]
Fault = tuple[int, str, dict[str, Any]]
"""(line, key of TEXTS, what its words name)."""


def judge_counts(rows: Iterable[tuple[int, Row]]) -> tuple[list[Change], list[Fault], int]:
    """(what would change: line, sku, warehouse, before, after; what is wrong; lines that change nothing)."""
    told = list(rows)
    products = {
        sku: (pk, kit)
        for pk, sku, kit in Product.objects.filter(sku__in={r.get("sku", "") for _, r in told}).values_list(
            "pk", "sku", "is_kit"
        )
    }
    warehouses = {code.lower(): (pk, code) for pk, code in Warehouse.objects.values_list("pk", "code")}
    usual = default_warehouse()
    known = _known([pk for pk, _ in products.values()])
    changes, faults, same, seen = [], [], 0, dict[tuple[int, int], int]()
    for number, row in told:
        try:
            sku = row.get("sku", "")
            product, warehouse = _place(row, products, warehouses, usual)
            wanted = {
                name: units
                for name in ("on_hand", "incoming")
                if (units := _units(row.get(name, ""))) is not None
            }
            if not wanted:
                raise WrongLine("nothing")
            if (first := seen.setdefault((product, warehouse[0]), number)) != number:
                raise WrongLine("twice", n=first)
        except WrongLine as wrong:
            faults.append((number, wrong.code, wrong.detail))
            continue
        before = known.get((product, warehouse[0]), {"on_hand": 0, "incoming": 0})
        after = before | wanted
        if after == before:
            same += 1
        else:
            changes.append(
                {"line": number, "sku": sku, "warehouse": warehouse[1], "before": before, "after": after}
            )
    return changes, faults, same


def apply_counts(
    changes: Sequence[Change], *, as_of: datetime, reference: str, actor: str
) -> tuple[list[int], list[Fault]]:
    """(products moved, lines that could not be). What moved since `as_of` is added. Inside a transaction."""
    products = dict(Product.objects.filter(sku__in=[c["sku"] for c in changes]).values_list("sku", "pk"))
    warehouses = dict(Warehouse.objects.values_list("code", "pk"))
    for code in sorted({c["warehouse"] for c in changes}):
        make_stock_rows([products[c["sku"]] for c in changes if c["warehouse"] == code], warehouses[code])
    lock_stock_rows(list(products.values()))
    stocks = {
        (s.product_id, s.warehouse_id): s for s in Stock.objects.filter(product_id__in=products.values())
    }
    since = _moved_since(list(products.values()), as_of)
    moves, faults, incoming = [], [], []
    for change in changes:
        place = products[change["sku"]], warehouses[change["warehouse"]]
        stock = stocks[place]
        if stock.counted_at is not None and stock.counted_at > as_of:
            faults.append((change["line"], "counted", {"sku": change["sku"]}))
            continue
        if change["after"]["on_hand"] != change["before"]["on_hand"]:
            units = change["after"]["on_hand"] + since.get(place, 0) - stock.on_hand
            moves.append(
                Move(
                    *place,
                    units,
                    StockMovement.Reason.CORRECTION,
                    clock.now(),
                    reference=reference,
                    actor=actor,
                )
            )
        if change["after"]["incoming"] != change["before"]["incoming"]:
            incoming.append((*place, stock.incoming, change["after"]["incoming"]))
    move_stock(moves)
    _write_incoming(incoming)
    return sorted({m.product_id for m in moves} | {row[0] for row in incoming}), faults


def take_back(changes: Sequence[Change], *, reference: str, actor: str) -> list[int]:
    """What the movements of that reference did is undone by as many others; the products. Inside a transaction."""
    done = list(
        StockMovement.objects.filter(product__sku__in=[c["sku"] for c in changes], reference=reference)
    )
    lock_stock_rows([move.product_id for move in done])
    back = [Move(m.product_id, m.warehouse_id, -m.quantity, StockMovement.Reason.CORRECTION, clock.now(),
                 reference=f"undo of {reference}", actor=actor) for m in done]  # fmt: skip
    move_stock(back)
    products = dict(Product.objects.filter(sku__in=[c["sku"] for c in changes]).values_list("sku", "pk"))
    warehouses = dict(Warehouse.objects.values_list("code", "pk"))
    other = [c for c in changes if c["before"]["incoming"] != c["after"]["incoming"]]
    _write_incoming(
        [
            (products[c["sku"]], warehouses[c["warehouse"]], c["after"]["incoming"], c["before"]["incoming"])
            for c in other
        ]
    )
    return sorted({m.product_id for m in done} | {products[c["sku"]] for c in other})


def count_rows() -> Iterator[list[Any]]:
    """The stock as a file of counts, its titles first: what `judge_counts` reads again without a change."""
    yield [gettext(title) for title in TITLES]
    found = Stock.objects.filter(product__active=True, product__is_kit=False).order_by(
        "product__sku", "warehouse__code"
    )
    columns = ("product__sku", "product__title", "warehouse__code", "on_hand", "incoming")
    for row in found.values_list(*columns).iterator(chunk_size=2000):
        yield list(row)


def _known(product_ids: Sequence[int]) -> dict[tuple[int, int], dict[str, int]]:
    found = Stock.objects.filter(product_id__in=product_ids).values_list(
        "product_id", "warehouse_id", "on_hand", "incoming"
    )
    return {(p, w): {"on_hand": on_hand, "incoming": incoming} for p, w, on_hand, incoming in found}


def _place(
    row: Row, products: dict[str, tuple[int, bool]], warehouses: dict[str, tuple[int, str]], usual: Warehouse
) -> tuple[int, tuple[int, str]]:
    sku, code = row.get("sku", ""), row.get("warehouse", "")
    if sku not in products:
        raise WrongLine("no_product", sku=sku[:80] or "–")
    product, is_kit = products[sku]
    if is_kit:
        raise WrongLine("kit", sku=sku)
    if code and code.lower() not in warehouses:
        raise WrongLine("no_warehouse", text=code[:40])
    return product, warehouses[code.lower()] if code else (usual.pk, usual.code)


def _units(text: str) -> int | None:
    """« 1 234 », « 12.0 » as a workbook has it; None when empty."""
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").removesuffix(".0")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and int(plain) <= MAX_UNITS):
        raise WrongLine("no_units", text=text[:30])
    return int(plain)


def _moved_since(product_ids: Sequence[int], as_of: datetime) -> dict[tuple[int, int], int]:
    found = fetch(
        """SELECT product_id, warehouse_id, sum(quantity) FROM inventory_stockmovement
           WHERE product_id = ANY(%s) AND at > %s GROUP BY 1, 2""",
        [list(product_ids), as_of],
    )
    return {(product, warehouse): int(units) for product, warehouse, units in found}


def _write_incoming(rows: Sequence[tuple[int, int, int, int]]) -> None:
    """(product, warehouse, what is there now, what shall be); what is no longer there was changed by somebody else."""
    execute(
        """UPDATE inventory_stock stock SET incoming = told.news
           FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[]) AS told (product_id, warehouse_id, known, news)
           WHERE stock.product_id = told.product_id AND stock.warehouse_id = told.warehouse_id
             AND stock.incoming = told.known""",
        [[row[n] for row in rows] for n in range(4)],
    )
