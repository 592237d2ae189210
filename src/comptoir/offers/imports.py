"""A file of offers: read line by line into a preview, then kept in one act that can be gone back on.

100,000 lines in chunks: what is in memory is one chunk. A line that is wrong stops no other, and is kept with why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import copy_rows, execute, fetch
from comptoir.core.folding import fold
from comptoir.journal.audit import record_change
from comptoir.offers.history import Standing
from comptoir.offers.import_models import OfferImport, OfferImportLine
from comptoir.offers.models import OfferAct
from comptoir.offers.offer_files import Row, UnreadableFile, read_rows
from comptoir.offers.refusals import PRICE_STEP, Refusal
from comptoir.offers.refusals import TEXTS as REFUSALS
from comptoir.offers.wishes import KnownOffer, Wish, read_articles, read_offers, want, why_not
from comptoir.sdk.i18n import N_
from comptoir.sdk.money import parse_amount, to_cents
from comptoir.sdk.storable import storable

State, Outcome = OfferImport.State, OfferImportLine.Outcome
CHUNK = 2_000
AT_ONCE_BYTES = 100_000
"""A file up to that size is read and kept while the person waits; a larger one by a worker."""
KEPT = timedelta(days=90)
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
_COLUMNS = ("file_id", "number", "cells", "offer_id", "sku", "channel", "currency", "price", "floor", "paused",
            "lead_time", "price_before", "floor_before", "outcome", "error", "detail")  # fmt: skip
# The first line that names an offer counts; the others say which one it is.
_TWICE = """
UPDATE offers_offerimportline line
SET outcome = 'error', error = 'twice', detail = jsonb_build_object('n', first.number)
FROM (SELECT offer_id, min(number) AS number FROM offers_offerimportline
      WHERE file_id = %(file)s AND offer_id IS NOT NULL GROUP BY offer_id HAVING count(*) > 1) first
WHERE line.file_id = %(file)s AND line.offer_id = first.offer_id AND line.number > first.number
"""
_COUNT = """
SELECT count(*) FILTER (WHERE outcome = 'changes'), count(*) FILTER (WHERE outcome = 'same'),
       count(*) FILTER (WHERE outcome = 'too_far'), count(*) FILTER (WHERE outcome = 'error')
