"""A file of prices: read tolerantly, judged line by line, and nothing kept before a person has seen it.

Columns, in any order and in either language: SKU, channel (its key or its name; none: every channel that
offers the article), price, floor. CSV with commas, semicolons or tabs, or a workbook's first sheet.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from comptoir.channels.models import Channel
from comptoir.core.folding import fold
from comptoir.offers.models import Offer
from comptoir.sdk.money import parse_amount, to_cents
from comptoir.web.bulk_offers import CEILING, PriceChange

MAX_BYTES = 5_000_000
_NAMES = {
    "sku": {"sku", "reference", "reference (sku)", "article"},
    "channel": {"channel", "canal", "marketplace", "place de marche"},
    "price": {"price", "prix", "prix ttc"},
    "floor": {"floor", "floor price", "plancher", "prix plancher"},
}
Row = dict[str, str]


class UnreadableFile(ValueError):  # noqa: N818
    """What is wrong with the whole file, in the reader's words."""


@dataclass
class PriceFile:
    changes: list[PriceChange] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    """The line's number in the file, as a spreadsheet counts, and what is wrong with it."""
    unchanged: int = 0


def read_price_file(name: str, content: bytes, *, channels: Sequence[str] = ()) -> PriceFile:
    """`channels`: the only ones that exist for the reader; empty: every one. Raises UnreadableFile."""
    rows = list(_rows(name, content))
    if len(rows) > CEILING:
        raise UnreadableFile(
            gettext("The file has more than %(n)d lines: cut it in several.") % {"n": CEILING}
        )
    return _judge(rows, channels)


def _rows(name: str, content: bytes) -> Iterator[tuple[int, Row]]:
    if len(content) > MAX_BYTES:
        raise UnreadableFile(gettext("The file is larger than 5 MB."))
    lines = _sheet(content) if name.lower().endswith(".xlsx") else _csv(content)
    titles = [_column(text) for text in next(lines, [])]
    if "sku" not in titles or not {"price", "floor"} & set(titles):
        raise UnreadableFile(gettext("The first line must name the columns: SKU, channel, price, floor."))
    for number, cells in enumerate(lines, start=2):
        row = {title: cell.strip() for title, cell in zip(titles, cells, strict=False) if title}
        if any(row.values()):
            yield number, row


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What a French Excel writes when it is not asked for UTF-8.
        text = content.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableFile(gettext("This is no CSV file: %(why)s") % {"why": error}) from error


def _sheet(content: bytes) -> Iterator[list[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UnreadableFile(gettext("This is no workbook.")) from error
    try:
        for cells in book.worksheets[0].iter_rows(values_only=True, max_row=CEILING + 2):
            yield ["" if cell is None else str(cell) for cell in cells]
    finally:
        book.close()


def _column(title: str) -> str:
    plain = fold(title.strip())
    return next((name for name, known in _NAMES.items() if plain in known), "")


def _judge(rows: Sequence[tuple[int, Row]], only: Sequence[str]) -> PriceFile:
    file = PriceFile()
    there = Channel.objects.filter(key__in=only) if only else Channel.objects.all()
    channels = {word: c.pk for c in there for word in (c.key, fold(c.name))}
    offers = _offers({row.get("sku", "") for _, row in rows}, set(channels.values()))
    seen: dict[int, int] = {}
    for number, row in rows:
        try:
            found = _judge_row(row, channels, offers)
        except ValueError as error:
            file.errors.append((number, str(error)))
            continue
        for change in found:
            if (first := seen.setdefault(change.offer.pk, number)) != number:
                file.errors.append((number, gettext("the same offer as line %(n)d") % {"n": first}))
            elif change.refusal:
                file.errors.append((number, f"{change.offer.channel.name}: {change.refusal}"))
            elif change.changes:
                file.changes.append(change)
            else:
                file.unchanged += 1
    return file


def _judge_row(row: Row, channels: dict[str, int], offers: dict[str, list[Offer]]) -> list[PriceChange]:
    """Raises ValueError with the reader's words."""
    sku, named = row.get("sku", ""), row.get("channel", "")
    if named and fold(named) not in channels:
        raise ValueError(gettext("no channel is called %(name)s") % {"name": named[:60]})
    there = [o for o in offers.get(sku, []) if not named or o.channel_id == channels[fold(named)]]
    if not there:
        raise ValueError(gettext("no offer of %(sku)s there") % {"sku": sku[:80] or "–"})
    price, floor = _amount(row.get("price", "")), _amount(row.get("floor", ""))
    if price is None and floor is None:
        raise ValueError(gettext("neither a price nor a floor"))
    wanted = [(offer, price if price is not None else offer.desired_price) for offer in there]
    if any(one is None for _, one in wanted):
        raise ValueError(gettext("it has no price yet: give one"))
    return [PriceChange(offer, one, floor) for offer, one in wanted if one is not None]


def _offers(skus: set[str], channels: set[int]) -> dict[str, list[Offer]]:
    found: dict[str, list[Offer]] = {}
    known = Offer.objects.filter(
        Q(sku__in={s for s in skus if s}), channel__in=channels, network=Offer.Network.SELLER
    )
    for offer in known.select_related("channel", "product").order_by("sku", "channel_id"):
        found.setdefault(offer.sku, []).append(offer)
    return found


def _amount(text: str) -> Decimal | None:
    """« 1 234,56 € », « 1234.56 »; None when empty. Raises ValueError with the reader's words."""
    try:
        amount = parse_amount(text.replace("€", ""))
    except ValueError:
        raise ValueError(gettext("%(text)s is no amount") % {"text": text[:30]}) from None
    if amount is None:
        return None
    if not 0 < amount < 10_000_000 or amount != to_cents(amount):
        raise ValueError(gettext("%(text)s is no amount in euros and cents") % {"text": text[:30]})
    return to_cents(amount)
