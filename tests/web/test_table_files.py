"""Counts and products from a file: seen first, applied once, taken back; wrong lines stop no others."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.catalog.models import KitComponent, Product
from comptoir.core.sheets import UnreadableFile, read_table, write_csv, write_workbook
from comptoir.flows.models import TableFile
from comptoir.flows.table_files import NotNow, apply_file, read_file, table_of, undo_file
from comptoir.inventory.counts import correct_stock
from comptoir.inventory.models import Stock, StockMovement
from comptoir.journal.models import Change
from comptoir.offers.models import Offer
from tests.web.conftest import SignIn
from tests.web.shop import Shop

PAGE = "/stock/files/"


def give(client: Client, kind: str, text: str | bytes, name: str = "counts.csv") -> TableFile:
    content = text.encode() if isinstance(text, str) else text
    answer = client.post(PAGE, {"kind": kind, "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 303, answer.content.decode()
    return TableFile.objects.all()[0]


def faults(file: TableFile) -> dict[int, str]:
    return {line: code for line, code, _ in file.faults}


@pytest.fixture
def lamp(shop: Shop) -> Stock:
    return shop.products[0].stocks.get()


def test_a_count_is_seen_applied_and_taken_back(lamp: Stock, shop: Shop, admin: Client) -> None:
    sku, before = lamp.product.sku, lamp.on_hand
    file = give(admin, "stock", f"Référence;Entrepôt;En stock\n{sku};{lamp.warehouse.code.lower()};30\n")
    text = admin.get(f"{PAGE}{file.pk}/").content.decode()
    assert sku in text
    assert f"<del>{before}</del>" in text
    lamp.refresh_from_db()
    assert lamp.on_hand == before
    assert admin.post(f"{PAGE}{file.pk}/apply").status_code == 303
    lamp.refresh_from_db()
    assert lamp.on_hand == 30
    move = StockMovement.objects.filter(product=lamp.product)[0]
    assert (move.quantity, move.reason, move.actor) == (
        30 - before,
        "correction",
        "administrator@example.org",
    )
    offered = Offer.objects.filter(product=lamp.product).values_list("desired_quantity", flat=True)
    assert set(offered) == {max(0, 30 - lamp.reserved)}
    assert admin.post(f"{PAGE}{file.pk}/undo").status_code == 303
    lamp.refresh_from_db()
    assert lamp.on_hand == before
    file.refresh_from_db()
    assert file.state == "undone"
    assert set(Change.objects.filter(subject_kind="file").values_list("action", flat=True)) == {
        "file.applied", "file.undone"}  # fmt: skip


def test_it_is_applied_once_and_taken_back_once(lamp: Stock) -> None:
    file = read_file("stock", "a.csv", f"sku,on hand\n{lamp.product.sku},7".encode(), actor="a")
    with pytest.raises(NotNow):
        undo_file(file.pk, actor="a")
    apply_file(file.pk, actor="a")
    with pytest.raises(NotNow):
        apply_file(file.pk, actor="a")
    undo_file(file.pk, actor="a")
    with pytest.raises(NotNow):
        undo_file(file.pk, actor="a")


def test_what_moved_between_the_count_and_its_application_is_added(lamp: Stock) -> None:
    file = read_file("stock", "a.csv", f"sku,on hand\n{lamp.product.sku},20".encode(), actor="a")
    correct_stock(
        product=lamp.product, warehouse=lamp.warehouse, on_hand=lamp.on_hand - 2, reason="broken", actor="b"
    )
    StockMovement.objects.filter(reference="broken").update(at=file.created_at.replace(year=2030))
    apply_file(file.pk, actor="a")
    lamp.refresh_from_db()
    assert lamp.on_hand == 18


def test_a_count_of_the_erp_that_came_meanwhile_stays(lamp: Stock) -> None:
    file = read_file("stock", "a.csv", f"sku,on hand\n{lamp.product.sku},7".encode(), actor="a")
    Stock.objects.filter(pk=lamp.pk).update(counted_at=file.created_at.replace(year=2030))
    applied = apply_file(file.pk, actor="a")
    assert (applied.applied, faults(applied)) == (0, {2: "counted"})
    assert Stock.objects.get(pk=lamp.pk).on_hand == lamp.on_hand


def test_each_wrong_line_is_named_and_the_others_are_taken(lamp: Stock, shop: Shop, admin: Client) -> None:
    kit = shop.products[1]
    KitComponent.objects.get_or_create(kit=kit, component=shop.products[2])
    Product.objects.filter(pk=kit.pk).update(is_kit=True)
    sku = lamp.product.sku
    text = f"sku;warehouse;on hand\n{sku};;7\nNOPE;;1\n{kit.sku};;1\n{sku};MOON;1\n{sku};;-3\n{sku};;9\n{sku};;\n"
    file = give(admin, "stock", text)
    assert faults(file) == {
        3: "no_product",
        4: "kit",
        5: "no_warehouse",
        6: "no_units",
        7: "twice",
        8: "nothing",
    }
    assert [change["line"] for change in file.changes] == [2]
    page = admin.get(f"{PAGE}{file.pk}/").content.decode()
    assert "no product has the SKU NOPE" in page
    assert "the same article and warehouse as line 2" in page


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["stock", "products"])
def test_what_is_exported_and_read_again_changes_nothing(
    kind: str, form: str, language: str, shop: Shop, admin: Client
) -> None:
    User.objects.update(language=language)
    Product.objects.filter(pk=shop.products[0].pk).update(title='=HYPERLINK("http://evil")', weight_g=120)
    answer = admin.get(f"{PAGE}start/{kind}.{form}")
    assert answer.status_code == 200
    assert b"\n=HYPERLINK" not in answer.content
    if form == "csv":
        assert ("Entrepôt" if kind == "stock" else "Marque").encode() in answer.content or language == "en"
    file = give(admin, kind, answer.content, f"{kind}.{form}")
    assert (file.changes, file.faults) == ([], [])
    assert file.unchanged > 0


def test_products_are_changed_made_and_taken_back(shop: Shop, admin: Client) -> None:
    lamp = shop.products[0]
    text = f"sku;titre;prix public;tva;actif\n{lamp.sku};Lampe rouge;1 234,50 €;20;\nNEW-1;Neuf;;5,5;oui\n"
    file = give(admin, "products", text)
    assert admin.post(f"{PAGE}{file.pk}/apply").status_code == 303
    kept, made = Product.objects.get(pk=lamp.pk), Product.objects.get(sku="NEW-1")
    assert (kept.title, kept.list_price, kept.vat_rate) == ("Lampe rouge", Decimal("1234.50"), Decimal(20))
    assert (kept.brand, made.title, made.vat_rate, made.active) == (lamp.brand, "Neuf", Decimal("5.5"), True)
    Product.objects.filter(pk=lamp.pk).update(vat_rate=Decimal(10))
    undo_file(file.pk, actor="a")
    kept.refresh_from_db()
    assert (kept.title, kept.vat_rate) == (lamp.title, Decimal(10))  # somebody changed the rate since
    assert not Product.objects.get(sku="NEW-1").active


def test_a_product_that_somebody_changed_since_the_preview_stays(shop: Shop) -> None:
    lamp = shop.products[0]
    file = read_file("products", "a.csv", f"sku,title\n{lamp.sku},Autre".encode(), actor="a")
    Product.objects.filter(pk=lamp.pk).update(title="Entre-temps")
    applied = apply_file(file.pk, actor="a")
    assert faults(applied) == {2: "changed"}
    assert Product.objects.get(pk=lamp.pk).title == "Entre-temps"


def test_wrong_products_are_named_line_by_line(shop: Shop) -> None:
    sku = shop.products[0].sku
    rows = [
        ",x",
        "NEW,",
        "NEW-2,,",
        f"{sku},{'x' * 301}",
        f"{sku},,abc",
        f"{sku},,,101",
        f"{sku},,,,1.5",
        f"{sku},,,,,peut-être",
    ]
    text = "sku,title,list price,vat,weight,active\n" + "\n".join(rows) + "\nNEW-3,,9.99\n"
    file = read_file("products", "a.csv", text.encode(), actor="a")
    assert faults(file) == {2: "no_sku", 3: "nothing", 4: "nothing", 5: "too_long", 6: "no_amount", 7: "no_rate",
                            8: "no_weight", 9: "no_active", 10: "no_title"}  # fmt: skip


def test_a_file_that_is_none_is_refused_beside_its_field(shop: Shop, admin: Client) -> None:
    for name, content in (("a.xlsx", b"PK no zip"), ("a.csv", b"a,b\n1,2"), ("a.csv", b"")):
        answer = admin.post(PAGE, {"kind": "stock", "file": SimpleUploadedFile(name, content or b" ")})
        assert answer.status_code == 422
    assert not TableFile.objects.exists()


def test_a_small_zip_that_grows_is_not_opened() -> None:
    book = Workbook()
    for _ in range(400):
        book.active.append(["x" * 32_000] * 20)
    kept = io.BytesIO()
    book.save(kept)
    with pytest.raises(UnreadableFile):
        list(read_table("a.xlsx", kept.getvalue(), {"sku": {"sku"}}))


def test_tables_are_written_as_they_are_read() -> None:
    rows = [
        ["SKU", "Title"],
        ["A", "=1+1"],
        ["B", "-x"],
        ["D", "'=1"],
        ["E", "'"],
        ["F", "''-"],
        ["C", 'plain; "quoted"\nand broken'],
    ]
    columns = {"sku": {"sku"}, "title": {"title"}}
    for name, write in (("a.csv", write_csv), ("a.xlsx", write_workbook)):
        told = [row for _, row in read_table(name, write(iter(rows)), columns)]
        assert [[row["sku"], row["title"]] for row in told] == rows[1:]


def test_who_may_not_change_stock_gives_no_file(shop: Shop, sign_in: SignIn) -> None:
    client = sign_in(Role.SUPPORT)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"kind": "stock"}).status_code == 403
    assert len(table_of("stock", "csv")) > 10


def test_a_file_that_is_too_big_is_not_even_read(shop: Shop, admin: Client) -> None:
    answer = admin.post(PAGE, {"kind": "stock", "file": SimpleUploadedFile("a.csv", b"x" * 5_000_001)})
    assert answer.status_code == 422
    assert "5" in answer.content.decode()
    assert not TableFile.objects.exists()


def test_what_is_to_come_goes_back_only_where_nobody_changed_it_since(lamp: Stock) -> None:
    text = f"sku,incoming\n{lamp.product.sku},{lamp.incoming + 5}".encode()
    file = apply_file(read_file("stock", "a.csv", text, actor="a").pk, actor="a")
    assert Stock.objects.get(pk=lamp.pk).incoming == lamp.incoming + 5
    Stock.objects.filter(pk=lamp.pk).update(incoming=99)
    undo_file(file.pk, actor="a")
    assert Stock.objects.get(pk=lamp.pk).incoming == 99
