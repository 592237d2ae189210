"""What names a buyer is sealed in the database, found by its words, and sealed late where it was plain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.db import models, transaction
from pytest_django import Settings

from comptoir.channels.models import Channel
from comptoir.config import key_rotation
from comptoir.core import envelopes
from comptoir.core.bulk import execute, fetch
from comptoir.core.models import DataKey
from comptoir.core.sealing import CannotUnseal
from comptoir.orders.contacts import searched_words
from comptoir.orders.models import Order, OrderContact, RawOrder
from comptoir.orders.sealing import plain_left, reseal_after, seal_plain
from comptoir.sdk.records import Address, Buyer
from tests.domain.conftest import make_product
from tests.domain.records import order
from tests.domain.test_intake import take
from tests.flows.conftest import MovingClock, time

ADDRESS = Address(name="Zoé Martin", company="Galerie Vermeil", street_1="3 rue des Tanneurs", postcode="30000",
                  city="Nîmes", country="FR", phone="06 12 34 56 78")  # fmt: skip
ZOE = Buyer(name="Zoé Lefèvre-Montgomery", email="Zoe@alias.example", phone="+33 6 12 34 56 78")
RAW = b'{"customer": {"lastname": "Montgomery"}}'
SAID = ("zoé", "zoe", "montgomery", "tanneurs", "alias.example", "vermeil", "12 34 56", "612345678")

__all__ = ["time"]  # a fixture


@pytest.fixture
def bought(channel: Channel) -> Order:
    make_product("MOUSE", on_hand=9)
    take(channel, order("A-1", "MOUSE", buyer=ZOE, shipping_address=ADDRESS, raw=RAW))
    return Order.objects.get(external_id="A-1")


def everything() -> str:
    """All that the tables of orders hold, as somebody with the database alone reads it."""
    tables = (
        "orders_order",
        "orders_orderline",
        "orders_ordercontact",
        "orders_raworder",
        "orders_orderevent",
    )
    text = "".join(
        str(fetch(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} t")) for name in tables
    )
    raw = b"".join(bytes(one.payload) for one in RawOrder.objects.all())
    return (text + raw.decode("latin-1")).lower()


def make_plain(one: Order) -> None:
    """As the release before stored it."""
    address = {"name": "Zoé Martin", "street_1": "3 rue des Tanneurs", "city": "Nîmes", "country": "FR"}
    OrderContact.objects.filter(order=one).update(
        sealed=None,
        words=None,
        ships=None,
        plain_name=ZOE.name,
        plain_email=ZOE.email,
        plain_shipping=address,
    )
    RawOrder.objects.filter(order=one).update(payload=RAW)


def test_the_tables_say_nothing_of_the_buyer_and_the_hub_says_all(bought: Order) -> None:
    assert [word for word in SAID if word in everything()] == []
    contact = OrderContact.objects.get(order=bought)
    assert (contact.buyer_name, contact.buyer_email, contact.buyer_phone) == (ZOE.name, ZOE.email, ZOE.phone)
    assert contact.person.shipping == ADDRESS
    assert RawOrder.objects.get().text() == RAW


@pytest.mark.parametrize("text", ["zoé", "ZOE lef", "montgom", "montgomery", "zoe@alias.example", "vermeil",
                                  "+33612345678", "06.12.34.56.78"])  # fmt: skip
def test_a_buyer_is_found_by_what_one_types(text: str, bought: Order) -> None:
    assert OrderContact.objects.filter(words__contains=searched_words(text)).get().order_id == bought.pk


@pytest.mark.parametrize("text", ["inès", "zoe dubois", "06 12 34 56 79", "zoe@other.example"])
def test_and_not_by_something_else(text: str, bought: Order) -> None:
    assert not OrderContact.objects.filter(words__contains=searched_words(text)).exists()


@pytest.mark.parametrize("text", ["", " - ", "…"])
def test_nothing_is_searched_without_a_word(text: str, bought: Order) -> None:
    assert searched_words(text) is None


def test_an_envelope_does_not_open_elsewhere_or_changed(bought: Order, channel: Channel) -> None:
    take(channel, order("INES-1", "MOUSE", buyer=Buyer(name="Inès"), raw=RAW))
    one, other = OrderContact.objects.order_by("order_id")
    other.sealed = one.sealed
    with pytest.raises(CannotUnseal):
        _ = other.person
    assert one.sealed is not None
    one.sealed = bytes(one.sealed)[:-1] + bytes([bytes(one.sealed)[-1] ^ 1])
    with pytest.raises(CannotUnseal):
        _ = one.person


def test_long_payloads_are_packed_before_they_are_sealed(bought: Order, channel: Channel) -> None:
    long = json.dumps([{"label": "Chaise"} for _ in range(500)]).encode()
    take(channel, order("LONG", "MOUSE", raw=long))
    stored = RawOrder.objects.get(order__external_id="LONG")
    assert len(bytes(stored.payload)) < len(long) / 5
    assert stored.text() == long


def test_each_day_has_its_key_and_yesterdays_still_opens(
    bought: Order, channel: Channel, time: MovingClock
) -> None:
    before = DataKey.objects.filter(purpose="contacts").count()
    time.advance(days=1)
    take(channel, order("A-2", "MOUSE", buyer=ZOE))
    assert DataKey.objects.filter(purpose="contacts").count() == before + 1
    assert {one.buyer_name for one in OrderContact.objects.all()} == {ZOE.name}


def test_news_complete_the_envelope_and_leave_an_equal_one_alone(bought: Order, channel: Channel) -> None:
    before = OrderContact.objects.get(order=bought)
    take(channel, order("A-1", "MOUSE", after=5, number="N-1", raw=RAW, buyer=Buyer(), shipping_address=None))
    kept = OrderContact.objects.get(order=bought)
    assert kept.sealed == before.sealed
    take(
        channel,
        order("A-1", "MOUSE", after=9, buyer=Buyer(name="Zoé Durand"), raw=RAW, shipping_address=None),
    )
    news = OrderContact.objects.get(order=bought)
    assert (news.buyer_name, news.buyer_email, news.person.shipping) == ("Zoé Durand", ZOE.email, ADDRESS)
    assert OrderContact.objects.filter(words__contains=searched_words("durand")).exists()


def test_what_was_plain_is_found_shown_and_sealed_in_steps(bought: Order, channel: Channel) -> None:
    take(channel, *(order(f"OLD-{n}", "MOUSE", raw=RAW) for n in range(4)))
    for one in Order.objects.all():
        make_plain(one)
    assert OrderContact.objects.get(order=bought).buyer_name == ZOE.name
    assert "montgomery" in everything()
    assert [seal_plain(step=2) for _ in range(4)] == [2, 2, 1, 0]
    assert not plain_left()
    assert [word for word in SAID if word in everything()] == []
    contact = OrderContact.objects.get(order=bought)
    assert (contact.buyer_name, contact.ships) == (ZOE.name, True)
    assert RawOrder.objects.get(order=bought).text() == RAW
    assert OrderContact.objects.filter(words__contains=searched_words("montgomery")).count() == 5


def test_what_an_older_release_writes_over_an_envelope_is_the_newer_news(bought: Order) -> None:
    OrderContact.objects.filter(order=bought).update(plain_name="Zoé Durand")
    assert plain_left()
    assert OrderContact.objects.get(order=bought).buyer_name == "Zoé Durand"
    assert seal_plain() == 1
    contact = OrderContact.objects.get(order=bought)
    assert (contact.plain_name, contact.buyer_name, contact.buyer_email) == ("", "Zoé Durand", ZOE.email)


def test_all_is_sealed_anew_under_todays_key(bought: Order, time: MovingClock) -> None:
    number = _key_of(bought)
    time.advance(days=2)
    last = reseal_after(0)
    assert (last, reseal_after(last)) == (bought.pk, 0)
    assert _key_of(bought) != number
    assert OrderContact.objects.get(order=bought).buyer_name == ZOE.name
    assert RawOrder.objects.get(order=bought).text() == RAW


def _key_of(one: Order) -> bytes:
    sealed = OrderContact.objects.get(order=one).sealed
    assert sealed is not None
    return bytes(sealed)[4:12]


def test_an_undone_transaction_takes_its_key_with_it_and_the_next_one_makes_its_own(channel: Channel) -> None:
    execute("DELETE FROM core_datakey")

    with transaction.atomic():
        envelopes.sealer()(b"text", "here")
        transaction.set_rollback(True)
    assert not DataKey.objects.exists()
    stored = envelopes.sealer()(b"text", "here")
    envelopes.data_key.cache_clear()
    assert envelopes.open_envelope(stored, "here") == b"text"


# --- the installation's key -----------------------------------------------------------------------------


@pytest.fixture
def secrets(tmp_path: Path, settings: Settings) -> Path:
    """A folder whose keys are those of the tests."""
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({"secret_key": "x" * 50, "sealing_keys": list(settings.SEALING_KEYS)}))
    settings.READ_SEALING_KEYS = lambda: tuple(json.loads(path.read_text())["sealing_keys"])
    return tmp_path


def test_another_key_opens_everything_and_the_old_one_nothing_any_more(
    bought: Order, secrets: Path, settings: Settings
) -> None:
    old = tuple(settings.SEALING_KEYS)
    first, *_ = key_rotation.add_key(secrets)
    assert first not in old
    assert key_rotation.reseal_all()["DataKey"] == DataKey.objects.count() > 1
    envelopes.data_key.cache_clear()
    # A program that started before reads the keys anew.
    assert OrderContact.objects.get(order=bought).buyer_name == ZOE.name
    assert key_rotation.forget_old_keys(secrets) == len(old)
    settings.SEALING_KEYS = (first,)
    envelopes.data_key.cache_clear()
    assert OrderContact.objects.get(order=bought).buyer_name == ZOE.name
    settings.SEALING_KEYS, settings.READ_SEALING_KEYS = old, lambda: old
    envelopes.data_key.cache_clear()
    with pytest.raises(CannotUnseal):
        _ = OrderContact.objects.get(order=bought).person
    envelopes.data_key.cache_clear()


def test_a_rotation_that_cannot_open_one_thing_changes_nothing(bought: Order, secrets: Path) -> None:
    Channel.objects.update(sealed_settings=Fernet(Fernet.generate_key()).encrypt(b"{}"))
    before = list(DataKey.objects.values_list("id", "sealed"))
    key_rotation.add_key(secrets)
    with pytest.raises(CannotUnseal):
        key_rotation.reseal_all()
    assert [(pk, bytes(sealed)) for pk, sealed in DataKey.objects.values_list("id", "sealed")] == [
        (pk, bytes(sealed)) for pk, sealed in before
    ]


def test_no_sealed_column_is_forgotten_by_the_rotation() -> None:
    known = {(*place, column) for place, column in key_rotation.SEALED.items()}
    found = {
        (model._meta.app_label, model.__name__, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and field.name.startswith("sealed")
    }
    assert found - known == {("orders", "OrderContact", "sealed")}  # under data keys
