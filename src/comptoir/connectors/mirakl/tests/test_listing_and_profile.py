"""Reading back offers, competitors and the account itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from comptoir.connectors.mirakl import CONNECTOR
from comptoir.connectors.mirakl.tests.payloads import offer
from comptoir.connectors.mirakl.tests.shop import Shop, connected
from comptoir.sdk.errors import TransientError, UnexpectedAnswer
from comptoir.sdk.records import ListedOffer
from comptoir.sdk.testing import Scripted, ScriptedServer, SeenRequest, context_for_tests

D = Decimal
EAN = "3760001234567"


def listed(shop: Any, **more: object) -> list[ListedOffer]:
    with connected(shop, **more) as (connection, _):
        return [one for batch in connection.listed_offers() for one in batch]


def test_an_offer_is_read_at_its_default_price() -> None:
    (found,) = listed(Shop())
    assert (found.sku, found.quantity, found.price, found.ean) == ("MUG-01", 7, D("10.0"), EAN)
    assert (found.currency, found.condition, found.active) == ("EUR", "11", True)


def test_unknown_is_not_zero() -> None:
    (found,) = listed(Shop(offers=[offer(quantity=None, price=None, all_prices=None)]))
    assert (found.quantity, found.price) == (None, None)


def test_every_page_of_offers_is_read() -> None:
    skus = [f"SKU-{number}" for number in range(230)]
    assert [one.sku for one in listed(Shop(offers=[offer(sku) for sku in skus]))] == skus


def test_an_offer_that_moved_between_pages_is_found_by_reading_again() -> None:
    shop = Shop(offers=[offer(f"SKU-{number:03}") for number in range(150)])
    moved: list[bool] = []

    def answer(request: SeenRequest) -> Scripted:
        if request.query.get("offset") == "100" and not moved:
            moved.append(True)
            shop.offers.insert(0, shop.offers.pop())  # the last one jumps to the front: page 2 misses it
        return shop(request)

    skus = [one.sku for one in listed(answer)]
    assert sorted(skus) == sorted({one["shop_sku"] for one in shop.offers})


def test_offers_that_never_come_stop_the_reading() -> None:
    short = Scripted(body={"offers": [offer()], "total_count": 3})
    with pytest.raises(UnexpectedAnswer, match="announces 3"):
        listed(Shop(overrides={"GET /api/offers": short}))


class Export(Shop):
    """A large shop: 6,000 offers announced, served by OF52, OF53, OF54."""

    files_url = ""

    def __call__(self, request: SeenRequest) -> Scripted:
        tracking = {"tracking_id": "t-1"}
        files = [{**offer("A"), "prices": [{"origin_price": 12}]}, {**offer("B"), "deleted": True}]
        self.overrides = {
            "GET /api/offers": Scripted(body={"offers": [offer()], "total_count": 6000}),
            "POST /api/offers/export/async": Scripted(body=tracking),
            "GET /api/offers/export/async/status/t-1": self.status,
            "GET /file/0.json": Scripted(body=[{**one, "all_prices": None} for one in files]),
        } | self.overrides
        return super().__call__(request)

    def status(self, request: SeenRequest) -> Scripted:
        url = f"http://{request.headers['host']}/file/0.json"
        return Scripted(body={"status": "COMPLETED", "urls": [self.files_url or url]})


def test_a_large_shop_is_read_by_export() -> None:
    assert [(one.sku, one.price) for one in listed(Export())] == [("A", D(12))]


def test_our_key_is_not_shown_where_the_files_are_kept() -> None:
    shop = Export()
    files = Scripted(body=[offer("FAR")])
    with ScriptedServer(lambda _: files) as elsewhere:
        shop.files_url = elsewhere.url.replace("127.0.0.1", "localhost") + "/file/0.json"
        assert [one.sku for one in listed(shop)] == ["FAR"]
        assert "authorization" not in elsewhere.seen[0].headers


def test_a_shop_whose_export_of_the_day_is_used_is_read_page_by_page() -> None:
    shop = Export(overrides={"POST /api/offers/export/async": Scripted(429)})
    shop.overrides["GET /api/offers"] = lambda request: Scripted(
        body={
            "offers": [offer(f"S-{i}") for i in _page(int(request.query["offset"]), 6000)],
            "total_count": 6000,
        }
    )
    with connected(shop, context_for_tests(timeout_s=30)) as (connection, _):
        assert sum(len(batch) for batch in connection.listed_offers()) == 6000


def _page(offset: int, total: int) -> range:
    """500 at a time: the marketplace may give more than was asked, and a page is one answer in good time."""
    return range(offset, min(offset + 500, total))


def test_an_export_that_takes_long_is_found_again() -> None:
    context = context_for_tests()
    late = Export(overrides={"GET /api/offers/export/async/status/t-1": Scripted(body={"status": "PENDING"})})
    with connected(late, context) as (connection, _), pytest.raises(TransientError, match="not ready"):
        list(connection.listed_offers())
    with connected(Export(), context) as (connection, server):
        assert [one.sku for batch in connection.listed_offers() for one in batch] == ["A"]
        assert not [one for one in server.seen if one.method == "POST"]


def product(ean: str = EAN, total: int | None = None, *offers: dict[str, Any]) -> dict[str, Any]:
    return {
        "product_sku": f"P-{ean}",
        "product_references": [
            {"reference_type": "UPC", "reference": "1"},
            {"reference_type": "EAN", "reference": ean},
        ],
        "total_count": len(offers) if total is None else total,
        "offers": list(offers),
    }


def rival(name: str, price: float, **changed: Any) -> dict[str, Any]:
    return {
        "shop_name": name,
        "price": price,
        "min_shipping_price": 3.5,
        "currency_iso_code": "EUR",
        "shop_grade": 4.6,
        "nb_evaluation": 12,
        "active": True,
        "offer_id": 0,
        "quantity": 999,
        **changed,
    }


def competition(answer: Any, *eans: str) -> list[Any]:
    with connected(Shop(overrides={"GET /api/products/offers": answer})) as (connection, _):
        return [one for batch in connection.competing_offers(eans or (EAN,)) for one in batch]


def test_competitors_are_ranked_and_our_own_offer_is_known_by_the_shops_name() -> None:
    new = rival("Jeune Pousse", 11, nb_evaluation=0, shop_grade=0)
    body = {"products": [product(EAN, None, rival("Autre", 9), rival("Notre Boutique", 10), new)]}
    found = competition(Scripted(body=body))
    assert [(o.rank, o.seller, o.is_ours, o.grade) for o in found] == [
        (1, "Autre", False, D("4.6")),
        (2, "Notre Boutique", True, D("4.6")),
        (3, "Jeune Pousse", False, None),
    ]
    assert (found[0].price, found[0].shipping_price, found[0].has_buy_box) == (D(9), D("3.5"), None)


def test_offers_cut_off_by_the_page_are_asked_for() -> None:
    def answer(request: SeenRequest) -> Scripted:
        offers = {"0": [rival("A", 9), rival("B", 10)], "2": [rival("C", 11)]}[request.query["offset"]]
        return Scripted(body={"products": [product(EAN, 3, *offers)]})

    assert [(one.seller, one.rank) for one in competition(answer)] == [("A", 1), ("B", 2), ("C", 3)]


def test_a_server_that_cuts_for_good_is_not_asked_for_ever() -> None:
    def answer(request: SeenRequest) -> Scripted:
        products = [product(EAN, 30, rival("A", 9))] if request.query["offset"] == "0" else []
        return Scripted(body={"products": products})

    assert [one.seller for one in competition(answer)] == ["A"]


def test_eans_are_asked_a_hundred_at_a_time_and_found_without_their_zeros() -> None:
    asked: list[int] = []

    def answer(request: SeenRequest) -> Scripted:
        asked.append(len(request.query["product_references"].split(",")))
        return Scripted(body={"products": [product("12345678905", None, rival("A", 9))]})

    eans = ["0012345678905", *[f"37600{number:08}" for number in range(149)]]
    assert competition(answer, *eans)[0].ean == "0012345678905"
    assert asked == [100, 50]


def test_the_connection_test_tells_who_we_are_and_what_is_possible() -> None:
    with connected(Shop(multi_shipment=True)) as (connection, _):
        found = connection.check()
        assert (found.account_id, found.account_name, found.state, found.currency) == (
            "2000",
            "Notre Boutique",
            "open",
            "EUR",
        )
        assert found.features["multi_shipment"] == "true"
        assert found.features["order_acceptance"] == "NOT_AUTOMATIC"
        assert [(one.code, one.kind) for one in found.reasons] == [("15", "REFUND")]
        assert [one.code for one in found.carriers] == ["LAPOSTE", "CHR"]


def test_what_is_asked_once_a_day_is_asked_once_a_day() -> None:
    with connected(Shop()) as (connection, server):
        connection.check()
        connection.check()
        paths = [one.path for one in server.seen]
        assert paths.count("/api/account") == 2
        assert paths.count("/api/shipping/carriers") == 1


def test_a_marketplace_that_lacks_an_operation_says_so_in_the_profile() -> None:
    shop = Shop(overrides={"GET /api/platform/configuration": Scripted(404, {"message": "Not here"})})
    with connected(shop) as (connection, _):
        assert connection.check().warnings == ("PC01: 404 Not here",)


def test_the_key_travels_alone_in_its_header() -> None:
    with connected(Shop()) as (connection, server):
        connection.check()
        assert {one.headers["authorization"] for one in server.seen} == {"key-0123456789"}


@pytest.mark.parametrize(
    ("body", "words", "code"),
    [
        ({"message": "Order not found", "status": 404}, "Order not found", ""),
        ({"errors": [{"code": "X1", "field": "price", "message": "too low"}]}, "price: too low", "X1"),
    ],
)
def test_both_shapes_of_errors_are_read(body: dict[str, Any], words: str, code: str) -> None:
    shop = Shop(overrides={"GET /api/account": Scripted(400, body)})
    with connected(shop) as (connection, _), pytest.raises(UnexpectedAnswer, match=words) as caught:
        connection.check()
    assert caught.value.code == code


def test_it_can_do_everything_a_marketplace_may_be_asked() -> None:
    assert {"OrderSource", "OrderAcceptor", "ShipmentTarget", "RefundTarget", "CancellationTarget"} <= set(
        CONNECTOR.capabilities
    )
    assert {
        "StockTarget",
        "PriceTarget",
        "OfferTarget",
        "OfferSource",
        "PriceWatch",
    } <= CONNECTOR.capabilities


@pytest.mark.parametrize("wrong", [{"overlap_minutes": -1}, {"carriers": "COLISSIMO"}])
def test_settings_that_make_no_sense_are_named(wrong: dict[str, Any]) -> None:
    values = {"base_url": "https://m.example", "api_key": "k", **wrong}
    with pytest.raises(ValueError, match=next(iter(wrong))):
        CONNECTOR.settings.load(values)
