"""The account itself: its settings, the end of its secret, its brakes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import msgspec
import pytest

from comptoir.connectors.amazon import CONNECTOR
from comptoir.connectors.amazon.buckets import Buckets
from comptoir.connectors.amazon.profile import secret_warnings
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.connectors.amazon.tests.payloads import PARTICIPATION, connect, healthy, settings
from comptoir.sdk.errors import ConfigurationError, RateLimited
from comptoir.sdk.settings import SettingsError
from comptoir.sdk.testing import FakeClock, FakeThrottle, Scripted, ScriptedServer, context_for_tests

MADE = date(2026, 1, 1)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(healthy) as server:
        yield server


def test_four_values_are_enough_for_the_real_amazon() -> None:
    four = {name: settings()[name] for name in ("client_id", "client_secret", "refresh_token", "seller_id")}
    read = AmazonSettings.load(four)
    assert read.api_url == "https://sellingpartnerapi-eu.amazon.com"
    assert read.lwa_url == "https://api.amazon.com/auth/o2/token"
    assert read.marketplace.domain == "amazon.fr"


def test_each_region_has_its_own_address() -> None:
    read = AmazonSettings.load({**settings(), "base_url": "", "country": "US"})
    assert read.api_url == "https://sellingpartnerapi-na.amazon.com"


def test_a_date_that_is_no_date_is_refused() -> None:
    with pytest.raises(SettingsError) as caught:
        AmazonSettings.load({**settings(), "secret_made_on": "yesterday"})
    assert set(caught.value.errors) == {"secret_made_on"}


@pytest.mark.parametrize(
    ("days", "words"), [(100, ""), (120, "60 days"), (151, "29 days"), (174, "6 days"), (181, "is over")]
)
def test_the_end_of_the_secret_is_announced(days: int, words: str) -> None:
    warnings = secret_warnings(MADE, MADE + timedelta(days=days))
    assert [words in warning for warning in warnings] == ([True] if words else [])


def test_an_account_that_does_not_sell_there_is_told_so(server: ScriptedServer) -> None:
    with (
        closing(connect(server.url, context_for_tests(), country="DE")) as amazon,
        pytest.raises(ConfigurationError),
    ):
        amazon.check()


def test_suspended_listings_show_in_the_profile(server: ScriptedServer) -> None:
    suspended = PARTICIPATION | {"participation": {"isParticipating": True, "hasSuspendedListings": True}}
    with (
        server.answering(
            lambda r: Scripted(body={"payload": [suspended]}) if r.path.startswith("/sellers") else healthy(r)
        ),
        closing(connect(server.url, context_for_tests())) as amazon,
    ):
        assert amazon.check().state == "suspended"


class Slow(FakeThrottle):
    """Asks to wait once, then lets through."""

    def take(self, key: str, limit: object) -> float:  # type: ignore[override]
        self.taken.append(key)
        return self.refuse_for if len(self.taken) == 1 else 0.0


def test_a_short_wait_is_waited_and_a_long_one_is_told() -> None:
    clock = FakeClock()
    context = context_for_tests(clock=clock)
    start = clock.now
    values = {name: getattr(context, name) for name in context.__dataclass_fields__}
    short = type(context)(**{**values, "throttle": Slow(refuse_for=0.2)})
    Buckets(short, "app").take("getFeed")
    assert clock.now - start == timedelta(seconds=0.2)
    long = type(context)(**{**values, "throttle": Slow(refuse_for=178.0)})
    with pytest.raises(RateLimited) as caught:
        Buckets(long, "app").take("searchOrders")
    assert caught.value.retry_after == timedelta(seconds=178)


def test_the_application_has_buckets_of_its_own_and_all_can_be_lifted() -> None:
    context = context_for_tests()
    assert isinstance(context.throttle, FakeThrottle)
    Buckets(context, "app-1").take("patchListingsItem")
    assert context.throttle.taken == ["amazon-app:app-1:patchListingsItem", "test:patchListingsItem"]
    values = {name: getattr(context, name) for name in context.__dataclass_fields__}
    lifted = type(context)(**{**values, "overrides": {"throttle": "off"}})
    Buckets(lifted, "app-1").take("searchOrders")
    assert len(context.throttle.taken) == 2


def test_its_abilities_are_read_from_its_ports() -> None:
    assert CONNECTOR.capabilities >= {
        "OrderSource",
        "ShipmentTarget",
        "CancellationTarget",
        "RefundTarget",
        "StockTarget",
        "PriceTarget",
        "OfferTarget",
        "SubmissionReader",
        "OfferSource",
        "PriceWatch",
    }
    assert "OrderAcceptor" not in CONNECTOR.capabilities


def test_settings_show_no_secret() -> None:
    shown = msgspec.json.encode(AmazonSettings.load(settings()).masked())
    assert b"5ecre7" not in shown
    assert b"refresh-me" not in shown