FROM offers_offerimportline WHERE file_id = %s
"""


class NotReady(RuntimeError):  # noqa: N818
    """The import is not at the point where this can be done."""


class Wrong(ValueError):  # noqa: N818
    def __init__(self, code: str, **detail: object) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Asked:
    """What a line asks, once its cells are read."""

    sku: str
    channel: str
    """Its key; empty: every channel that offers the article."""
    wish: Wish


def receive_file(
    name: str, content: bytes, *, actor: str, only: Sequence[str] = (), by_api: bool = False
) -> OfferImport:
    """Take it in; a small one is read at once. Raises UnreadableFile."""
    read_rows(name, content)  # is it a file at all?
    OfferImport.objects.filter(created_at__lt=clock.now() - KEPT).delete()
    file = OfferImport(name=storable(name)[:200], content=content, only=list(only), actor=actor, by_api=by_api,
                       created_at=clock.now())  # fmt: skip
    if len(content) > AT_ONCE_BYTES:
        file.save()
        return file
    with transaction.atomic():
        file.save()
        read_file(file)
    return file


def read_file(file: OfferImport) -> None:
    """Judge every line; from its beginning again when it was cut short."""
    OfferImportLine.objects.filter(file=file).delete()
    channels = _channels(file.only)
    try:
        file.columns, rows = read_rows(file.name, bytes(file.content))
        file.lines_read = 0
        while chunk := list(islice(rows, CHUNK)):
            judged = list(_judge(file, chunk, channels))  # it asks the database, which COPY does not share
            with transaction.atomic():
                copy_rows("offers_offerimportline", _COLUMNS, judged)
                file.lines_read += len(chunk)
                file.save(update_fields=["lines_read", "columns"])
    except UnreadableFile as error:
        _close(file, State.FAILED, message=error.code)
        return
    with transaction.atomic():
        execute(_TWICE, {"file": file.pk})
        file.state, file.content = State.READ, b""
        _count(file)
        file.save()


def confirm(file_id: int, *, actor: str, let_pass: bool = False) -> OfferImport:
    """Keep what the preview showed; a small file at once, a large one by a worker. Raises NotReady."""
    with transaction.atomic():
        file = OfferImport.objects.select_for_update().get(pk=file_id)
        if file.state != State.READ:
            raise NotReady(file.state)
        file.state, file.actor, file.let_pass = State.APPLYING, actor, let_pass
        file.save(update_fields=["state", "actor", "let_pass"])
        if file.lines_read <= CHUNK:
            apply_file(file)
    return file


@transaction.atomic
def apply_file(file: OfferImport) -> None:
    """One act, all or nothing for the database; a line that the guards refuse by now is an error of that line."""
    act: OfferAct | None = None
    kind = OfferAct.Kind.API if file.by_api else OfferAct.Kind.FILE
    for lines in _lines_to_keep(file):
        # In the order of ids, as every writer of offers does.
        known = read_offers([line.offer_id for line in lines if line.offer_id is not None], lock=True)
        gone = [line for line in lines if line.offer_id not in known]
        pairs = [(known[line.offer_id], _wish(line).applied_to(known[line.offer_id].now))
                 for line in lines if line.offer_id is not None and line.offer_id in known]  # fmt: skip
        done = want(pairs, actor=file.actor, kind=kind, words=file.name, let_pass=file.let_pass, act=act)
        act, file.applied = done.act, file.applied + done.changed
        _note(lines, done.refused, gone)
    file.act_id = None if act is None else act.pk
    _count(file)
    _close(file, State.APPLIED)
    record_change(
        actor=file.actor, action="offers.import", subject_kind="offers", subject=str(file.pk),
        after={"file": file.name, "act": file.act_id, "offers": file.applied, "errors": file.errors,
               "too_far": file.too_far, "let_pass": file.let_pass},
    )  # fmt: skip


def drop(file_id: int, *, actor: str) -> None:
    """Nothing of it is kept. Raises NotReady when it is being kept, or was."""
    with transaction.atomic():
        file = OfferImport.objects.select_for_update().get(pk=file_id)
        if file.state not in (State.READ, State.READING):
            raise NotReady(file.state)
        file.content = b""
        _close(file, State.DROPPED)


def _close(file: OfferImport, state: OfferImport.State, *, message: str = "") -> None:
    file.state, file.message, file.closed_at = state, message, clock.now()
    file.save()


def _count(file: OfferImport) -> None:
    file.changes, file.unchanged, file.too_far, file.errors = fetch(_COUNT, [file.pk])[0]


def _lines_to_keep(file: OfferImport) -> Iterator[list[OfferImportLine]]:
    wanted = Q(outcome=Outcome.CHANGES) | Q(outcome=Outcome.TOO_FAR)
    found = OfferImportLine.objects.filter(wanted, file=file).order_by("offer_id")
    after = 0
    while lines := list(found.filter(offer_id__gt=after)[:CHUNK]):
        after = lines[-1].offer_id or 0
        yield lines


def _note(
    lines: Sequence[OfferImportLine], refused: dict[int, Refusal], gone: Sequence[OfferImportLine]
) -> None:
    wrong = {line.pk: ("no_offer", {"sku": line.sku}) for line in gone}
    for line in lines:
        if line.offer_id in refused:
            refusal = refused[line.offer_id]
            wrong[line.pk] = (refusal.code, _amounts(refusal))
    for line in lines:
        if line.pk in wrong:
            line.error, line.detail = wrong[line.pk]
            line.outcome = Outcome.TOO_FAR if line.error == PRICE_STEP else Outcome.ERROR
            line.save(update_fields=["outcome", "error", "detail"])


def _wish(line: OfferImportLine) -> Wish:
    return Wish(line.price, line.floor, line.paused, line.lead_time)


def _channels(only: Sequence[str]) -> dict[str, str]:
    there = Channel.objects.filter(key__in=only) if only else Channel.objects.all()
    return {fold(word): c.key for c in there for word in (c.name, c.key)}


def _judge(
    file: OfferImport, rows: Sequence[tuple[int, Row]], channels: dict[str, str]
) -> Iterator[tuple[Any, ...]]:
    asked: dict[int, Asked | Wrong] = {}
    for number, row in rows:
        try:
            asked[number] = _read(row, channels)
        except Wrong as error:
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
            one = Wrong("no_offer", sku=one.sku)
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
    return outcome, refusal.code, _amounts(refusal)


def _error(file: OfferImport, number: int, row: Row, wrong: Wrong) -> tuple[Any, ...]:
    sku, channel = row.get("sku", "")[:80], row.get("channel", "")[:60]
    return (file.pk, number, _json(row), None, sku, channel, "", None, None, None, None, None, None, Outcome.ERROR,
            wrong.code, _json(wrong.detail))  # fmt: skip


def _read(row: Row, channels: dict[str, str]) -> Asked:
    sku, named = row.get("sku", ""), row.get("channel", "")
    if named and fold(named) not in channels:
        raise Wrong("no_channel", name=named[:60])
    if not sku or len(sku) > 80:
        raise Wrong("no_offer", sku=sku[:80] or "–")
    wish = Wish(_amount(row.get("price", "")), _amount(row.get("floor", "")), _paused(row.get("state", "")),
                _days(row.get("lead_time", "")))  # fmt: skip
    if wish == Wish():
        raise Wrong("nothing")
    return Asked(sku, channels[fold(named)] if named else "", wish)


def _amount(text: str) -> Decimal | None:
    """« 1 234,56 € », « 1234.56 »; None when empty."""
    try:
        amount = parse_amount(text.replace("€", ""))
    except ValueError:
        raise Wrong("no_amount", text=text[:30]) from None
    if amount is None:
        return None
    if not 0 < amount < MOST or amount != to_cents(amount):
        raise Wrong("no_amount", text=text[:30])
    return to_cents(amount)


def _paused(text: str) -> bool | None:
    word = fold(text)
    if not word:
        return None
    if word not in PAUSED | ACTIVE:
        raise Wrong("no_state", text=text[:30])
    return word in PAUSED


def _days(text: str) -> int | None:
    if not text:
        return None
    plain = text.removesuffix(".0")
    if not (plain.isascii() and plain.isdigit() and int(plain) <= 60):
        raise Wrong("no_days", text=text[:30])
    return int(plain)


def _amounts(refusal: Refusal) -> dict[str, Any]:
    return {name: f"{amount:f}" for name, amount in refusal.amounts.items()}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
