"""What each column means, without a base."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comptoir.connectors.sage100 import CONNECTOR
from comptoir.connectors.sage100.articles import parse_articles
from comptoir.connectors.sage100.documents import parse_shipments, parse_states
from comptoir.connectors.sage100.instants import left_at
from comptoir.connectors.sage100.payloads import credit_reference
from comptoir.connectors.sage100.stock import parse_levels
from comptoir.connectors.sage100.tests.rows import DAY, article, line
from comptoir.sdk.records import ErpOrderState, Product
from comptoir.sdk.settings import SettingsError

PARIS = ZoneInfo("Europe/Paris")
GIVEN = {"server": "127.0.0.1", "database": "BIJOU", "user": "lecture", "password": "p", "base_url": "https://sage.example",
         "pont_key": "k-123456", "client": "MKDIVERS"}  # fmt: skip


def product(cost: str = "average", **changed: Any) -> Product | None:
    settings = CONNECTOR.settings.load(GIVEN | {"cost": cost})
    found, _ = parse_articles([article(**changed)], {}, {}, settings, PARIS)  # type: ignore[arg-type]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("cost", "changed", "expected"),
    [
        ("average", {}, "4.3"),
        ("average", {"units": 0, "value": 0}, "4.2"),
        ("average", {"units": -2, "value": -9}, "4.2"),
        ("standard", {}, "4.2"),
        ("standard", {"ar_coutstd": 0}, "4.3"),
        ("supplier", {}, "4.5"),
        ("supplier", {"supplier_price": None}, "4.2"),
        ("average", {"units": None, "value": None, "ar_coutstd": 0, "supplier_price": None}, "4.1"),
    ],
)
def test_the_cost_is_the_one_asked_for_and_else_the_next_best(
    cost: str, changed: dict[str, Any], expected: str
) -> None:
    found = product(cost, **changed)
    assert found is not None
    assert found.purchase_price == Decimal(expected)


def test_a_price_without_tax_is_made_inclusive_and_of_an_unknown_rate_is_none() -> None:
    for changed, expected in (({}, "12.00"), ({"ar_prixttc": 0}, "14.40"), ({"ar_prixven": 0}, None)):
        found = product(**changed)
        assert found is not None
        assert found.list_price == (Decimal(expected) if expected else None)
    unknown = product(ar_prixttc=0, vat_rate=None)
    assert unknown is not None
    assert unknown.list_price is None


def test_weights_come_in_grams_barcodes_only_when_they_are_right_and_services_not_at_all() -> None:
    found = product()
    assert found is not None
    assert (found.weight_g, found.ean) == (350, "4006381333931")
    other = product(ar_unitepoids=None, ar_codebarre="INTERNE-7", ar_sommeil=1)
    assert other is not None
    assert (other.weight_g, other.ean, other.active) == (None, "", False)
    assert product(ar_suivistock=0) is None
    assert product(ar_ref="PORT") is None


def test_only_what_others_reserve_is_taken_off_the_count() -> None:
    row = {"ar_ref": "MUG", "de_no": 1, "physical": Decimal(20), "reserved": Decimal(6), "preparing": Decimal(2),
           "to_check": Decimal(1), "incoming": Decimal(5), "ours": Decimal(5)}  # fmt: skip
    [level] = parse_levels([row, row | {"de_no": 2}], {1: "MAIN"}, {("MUG", 1): 3})
    assert (level.warehouse, level.quantity, level.incoming) == ("MAIN", 20 - 1 - 3 + 3, 5)
    [more] = parse_levels([row | {"ours": Decimal(99)}], {1: "MAIN"}, {})
    assert more.quantity == 19


def test_a_departure_is_as_precise_as_sage_keeps_it() -> None:
    noted = datetime(2026, 11, 23, 14, 30, 15)  # noqa: DTZ001
    assert left_at(line(), PARIS) == datetime(2026, 11, 23, 13, 30, 15, tzinfo=UTC)
    assert left_at(line(do_type=6, do_dateexpedition=noted), PARIS) == datetime(
        2026, 11, 23, 13, 30, 15, tzinfo=UTC
    )
    assert left_at(line(do_type=6, dl_datebl=DAY), PARIS) == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    assert left_at(line(do_heure="nonsense"), PARIS) == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


def test_a_note_keeps_its_name_when_it_becomes_an_invoice_even_one_of_several_notes() -> None:
    note = parse_shipments([line()], "CO-", {1: "MAIN"}, PARIS)[0]
    grouped = line(do_type=6, do_piece="FA00001", do_noweb="", dl_piecebl="BL00004")
    invoiced = parse_shipments([grouped], "CO-", {1: "MAIN"}, PARIS)[0]
    assert note.shipment_id == invoiced.shipment_id == "CO-000000001/BL00004"
    assert (note.parcel.carrier, note.parcel.tracking_number) == ("MONDIALRELAY", "6A0001")
    foreign = [line(do_noweb="WEB-1", do_ref="WEB-1"), line(ar_suivistock=0), line(dl_qte=Decimal(0))]
    assert parse_shipments(foreign, "CO-", {1: "MAIN"}, PARIS) == ()


def state(*rows: dict[str, Any]) -> ErpOrderState:
    [found] = parse_states(rows, "CO-", PARIS)
    return found


def test_the_state_is_read_from_every_document_of_the_order() -> None:
    order = {"do_type": 1, "do_piece": "BC00012", "dl_piecebc": ""}
    assert state(line(**order)).status == "received"
    assert state(line(do_type=2, do_piece="PL00009")).status == "preparing"
    assert state(line(), line(**order)).status == "preparing", "a remainder is still to leave"
    assert state(line()).status == "shipped"
    assert state(line(**order, do_cloture=1)).status == "cancelled"
    assert state(
        line(do_type=7, do_piece="FA00002", dl_piecepl="PL00009", dl_piecebl="BL00004")
    ).document == ("BC00012 > PL00009 > BL00004 > FA00002")


def test_a_refund_always_has_the_same_reference_of_at_most_17_characters() -> None:
    long = "R123456789-12345678901"
    assert credit_reference("R1-1000") == "R1-1000"
    assert len(credit_reference(long)) == 17
    assert credit_reference(long) == credit_reference(long) != credit_reference(long + "1")


def test_settings_that_make_no_sense_are_named() -> None:
    wrong = {
        "client": "X" * 18,
        "time_zone": "Nowhere/AtAll",
        "reference_prefix": "%",
        "overlap_minutes": "1",
    }
    with pytest.raises(SettingsError) as caught:
        CONNECTOR.settings.load(GIVEN | wrong)
    assert set(caught.value.errors) == set(wrong)
    settings = CONNECTOR.settings.load(GIVEN | {"clients": "fnac-1:MKFNAC, amazon:MKAMZ"})
    assert settings.client_of() == {"fnac-1": "MKFNAC", "amazon": "MKAMZ"}  # type: ignore[attr-defined]
    assert "k-123456" not in repr(settings)
