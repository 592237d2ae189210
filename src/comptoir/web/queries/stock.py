"""Reading stock: products with their units, and everything that moves one product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from comptoir.catalog.models import KitComponent, Product
from comptoir.inventory.availability import available
from comptoir.inventory.models import Reservation, Stock, StockMovement
from comptoir.inventory.transfers import in_transit
from comptoir.inventory.undo import undoable
from comptoir.offers.models import Offer
from comptoir.web.paging import Key

BY_SKU = Key(("sku", "id"), descending=False)
MOVEMENTS_SHOWN = 50
RESERVATIONS_SHOWN = 100


@dataclass(frozen=True)
class StockRow:
    product: Product
    stocks: list[Stock]
    available: int

    @property
    def on_hand(self) -> int:
        return sum(stock.on_hand for stock in self.stocks)

    @property
    def reserved(self) -> int:
        return sum(stock.reserved for stock in self.stocks)

    @property
    def incoming(self) -> int:
        return sum(stock.incoming for stock in self.stocks)


@dataclass(frozen=True)
class ProductFile:
    row: StockRow
    movements: list[StockMovement]
    reservations: list[Reservation]
    offers: list[Offer]
    parts: list[KitComponent]
    undoable: set[int]
    """Corrections that were not taken back yet."""
    more_movements: bool
    more_reservations: bool


def find_products(text: str, *, short: bool) -> QuerySet[Product]:
    """`short`: only what has promised more than it has, or nothing left to sell."""
    found = Product.objects.filter(active=True)
    if text:
        words = Q(sku__istartswith=text) | Q(title__icontains=text) | Q(barcodes__code=text)
        found = found.filter(words).distinct()
    if short:
        left = Stock.objects.exclude(on_hand=0, reserved=0).filter(on_hand__lte=F("reserved"))
        found = found.filter(pk__in=left.values("product_id"))
    return found


def summed(products: QuerySet[Product]) -> QuerySet[Product]:
    """With `units_on_hand`, `units_reserved` and `units_incoming` of all warehouses, for exports."""
    of = Stock.objects.filter(product=OuterRef("pk")).order_by().values("product")
    sums = {
        f"units_{name}": Coalesce(Subquery(of.annotate(n=Sum(name)).values("n")), 0)
        for name in ("on_hand", "reserved", "incoming")
    }
    return products.annotate(**sums)


def stock_rows(products: list[Product]) -> list[StockRow]:
    stocks: dict[int, list[Stock]] = {product.pk: [] for product in products}
    moving = in_transit([product.pk for product in products])
    for stock in Stock.objects.filter(product__in=products).select_related("warehouse"):
        # For the template: units that another warehouse sent and this one awaits.
        stock.in_transit = moving.get((stock.product_id, stock.warehouse_id), 0)  # type: ignore[attr-defined]
        stocks[stock.product_id].append(stock)
    units = available([product.pk for product in products])
    return [StockRow(p, stocks[p.pk], units.get(p.pk, 0)) for p in products]


def read_product(product_id: int, *, channels: Sequence[str] = ()) -> ProductFile:
    """`channels`: the only ones that exist for the reader; empty: every one. Raises Product.DoesNotExist.

    The stock is everybody's: its movements are all shown, without the names of orders of other channels.
    """
    product = Product.objects.prefetch_related("barcodes").get(pk=product_id)
    moves = product.movements.select_related("warehouse", "order_line__order__channel")[: MOVEMENTS_SHOWN + 1]
    kept = Reservation.objects.filter(product=product).select_related(
        "order_line__order__channel", "warehouse"
    )
    offers = product.offers.select_related("channel").order_by("channel__name")
    if channels:
        offers = offers.filter(channel__key__in=channels)
        kept = kept.filter(order_line__order__channel__key__in=channels)
    kept = kept.order_by("order_line__order__placed_at", "order_line_id")[: RESERVATIONS_SHOWN + 1]
    movements, reservations = [_told(move, channels) for move in moves], list(kept)
    return ProductFile(
        stock_rows([product])[0],
        movements[:MOVEMENTS_SHOWN],
        reservations[:RESERVATIONS_SHOWN],
        list(offers),
        list(product.components.select_related("component").order_by("component__sku")),
        undoable(movements[:MOVEMENTS_SHOWN]),
        len(movements) > MOVEMENTS_SHOWN,
        len(reservations) > RESERVATIONS_SHOWN,
    )


def _told(move: StockMovement, channels: Sequence[str]) -> StockMovement:
    line = move.order_line
    if line is not None and channels and line.order.channel.key not in channels:
        move.order_line, move.reference = None, ""
    return move
