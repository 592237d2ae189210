"""What must never leave or be kept: requests to private addresses, secrets and names in traces."""

from __future__ import annotations

import pytest

from comptoir.sdk.addresses import GuardedBackend, is_allowed
from comptoir.sdk.errors import ConfigurationError
from comptoir.sdk.redaction import Redactor
from comptoir.sdk.storable import storable, storable_json


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "fe80::1%eth0",
     "fc00::1", "::", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "2002:a00:1::", "::10.0.0.1"],
)  # fmt: skip
def test_private_addresses_are_refused_in_whatever_form(address: str) -> None:
    assert not is_allowed(address, allow_loopback=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_loopback_is_for_simulators_only(address: str) -> None:
    assert is_allowed(address, allow_loopback=True)
    assert not is_allowed(address, allow_loopback=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_addresses_are_reached(address: str) -> None:
    assert is_allowed(address, allow_loopback=False)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_names_and_numbers_of_this_machine_are_refused_when_they_are_connected_to(name: str) -> None:
    with pytest.raises(ConfigurationError, match="private"):
        GuardedBackend(allow_loopback=False).connect_tcp(name, 80)


SECRET = 'k"ey+/=&<é'


def test_a_secret_is_hidden_however_it_is_written() -> None:
    hide = Redactor([SECRET])
    written = [
        hide.body(f"the key {SECRET} is wrong"),
        hide.body('{"note": "k\\"ey+/=&<\\u00e9"}'),
        hide.body('<note>k"ey+/=&amp;&lt;é</note>'),
        hide.url("https://shop.example/api?note=k%22ey%2B%2F%3D%26%3C%C3%A9"),
        hide.url("https://shop.example/k%22ey%2B/%3D%26%3C%C3%A9/orders"),
        hide.headers({"X-Note": SECRET})["X-Note"],
    ]
    assert [text for text in written if "[redacted]" not in text] == []
    assert [text for text in written if "ey" in text.replace("key", "")] == []


def test_names_and_addresses_of_buyers_are_hidden_and_the_rest_stays() -> None:
    body = '{"order_id": "A", "customer": {"firstname": "Zoé", "street_1": "1 rue \\"X\\"", "phone": 612}, "total": 5}'
    assert Redactor().body(body) == (
        '{"order_id": "A", "customer": {"firstname": "[redacted]", "street_1": "[redacted]", '
        '"phone": "[redacted]"}, "total": 5}'
    )


def test_what_no_database_holds_becomes_the_replacement_character_and_nothing_else_changes() -> None:
    assert storable("é\x00😀\ud83dz") == "é\ufffd😀\ufffdz"
    assert storable_json({"a\x00": ["\x00", 1, None, {"b": True}]}) == {
        "a\ufffd": ["\ufffd", 1, None, {"b": True}]
    }
