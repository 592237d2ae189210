"""XML packages over the wire: the connector publishes a ZIP, the simulated Octopia fetches it and works it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from octopia_stand import Stand

from bazaar.faults.levels import FaultSettings
from bazaar.faults.names import PROTOCOL_FAULTS
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord, TransientError
from comptoir.sdk.records import OfferDraft, Outcome, PriceUpdate, StockUpdate, SubmissionReport
from comptoir.sdk.statuses import ImportState

MakeStand = Callable[..., Stand]
PATH = "/offer-integration-packages"
FLASH = {
    "discount.Type": "Flash",
    "discount.StartDate": "2026-11-27T00:00:00+01:00",
    "discount.EndDate": "2026-11-30T00:00:00+01:00",
    "discount.DiscountValue": "1",
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen of the tests."""


class Shop:
    """The merchant's web server, over one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def settings(self, how: str = "xml") -> dict[str, object]:
        address = f"http://127.0.0.1:{self._server.server_address[1]}"
        return {"offer_packages": how, "xml_folder": str(self.folder), "xml_base_url": address}

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    served = Shop(tmp_path)
    yield served
    served.stop()


def draft(here: Stand, sku: str, **more: Any) -> OfferDraft:
    product = here.world.products[sku]
    given = {
        "price": product.list_price,
        "floor": Decimal(1),
        "currency": "EUR",
        "quantity": 5,
        "ean": product.ean,
    }
    return OfferDraft(sku=sku, **{**given, **more})


def report(here: Stand, connection: Any, receipt: Any) -> SubmissionReport:
    for _ in range(200):
        told: SubmissionReport = connection.read_submission("offer", receipt.external_id)
        if told.state is not ImportState.PENDING:
            return told
        here.advance(seconds=30)
    raise AssertionError("no report in 200 looks")


def outcomes(told: SubmissionReport) -> dict[str, Outcome]:
    return {verdict.key: verdict.outcome for verdict in told.verdicts}


@pytest.mark.parametrize("form", ["rest", "legacy"])
@pytest.mark.parametrize("field", ["packageUrl", "url", ""])
def test_offers_prices_and_stock_go_as_xml_item_by_item(
    stand: MakeStand, shop: Shop, form: str, field: str
) -> None:
    here = stand({"octopia-1": {"xml_report": form, "xml_body": field}})
    connection = here.connect(**shop.settings(), xml_body_field=field or "-")
    good, unknown, other = here.skus(3)
    drafts = [draft(here, good, extra=FLASH), draft(here, unknown, ean="3000000000000"), draft(here, other)]
    receipt = connection.submit_offers(drafts)
    assert len(shop.files) == 1
    told = report(here, connection, receipt)
    assert told.state is ImportState.COMPLETE
    assert outcomes(told) == {good: Outcome.DONE, unknown: Outcome.REJECTED, other: Outcome.DONE}
    words = {verdict.key: verdict.message for verdict in told.verdicts}
    assert words[unknown] == "Product - non-existent"
    assert shop.files == [], "the package has ended"

    euros = PriceUpdate(sku=good, price=Decimal("19.99"), currency="EUR", floor=Decimal(10))
    assert outcomes(report(here, connection, connection.submit_prices([euros]))) == {good: Outcome.DONE}
    stock = [StockUpdate(sku=sku, quantity=3) for sku in (good, "NOBODY")]
    told = report(here, connection, connection.submit_stock(stock))
    assert outcomes(told) == {good: Outcome.DONE, "NOBODY": Outcome.REJECTED}

    offer = here.party().account.offer("CDISFR", good)
    assert offer is not None
    assert (offer.price, here.party().account.quantity(offer)) == (Decimal("19.99"), 3)
    assert [(one.kind, one.percent) for one in offer.discounts] == [("Flash", Decimal(1))]
    assert offer.discounts[0].start.isoformat() == "2026-11-27T00:00:00+01:00"
    assert {tax.code for tax in offer.taxes} == {"VAT", "Ecotax", "Deatax"}
    assert [mode.code for mode in offer.delivery] == ["TRK"]
    assert {x.operation for x in here.exchanges if x.writes and x.operation != "token"} == {"openXmlPackage"}


def test_only_discounts_go_as_xml_where_the_setting_says_so(stand: MakeStand, shop: Shop) -> None:
    here = stand()
    connection = here.connect(**shop.settings("discounts"))
    flash, plain = here.skus(2)
    receipt = connection.submit_offers([draft(here, flash, extra=FLASH), draft(here, plain)])
    told = report(here, connection, receipt)
    assert outcomes(told) == {flash: Outcome.DONE, plain: Outcome.DONE}
    kinds = {
        request.seller_external_reference: bool(package.source_url)
        for package in here.party().account.packages.values()
        for request in package.requests
    }
    assert kinds == {flash: True, plain: False}
    stock = connection.submit_stock([StockUpdate(sku=flash, quantity=2)])
    assert outcomes(report(here, connection, stock)) == {flash: Outcome.DONE}
    assert len([x for x in here.exchanges if x.operation == "openXmlPackage"]) == 1
    gone = connection.submit_offers([draft(here, plain, delete=True), draft(here, flash, extra=FLASH)])
    assert outcomes(report(here, connection, gone)) == {flash: Outcome.DONE, plain: Outcome.DONE}
    assert here.party().listed_offer(plain) is None


def test_a_flash_sale_is_refused_where_only_json_is_written(stand: MakeStand) -> None:
    here = stand()
    with pytest.raises(RejectedRecord, match="XML packages only"):
        here.connect().submit_offers([draft(here, here.skus(1)[0], extra=FLASH)])
    assert not here.party().account.packages


@pytest.mark.parametrize("how", ["xml", "discounts"])
def test_a_price_keeps_above_its_floor_under_a_discount_that_runs(
    stand: MakeStand, shop: Shop, how: str
) -> None:
    """The hub's prices know no discount: what was written is remembered until it ends."""
    here = stand()
    connection, sku = here.connect(**shop.settings(how)), here.skus(1)[0]
    extra = {**FLASH, "discount.DiscountValue": "10"}
    report(here, connection, connection.submit_offers([draft(here, sku, price=Decimal(200), extra=extra)]))
    low = PriceUpdate(sku=sku, price=Decimal(100), currency="EUR", floor=Decimal(95))
    with pytest.raises(RejectedRecord, match=r"Until 2026-11-30 a discount may make it 90\.00") as caught:
        connection.submit_prices([low])
    assert caught.value.code == "floor"
    here.advance(days=8)
    assert outcomes(report(here, connection, connection.submit_prices([low]))) == {sku: Outcome.DONE}


