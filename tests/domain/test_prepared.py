"""A start's preparation holds as long as nothing that it made sure of has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from comptoir.accounts.models import User
from comptoir.config.prepared import note_prepared, still_prepared
from comptoir.core.bulk import execute

WORLD = 8700
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url() -> str:
    known = connection.settings_dict
    return make_conninfo(
        host=known["HOST"],
        port=known["PORT"],
        user=known["USER"],
        password=known["PASSWORD"],
        dbname=known["NAME"],
    )


def test_what_was_prepared_needs_a_person_and_the_migrations_that_it_knew(tmp_path: Path, url: str) -> None:
    note_prepared(tmp_path, url, WORLD)
    assert not still_prepared(tmp_path, url, WORLD)  # nobody could sign in
    User.objects.create_user("zoe@example.org", "a-long-enough-password")
    assert not still_prepared(tmp_path, url, WORLD)
    note_prepared(tmp_path, url, WORLD)
    assert still_prepared(tmp_path, url, WORLD)
    execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('offers', 'of_a_later_release', now())"
    )
    try:
        assert not still_prepared(tmp_path, url, WORLD)
    finally:
        execute("DELETE FROM django_migrations WHERE name = 'of_a_later_release'")
    assert still_prepared(tmp_path, url, WORLD)
    assert not still_prepared(
        tmp_path, url, WORLD + 1
    )  # its channels would look for the world at the old port
    assert not still_prepared(tmp_path, url, None)
    User.objects.all().delete()
    assert not still_prepared(tmp_path, url, WORLD)


def test_an_unreadable_mark_and_a_database_that_is_away_are_not_prepared(tmp_path: Path, url: str) -> None:
    (tmp_path / "prepared.json").write_text("{")
    assert not still_prepared(tmp_path, url, WORLD)
    (tmp_path / "prepared.json").write_text("{}")
    assert not still_prepared(tmp_path, make_conninfo(url, port=1), WORLD)
