"""A file of offers: read line by line into a preview, then kept in one act that can be gone back on.

100,000 lines in chunks: what is in memory, and locked, is one chunk. A line that is wrong stops no other, and is kept
with why. What a line asks is judged in `import_lines`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import copy_rows, execute, fetch
from comptoir.journal.audit import record_change
from comptoir.offers.import_lines import COLUMNS, judge_lines, known_channels, told_amounts
from comptoir.offers.import_models import OfferImport, OfferImportLine
from comptoir.offers.models import OfferAct
from comptoir.offers.offer_files import UnreadableFile, count_lines, read_rows
from comptoir.offers.refusals import PRICE_STEP, Refusal
from comptoir.offers.wishes import KnownOffer, Wish, read_offers, want
from comptoir.sdk.storable import storable

State, Outcome = OfferImport.State, OfferImportLine.Outcome
CHUNK = 2_000
AT_ONCE_BYTES = 100_000
"""A file up to that size is read and kept while the person waits; a larger one by a worker."""
KEPT = timedelta(days=90)
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
# Of what was already kept nothing is read again; the cells stay where they are.
_NEXT = """
SELECT id, offer_id, sku, price, floor, paused, lead_time FROM offers_offerimportline
WHERE file_id = %(file)s AND offer_id > %(upto)s AND outcome IN ('changes', 'too_far')
ORDER BY offer_id LIMIT %(chunk)s
"""
_WRONG = """
UPDATE offers_offerimportline line SET outcome = wrong.outcome, error = wrong.code, detail = wrong.detail::jsonb
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS wrong (id, outcome, code, detail)
WHERE line.id = wrong.id
"""


class NotReady(RuntimeError):  # noqa: N818
    """The import is not at the point where this can be done."""


def receive_file(
    name: str, content: bytes, *, actor: str, only: Sequence[str] = (), by_api: bool = False
) -> OfferImport:
    """Take it in; a small one is read at once. Raises UnreadableFile."""
    read_rows(name, content)  # is it a file at all?
    OfferImport.objects.filter(created_at__lt=clock.now() - KEPT).delete()
    file = OfferImport(name=storable(name)[:200], content=content, only=list(only), actor=actor, by_api=by_api,
                       lines_total=count_lines(name, content), created_at=clock.now())  # fmt: skip
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
    channels = known_channels(file.only)
    try:
        file.columns, rows = read_rows(file.name, bytes(file.content))
        file.lines_read = 0
        while chunk := list(islice(rows, CHUNK)):
            judged = list(
                judge_lines(file, chunk, channels)
            )  # it asks the database, which COPY does not share
            with transaction.atomic():
                copy_rows("offers_offerimportline", COLUMNS, judged)
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


def apply_file(file: OfferImport) -> None:
    """One act, chunk by chunk: each is locked, kept and committed by itself, so that a file of 100,000 lines stops
    neither sales nor publications, and what a killed worker left half done goes on after the last chunk.

    A line that the guards refuse by now is an error of that line.
    """
    while _keep_chunk(file):
        pass
    with transaction.atomic():
        _count(file)
        _close(file, State.APPLIED)
        record_change(
            actor=file.actor, action="offers.import", subject_kind="offers", subject=str(file.pk),
            after={"file": file.name, "act": file.act_id, "offers": file.applied, "errors": file.errors,
                   "too_far": file.too_far, "let_pass": file.let_pass},
        )  # fmt: skip


@transaction.atomic
def _keep_chunk(file: OfferImport) -> bool:
    """False when nothing is left."""
    lines = _next_lines(file)
    if not lines:
        return False
    act = None if file.act_id is None else OfferAct.objects.get(pk=file.act_id)
    kind = OfferAct.Kind.API if file.by_api else OfferAct.Kind.FILE
    # In the order of ids, as every writer of offers does.
    known = read_offers([line.offer_id for line in lines], lock=True)
    pairs = [(known[one.offer_id], one.wish.applied_to(known[one.offer_id].now)) for one in lines
             if one.offer_id in known]  # fmt: skip
    done = want(pairs, actor=file.actor, kind=kind, words=file.name, let_pass=file.let_pass, act=act)
    _note(lines, done.refused, known)
    file.act_id = None if done.act is None else done.act.pk
    file.applied += done.changed
    file.lines_kept += len(lines)
    file.kept_upto = lines[-1].offer_id
    file.save(update_fields=["act_id", "applied", "lines_kept", "kept_upto"])
    return True


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


@dataclass(frozen=True)
class _Line:
    pk: int
    offer_id: int
    sku: str
    wish: Wish


def _next_lines(file: OfferImport) -> list[_Line]:
    rows = fetch(_NEXT, {"file": file.pk, "upto": file.kept_upto, "chunk": CHUNK})
    return [_Line(pk, offer, sku, Wish(*wish)) for pk, offer, sku, *wish in rows]


def _note(lines: Sequence[_Line], refused: Mapping[int, Refusal], known: Mapping[int, KnownOffer]) -> None:
    """What could not be kept any more says so, in one statement."""
    wrong = [(line.pk, "no_offer", {"sku": line.sku}) for line in lines if line.offer_id not in known] + [
        (line.pk, refused[line.offer_id].code, told_amounts(refused[line.offer_id]))
        for line in lines
        if line.offer_id in refused
    ]
    if wrong:
        outcomes = [Outcome.TOO_FAR if code == PRICE_STEP else Outcome.ERROR for _, code, _ in wrong]
        execute(_WRONG, [[pk for pk, _, _ in wrong], [str(one) for one in outcomes], [code for _, code, _ in wrong],
                         [json.dumps(detail, ensure_ascii=False) for _, _, detail in wrong]])  # fmt: skip


def asked_channels(file: OfferImport) -> list[Channel]:
    """Those of which it changes an offer."""
    keys = file.lines.filter(outcome__in=[Outcome.CHANGES, Outcome.TOO_FAR]).values_list("channel", flat=True)
    return list(Channel.objects.filter(key__in=set(keys.distinct())))
