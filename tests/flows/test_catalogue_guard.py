"""A count or an import that would empty the catalogue stops, and a person is asked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from comptoir.catalog.models import Product
from comptoir.catalog.ownership import UnknownField, set_owner
from comptoir.catalog.services import record_products
from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel
from comptoir.flows import connect, remedies
from comptoir.flows.catalogue_guard import allow
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Change, Issue
from comptoir.rehearsal.person import Person
from comptoir.sdk import records as r
from comptoir.sdk.connector import ConnectorType, Role
from tests.domain.conftest import NOW, make_product
from tests.flows.conftest import MovingClock
from tests.flows.fakes import ERPS, Erp, FakeCatalogue, FakeSettings
from tests.flows.test_stock_counts import stock

Side = tuple[Channel, Erp]
SKUS = [f"SKU-{n:02d}" for n in range(40)]


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    for sku in SKUS:
        make_product(sku, on_hand=5)


def count(erp: Side, name: str, *levels: tuple[str, int]) -> None:
    erp[1].counts.append(
        r.StockBatch(
            key=f"stock-{name}", cursor=name, as_of=NOW,
            levels=tuple(r.StockLevel(sku=sku, warehouse="MAIN", quantity=units) for sku, units in levels),
        )
    )  # fmt: skip


def pull() -> None:
    run_flow("import_stock_from_erp", "erp")


def zero(*skus: str) -> list[tuple[str, int]]:
    return [(sku, 0) for sku in skus]


def asked() -> list[str]:
    found = Issue.objects.filter(subject_kind="guard", state="open", action="allow_count")
    return list(found.values_list("subject", flat=True))


def test_a_few_articles_that_sell_out_pass(erp: Side) -> None:
    count(erp, "1", *zero(*SKUS[:12]))
    pull()
    assert (stock("SKU-00")[0], asked()) == (0, [])


def test_more_than_the_limit_stores_nothing_and_asks_until_a_person_allows_it(erp: Side) -> None:
    count(erp, "1", *zero(*SKUS[:13]), ("SKU-39", 7))
    pull()
    pull()
    assert (stock("SKU-00")[0], stock("SKU-39")[0], asked()) == (5, 5, ["stock"])
    allow(erp[0], "stock", actor="ana")
    pull()
    assert (stock("SKU-00")[0], stock("SKU-39")[0], asked()) == (0, 7, [])
    assert Change.objects.filter(action="erp.guard_lifted", actor="ana").count() == 1


def test_a_disaster_in_small_pages_is_stopped_too(erp: Side) -> None:
    for page in range(4):
        count(erp, str(page), *zero(*SKUS[page * 5 : page * 5 + 5]))
    pull()
    pull()
    assert [stock(sku)[0] for sku in SKUS[:20]] == [0] * 10 + [5] * 10
    assert asked() == ["stock"]


def test_the_next_day_has_its_own_measure(erp: Side, time: MovingClock) -> None:
    count(erp, "1", *zero(*SKUS[:10]))
    pull()
    time.advance(hours=25)
    count(erp, "2", *zero(*SKUS[10:20]))
    pull()
    assert (stock("SKU-19")[0], asked()) == (0, [])


def test_an_erp_put_right_closes_the_question_by_itself(erp: Side) -> None:
    count(erp, "1", *zero(*SKUS))
    pull()
    assert asked() == ["stock"]
    erp[1].counts[0] = r.StockBatch(key="stock-1", cursor="1", as_of=NOW, levels=())
    pull()
    assert asked() == []


def test_the_person_of_a_rehearsal_lets_the_count_pass(erp: Side) -> None:
    count(erp, "1", *zero(*SKUS))
    pull()
    Person().act(NOW)
    assert (stock("SKU-30")[0], asked()) == (0, [])


def test_the_remedy_of_the_issue_lifts_the_guard(erp: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_of: list[str] = []
    monkeypatch.setattr(remedies, "enqueue_flow", lambda name, *_, **__: asked_of.append(name))
    count(erp, "1", *zero(*SKUS))
    pull()
    remedies.retry_issue(Issue.objects.get(action="allow_count"), actor="ana")
    pull()
    assert (asked_of, stock("SKU-30")[0]) == (["import_stock_from_erp"], 0)


def test_an_import_never_writes_over_what_the_hub_owns() -> None:
    set_owner("title", "hub", actor="ana")
    set_owner("purchase_price", "hub", actor="ana")
    told = r.Product(sku="SKU-00", title="Theirs", brand="Theirs", purchase_price=Decimal(3))
    record_products([told, r.Product(sku="NEW", title="New there")])
    known = Product.objects.get(sku="SKU-00")
    assert (known.title, known.brand, known.purchase_prices.count()) == ("Product SKU-00", "Theirs", 0)
    assert Product.objects.get(sku="NEW").title == "New there", "a new article is taken whole"
    set_owner("title", "erp", actor="ana")
    record_products([told])
    assert Product.objects.get(sku="SKU-00").title == "Theirs"
    assert Change.objects.filter(action="catalog.owner").count() == 3
    with pytest.raises(UnknownField):
        set_owner("colour", "hub", actor="ana")


@pytest.fixture
def catalogue_erp(monkeypatch: pytest.MonkeyPatch) -> Erp:
    kind = ConnectorType(
        key="fake_catalogue", label="Fake", role=Role.ERP, settings=FakeSettings, connection=FakeCatalogue
    )
    monkeypatch.setattr(connect, "connector_types", lambda: {"fake_catalogue": kind})
    add_channel(key="erp", name="ERP", connector=kind, settings=FakeSettings(), actor="test")
    return ERPS.setdefault("erp", Erp())


def active() -> int:
    return Product.objects.filter(active=True).count()


def test_articles_deleted_at_the_erp_are_retired_once_a_day(catalogue_erp: Erp, time: MovingClock) -> None:
    catalogue_erp.keys = SKUS
    run_flow("import_products_from_erp", "erp")
    catalogue_erp.keys = SKUS[2:]
    run_flow("import_products_from_erp", "erp")
    assert active() == 40, "it was read today already"
    time.advance(hours=25)
    run_flow("import_products_from_erp", "erp")
    assert active() == 38
    assert not Product.objects.get(sku="SKU-00").active


def test_an_erp_that_shows_no_article_any_more_retires_none(catalogue_erp: Erp) -> None:
    catalogue_erp.keys = []
    run_flow("import_products_from_erp", "erp")
    assert (active(), asked()) == (40, ["products"])
