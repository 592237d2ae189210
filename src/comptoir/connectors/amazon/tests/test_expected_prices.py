"""Our own offer carries the price with which Amazon expects it to be featured; a refusal costs only that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal

import pytest

from comptoir.connectors.amazon.tests.payloads import FR, connect, expected_price, healthy, listing
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import CompetingOffer
from comptoir.sdk.testing import FakeThrottle, Scripted, ScriptedServer, SeenRequest, context_for_tests

EAN = "4006381333931"
EXPECTED = "/featuredOfferExpectedPrice"
LISTINGS = "/listings/2021-08-01/items/"


@contextmanager
def answering(part: str, answer: Callable[[SeenRequest], Scripted]) -> Iterator[ScriptedServer]:
    """Everything goes well but what has `part` in its path."""
    with ScriptedServer(lambda seen: answer(seen) if part in seen.path else healthy(seen)) as server:
        yield server


def watched(server: ScriptedServer) -> list[CompetingOffer]:
    context = context_for_tests()
    with closing(connect(server.url, context)) as amazon:
        found = [offer for page in amazon.competing_offers([EAN]) for offer in page]
    assert isinstance(context.throttle, FakeThrottle)
    assert context.throttle.taken.count("test:getFeaturedOfferExpectedPriceBatch") <= 1
    return found


def told(offers: Sequence[CompetingOffer]) -> list[tuple[bool, Decimal, Decimal | None]]:
    return [(offer.is_ours, offer.price, offer.expected_price) for offer in offers]


def test_ours_alone_has_it() -> None:
    with ScriptedServer(healthy) as server:
        found = told(watched(server))
    assert found == [(False, Decimal("18.5"), None), (True, Decimal("19.9"), Decimal("18.49"))]


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
@pytest.mark.parametrize("part", [EXPECTED, LISTINGS])
def test_a_refusal_leaves_it_out_and_the_offers_stand(part: str, status: int) -> None:
    problem = {"errors": [{"code": "X", "message": "no"}]}
    with answering(part, lambda _: Scripted(status, problem)) as server:
        found = told(watched(server))
    assert found == [(False, Decimal("18.5"), None), (True, Decimal("19.9"), None)]


def test_what_is_no_answer_of_amazon_s_is_not_passed_over() -> None:
    odd = Scripted(body={"responses": 7})
    with answering(EXPECTED, lambda _: odd) as server, pytest.raises(UnexpectedAnswer):
        watched(server)


@pytest.mark.parametrize("status", ["NO_COMPETING_OFFER", "OFFER_NOT_ELIGIBLE", "ASIN_NOT_ELIGIBLE"])
def test_only_a_valid_price_is_one(status: str) -> None:
    answer = {"responses": [expected_price("SKU/1", 18.49, status)]}
    with answering(EXPECTED, lambda _: Scripted(body=answer)) as server:
        assert told(watched(server))[1][2] is None


def test_two_skus_on_one_article_have_none_over_two_pages() -> None:
    def page(seen: SeenRequest) -> Scripted:
        assert (seen.query["identifiersType"], seen.query["identifiers"]) == ("ASIN", "B000000001")
        if "pageToken" in seen.query:
            return Scripted(body={"numberOfResults": 2, "items": [listing("SKU/2", 1, 19.9)]})
        first = {"items": [listing("SKU/1", 4, 19.9)], "pagination": {"nextToken": "next"}}
        return Scripted(body={"numberOfResults": 2, **first})

    with answering(LISTINGS, page) as server:
        assert told(watched(server))[1][2] is None
        paths = [seen.path for seen in server.seen]
    assert sum(LISTINGS in path for path in paths) == 2
    assert not [path for path in paths if EXPECTED in path]


def test_it_is_asked_for_our_sku_in_this_marketplace() -> None:
    with ScriptedServer(healthy) as server:
        watched(server)
        (asked,) = (seen.body for seen in server.seen if EXPECTED in seen.path)
    assert json.loads(asked)["requests"] == [
        {
            "marketplaceId": FR,
            "sku": "SKU/1",
            "method": "GET",
            "uri": "/products/pricing/2022-05-01/offer/featuredOfferExpectedPrice",
        }
    ]
