"""What an Issue recommends, and what « try again » does for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from comptoir.accounts.roles import Permission
from comptoir.channels.models import Channel
from comptoir.channels.services import resume_channel
from comptoir.core.locks import Busy
from comptoir.finance.journal_deliveries import send_entries_again
from comptoir.finance.models import AccountingEntry, PurchaseOrder
from comptoir.finance.purchase_orders import CannotOrder, send_purchase_order
from comptoir.flows.catalogue_guard import allow
from comptoir.flows.connect import check_channel
from comptoir.flows.jobs import enqueue_flow
from comptoir.flows.registry import flows
from comptoir.flows.reimport import reimport_orders
from comptoir.journal.issues import close_issue
from comptoir.journal.models import Issue, Run
from comptoir.offers.foreign import answer_foreign
from comptoir.offers.refusals import PriceRefused
from comptoir.offers.submissions import retry_offers
from comptoir.offers.wishes import let_price_pass
from comptoir.orders.erp import export_again
from comptoir.orders.models import Order
from comptoir.sdk.connector import Role
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.i18n import N_


class CannotRetry(ValueError):  # noqa: N818
    """What the issue speaks of is not there any more, or did not work this time either; says why."""


@dataclass(frozen=True)
class Remedy:
    advice: str
    """What to do, in the merchant's words."""
    retry: Callable[[Issue, str], None] | None = None
    """None: nothing can be tried before a person has changed something."""
    needs: Permission = Permission.RUN_FLOWS
    button: str = ""
    """What its button says, where that is not « Try again »: such a remedy is taken one by one, never for all."""
    other: Callable[[Issue, str], None] | None = None
    """The other answer, where there are two."""
    other_button: str = ""


def remedy_of(issue_action: str) -> Remedy:
    return REMEDIES.get(issue_action, REMEDIES["none"])


def retry_issue(issue: Issue, *, actor: str, other: bool = False) -> None:
    """Raises CannotRetry, or core.locks.Busy when the channel is being read right now."""
    remedy = remedy_of(issue.action)
    retry = remedy.other if other else remedy.retry
    if retry is None:
        raise CannotRetry("a person has to settle it first")
    retry(issue, actor)


RETRIED_AT_ONCE = 50
"""Some of them ask the channel while the person waits."""


@dataclass(frozen=True)
class Tried:
    count: int
    failures: list[str]
    """Why the others could not be tried, each reason once."""


def retry_issues(issues: Iterable[Issue], *, actor: str) -> Tried:
    """Each by itself: one that cannot be tried stops no other. What a person decides one by one is left."""
    count, failures = 0, dict[str, None]()
    for issue in issues:
        try:
            if remedy_of(issue.action).button:
                raise CannotRetry("it is decided one by one")
            retry_issue(issue, actor=actor)
            count += 1
        except (CannotRetry, Busy) as error:
            failures[str(error)] = None
    return Tried(count, list(failures)[:5])


def _retry_flow(issue: Issue, actor: str) -> None:
    name = issue.flow if issue.flow in flows() else issue.subject
    if name not in flows() or issue.flow == "recover_stalled_jobs":
        name = str(issue.detail.get("flow", "")) or name
    if name not in flows():
        raise CannotRetry(f"no flow is called {name}")
    enqueue_flow(name, issue.channel, trigger="hand", actor=actor)


def _retry_offer(issue: Issue, actor: str) -> None:
    if not retry_offers(_channel(issue), [issue.subject]):
        raise CannotRetry(f"the offer {issue.subject} is being sent right now")


def _let_price_pass(issue: Issue, actor: str) -> None:
    channel = _channel(issue)
    try:
        price = Decimal(str(issue.detail["price"]))
        let_price_pass(channel.key, issue.subject, price, actor=actor)
    except (PriceRefused, LookupError) as error:
        raise CannotRetry(str(error)) from error
    close_issue(issue, by=actor, resolution=f"{price:f} was let pass, once")
    enqueue_flow("publish_offers", channel.key, trigger="hand", actor=actor)


def _ours(issue: Issue, actor: str) -> None:
    _answer_foreign(issue, actor, theirs=False)


def _theirs(issue: Issue, actor: str) -> None:
    _answer_foreign(issue, actor, theirs=True)


def _answer_foreign(issue: Issue, actor: str, *, theirs: bool) -> None:
    channel = _channel(issue)
    try:
        answer_foreign(channel, issue.subject, theirs=theirs, actor=actor)
    except (PriceRefused, LookupError) as error:
        raise CannotRetry(str(error)) from error
    close_issue(issue, by=actor, resolution="theirs is wanted now" if theirs else "ours is published again")
    enqueue_flow("publish_offers", channel.key, trigger="hand", actor=actor)


