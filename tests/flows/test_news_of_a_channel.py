"""What a channel says by itself or asks of us: notices, keys that end, invoices, what it would take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from comptoir.catalog.models import Barcode
from comptoir.channels.invoices import NumberTaken, add_invoice
from comptoir.channels.models import Channel, CustomerInvoice
from comptoir.channels.services import add_channel, read_settings
from comptoir.core import clock
from comptoir.flows import connect
from comptoir.flows.models import Turn
from comptoir.flows.policy import run_flow
from comptoir.flows.preview_listings import preview_listings
from comptoir.flows.registry import flows
from comptoir.flows.schedule import finish_turn, plan_turns, start_turn
from comptoir.journal.models import Issue, Run
from comptoir.orders.models import Order
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.credentials import Credential
from comptoir.sdk.errors import RejectedRecord, TransientError
from comptoir.sdk.invoices import CustomerInvoice as Invoice
from comptoir.sdk.notices import Notice, NoticeBatch
from comptoir.sdk.records import OfferDraft, Outcome, Rejected, Verdict
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import NOW, make_product
from tests.domain.records import order
from tests.flows.conftest import MovingClock, connect_channel
from tests.flows.fakes import FakeConnection, FakeSettings, Market


@dataclass
class Office:
    """The other side of the ports that this file is about."""

    queue: list[NoticeBatch] = field(default_factory=list)
    forgotten: int = 0
    ends_on: date | None = None
    renews: bool = False
    renewals: list[str] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    taken: Verdict | None = None
    answer: Outcome = Outcome.DONE


OFFICES: dict[str, Office] = {}


class TalkativeConnection(FakeConnection):
    def __init__(self, settings: FakeSettings, context: Any) -> None:
        super().__init__(settings, context)
        self.office = OFFICES.setdefault(context.account, Office())

    def notice_batches(self) -> Iterator[NoticeBatch]:
        for _ in range(len(self.office.queue)):
            yield self.office.queue[0]

    def forget_notices(self, batch: NoticeBatch) -> None:
        self.office.queue.remove(batch)
        self.office.forgotten += 1

    def credentials(self) -> Sequence[Credential]:
        return [
            Credential(
                name="api_key", label="Key", ends_on=self.office.ends_on, advice="Make another.",
                renews=self.office.renews,
            )
        ]  # fmt: skip

    def renew_credential(self, name: str) -> None:
        self.office.renewals.append(name)

    def send_invoices(self, invoices: Sequence[Invoice]) -> Iterator[Verdict]:
        for one in invoices:
            self.office.invoices.append(one)
            done = self.office.answer is Outcome.DONE
            yield Verdict(key=one.reference, outcome=self.office.answer, external_id="F-1" if done else "")

    def read_invoice(self, external_id: str) -> Verdict:
        return self.office.taken or Verdict(key=external_id, outcome=Outcome.RETRY)

    def preview_listings(self, drafts: Sequence[OfferDraft]) -> Iterator[Verdict]:
        for draft in drafts:
            outcome = Outcome.DONE if draft.ean else Outcome.REJECTED
            yield Verdict(key=draft.sku, outcome=outcome, message=f"at {draft.price}")


TALKATIVE = ConnectorType(
    key="talkative",
    label="Talkative",
    role=Role.MARKETPLACE,
    settings=FakeSettings,
    connection=TalkativeConnection,
    account=lambda settings: settings.account,
    marketplace=lambda settings: settings.marketplace,
    notified=lambda settings: settings.api_key != "silent",
    contacts_kept_days=30,
)


@pytest.fixture(autouse=True)
def talkative(fake_connectors: None, monkeypatch: pytest.MonkeyPatch) -> None:
    OFFICES.clear()
    known = connect.connector_types()
    monkeypatch.setattr(connect, "connector_types", lambda: {**known, "talkative": TALKATIVE})


def channel_of(key: str, **settings: str) -> Channel:
    loaded = FakeSettings.load(settings)
    return add_channel(key=key, name=key, connector=TALKATIVE, settings=loaded, actor="test")


@pytest.fixture
def shop(db: None) -> tuple[Channel, Market, Office]:
    make_product("MOUSE", on_hand=10)
    channel = channel_of("shop", account="me", marketplace="FR")
    return channel, _market(channel), OFFICES.setdefault(channel.account, Office())


def _market(channel: Channel) -> Market:
    from tests.flows.fakes import MARKETS

    return MARKETS.setdefault(channel.account, Market())


def news(*names: str, subject: Any = "order", **more: Any) -> NoticeBatch:
    notices = tuple(
        Notice(kind="CHANGE", notice_id=f"{subject}-{name}", at=NOW, subject=subject, name=name)
        for name in names
    )
    return NoticeBatch(notices=notices, receipts=names, **more)


def due(flow: str, channel: str = "shop") -> bool:
    return Turn.objects.get(flow=flow, channel=channel).due_at <= clock.now()


# --- notices ------------------------------------------------------------------------------------------------


def test_an_order_that_a_notice_names_is_read_at_once_and_twice_is_harmless(
    shop: tuple[Channel, Market, Office],
) -> None:
    channel, market, office = shop
    channel_of("shop-de", account="me", marketplace="DE")
    market.orders = {n: order(n, "MOUSE", marketplace=p) for n, p in {"A": "FR", "B": "DE"}.items()}
    office.queue = [news("B", "A", "A", "gone"), news("A")]
    done = run_flow("read_notices", channel.key)
    assert done is not None
    assert done.outcome == "succeeded"
    assert dict(Order.objects.values_list("external_id", "channel__key")) == {"A": "shop", "B": "shop-de"}
    assert (office.queue, office.forgotten) == ([], 2)
    run_flow("import_orders", channel.key)
    assert Order.objects.count() == 2


def test_what_could_not_be_stored_stays_in_the_queue(shop: tuple[Channel, Market, Office]) -> None:
    channel, market, office = shop
    office.queue = [news("A")]
    market.orders = {"A": order("A", "MOUSE")}
    market.fail_next = [TransientError("away")]
    run_flow("read_notices", channel.key)
    assert (len(office.queue), Order.objects.count()) == (1, 0)
    run_flow("read_notices", channel.key)
    assert (len(office.queue), Order.objects.count()) == (0, 1)


def test_a_notice_that_cannot_be_read_is_told_and_disturbs_no_other(
    shop: tuple[Channel, Market, Office],
) -> None:
    channel, market, office = shop
    market.orders = {"A": order("A", "MOUSE")}
    office.queue = [news("A", rejected=(Rejected(external_id="m", message="no JSON"),))]
    run_flow("read_notices", channel.key)
    assert Order.objects.count() == 1
    assert Issue.objects.get().subject_kind == "notice"


def test_a_finished_submission_is_looked_at_now_on_every_channel_of_the_account(
    shop: tuple[Channel, Market, Office], time: MovingClock
) -> None:
    channel, _, office = shop
    other = channel_of("shop-de", account="me", marketplace="DE")
    plan_turns()
    for each in (channel, other):
        finish(start("check_submissions", each), each)
        finish(start("read_back_offers", each), each)
    time.advance(seconds=5)
    office.queue = [news("F-1", subject="submission"), news("R", subject="report")]
    run_flow("read_notices", channel.key)
    assert due("check_submissions", "shop")
    assert due("check_submissions", "shop-de")
    assert not due("read_back_offers")  # nothing waits for a report
    office.queue = [news("SKU", subject="listing")]
    run_flow("read_notices", channel.key)
    assert not due("read_back_offers")  # all were read a moment ago
    time.advance(hours=2)
    office.queue = [news("SKU", subject="listing")]
    run_flow("read_notices", channel.key)
    assert due("read_back_offers")


def start(name: str, channel: Channel) -> str:
    start_turn(flows()[name], channel)
    return name


def finish(name: str, channel: Channel) -> None:
    run = Run(flow=name, channel=channel.key, outcome=Run.Outcome.SUCCEEDED)
    finish_turn(flows()[name], channel, run, None)


def test_a_report_is_fetched_as_soon_as_it_is_there(
    shop: tuple[Channel, Market, Office], time: MovingClock
) -> None:
    channel, _, office = shop
    plan_turns()
    start("read_back_offers", channel)
    waiting = Run(flow="read_back_offers", channel="shop", outcome=Run.Outcome.WAITING)
    finish_turn(flows()["read_back_offers"], channel, waiting, timedelta(minutes=10))
    assert not due("read_back_offers")
    office.queue = [news("R", subject="report")]
    run_flow("read_notices", channel.key)
    assert due("read_back_offers")


def test_settings_that_the_channel_renewed_are_kept_on_every_channel_of_the_account_and_told_nowhere(
    shop: tuple[Channel, Market, Office],
) -> None:
    channel, _, office = shop
    other = channel_of("shop-de", account="me", marketplace="DE")
    office.queue = [news(settings={"api_key": "the-new-one"})]
    run_flow("read_notices", channel.key)
    for key, place in ((channel.key, "FR"), (other.key, "DE")):
        settings = read_settings(Channel.objects.get(key=key), TALKATIVE)
        assert isinstance(settings, FakeSettings)
        assert (settings.api_key, settings.marketplace) == ("the-new-one", place)
    told = str(list(Run.objects.values())) + str(list(Issue.objects.values()))
    assert "the-new-one" not in told


def test_a_channel_without_a_queue_leaves_no_run_behind(db: None) -> None:
    channel_of("silent", api_key="silent")
    assert run_flow("read_notices", "silent") is None
    assert not Run.objects.exists()


# --- keys that end ------------------------------------------------------------------------------------------


def test_the_end_of_a_key_is_told_at_each_alarm_once(
    shop: tuple[Channel, Market, Office], time: MovingClock
) -> None:
    channel, _, office = shop
    office.ends_on = NOW.date() + timedelta(days=70)
    run_flow("watch_credentials", channel.key)
    assert not Issue.objects.exists()
    told: list[list[str]] = []
    for days in (10, 1, 30, 23, 8):  # 60, 59, 29, 6, -2 days are left
        time.advance(days=days)
        run_flow("watch_credentials", channel.key)
        told.append([i.subject.rpartition(": ")[2] for i in Issue.objects.filter(state="open")])
    assert told == [["60"], ["60"], ["30"], ["7"], ["over"]]
    assert Issue.objects.count() == 4
    first = Issue.objects.order_by("pk").first()
    assert first is not None
    assert "60 days" in first.message
    assert "Make another." in first.message
    office.ends_on = time.now.date() + timedelta(days=180)
    run_flow("watch_credentials", channel.key)
    assert not Issue.objects.filter(state="open").exists()


def test_an_alarm_that_a_person_closed_comes_back_at_the_next_one_only(
    shop: tuple[Channel, Market, Office], time: MovingClock
) -> None:
    channel, _, office = shop
    office.ends_on = NOW.date() + timedelta(days=40)
    run_flow("watch_credentials", channel.key)
    Issue.objects.update(state="closed")
    run_flow("watch_credentials", channel.key)
    assert not Issue.objects.filter(state="open").exists()
    time.advance(days=15)
    run_flow("watch_credentials", channel.key)
    assert Issue.objects.filter(state="open").count() == 1


def test_a_key_is_renewed_at_the_second_alarm_where_the_merchant_wants_it(
    shop: tuple[Channel, Market, Office], time: MovingClock
) -> None:
    channel, _, office = shop
    office.ends_on, office.renews = NOW.date() + timedelta(days=45), True
    run_flow("watch_credentials", channel.key)
    assert office.renewals == []
    time.advance(days=20)
    run_flow("watch_credentials", channel.key)
    assert office.renewals == ["api_key"]
    office.renews = False
    run_flow("watch_credentials", channel.key)
    assert office.renewals == ["api_key"]


# --- invoices -----------------------------------------------------------------------------------------------


def invoice(channel: Channel, number: str = "F-1", content: bytes = b"%PDF-") -> CustomerInvoice:
    return add_invoice(channel, order_id="A", number=number, content=content, actor="zoe")


def test_an_invoice_goes_out_once_and_its_end_is_known(
    shop: tuple[Channel, Market, Office], time: MovingClock
) -> None:
    channel, _, office = shop
    assert run_flow("send_invoices", channel.key) is None
    assert invoice(channel).pk == invoice(channel).pk
    for _ in range(3):
        run_flow("send_invoices", channel.key)
    assert [(one.order_id, one.number, one.content) for one in office.invoices] == [("A", "F-1", b"%PDF-")]
    office.taken = Verdict(key="F-1", outcome=Outcome.DONE)
    run_flow("send_invoices", channel.key)
    assert CustomerInvoice.objects.get().state == "taken"
    time.advance(days=31)
    run_flow("purge")
    assert bytes(CustomerInvoice.objects.get().content) == b""


def test_a_refused_invoice_is_told_and_may_be_given_again(
    shop: tuple[Channel, Market, Office], time: MovingClock
) -> None:
    channel, _, office = shop
    invoice(channel)
    run_flow("send_invoices", channel.key)
    office.taken = Verdict(key="F-1", outcome=Outcome.REJECTED, code="79525", message="Amazon does it")
    run_flow("send_invoices", channel.key)
    issue = Issue.objects.get()
    assert (issue.subject_kind, issue.subject, issue.state) == ("invoice", "F-1", "open")
    assert "79525 Amazon does it" in issue.message
    time.advance(minutes=1)
    invoice(channel, content=b"%PDF-2")
    office.taken = Verdict(key="F-1", outcome=Outcome.DONE)
    for _ in range(2):
        run_flow("send_invoices", channel.key)
    issue.refresh_from_db()
    assert (CustomerInvoice.objects.get().state, issue.state) == ("taken", "closed")
    assert len({one.reference for one in office.invoices}) == 2


def test_an_invoice_of_unknown_outcome_is_asked_about_under_the_same_reference(
    shop: tuple[Channel, Market, Office],
) -> None:
    channel, _, office = shop
    office.answer = Outcome.UNKNOWN
    invoice(channel)
    for _ in range(2):
        run_flow("send_invoices", channel.key)
    assert len(office.invoices) == 2
    assert len({one.reference for one in office.invoices}) == 1
    assert CustomerInvoice.objects.get().state == "waiting"


def test_two_files_cannot_have_one_number(shop: tuple[Channel, Market, Office]) -> None:
    invoice(shop[0])
    with pytest.raises(NumberTaken):
        invoice(shop[0], content=b"%PDF-other")


# --- what it would take, and for how long it lets us keep -----------------------------------------------------


def test_a_channel_says_beforehand_what_it_would_take(shop: tuple[Channel, Market, Office]) -> None:
    channel, _, _ = shop
    keys = make_product("KEYS", price="12.50")
    Barcode.objects.create(product=keys, code="4006381333931")
    told = preview_listings(channel, ["KEYS", "MOUSE", "NOTHING"], actor="zoe")
    assert [(v.key, v.outcome, v.message) for v in told] == [
        ("KEYS", Outcome.DONE, "at 12.50"),
        ("MOUSE", Outcome.REJECTED, "at 49.90"),
    ]
    run = Run.objects.get()
    assert (run.flow, run.actor, run.counts) == ("preview_listings", "zoe", {"asked": 2})
    with pytest.raises(RejectedRecord):
        preview_listings(connect_channel("mute")[0], ["KEYS"], actor="zoe")


def test_a_buyer_is_forgotten_at_the_term_of_the_channel(
    shop: tuple[Channel, Market, Office], time: MovingClock
) -> None:
    channel, market, _ = shop
    other, their_market = connect_channel("other")
    left = order("A", "MOUSE", status=OrderStatus.SHIPPED)
    market.orders = {"A": left}
    their_market.orders = {"B": msgspec.structs.replace(left, external_id="B")}
    run_flow("import_orders", channel.key)
    run_flow("import_orders", other.key)
    time.advance(days=29)
    run_flow("purge")
    assert names() == {"A": "Zoé Martin", "B": "Zoé Martin"}
    time.advance(days=2)
    run_flow("purge")
    assert names() == {"A": "", "B": "Zoé Martin"}
    time.advance(days=150)
    run_flow("purge")
    assert names() == {"A": "", "B": ""}


def names() -> dict[str, str]:
    return {one.external_id: one.contact.buyer_name for one in Order.objects.select_related("contact")}
