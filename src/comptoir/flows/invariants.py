"""What is always true, whatever died: asked after every drill, and by an operator with `comptoir verify-data`.

An invariant is a question with an empty answer. Another room adds its own:

    @invariant(N_("What is published is available"))
    def published_beyond_stock() -> Iterable[tuple[str, str]]:  # (subject, what is wrong with it)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from comptoir.core.bulk import fetch
from comptoir.flows.recover_stalled_jobs import STALLED_JOBS, orphaned_runs
from comptoir.flows.remedies import REMEDIES
from comptoir.inventory.ledger import find_imbalances
from comptoir.inventory.unsettled import find_unsettled
from comptoir.journal.models import Run
from comptoir.offers.differences import find_untrue_waiting
from comptoir.offers.kit_budgets import find_overshown
from comptoir.sdk.i18n import N_

Breaches = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Breach:
    """`rule` is what should hold, `subject` where it does not."""

    rule: str
    subject: str
    finding: str


@dataclass(frozen=True)
class Invariant:
    rule: str
    find: Callable[[], Breaches]
    at_rest: bool
    """Asked only when all work is done: in between, work in progress is no fault."""


INVARIANTS: list[Invariant] = []


def invariant(
    rule: str, *, at_rest: bool = False
) -> Callable[[Callable[[], Breaches]], Callable[[], Breaches]]:
    def declare(find: Callable[[], Breaches]) -> Callable[[], Breaches]:
        INVARIANTS.append(Invariant(rule, find, at_rest))
        return find

    return declare


def find_breaches(*, at_rest: bool = False) -> list[Breach]:
    """Everything that should not be. `at_rest`: nothing may be under way either."""
    asked = [one for one in INVARIANTS if at_rest or not one.at_rest]
    return [Breach(one.rule, subject, finding) for one in asked for subject, finding in one.find()]


@invariant(N_("Stock is the sum of its ledger, and reserved units that of the reservations"))
def stock_against_ledger() -> Breaches:
    for found in find_imbalances():
        yield (
            f"{found.sku} @ {found.warehouse}",
            f"on hand {found.on_hand}, ledger {found.ledger}; reserved {found.reserved}, kept {found.kept}",
        )


@invariant(N_("No reservation is leaked or missing"))
def reservations_against_orders() -> Breaches:
    for found in find_unsettled():
        yield f"{found.order} {found.sku}", f"should keep {found.wanted} units, keeps {found.kept}"


@invariant(N_("No line, buyer, payload or event is without its order"))
def orphans() -> Breaches:
    # What the intake writes in one transaction is not checked row by row: docs/adr/0012-lean-writes.md.
    for table in ("orders_orderline", "orders_ordercontact", "orders_raworder", "orders_orderevent"):
        rows = fetch(f"""SELECT count(*), min(part.order_id) FROM {table} part
                         WHERE NOT EXISTS (SELECT FROM orders_order o WHERE o.id = part.order_id)
                         HAVING count(*) > 0""")  # noqa: S608 - our own names
        for count, order in rows:
            yield table, f"{count} rows without an order, first of order {order}"


@invariant(N_("No order is without its channel, no line without the article it names"))
def strangers() -> Breaches:
    rows = fetch("""
        SELECT o.reference, 'channel ' || o.channel_id FROM orders_order o
        WHERE NOT EXISTS (SELECT FROM channels_channel c WHERE c.id = o.channel_id)
        UNION ALL
        SELECT o.reference, 'article ' || line.product_id
        FROM orders_orderline line JOIN orders_order o ON o.id = line.order_id
        WHERE line.product_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM catalog_product p WHERE p.id = line.product_id)""")
    return ((reference, f"{missing} is not there") for reference, missing in rows)


@invariant(N_("Debits and credits of every accounting entry are equal"))
def unbalanced_entries() -> Breaches:
    rows = fetch("""
        SELECT e.journal || '/' || e.number, sum(r.debit) - sum(r.credit), sum(r.debit) - e.total
        FROM finance_accountingentry e JOIN finance_accountingrow r ON r.entry_id = e.id
        GROUP BY e.id HAVING sum(r.debit) <> sum(r.credit) OR sum(r.debit) <> e.total""")
    return ((entry, f"differs by {gap}, from its total by {off}") for entry, gap, off in rows)


@invariant(N_("No order reaches the ERP twice"))
def orders_told_twice() -> Breaches:
    rows = fetch("""
        SELECT o.reference, count(*) FROM orders_erpexportitem item
        JOIN orders_erpexport export ON export.id = item.export_id JOIN orders_order o ON o.id = item.order_id
        WHERE export.kind = 'orders' AND export.state = 'complete' AND item.outcome = 'done'
        GROUP BY 1 HAVING count(*) > 1""")
    return ((reference, f"taken by the ERP {count} times") for reference, count in rows)


@invariant(N_("No order that a channel showed is missing here"))
def orders_lost() -> Breaches:
    rows = fetch("""
        SELECT channel.key, ledger.day, ledger.seen, ledger.stored FROM orders_completeness ledger
        JOIN channels_channel channel ON channel.id = ledger.channel_id WHERE ledger.seen > ledger.stored""")
    return (
        (f"{key} {day}", f"{seen} orders seen there, {stored} stored here") for key, day, seen, stored in rows
    )


@invariant(N_("No price is sent under its floor"))
def prices_under_floor() -> Breaches:
    # A floor that a person raised afterwards is no fault of what was sent before.
    rows = fetch("""
        SELECT channel.key || ' ' || offer.sku, item.price, offer.floor_price FROM offers_submissionitem item
        JOIN offers_offer offer ON offer.id = item.offer_id
        JOIN channels_channel channel ON channel.id = offer.channel_id
        JOIN offers_submission submission ON submission.id = item.submission_id
        WHERE item.price < offer.floor_price AND NOT EXISTS (
            SELECT FROM journal_change change WHERE change.subject_kind = 'offer'
            AND change.subject = offer.sku || ' @ ' || offer.channel_id AND change.at >= submission.created_at)""")
    return ((subject, f"sent at {price}, floor {floor}") for subject, price, floor in rows)


@invariant(N_("No offer waits for a submission that is over"))
def claims_leaked() -> Breaches:
    rows = fetch("""
        SELECT offer.sku, offer.id, submission.id FROM offers_offer offer
        LEFT JOIN offers_submission submission
               ON submission.id = coalesce(offer.quantity_submission_id, offer.price_submission_id)
        WHERE (offer.quantity_submission_id IS NOT NULL OR offer.price_submission_id IS NOT NULL)
          AND (submission.id IS NULL OR submission.state NOT IN ('prepared', 'sent'))""")
    return ((f"{sku} (offer {offer})", f"waits for submission {number}") for sku, offer, number in rows)


@invariant(N_("What waits to be published is what differs, no more and no less"))
def waiting_against_offers() -> Breaches:
    for found in find_untrue_waiting():
        what = "differs and does not wait" if found.missing else "waits and does not differ"
        yield f"{found.channel} offer {found.offer_id}", f"its {found.kind} {what}"


@invariant(N_("Of last units no more is shown than there is, in kits or alone"), at_rest=True)
def last_units_overshown() -> Breaches:
    for found in find_overshown():
        yield found.sku, f"{found.shown} units shown in all, {found.available} available"


@invariant(N_("Every issue is closed or says what to do"))
def issues_unexplained() -> Breaches:
    rows = fetch(
        """SELECT id, state, message, action FROM journal_issue
           WHERE (state = 'open' AND (message = '' OR NOT (action = ANY(%s))))
              OR (state = 'closed' AND (resolution = '' OR closed_by = '' OR closed_at IS NULL))""",
        [[*REMEDIES, ""]],
    )
    for number, state, message, action in rows:
        yield f"issue {number}", f"{state}, action « {action} »: {message or 'no message'}"


@invariant(N_("No run goes on without its worker"))
def runs_left() -> Breaches:
    for run in Run.objects.filter(pk__in=orphaned_runs(), outcome=Run.Outcome.RUNNING):
        yield f"run {run.pk}", f"{run.flow} {run.channel} is said to run and nobody holds its lock"


@invariant(N_("No job has lost its worker"), at_rest=True)
def jobs_left() -> Breaches:
    for row in fetch(STALLED_JOBS, [settings.WORKER_DEAD_AFTER_SECONDS]):
        yield f"job {row[0]}", f"{row[2]} lost its worker"


@invariant(N_("Nothing is under way"), at_rest=True)
def work_left() -> Breaches:
    rows = fetch("""
        SELECT 'runs', count(*) FROM journal_run WHERE outcome = 'running'
        UNION ALL SELECT 'submissions', count(*) FROM offers_submission WHERE state IN ('prepared', 'sent')
        UNION ALL SELECT 'deliveries to the ERP', count(*) FROM orders_erpexport WHERE state IN ('open', 'sent')
        UNION ALL SELECT 'jobs', count(*) FROM procrastinate_jobs WHERE status = 'doing'""")
    return ((what, f"{count} left") for what, count in rows if count)
