"""Rules of quantity by file: seen first, kept in one go, taken back; wrong lines stop no others. And many by API."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.flows.models import TableFile
from comptoir.flows.table_files import NotNow, apply_file, read_file, table_of, undo_file
from comptoir.inventory.models import QuantityRule
from comptoir.inventory.rules import Draft, current_rules
from comptoir.journal.models import Change
from comptoir.offers.models import Offer
from comptoir.offers.rules import keep_rule
from tests.api.conftest import client_of
from tests.web.conftest import SignIn
from tests.web.shop import Shop

PAGE, BULK, JSON = "/stock/rules/files/", "/api/v1/quantity-rules/bulk", "application/json"
HEAD = "Règle;Effet;Valeur;SKU;Famille;Canal;Du;Au;Remarque;Supprimer"


@pytest.fixture
def manager(shop: Shop, sign_in: SignIn) -> Client:
    return sign_in(Role.MARKETPLACE_MANAGER)


def given(*lines: str) -> TableFile:
    return read_file("rules", "rules.csv", "\n".join((HEAD, *lines)).encode(), actor="zoe")


def faults(file: TableFile) -> dict[int, str]:
    return {line: code for line, code, _ in file.faults}


def quantity(shop: Shop, sku: str = "MUG-BLUE-4") -> int:
    return Offer.objects.get(channel=shop.house, sku=sku).desired_quantity


def rules() -> list[tuple[str, int, str, str]]:
    return [
        (
            r.kind,
            r.value,
            "" if r.product is None else r.product.sku,
            "" if r.channel is None else r.channel.key,
        )
        for r in current_rules()
    ]


def test_a_file_is_seen_with_the_quantities_it_changes_then_kept_and_taken_back(
    shop: Shop, manager: Client
) -> None:
    before = quantity(shop)
    text = f"{HEAD}\n;Plafond affiché;5;MUG-BLUE-4;;Maison & Déco;;;essai;\n"
    answer = manager.post(PAGE, {"kind": "rules", "file": SimpleUploadedFile("rules.csv", text.encode())})
    assert answer.status_code == 303, answer.content.decode()
    page = manager.get(answer["Location"]).content.decode()
    assert "limit · MUG-BLUE-4 · maison" in page
    assert "1 quantity would change" in page
    assert (quantity(shop), QuantityRule.objects.count()) == (before, 0)
    file = TableFile.objects.get()
    assert manager.post(f"{PAGE}{file.pk}/apply").status_code == 303
    assert (quantity(shop), rules()) == (5, [("limit", 5, "MUG-BLUE-4", "maison")])
    assert manager.get(f"{PAGE}{file.pk}/").status_code == 200
    manager.post(f"{PAGE}{file.pk}/undo")
    assert (quantity(shop), rules()) == (before, [])


@pytest.mark.parametrize(("form", "language"), [("csv", "en"), ("xlsx", "en"), ("csv", "fr")])
def test_what_is_exported_is_read_again_without_a_change(shop: Shop, form: str, language: str) -> None:
    product = Offer.objects.get(channel=shop.house, sku="MUG-BLUE-4").product
    keep_rule(Draft("limit", 5, product=product, channel=shop.house, note="=1+1"), actor="zoe")
    keep_rule(Draft("share", 50, channel=shop.garden), actor="zoe")
    with translation.override(language):
        content = table_of("rules", form)
    file = read_file("rules", f"r.{form}", content, actor="zoe")
    assert (file.changes, file.faults, file.unchanged) == ([], [], 2)
    if form == "xlsx":
        assert load_workbook(io.BytesIO(table_of("rules", form))).worksheets[0].max_row == 3


def test_each_line_is_judged_by_itself_and_says_why(shop: Shop) -> None:
    number = keep_rule(Draft("limit", 9), actor="zoe").number
    file = given(
        ";limit;5;NONE;;;;;;", ";no such;5;;;;;;;", ";limit;many;;;;;;;", ";share;101;;;;;;;",
        ";limit;5;;none;;;;;", ";limit;5;;;nowhere;;;;", ";limit;5;MUG-BLUE-4;;;hier;;;",
        ";limit;5;MUG-BLUE-4;;;2026-12-02;2026-12-01;;", "999999;limit;5;;;;;;;", f"{number};limit;7;;;;;;;",
        ";limit;8;;;;;;;", ";buffer;1;;;;;;;oui", ";limit;5;MUG-BLUE-4;;maison;01/12/2026 08:00;;;",
    )  # fmt: skip
    assert faults(file) == {
        2: "no_article", 3: "no_kind", 4: "no_value", 5: "rule_value", 6: "no_family", 7: "no_market", 8: "no_date",
        9: "rule_validity", 10: "no_rule", 12: "rule_twice", 13: "no_rule",
    }  # fmt: skip
    assert [change["line"] for change in file.changes] == [11, 14]
    apply_file(file.pk, actor="zoe")
    assert rules() == [("limit", 7, "", ""), ("limit", 5, "MUG-BLUE-4", "maison")]
    assert Change.objects.filter(action="rule.kept").count() == 3


def test_a_line_without_a_number_changes_the_rule_of_exactly_that_and_remove_ends_it(shop: Shop) -> None:
    first = keep_rule(Draft("limit", 9, channel=shop.house), actor="zoe")
    keep_rule(Draft("buffer", 1, channel=shop.house), actor="zoe")
    file = given(";limit;4;;;maison;;;;", ";buffer;;;;maison;;;;")
    assert faults(file) == {3: "no_value"}
    apply_file(file.pk, actor="zoe")
    assert rules() == [("buffer", 1, "", "maison"), ("limit", 4, "", "maison")]
    changed = QuantityRule.objects.get(number=first.number, ended_at=None)
    assert (changed.version, changed.valid_from) == (2, first.valid_from)
    removal = given(f"{first.number};;;;;;;;;x")
    apply_file(removal.pk, actor="zoe")
    assert rules() == [("buffer", 1, "", "maison")]
    undo_file(removal.pk, actor="zoe")
    assert rules() == [("buffer", 1, "", "maison"), ("limit", 4, "", "maison")]


def test_what_somebody_changed_since_is_left_as_it_is(shop: Shop) -> None:
    rule = keep_rule(Draft("limit", 9), actor="zoe")
    file = given(f"{rule.number};limit;7;;;;;;;", ";limit;3;MUG-BLUE-4;;;;;;")
    keep_rule(Draft("limit", 8), number=rule.number, actor="bob")
    apply_file(file.pk, actor="zoe")
    file.refresh_from_db()
    assert (faults(file), file.applied) == ({2: "rule_moved"}, 1)
    assert rules() == [("limit", 8, "", ""), ("limit", 3, "MUG-BLUE-4", "")]
    number = QuantityRule.objects.get(value=3).number
    keep_rule(Draft("limit", 2, product=shop.products[0]), number=number, actor="bob")
    undo_file(file.pk, actor="zoe")
    assert [value for _, value, _, _ in rules()] == [8, 2]
    with pytest.raises(NotNow):
        undo_file(file.pk, actor="zoe")


def test_files_of_rules_are_for_who_changes_offers_everywhere_and_stand_apart_from_counts(
    shop: Shop, sign_in: SignIn
) -> None:
    file = given(";limit;5;;;;;;;")
    buyer = sign_in(Role.BUYER)
    assert buyer.get(PAGE).status_code == 403
    assert buyer.get(f"/stock/files/{file.pk}/").status_code == 404
    assert buyer.post(f"/stock/files/{file.pk}/apply").status_code == 404
    client = sign_in(Role.MARKETPLACE_MANAGER)
    User.objects.filter(role=Role.MARKETPLACE_MANAGER).update(channels=["maison"])
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}{file.pk}/apply").status_code == 404
    assert rules() == []


def test_many_rules_are_written_by_one_call_or_none_of_them(shop: Shop) -> None:
    client = client_of(Role.INTEGRATOR)
    rows = [
        {"kind": "limit", "value": 5, "product": "MUG-BLUE-4", "channel": "maison"},
        {"kind": "buffer", "value": 1, "channel": "jardin"},
        {"kind": "limit", "value": 5, "product": "NO"},
    ]
    refused = client.post(BULK, {"rows": rows}, JSON)
    assert refused.status_code == 422
    assert [one["where"] for one in refused.json()["errors"]] == [["body", "rows", 2, "product"]]
    assert rules() == []
    told = client.post(f"{BULK}?partial=true", {"rows": rows}, JSON).json()
    assert (told["changed"], told["unchanged"], len(told["refused"])) == (2, 0, 1)
    assert quantity(shop) == 5
    again = client.post(BULK, {"rows": rows[:2]}, JSON).json()
    assert (again["changed"], again["unchanged"]) == (0, 2)
    number = QuantityRule.objects.get(kind="limit").number
    assert client.post(BULK, {"rows": [{"number": number, "remove": True}]}, JSON).json()["changed"] == 1
    assert [kind for kind, *_ in rules()] == ["buffer"]
    assert client_of(Role.READ_ONLY).post(BULK, {"rows": []}, JSON).status_code == 403
    assert client_of(Role.INTEGRATOR, channels=["jardin"]).post(BULK, {"rows": []}, JSON).status_code == 403