def test_a_test_of_the_channel_says_that_the_folder_cannot_be_written(stand: MakeStand, shop: Shop) -> None:
    here = stand()
    assert here.connect(**shop.settings()).check().warnings == ()
    absent = {**shop.settings(), "xml_folder": str(shop.folder / "absent")}
    (warning,) = here.connect(**absent).check().warnings
    assert "cannot be written" in warning


def _strike_once(here: Stand, fault: str) -> None:
    """The next package that is posted meets the fault, and no other request does."""
    here.world.faults.set(
        "octopia-1", FaultSettings(level="harsh", rates=dict.fromkeys(PROTOCOL_FAULTS, 0.0), hold_s=0.01)
    )
    board = here.world.faults
    usual = board.strikes_wire

    def strike(party: str, verb: str, path: str) -> str | None:
        if verb != "POST" or not path.endswith(PATH):
            return None
        board.strikes_wire = usual  # type: ignore[method-assign]
        return fault

    board.strikes_wire = strike  # type: ignore[method-assign]


def test_a_package_whose_answer_was_lost_is_found_and_not_sent_again(stand: MakeStand, shop: Shop) -> None:
    here = stand({"octopia-1": {"xml_list": "listed"}})
    connection, sku = here.connect(**shop.settings()), here.skus(1)[0]
    _strike_once(here, "timeout_after")
    told = report(here, connection, connection.submit_offers([draft(here, sku)]))
    assert outcomes(told) == {sku: Outcome.DONE}
    assert len(here.party().account.packages) == 1
    assert shop.files == []


