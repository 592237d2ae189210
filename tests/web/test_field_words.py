"""What was changed is told in the reader's words: the names of fields, and their values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

import comptoir
from comptoir.accounts.models import User
from comptoir.channels.models import Channel
from comptoir.flows.connect import connector_types
from comptoir.flows.models import TableFile
from comptoir.journal.audit import record_change
from comptoir.journal.models import Change
from comptoir.offers.models import Offer
from comptoir.web.audit_words import ACTIONS
from comptoir.web.field_values import value_words
from comptoir.web.field_words import FIELDS, field_word, has_word
from comptoir.web.forms.channels import RulesForm
from comptoir.web.known_words import tell
from comptoir.web.models import Company
from comptoir.web.queries.audit import differences
from tests.web.shop import Shop

PACKAGE = Path(comptoir.__file__).parent
WRITERS = {"record_change", "new_change", "_audit"}


def _audited() -> Iterator[tuple[str, str]]:
    """(file, field) of every field that a call to the audit names itself, and of `told` beside such a call."""
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n.func) in WRITERS]
        values = [k.value for call in calls for k in call.keywords if k.arg in ("before", "after")]
        tellers = {_name(n.func) for v in values for n in ast.walk(v) if isinstance(n, ast.Call)}
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name in tellers]
        for node in (*values, *functions):
            for mapping in (n for n in ast.walk(node) if isinstance(n, ast.Dict)):
                for key in mapping.keys:
                    if isinstance(key, ast.Constant):
                        yield file.name, str(key.value)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_every_field_that_the_code_audits_has_a_word() -> None:
    found = set(_audited())
    assert len({field for _, field in found}) > 60
    assert {(file, field) for file, field in found if not has_word(field)} == set()


def test_so_have_those_that_a_form_or_a_connector_names() -> None:
    forms = {*RulesForm.base_fields, "intervals", *(f.name for f in Company._meta.fields if f.name != "id")}
    assert {name for name in forms if not has_word(name)} == set()
    settings = {field.name for one in connector_types().values() for field in one.settings.fields()}
    assert {name for name in settings if not has_word(name, "channel.settings")} == set()


def test_every_word_of_a_field_is_french_in_french() -> None:
    same = {"note", "version", "journal", "sku", "product"}
    with override("fr"):
        left = {name for name, word in FIELDS.items() if field_word(name) == word and name not in same}
    assert left == set()


def test_a_setting_is_called_as_the_form_of_its_connector_calls_it() -> None:
    for key, name, label in (("sage100", "user", "Read-only login"), ("sage_x3", "user", "X3 user")):
        beside = [field.name for field in connector_types()[key].settings.fields()]
        with override("en"):
            assert field_word(name, "channel.settings", beside) == label


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("price", "1234.5000", "1 234,50"), ("floor", None, ""), ("paused", True, "oui"), ("accept", False, "non"),
        ("role", "read_only", "Lecture seule"), ("channels", ["maison", "jardin"], "maison, jardin"),
        ("weekdays", [0, 4], "lundi, vendredi"), ("as_of", "2026-11-26T09:30:00+00:00", "26 nov. 2026 10:30"),
        ("valid_from", "2026-12-01", "1 déc. 2026"), ("parts", {"MUG-BLUE": 2}, "MUG-BLUE : 2"),
        ("intervals", {"import_orders": 60}, "Importer les commandes : 60"), ("units", 12, "12"),
        ("lines", {"7-1": {"quantity": 1, "amount": "12.0000"}}, "7-1 (Unités : 1, Montant : 12,00)"),
        ("product", "2026-12-01", "2026-12-01"),
        ("price", "dear", "dear"), ("url", "2026-99-99", "2026-99-99"), ("state", "suspended", "Suspendu"),
    ],
)  # fmt: skip
def test_values_are_told_as_a_reader_reads_them(name: str, value: object, words: str) -> None:
    with override("fr"), timezone.override("Europe/Paris"):
        told = value_words(name, value)
    assert told.replace("\u202f", " ").replace("\u00a0", " ") == words


def test_the_audit_tells_a_change_in_french(shop: Shop, admin: Client) -> None:
    offer = Offer.objects.filter(sku="LAMP-OAK-01")[0]
    admin.post(f"/offers/{offer.pk}/price", {"price": "61.00", "floor": "31.00"})
    User.objects.update(language="fr")
    page = admin.get("/audit/?action=offer.price").content.decode()
    for words in ("<dt>Prix</dt>", "<dt>Prix plancher</dt>", "<ins>61,00</ins>", "<del>59,90</del>"):
        assert words in page
    assert "<dt>price</dt>" not in page
    exported = b"".join(admin.get("/audit/export.csv?action=offer.price").streaming_content).decode()
    assert "Prix: 61,00" in exported


def test_a_kit_is_told_by_the_skus_of_its_parts(db: None) -> None:
    record_change(actor="zoe", action="product.kit", subject_kind="product", subject="KIT",
                  before={"price": 1}, after={"price": 2, "B": 1})  # fmt: skip
    assert [one.name for one in differences(Change.objects.get())] == ["price", "B"]


def test_ranges_of_a_refusal_are_whole_cents_that_pass(shop: Shop, admin: Client) -> None:
    Channel.objects.update(price_step_up=Decimal("7.5"), price_step_down=Decimal("7.5"))
    offer = Offer.objects.filter(sku="LAMP-OAK-01", channel=shop.house)[0]
    Offer.objects.filter(pk=offer.pk).update(confirmed_price=Decimal("59.90"))
    lowest, highest = "€55.41", "€64.39"  # 55.4075 and 64.3925, inwards
    page = admin.post(f"/offers/{offer.pk}/price", {"price": "90.00", "floor": "20.00"}).content.decode()
    assert f"{lowest} to {highest}" in page
    for price, status in (("55.40", 422), ("64.40", 422), ("55.41", 303)):
        answer = admin.post(f"/offers/{offer.pk}/price", {"price": price, "floor": "20.00"})
        assert answer.status_code == status, price


def test_amounts_in_kept_sentences_are_told_in_the_readers_language() -> None:
    kept = (
        "44.90 → 90.00 EUR (+100 %): 90.00 is too far from 44.90: in one go the channel's rules allow 40.41"
        " to 49.39."
    )
    with override("fr"):
        told = tell(kept).replace("\u00a0", " ").replace("\u202f", " ")
        assert "44,90 → 90,00 €" in told
        assert "40,41" in told
        assert "49,39" in told
        gap = tell("The lines, shipping and discounts differ from the total by 1234.5000 EUR.")
        assert "1 234,50 €" in gap.replace("\u202f", " ").replace("\u00a0", " ")
        fall = tell("Sold far under the offer: MUG-10.50: 12.5 EUR < 40 EUR.").replace("\u00a0", " ")
        assert "MUG-10.50 : 12,50 € < 40,00 €" in fall.replace("MUG-10.50:", "MUG-10.50 :")
    with override("en"):
        assert "€12.50 < €40.00" in tell("Sold far under the offer: MUG: 12.5 EUR < 40 EUR.")


def test_a_file_of_products_shows_prices_in_cents(shop: Shop, admin: Client) -> None:
    file = TableFile.objects.create(
        kind="products", state="read", name="p.csv", content=b"", actor="zoe", created_at="2026-11-23T09:00Z",
        changes=[{"line": 2, "sku": "LAMP-OAK-01", "before": {"list_price": "59.9000"},
                  "after": {"list_price": "61.5"}}],
    )  # fmt: skip
    page = admin.get(f"/stock/files/{file.pk}/").content.decode()
    assert "61.50" in page
    assert "59.9000" not in page


def test_actions_have_words_in_the_export_beside_their_code(shop: Shop, admin: Client) -> None:
    exported = b"".join(admin.get("/audit/export.csv?action=channel.added").streaming_content).decode()
    assert set(ACTIONS) > {"channel.added"}
    assert exported.startswith("\ufeffWhen,Who,From where,Action,Code,")
