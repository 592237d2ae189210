"""offers_update and batch_status: offers leave in batches, and each batch tells later what became of them.

An offer that is sent without some of its fields keeps them, says Fnac's schema by making them optional;
nobody has confirmed that its server does. Until a setting says so, a new price or quantity is sent inside
the whole offer, as Fnac shows it, brought up to date with what is still on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from comptoir.connectors.fnac import replies, xml
from comptoir.connectors.fnac.client import FnacClient, Reply
from comptoir.connectors.fnac.fields import children, text
from comptoir.connectors.fnac.offer_reading import OfferReader
from comptoir.connectors.fnac.offers import (
    OfferContent,
    add_offer,
    creation_problem,
    floor_problem,
    from_draft,
    parse_content,
    problem,
)
from comptoir.connectors.fnac.sent_batches import Sent, SentBatches
from comptoir.connectors.fnac.settings import FnacSettings
from comptoir.sdk.connector import Cache
from comptoir.sdk.errors import OutcomeUnknown, TransientError
from comptoir.sdk.records import (
    LeadTimeUpdate,
    OfferDraft,
    Outcome,
    PriceUpdate,
    Receipt,
    StockUpdate,
    SubmissionReport,
    Verdict,
)
from comptoir.sdk.statuses import ImportState

OFFERS_PER_BATCH: Final = 10_000
WHOLE_OFFERS_PER_BATCH: Final = 1_000
"""Where each offer must be read back before it is sent, smaller batches leave sooner."""
LOOKED_UP_ONE_BY_ONE: Final = 50
"""Up to so many offers are asked for by SKU; beyond, the whole list is read."""
POLL_AFTER_S: Final = 30.0
TIME_TO_SHIP: Final = "time_to_ship"
LONGEST_TIME_TO_SHIP: Final = 60
"""Days; ours, since none is documented."""


class OfferWriter:
    def __init__(
        self,
        client: FnacClient,
        settings: FnacSettings,
        reader: OfferReader,
        cache: Cache,
        clock: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._reader = reader
        self._partial = settings.partial_offers
        self._additional = settings.additional_elements
        self._batches = SentBatches(cache, clock)

    def submit_offers(self, drafts: Sequence[OfferDraft]) -> Receipt:
        contents, refused = [], []
        for draft in drafts:
            content = from_draft(draft)
            wrong = "" if draft.delete else floor_problem(draft.price, draft.floor, draft.currency)
            if wrong := wrong or creation_problem(content):
                refused.append(_refused(draft.sku, wrong))
            else:
                contents.append(content)
        return self._submit(contents, refused)

    def submit_prices(self, updates: Sequence[PriceUpdate]) -> Receipt:
        wanted, refused = [], []
        for update in updates:
            if wrong := floor_problem(update.price, update.floor, update.currency):
                refused.append(_refused(update.sku, wrong))
            else:
                wanted.append(OfferContent(sku=update.sku, price=update.price))
        return self._submit_changes(wanted, refused)

    def submit_stock(self, updates: Sequence[StockUpdate]) -> Receipt:
        return self._submit_changes([OfferContent(sku=u.sku, quantity=u.quantity) for u in updates], [])

    def submit_lead_times(self, updates: Sequence[LeadTimeUpdate]) -> Receipt:
        changes = [OfferContent(sku=u.sku, extra={TIME_TO_SHIP: str(u.days)}) for u in updates]
        return self._submit_changes(changes, [])

    def _submit_changes(self, changes: Sequence[OfferContent], refused: list[Verdict]) -> Receipt:
        sound = []
        for change in changes:
            if wrong := problem(change, self._additional):
                refused.append(_refused(change.sku, wrong))
            else:
                sound.append(change)
        if self._partial:
            return self._submit(sound, refused)
        whole, missing = self._completed(sound)
        return self._submit(whole, refused + missing)

    def _completed(self, changes: Sequence[OfferContent]) -> tuple[list[OfferContent], list[Verdict]]:
        """The whole offers with their changes in them, and the verdicts of those that Fnac does not show."""
        shown = self._shown({change.sku for change in changes})
        pending = self._batches.on_their_way()
        whole, missing = [], []
        for change in changes:
            if (offer := shown.get(change.sku)) is not None:
                whole.append(_changed(offer, pending.get(change.sku), change))
            elif change.sku in pending:
                raise TransientError(f"{change.sku} is on its way: it can be changed once Fnac shows it.")
            else:
                missing.append(_refused(change.sku, "Fnac lists no offer under this SKU.", "not_listed"))
        return whole, missing

    def _shown(self, skus: set[str]) -> dict[str, OfferContent]:
        if len(skus) <= LOOKED_UP_ONE_BY_ONE:
            nodes = [node for sku in sorted(skus) if (node := self._reader.by_sku(sku)) is not None]
        else:
            nodes = [n for page in self._reader.pages() for n in page if text(n, "offer_seller_id") in skus]
        return {text(node, "offer_seller_id"): parse_content(node) for node in nodes}

    def _submit(self, contents: Sequence[OfferContent], refused: list[Verdict]) -> Receipt:
        sound = []
        for content in contents:
            if wrong := problem(content, self._additional):
                refused.append(_refused(content.sku, wrong))
            else:
                sound.append(content)
        if not sound:
            report = SubmissionReport(state=ImportState.COMPLETE, verdicts=tuple(refused))
            return Receipt(external_id="", report=report)
        batch_id = self._send(sound)
        sent = {
            c.sku: Sent(price=c.price, quantity=c.quantity, time_to_ship=c.extra.get(TIME_TO_SHIP))
            for c in sound
            if not c.delete
        }
        self._batches.remember(batch_id, sent, refused)
        return Receipt(external_id=batch_id)

    def _send(self, contents: Sequence[OfferContent]) -> str:
        request = xml.document("offers_update")
        for content in contents:
            add_offer(request, content, self._additional)
        reply = self._client.write(request, items="offer")
        batch_id = text(reply.content, "batch_id")
        if not batch_id:
            raise OutcomeUnknown("offers_update: the answer names no batch.")
        return batch_id

    def read_report(self, batch_id: str) -> SubmissionReport:
        request = xml.document("batch_status")
        xml.add(request, "batch_id", batch_id)
        report = parse_batch_status(self._client.read(request, items="offer"))
        if report.state is ImportState.PENDING:
            return report
        refused = [v.key for v in report.verdicts if v.outcome is Outcome.REJECTED]
        self._batches.finish(batch_id, refused)
        verdicts = (*report.verdicts, *self._batches.set_aside(batch_id))
        return msgspec.structs.replace(report, verdicts=verdicts)


def _changed(offer: OfferContent, pending: Sent | None, change: OfferContent) -> OfferContent:
    latest = pending or Sent()
    prices = (change.price, latest.price, offer.price)
    quantities = (change.quantity, latest.quantity, offer.quantity)
    days = change.extra.get(TIME_TO_SHIP) or latest.time_to_ship
    return msgspec.structs.replace(
        offer,
        price=next((price for price in prices if price is not None), None),
        quantity=next((quantity for quantity in quantities if quantity is not None), None),
        extra=offer.extra if days is None else {**offer.extra, TIME_TO_SHIP: days},
    )


def _refused(sku: str, message: str, code: str = "not_sent") -> Verdict:
    return Verdict(key=sku, outcome=Outcome.REJECTED, code=code, message=message)


# --- reports --------------------------------------------------------------------------------------------


def parse_batch_status(reply: Reply) -> SubmissionReport:
    """ACTIVE, RUNNING: not yet. OK, WARNING, ERROR: read to the end. FATAL: nothing may be taken for done."""
    status = text(reply.content, "@status")
    words = "; ".join(error.message for error in replies.errors_of(reply.content))
    if status in ("ACTIVE", "RUNNING"):
        return SubmissionReport(state=ImportState.PENDING, message=words, retry_after_s=POLL_AFTER_S)
    state = ImportState.FAILED if status == "FATAL" else ImportState.COMPLETE
    nodes = children(reply.content, "offer")
    return SubmissionReport(state=state, verdicts=tuple(_offer_verdicts(nodes)), message=words)


def _offer_verdicts(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Verdict]:
    for node in nodes:
        errors = replies.errors_of(node)
        condemned = replies.severe(errors)
        refused = bool(condemned) or replies.failed(text(node, "@status"))
        yield Verdict(
            key=text(node, "offer_seller_id"),
            outcome=Outcome.REJECTED if refused else Outcome.DONE,
            code=condemned[0].code if condemned else "",
            message="; ".join(error.message for error in condemned or errors),
            external_id=text(node, "offer_fnac_id"),
        )