def test_a_package_that_never_came_is_taken_back_and_may_be_sent_again(stand: MakeStand, shop: Shop) -> None:
    here = stand({"octopia-1": {"xml_list": "listed"}})
    connection, sku = here.connect(**shop.settings()), here.skus(1)[0]
    _strike_once(here, "dropped_before")
    with pytest.raises(TransientError, match="not among the packages"):
        connection.submit_offers([draft(here, sku)])
    assert shop.files == []
    assert not here.party().account.packages
    told = report(here, connection, connection.submit_offers([draft(here, sku)]))
    assert outcomes(told) == {sku: Outcome.DONE}


def test_where_packages_cannot_be_listed_a_lost_answer_is_unknown_and_its_file_gone(
    stand: MakeStand, shop: Shop
) -> None:
    here = stand()
    connection, sku = here.connect(**shop.settings()), here.skus(1)[0]
    _strike_once(here, "timeout_after")
    with pytest.raises(OutcomeUnknown, match="cannot be listed"):
        connection.submit_offers([draft(here, sku)])
    assert shop.files == []
    here.advance(hours=1)
    (package,) = here.party().account.packages.values()
    assert package.state == "Rejected", "nothing was there to fetch"
    assert here.party().listed_offer(sku) is None


def test_an_unknown_field_is_refused_in_their_words_and_leaves_no_file(stand: MakeStand, shop: Shop) -> None:
    here = stand({"octopia-1": {"xml_body": "zipFileFullPath"}})
    connection = here.connect(**shop.settings())
    with pytest.raises(RejectedRecord, match="zipFileFullPath"):
        connection.submit_offers([draft(here, here.skus(1)[0])])
    assert shop.files == []


def test_a_file_that_cannot_be_fetched_fails_the_package(stand: MakeStand, shop: Shop) -> None:
    here = stand()
    connection, sku = here.connect(**shop.settings()), here.skus(1)[0]
    receipt = connection.submit_offers([draft(here, sku)])
    (name,) = shop.files
    (shop.folder / name).unlink()
    told = report(here, connection, receipt)
    assert (told.state, told.verdicts) == (ImportState.FAILED, ())
    assert "cannot be downloaded" in told.message
    assert here.party().listed_offer(sku) is None


@pytest.mark.parametrize("fault", ["late_import", "partial_failure", "duplicated_import"])
def test_the_faults_of_packages_strike_xml_ones_too(stand: MakeStand, shop: Shop, fault: str) -> None:
    here = stand()
    here.world.faults.set("octopia-1", FaultSettings(level="none", rates={fault: 1.0}))
    connection, skus = here.connect(**shop.settings()), here.skus(30)
    told = report(here, connection, connection.submit_offers([draft(here, sku) for sku in skus]))
    here.advance(hours=1)
    failed = [verdict.key for verdict in told.verdicts if verdict.outcome is not Outcome.DONE]
    assert len(told.verdicts) == 30
    assert bool(failed) == (fault == "partial_failure")
    listed = {offer.sku for offer in here.party().listed_offers()}
    assert listed >= set(skus) - set(failed)


def test_many_offers_are_read_page_by_page(stand: MakeStand, shop: Shop) -> None:
    here = stand({"octopia-1": {"initial_offers": "all"}}, products=230)
    connection = here.connect(**shop.settings())
    updates = [StockUpdate(sku=sku, quantity=9) for sku in here.skus(230)]
    told = report(here, connection, connection.submit_stock(updates))
    assert outcomes(told) == dict.fromkeys(here.skus(230), Outcome.DONE)
    assert {offer.quantity for offer in here.party().listed_offers()} == {9}
