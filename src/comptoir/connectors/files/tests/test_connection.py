from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from comptoir.connectors.files import CONNECTOR
from comptoir.connectors.files.contract import Place
from comptoir.connectors.files.local import LocalFolder
from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.erp import Erp
from comptoir.connectors.files.tests.samples import order
from comptoir.sdk.errors import ConfigurationError, TransientError
from comptoir.sdk.ports import (
    BatchAcknowledger,
    Checkable,
    OrderStateSource,
    OrderTarget,
    ProductSource,
    ShipmentSource,
    StockSource,
)
from comptoir.sdk.settings import SettingsError


def test_it_does_what_an_erp_does(connect: Connect) -> None:
    connection = connect(batch_size="50")
    for port in (
        ProductSource,
        StockSource,
        ShipmentSource,
        OrderStateSource,
        OrderTarget,
        BatchAcknowledger,
    ):
        assert isinstance(connection, port)
        assert port.__name__ in CONNECTOR.capabilities
    assert isinstance(connection, Checkable)
    assert connection.order_batch_size == 50


def test_the_check_says_what_waits_on_both_sides(erp: Erp, connect: Connect) -> None:
    erp.stock(1, A=1)
    erp.stock(2, A=2)
    (erp.outbox / "notes.txt").write_text("hello")
    connection = connect()
    connection.submit_orders(1, [order()])
    profile = connection.check()
    assert profile.account_id == str(erp.root)
    assert (profile.features["waiting_stock"], profile.features["waiting_orders"]) == ("2", "1")
    assert profile.features["waiting_products"] == "0"
    (warning,) = profile.warnings
    assert "notes.txt" in warning
    assert sorted(os.listdir(erp.inbox)) == sorted(["done", "refused", "receipts", *erp.waiting()])


@pytest.mark.parametrize("name", ["to_erp", "from_erp"])
def test_the_check_wants_the_folder_that_the_other_side_sees(erp: Erp, connect: Connect, name: str) -> None:
    (erp.root / name).rename(erp.root / "elsewhere")
    with pytest.raises(ConfigurationError, match=name):
        connect().check()
    assert not (erp.root / name).exists(), "a disk that is not mounted is not papered over"


def test_the_check_wants_to_write(erp: Erp, connect: Connect) -> None:
    (erp.outbox / "receipts").write_text("a file where a folder should be")
    with pytest.raises(ConfigurationError, match="from_erp/receipts"):
        connect().check()


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"folder": ""}, "folder"),
        ({"folder": "exchange/erp"}, "folder"),
        ({"encoding": "utf-16"}, "encoding"),
        ({"separator": "|"}, "separator"),
        ({"gap_alarm_minutes": "0"}, "gap_alarm_minutes"),
        ({"batch_size": "0"}, "batch_size"),
        ({"batch_size": "many"}, "batch_size"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(values: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        CONNECTOR.settings.load({"folder": "/srv/exchange"} | values)
    assert set(caught.value.errors) == {name}


# --- the local folder -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "..", "/etc/passwd", "a\0b"])
def test_a_name_never_is_a_path(erp: Erp, name: str) -> None:
    folder = LocalFolder(erp.root)
    for call in (
        lambda: folder.open(Place.TO_ERP, name),
        lambda: folder.write(Place.TO_ERP, name, b""),
        lambda: folder.move(name, Place.TO_ERP, Place.TO_ERP_DONE),
    ):
        with pytest.raises(ValueError):
            call()


def test_a_link_in_the_way_of_a_write_is_not_followed(erp: Erp) -> None:
    victim = erp.root / "victim"
    victim.write_bytes(b"kept")
    (erp.inbox / ".orders-000000001.csv.tmp").symlink_to(victim)
    (erp.inbox / "orders-000000001.csv").symlink_to(victim)
    folder = LocalFolder(erp.root)
    with pytest.raises(TransientError):
        folder.write(Place.TO_ERP, "orders-000000001.csv", b"new")
    folder.write(Place.TO_ERP, "orders-000000001.csv", b"new")
    assert victim.read_bytes() == b"kept"
    assert (erp.inbox / "orders-000000001.csv").read_bytes() == b"new"


def test_a_write_that_fails_leaves_the_file_that_was_there(erp: Erp, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = LocalFolder(erp.root)
    folder.write(Place.TO_ERP, "a.csv", b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TransientError, match="No space left"):
        folder.write(Place.TO_ERP, "a.csv", b"new")
    assert (erp.inbox / "a.csv").read_bytes() == b"old"
    assert list(erp.inbox.glob(".*")) == []


def test_the_file_and_its_folder_are_on_disk_before_the_write_is_done(
    erp: Erp, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watch(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        synced.append(f"{kind} {Path(os.readlink(f'/proc/self/fd/{descriptor}')).name}")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    LocalFolder(erp.root).write(Place.TO_ERP, "a.csv", b"new")
    assert synced == ["file .a.csv.tmp", "folder to_erp"]
