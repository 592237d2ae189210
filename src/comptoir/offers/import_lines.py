"""Judging the lines of a file of offers: what each asks of which offers, or what is wrong with it. Nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from comptoir.channels.models import Channel
from comptoir.core.folding import fold
from comptoir.core.sheets import WrongLine
from comptoir.offers.history import Standing
from comptoir.offers.import_models import OfferImport, OfferImportLine
from comptoir.offers.offer_files import Row
from comptoir.offers.refusals import PRICE_STEP, Refusal
from comptoir.offers.refusals import TEXTS as REFUSALS
from comptoir.offers.wishes import KnownOffer, Wish, read_articles, why_not
from comptoir.sdk.i18n import N_
from comptoir.sdk.money import parse_amount, to_cents

Outcome = OfferImportLine.Outcome
MOST = Decimal(10_000_000)
PAUSED = {"paused", "pause", "en pause", "true"}
ACTIVE = {"active", "actif", "listed", "en ligne", "to create", "a creer", "false"}
TEXTS = REFUSALS | {
    "no_channel": N_("no channel is called %(name)s"),
    "no_offer": N_("no offer of %(sku)s there"),
    "no_amount": N_("%(text)s is no amount in euros and cents"),
    "no_state": N_("%(text)s is no state: active or paused"),
    "no_days": N_("%(text)s is no number of days, from 0 to 60"),
    "nothing": N_("nothing is asked: neither a price, a floor, a state nor a lead time"),
    "no_price": N_("it has no price yet: give one"),
    "twice": N_("the same offer as line %(n)s"),
}
COLUMNS = ("file_id", "number", "cells", "offer_id", "sku", "channel", "currency", "price", "floor", "paused",
            "lead_time", "price_before", "floor_before", "outcome", "error", "detail")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a line asks, once its cells are read."""

    sku: str
    channel: str
    """Its key; empty: every channel that offers the article."""
    wish: Wish


def known_channels(only: Sequence[str]) -> dict[str, str]:
    there = Channel.objects.filter(key__in=only) if only else Channel.objects.all()
    return {fold(word): c.key for c in there for word in (c.name, c.key)}


def judge_lines(
    file: OfferImport, rows: Sequence[tuple[int, Row]], channels: dict[str, str]
) -> Iterator[tuple[Any, ...]]:
    asked: dict[int, Asked | WrongLine] = {}
    for number, row in rows:
        try:
            asked[number] = _read(row, channels)
        except WrongLine as error:
            asked[number] = error
    skus = {one.sku for one in asked.values() if isinstance(one, Asked)}
    articles = read_articles(sorted(skus), channels=sorted(set(channels.values())))
    for number, row in rows:
        one = asked[number]
        if isinstance(one, Asked):
            there = [offer for offer in articles.get(one.sku, []) if one.channel in ("", offer.channel)]
            if there:
                yield from (_line(file, number, row, one, offer) for offer in there)
                continue
            one = WrongLine("no_offer", sku=one.sku)
        yield _error(file, number, row, one)


def _line(file: OfferImport, number: int, row: Row, asked: Asked, offer: KnownOffer) -> tuple[Any, ...]:
    after = asked.wish.applied_to(offer.now)
    outcome, error, detail = _outcome(offer, after)
    wish = asked.wish
    return (file.pk, number, _json(row), offer.id, offer.sku, offer.channel, offer.currency, wish.price, wish.floor,
            wish.paused, wish.lead_time, offer.now.price, offer.now.floor, outcome, error, _json(detail))  # fmt: skip


def _outcome(offer: KnownOffer, after: Standing) -> tuple[OfferImportLine.Outcome, str, dict[str, Any]]:
    if after == offer.now:
        return Outcome.SAME, "", {}
    if after.price is None and after.floor != offer.now.floor:
        return Outcome.ERROR, "no_price", {}
    refusal = why_not(offer, after)
    if refusal is None:
        return Outcome.CHANGES, "", {}
    outcome = Outcome.TOO_FAR if refusal.code == PRICE_STEP else Outcome.ERROR
    return outcome, refusal.code, told_amounts(refusal)


def _error(file: OfferImport, number: int, row: Row, wrong: WrongLine) -> tuple[Any, ...]:
    sku, channel = row.get("sku", "")[:80], row.get("channel", "")[:60]
    return (file.pk, number, _json(row), None, sku, channel, "", None, None, None, None, None, None, Outcome.ERROR,
            wrong.code, _json(wrong.detail))  # fmt: skip


def _read(row: Row, channels: dict[str, str]) -> Asked:
    sku, named = row.get("sku", ""), row.get("channel", "")
    if named and fold(named) not in channels:
        raise WrongLine("no_channel", name=named[:60])
    if not sku or len(sku) > 80:
        raise WrongLine("no_offer", sku=sku[:80] or "–")
    wish = Wish(_amount(row.get("price", "")), _amount(row.get("floor", "")), _paused(row.get("state", "")),
                _days(row.get("lead_time", "")))  # fmt: skip
    if wish == Wish():
        raise WrongLine("nothing")
    return Asked(sku, channels[fold(named)] if named else "", wish)


def _amount(text: str) -> Decimal | None:
    """« 1 234,56 € », « 1234.56 »; None when empty."""
    try:
        amount = parse_amount(text.replace("€", ""))
    except ValueError:
        raise WrongLine("no_amount", text=text[:30]) from None
    if amount is None:
        return None
    if not 0 < amount < MOST or amount != to_cents(amount):
        raise WrongLine("no_amount", text=text[:30])
    return to_cents(amount)


def _paused(text: str) -> bool | None:
    word = fold(text)
    if not word:
        return None
    if word not in PAUSED | ACTIVE:
        raise WrongLine("no_state", text=text[:30])
    return word in PAUSED


def _days(text: str) -> int | None:
    if not text:
        return None
    plain = text.removesuffix(".0")
    if not (plain.isascii() and plain.isdigit() and int(plain) <= 60):
        raise WrongLine("no_days", text=text[:30])
    return int(plain)


def told_amounts(refusal: Refusal) -> dict[str, Any]:
    return {name: f"{amount:f}" for name, amount in refusal.amounts.items()}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
