"""A backup is proven by its restoration."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from comptoir.config.backup.archive import check_dump, read_manifest
from comptoir.config.backup.restore import verify_backup
from comptoir.config.backup.take import own_parameters, take_backup
from comptoir.config.problems import StartupProblem
from comptoir.core.bulk import execute
from comptoir.inventory.reservations import settle_reservations
from comptoir.offers.desired import recompute_desired
from comptoir.offers.listing import list_products
from comptoir.orders.intake import record_orders
from tests.domain.conftest import make_channel, make_product
from tests.domain.records import Sold, order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def trade() -> None:
    """A hub that has lived: products, stock, orders, reservations, offers."""
    product, shop = make_product("MOUSE", on_hand=9), make_channel("shop")
    list_products(shop, [product.pk])
    with transaction.atomic():
        intake = record_orders(shop, [order(f"A{n}", Sold("MOUSE", 1)) for n in range(4)])
        recompute_desired(settle_reservations(intake.order_ids))


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of an empty database on the same server."""
    name = "comptoir_restored"
    with psycopg.connect(**own_parameters(), autocommit=True) as session:
        session.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        session.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield address(name)
        session.execute(f"DROP DATABASE {name} WITH (FORCE)")


def address(name: str) -> str:
    given = connection.settings_dict
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"


def comptoir(*words: str, database: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DATABASE_URL": database, "COMPTOIR_DATA": str(data),
        "COMPTOIR_SECRET_KEY": settings.SECRET_KEY, "COMPTOIR_SEALING_KEYS": ",".join(settings.SEALING_KEYS), **more,
    }  # fmt: skip
    command = [sys.executable, "-m", "comptoir", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=False)


def test_a_backup_put_into_an_empty_database_is_the_same_to_the_last_row_and_keeps_every_invariant(
    trade: None, elsewhere: str, tmp_path: Path
) -> None:
    file = tmp_path / "shop.comptoir"
    manifest = take_backup(file)
    assert manifest.census["public.orders_order"].rows == 4
    assert file.stat().st_mode & 0o077 == 0

    done = comptoir("restore", str(file), database=elsewhere, data=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "equal to what was saved" in done.stdout

    checked = comptoir("verify-data", database=elsewhere, data=tmp_path)
    assert checked.returncode == 0, checked.stdout
    with psycopg.connect(elsewhere) as session:
        assert session.execute("SELECT key, state FROM channels_channel").fetchall() == [("shop", "paused")]
        assert session.execute("SELECT sum(reserved) FROM inventory_stock").fetchone() == (4,)

    again = comptoir("restore", str(file), database=elsewhere, data=tmp_path)
    assert again.returncode == 2
    assert "is not empty" in again.stderr
    replaced = comptoir("restore", str(file), "--replace", database=elsewhere, data=tmp_path)
    assert replaced.returncode == 0, replaced.stderr


def test_a_backup_is_of_one_instant_though_the_hub_goes_on(trade: None, tmp_path: Path) -> None:
    """What is written while the rows are dumped is in neither the count nor the dump."""
    file = tmp_path / "b"
    manifest = take_backup(file)
    make_product("LATER", on_hand=1)
    assert verify_backup(file) == manifest


def test_the_sealing_keys_are_not_in_it_and_a_restore_without_them_says_so(
    trade: None, elsewhere: str, tmp_path: Path
) -> None:
    from cryptography.fernet import Fernet

    file = tmp_path / "b"
    manifest = take_backup(file)
    content = file.read_bytes()
    assert all(key.encode() not in content for key in settings.SEALING_KEYS)
    assert len(manifest.keys) == len(settings.SEALING_KEYS)
    other = Fernet.generate_key().decode()
    done = comptoir("restore", str(file), database=elsewhere, data=tmp_path, COMPTOIR_SEALING_KEYS=other)
    assert done.returncode == 0, done.stderr
    assert "are not here" in done.stderr


def test_a_damaged_file_is_refused_before_anything_is_touched(trade: None, tmp_path: Path) -> None:
    file, half, turned = tmp_path / "b", tmp_path / "half", tmp_path / "turned"
    take_backup(file)
    content = bytearray(file.read_bytes())
    half.write_bytes(content[: len(content) // 2])
    content[len(content) // 2] ^= 1
    turned.write_bytes(content)
    with pytest.raises(StartupProblem):
        read_manifest(half)
    with pytest.raises(StartupProblem, match="damaged"):
        check_dump(turned, read_manifest(turned))


def test_rows_that_changed_under_a_restore_are_seen(trade: None, tmp_path: Path) -> None:
    """The comparison can fail: one unit more in one row is found."""
    from comptoir.config.backup.census import differences, take_census

    with psycopg.connect(**own_parameters()) as session:
        before = take_census(session)
    execute("UPDATE inventory_stock SET incoming = incoming + 1")
    with psycopg.connect(**own_parameters()) as session:
        after = take_census(session)
    assert differences(before, after) == ["public.inventory_stock: 1 rows, and not the same ones"]
    execute("UPDATE inventory_stock SET incoming = incoming - 1")


def test_an_unfinished_backup_leaves_nothing_that_looks_like_one(
    trade: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bin"
    broken.mkdir()
    (broken / "pg_dump").write_text("#!/bin/sh\necho half of it\necho the disk is full >&2\nexit 1\n")
    (broken / "pg_dump").chmod(0o755)
    monkeypatch.setattr("comptoir.config.backup.take.program", lambda name: str(broken / name))
    with pytest.raises(StartupProblem, match="the disk is full"):
        take_backup(tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]
    shutil.rmtree(broken)