def _read_again(issue: Issue, actor: str) -> None:
    if issue.subject_kind != "order" or issue.subject.startswith("line "):
        _retry_flow(issue, actor)
        return
    run = reimport_orders(_channel(issue), [issue.subject], actor=actor)
    if run.outcome == Run.Outcome.FAILED:
        raise CannotRetry(run.error)


def _export_again(issue: Issue, actor: str) -> None:
    found = Order.objects.filter(external_id=issue.subject)
    # The ERP's own issues name the ERP; those of the reconciliation name the order's channel.
    if _channel(issue).role == Role.MARKETPLACE:
        found = found.filter(channel__key=issue.channel)
    if not export_again(list(found.values_list("pk", flat=True)), actor=actor):
        raise CannotRetry(f"the order {issue.subject} is not rejected by the ERP")


def _send_purchase(issue: Issue, actor: str) -> None:
    order = PurchaseOrder.objects.filter(reference=issue.subject).first()
    try:
        if order is None:
            raise CannotOrder(f"no order to a supplier has the reference {issue.subject}")
        send_purchase_order(order.pk, actor=actor)
    except CannotOrder as error:
        raise CannotRetry(str(error)) from error


def _send_entry(issue: Issue, actor: str) -> None:
    journal, _, number = issue.subject.partition("/")
    found = AccountingEntry.objects.filter(journal=journal, number=number if number.isdigit() else 0)
    if not send_entries_again([entry.pk for entry in found], actor=actor):
        raise CannotRetry(f"the entry {issue.subject} is not rejected")


def _allow_count(issue: Issue, actor: str) -> None:
    allow(_channel(issue), issue.subject, actor=actor)
    enqueue_flow(issue.flow, issue.channel, trigger="hand", actor=actor)


def _check_settings(issue: Issue, actor: str) -> None:
    channel = _channel(issue)
    try:
        check_channel(channel)
    except ConnectorError as error:
        raise CannotRetry(error.message) from error
    resume_channel(channel, actor=actor)


def _channel(issue: Issue) -> Channel:
    found = Channel.objects.filter(key=issue.channel).first()
    if found is None:
        raise CannotRetry(f"no channel has the key {issue.channel}")
    return found


REMEDIES: dict[str, Remedy] = {
    "check_order": Remedy(N_("Open the order and compare it with the channel's back-office."), _read_again),
    "allow_count": Remedy(
        N_("The ERP is about to empty the catalogue: check its stock, then allow the count."), _allow_count
    ),
    "check_erp_order": Remedy(
        N_("Compare the order with its documents in the ERP, and correct one of them."), _retry_flow
    ),
    "check_settings": Remedy(N_("Correct the channel's settings, then test them."), _check_settings),
    "check_shipment": Remedy(N_("Open the order and check the carrier and the tracking number.")),
    "create_product": Remedy(N_("Create the product in the ERP: the order goes on by itself.")),
    "decide_credit_note": Remedy(N_("Open the credit note and say whether the buyer is refunded.")),
    "send_entry": Remedy(
        N_("Correct the accounts that are not taken, then send the entry again."), _send_entry
    ),
    "send_purchase_order": Remedy(
        N_("Correct what the ERP refuses, then send the order to the supplier again."), _send_purchase
    ),
    "decide_order": Remedy(N_("Open the order and accept or refuse it.")),
    "export_again": Remedy(N_("Correct what the ERP refuses, then send the order again."), _export_again),
    "let_price_pass": Remedy(
        N_("Correct the price, or let this one pass: once, and exactly this price."),
        _let_price_pass,
        Permission.CHANGE_OFFERS,
        N_("Let this one pass"),
    ),
    "ours_or_theirs": Remedy(
        N_("Somebody else wrote this price: publish ours again, or take theirs."),
        _ours,
        Permission.CHANGE_OFFERS,
        N_("Publish ours again"),
        _theirs,
        N_("Take theirs"),
    ),
    "read_again": Remedy(N_("Read the record again; if it is still unreadable, report it."), _read_again),
    "retry_flow": Remedy(N_("Read the error, then run the flow again."), _retry_flow),
    "retry_offer": Remedy(N_("Correct what the channel refuses, then send the offer again."), _retry_offer),
    "set_floor": Remedy(N_("Give the offer a floor price, or a price above it.")),
    "translate_status": Remedy(
        N_("Report the unknown status: the order is kept whole meanwhile."), _read_again
    ),
    "none": Remedy(N_("Nothing to do: this is for your information. Close it when it is read.")),
}
