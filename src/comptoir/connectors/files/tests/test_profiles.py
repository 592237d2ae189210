from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from comptoir.connectors.files import csv_profiles
from comptoir.connectors.files.csv_profiles import Profile, load, names
from comptoir.connectors.files.targets import TARGETS
from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.erp import Erp
from comptoir.connectors.files.tests.samples import order
from comptoir.sdk.errors import ConfigurationError
from comptoir.sdk.settings import SettingsError

TO_ERP = {kind: target.header for kind, target in TARGETS.items()}
FRENCH = {"encoding": "cp1252", "separator": ";", "decimal": ","}
ARTICLE = {
    "Code article": "S-1",
    "Désignation": "Souris",
    "Prix d'achat HT": "1 234,50",
    "TVA": "20,0",
    "Actif": "Oui",
    "Modifié le": "15/07/2026 14:30",
}
PARCEL = {
    "Commande": "C-1",
    "Bon de livraison": "BL-7",
    "Référence de ligne": "A-1-1",
    "Référence article": "S-1",
    "Quantité": "1",
    "Transporteur": "colissimo",
    "Expédié le": "23/11/2026 10:00:05",
}


@pytest.mark.parametrize("name", names()[1:])
def test_every_profile_that_is_shipped_can_be_used(name: str) -> None:
    assert load(name, TO_ERP).encoding in ("cp1252", "cp850")


def test_articles_come_under_french_headings(erp: Erp, connect: Connect) -> None:
    erp.send("products", 1, [ARTICLE], **FRENCH)
    (batch,) = connect(profile="tableur-fr").product_batches("")
    (article,) = batch.products
    assert batch.rejected == ()
    assert (article.sku, article.title, article.active) == ("S-1", "Souris", True)
    assert (article.purchase_price, article.vat_rate) == (Decimal("1234.50"), Decimal("20.0"))
    assert article.updated_at == datetime(2026, 7, 15, 12, 30, tzinfo=UTC)


def test_stock_and_shipments_come_under_french_headings(erp: Erp, connect: Connect) -> None:
    row = {"RÉFÉRENCE": "S-1", "Dépôt ": "LYON", "Stock  réel": "1 200", "Attendu": ""}
    erp.send("stock", 1, [row], **FRENCH)
    erp.send("shipments", 1, [PARCEL], **FRENCH)
    connection = connect(profile="tableur-fr")
    (levels,) = connection.stock_batches("")
    assert [(level.sku, level.warehouse, level.quantity) for level in levels.levels] == [
        ("S-1", "LYON", 1200)
    ]
    (parcels,) = connection.shipment_batches("")
    (parcel,) = parcels.shipments
    assert (parcel.shipment_id, parcel.parcel.carrier) == ("BL-7", "COLISSIMO")
    assert parcel.shipped_at == datetime(2026, 11, 23, 9, 0, 5, tzinfo=UTC)


