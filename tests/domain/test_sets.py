"""What every bulk write is built on."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core.bulk import execute, fetch, planned_once, save_fields, stage_rows
from comptoir.orders.models import Order
from tests.domain.conftest import NOW, make_product
from tests.domain.records import order
from tests.domain.test_intake import take


def prepared(words: str) -> list[tuple[object, ...]]:
    return fetch(
        "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE strpos(statement, %s) > 0",
        [words],
    )


def test_fields_of_many_rows_are_saved_at_once_and_the_others_are_left_alone(channel: Channel) -> None:
    make_product("MOUSE", on_hand=9)
    take(channel, order("A", "MOUSE"), order("B", "MOUSE"))
    one, other = Order.objects.order_by("external_id")
    one.decision, one.decided_at, one.number = "accept", NOW, "not saved"
    other.decision_reason = 'a "quoted" word, {braces} and a \\'
    assert save_fields([one, other], ["decision", "decision_reason", "decided_at"]) == 2
    one, other = Order.objects.order_by("external_id")
    assert (one.decision, one.decided_at, one.decision_reason) == ("accept", NOW, "")
    assert (other.decision, other.decided_at, other.decision_reason) == (
        "",
        None,
        'a "quoted" word, {braces} and a \\',
    )
    assert one.number != "not saved"


def test_a_text_that_is_too_long_is_refused_and_not_cut(channel: Channel) -> None:
    product = make_product("MOUSE")
    product.brand = "x" * 1000
    with pytest.raises(DatabaseError), transaction.atomic():
        save_fields([product], ["brand"])
    assert Product.objects.get().brand == ""


def test_a_staging_table_holds_what_was_staged_last(db: None) -> None:
    def staged() -> list[tuple[object, ...]]:
        return fetch("SELECT sku, title FROM told_article ORDER BY sku")

    columns = ("sku", "title")
    with transaction.atomic():
        stage_rows("told_article", columns, [("A", "first")], like="catalog_product")
        stage_rows("told_article", columns, [("B", "second"), ("C", "third")], like="catalog_product")
        assert staged() == [("B", "second"), ("C", "third")]
    with transaction.atomic():
        stage_rows("told_article", columns, [("D", "fourth")], like="catalog_product")
        assert staged() == [("D", "fourth")]


@pytest.mark.django_db(transaction=True)
def test_a_staging_table_is_empty_once_its_transaction_has_ended() -> None:
    with transaction.atomic():
        stage_rows("told_article", ("sku",), [("A",)], like="catalog_product")
    assert fetch("SELECT count(*) FROM told_article") == [(0,)]


def test_what_is_planned_once_is_prepared_and_the_rest_is_not(db: None) -> None:
    for number in range(3):
        with planned_once():
            assert fetch("SELECT %s::int + 40", [number]) == [(number + 40,)]
        assert fetch("SELECT %s::int + 50", [number]) == [(number + 50,)]
    assert prepared("int + 40") == [(3,)]
    assert prepared("int + 50") == []


def test_a_statement_that_fails_leaves_the_next_one_its_plan(db: None) -> None:
    with planned_once():
        for wanted in ("1", "none", "2"):
            if wanted.isdigit():
                assert fetch("SELECT %s::text::int", [wanted]) == [(int(wanted),)]
                continue
            with pytest.raises(DatabaseError), transaction.atomic():
                fetch("SELECT %s::text::int", [wanted])
    assert connection.connection.prepare_threshold is None


def test_a_table_that_changes_is_planned_again(db: None) -> None:
    """A migration beside a worker that goes on: the columns that it reads are still there."""
    make_product("MOUSE")
    for number in range(8):
        with planned_once():
            assert fetch("SELECT sku FROM catalog_product WHERE id > %s", [0]) == [("MOUSE",)]
        if number == 6:
            execute("SET CONSTRAINTS ALL IMMEDIATE")
            execute("ALTER TABLE catalog_product ADD COLUMN added integer")