def test_the_contracts_own_names_and_dates_are_still_understood(erp: Erp, connect: Connect) -> None:
    row = {"sku": "S-1", "title": "Mouse", "active": "no", "updated_at": "2026-11-23T08:00:00Z"}
    erp.send("products", 1, [row])
    (batch,) = connect(profile="tableur-fr").product_batches("")
    assert (batch.products[0].active, batch.rejected) == (False, ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Prix d'achat HT": "12.50"}, "bad_amount"),
        ({"Prix d'achat HT": "1 23,50"}, "bad_amount"),
        ({"Actif": "peut-être"}, "bad_flag"),
        ({"Modifié le": "15/07/2026"}, "bad_date"),
        ({"Modifié le": "29/03/2026 02:30"}, "bad_date"),
        ({"Désignation": ""}, "missing"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_the_files_own_heading(
    erp: Erp, connect: Connect, changes: dict[str, str], code: str
) -> None:
    erp.send("products", 1, [ARTICLE, ARTICLE | {"Code article": "S-2"} | changes], **FRENCH)
    connection = connect(profile="tableur-fr")
    (batch,) = connection.product_batches("")
    (rejected,) = batch.rejected
    assert (rejected.line, rejected.code, rejected.external_id) == (3, code, "S-2")
    assert next(iter(changes)) in rejected.message
    assert [article.sku for article in batch.products] == ["S-1"]
    connection.acknowledge(batch.key, ())
    (told,) = erp.receipt("products-000000001")["rejected"]
    assert (told["line"], told["code"]) == (3, code)


def test_two_columns_of_one_meaning_refuse_the_file(erp: Erp, connect: Connect) -> None:
    erp.send("products", 1, [ARTICLE | {"sku": "S-9"}], **FRENCH)
    (batch,) = connect(profile="tableur-fr").product_batches("")
    assert (batch.rejected[0].code, batch.products) == ("contract", ())
    assert "sku" in batch.rejected[0].message


def test_a_missing_column_is_asked_for_by_the_profiles_name(erp: Erp, connect: Connect) -> None:
    erp.send("stock", 1, [{"Référence": "S-1", "Quantité": "2"}], **FRENCH)
    (batch,) = connect(profile="tableur-fr").stock_batches("")
    assert batch.rejected[0].message == "Missing columns: Dépôt."


def test_orders_leave_under_french_headings_and_their_receipt_is_understood(
    erp: Erp, connect: Connect
) -> None:
    # The profile's own dialect, whatever the other settings say.
    connect(profile="tableur-fr", encoding="utf-8", separator="comma", decimal="comma").submit_orders(
        1, [order("C-1")]
    )
    told = erp.manifest("orders-000000001")
    assert (told["encoding"], told["separator"], told["decimal"]) == ("cp1252", ";", ",")
    row = erp.rows("orders-000000001")[0]
    assert (row["Référence de commande"], row["Nom du client"]) == ("C-1", "Zoé Lefèvre")
    assert (row["Prix unitaire"], row["Prix TTC"]) == ("19,90", "oui")
    assert row["Date de commande"] == "23/11/2026 09:30:00"
    erp.take("orders-000000001", taken=0, rejected=[{"line": n, "code": "closed"} for n in (2, 3)])
    # Another profile since then: the manifest says which column names an order.
    report = connect().read_export("orders", "orders-000000001")
    assert [(verdict.key, verdict.code) for verdict in report.verdicts] == [("C-1", "closed")]


def test_a_profile_that_is_not_there_is_no_choice(connect: Connect) -> None:
    with pytest.raises(SettingsError, match="profile"):
        connect(profile="../secret")


def test_the_hour_that_autumn_has_twice_is_the_later_one() -> None:
    profile = Profile(dates=("%d/%m/%Y %H:%M",), time_zone="Europe/Paris")
    assert profile.read_date("25/10/2026 02:30") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert profile.read_date("25/10/2026") is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1 234,50", "1234,50"),
        ("-1\u202f234\u00a0567", "-1234567"),
        ("1 23,50", "1 23,50"),
        ("12345 678", "12345 678"),
        (" 234", " 234"),
    ],
)
def test_only_groups_of_three_are_thousands(text: str, read: str) -> None:
    assert Profile(thousands=" ").without_thousands(text, ",") == read


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("encoding = ", "cannot be read"),
        ('surprise = "x"', "surprise"),
        ('encoding = "ebcdic"', "encoding"),
        ('separator = "|"', "separator"),
        ('separator = ","\ndecimal = ","', "decimal mark"),
        ('thousands = "."', "decimal mark"),
        ('time_zone = "Europe/Pariss"', "Europe/Pariss"),
        ('dates = ["%d/%m/%Y"]', "%d/%m/%Y"),
        ('dates = ["%Y-%m-%dT%H:%M%z"]', "%z"),
        ('yes = ["x"]\nno = ["X"]', "yes and no"),
        ('[columns.invoices]\nsku = "A"', "invoices"),
        ('[columns.stock]\nskuu = "A"', "skuu"),
        ('[columns.stock]\nsku = ""', "empty"),
        ('[columns.stock]\nsku = "Qté"\nquantity = "QTÉ"', "two columns"),
        ('[columns.orders]\nsku = "title"', "two columns"),
        ('encoding = "cp1252"\n[columns.orders]\nsku = "货号"', "cannot write"),
    ],
)
def test_a_merchants_profile_that_makes_no_sense_is_said(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "mine.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"mine\.toml") as caught:
        load("mine", TO_ERP, tmp_path)
    assert said in str(caught.value)


def test_a_merchants_profile_is_found_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[columns.stock]\nsku = ["ART", "REF"]', encoding="utf-8")
    assert names(tmp_path) == ("comptoir", "mine")
    profile = load("mine", TO_ERP, tmp_path)
    assert profile.written("stock", "sku") == "ART"
    assert profile.contract_names("stock") == {"art": "sku", "ref": "sku"}
    with pytest.raises(ConfigurationError, match="other"):
        load("other", TO_ERP, tmp_path)


def test_profiles_are_where_a_merchant_is_told_to_put_them() -> None:
    assert csv_profiles.FOLDER.parts[-2:] == ("files", "profiles")
