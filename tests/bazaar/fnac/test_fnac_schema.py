"""The simulator refuses what Fnac's own schemas refuse, and nothing else (`specs/fnac`, shared folder)."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from bazaar.fnac.requests import SHAPES, first_error
from bazaar.fnac.schema import NAMESPACE

ROOT = Path(__file__).resolve().parents[3]
SPECS = (ROOT / os.environ.get("COMPTOIR_SHARED", "../shared") / "specs" / "fnac").resolve()
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SPECS.is_dir(), reason=f"{SPECS} is absent: set COMPTOIR_SHARED"),
]

FILES = {
    "auth": "AuthenticationService",
    "batch_query": "BatchQueryService",
    "batch_status": "BatchStatusService",
    "carriers_query": "CarriersQueryService",
    "client_order_comments_query": "ClientOrderCommentsQueryService",
    "client_order_comments_update": "ClientOrderCommentsUpdateService",
    "incidents_query": "IncidentsQueryService",
    "incidents_update": "IncidentsUpdateService",
    "messages_query": "MessagesQueryService",
    "messages_update": "MessagesUpdateService",
    "offers_query": "OffersQueryService",
    "offers_update": "OffersUpdateService",
    "orders_query": "OrdersQueryService",
    "orders_update": "OrdersUpdateService",
    "pricing_query": "PricingQueryService",
    "shop_invoices_query": "ShopInvoicesQueryService",
}
UUID = "11111111-2222-3333-4444-555555555555"
FULL = {
    "auth": f"<partner_id>{UUID}</partner_id><shop_id>{UUID}</shop_id><key>k</key>",
    "batch_query": '<date type="Created"><min>2026-01-01T00:00:00Z</min><max>2026-01-02T00:00:00Z</max></date>',
    "batch_status": "<batch_id>x</batch_id>",
    "carriers_query": "<query>all</query>",
    "offers_query": '<paging>2</paging><date type="Modified"><max>2026-01-02T00:00:00+01:00</max></date>'
    '<quantity mode="LessThan" value="3"/><offer_seller_id>A</offer_seller_id><with_free_shipping/>'
    "<promotion_types><promotion_type>Sales</promotion_type></promotion_types>"
    "<promotion_uids><promotion_uid>A1</promotion_uid></promotion_uids>",
    "offers_update": '<offer><product_reference type="Ean">1</product_reference>'
    '<offer_reference type="SellerSku">A</offer_reference><price>5.00</price><product_state>11</product_state>'
    "<quantity>3</quantity><description>d</description><internal_comment>c</internal_comment>"
    "<showcase>1</showcase><instead_of_price>9</instead_of_price><adherent_price>4</adherent_price>"
    '<is_shipping_free>true</is_shipping_free><promotion type="FlashSale"><promotion_uid>A1</promotion_uid>'
    "<starts_at>2026-01-01T00:00:00Z</starts_at><ends_at>2026-01-02T00:00:00Z</ends_at>"
    "<discount_type>fixed</discount_type><discount_value>1</discount_value><triggers>"
    '<trigger_cart type="MinSellerAmount">5</trigger_cart><trigger_customer_type>all</trigger_customer_type>'
    "<trigger_promotion_code>CODE</trigger_promotion_code></triggers></promotion>"
    "<promotions><promotion><price>4</price><type>1</type><priority>0</priority></promotion></promotions>"
    "<treatment>delete</treatment><pictures><picture_1>u</picture_1><picture_4>v</picture_4></pictures>"
    "<logistic_type_id>201</logistic_type_id><time_to_ship>2</time_to_ship></offer>",
    "orders_query": '<paging>1</paging><date type="UpdatedAt"><min>2026-01-01T00:00:00Z</min>'
    "<max>2026-01-02T00:00:00Z</max></date><state>ToShip</state><states><state>Created</state></states>"
    "<sort_by>ASC</sort_by><order_fnac_id>57BEAFDA828A8</order_fnac_id>"
    "<orders_fnac_id><order_fnac_id>57BEAFDA828A8</order_fnac_id></orders_fnac_id>"
    "<offer_fnac_id>o</offer_fnac_id><product_fnac_id>p</product_fnac_id>",
    "orders_update": '<order order_id="57BEAFDA828A8" action="confirm_to_send"><order_detail>'
    "<order_detail_id>1</order_detail_id><action>Shipped</action><tracking_number>6A</tracking_number>"
    "<tracking_company>DHL</tracking_company><tracking_client_id>c</tracking_client_id>"
    "<refund_reason>no_stock</refund_reason></order_detail></order>",
    "pricing_query": '<product_reference type="Ean">9780262510875</product_reference>'
    '<product_reference type="Isbn">207053465X</product_reference>',
}
FULL |= {
    "messages_query": '<paging>1</paging><date type="UpdatedAt"><min>2026-01-01T00:00:00Z</min></date>'
    f"<message_type>ORDER</message_type><message_archived>TRUE</message_archived><message_id>{UUID}</message_id>"
    '<message_state>READ</message_state><order_fnac_id>x</order_fnac_id><sort_by type="ASC">CREATED_AT</sort_by>'
    "<message_from_types><from_type>CLIENT</from_type></message_from_types>",
    "messages_update": f'<message action="reply" id="{UUID}"><message_to>CLIENT</message_to>'
    "<message_subject>order_information</message_subject><message_description>d</message_description>"
    "<message_type>ORDER</message_type></message>",
    "incidents_query": '<paging>1</paging><date type="ClosedAt"><max>2026-01-01T00:00:00Z</max></date>'
    f"<status>OPENED</status><type>8</type><types><type>1</type></types><incident_id>{UUID}</incident_id>"
    f"<incidents_id><incident_id>{UUID}</incident_id></incidents_id><closed_status>22</closed_status>"
    "<closed_statuses><closed_status>3</closed_status></closed_statuses><opened_by>client</opened_by>"
    "<waiting_for_seller_answer>TRUE</waiting_for_seller_answer><closed_by>call-center</closed_by>"
    "<sort_by>DESC</sort_by><order>57BEAFDA828A8</order><orders><order>57BEAFDA828A8</order></orders>",
    "incidents_update": f'<order incident_id="{UUID}" order_id="57BEAFDA828A8" action="refund"><order_detail>'
    "<order_detail_id>1</order_detail_id><refund_reason>no_stock</refund_reason></order_detail></order>",
    "client_order_comments_query": '<paging>1</paging><date type="Modified"><min>2026-01-01T00:00:00Z</min></date>'
    f'<rate mode="LessThan" value="3"/><client_order_comment_id>{UUID}</client_order_comment_id>'
    "<order_fnac_id>x</order_fnac_id>",
    "client_order_comments_update": f'<comment id="{UUID}"><comment_reply>Merci</comment_reply></comment>',
    "shop_invoices_query": "<paging>1</paging><date><min>2026-01-01T00:00:00Z</min></date>",
}
BAD_TEXTS = ("", "x", "-1", "0", "99999", "0.5", "x" * 260, "2026-13-45", "57BEAFDA828A8", "<é>")


def request(service: str) -> etree._Element:
    ids = "" if service == "auth" else f'partner_id="{UUID}" shop_id="{UUID}" token="{UUID}"'
    counts = 'results_count="100"' if service.endswith("_query") and service in PAGED else ""
    return etree.fromstring(f'<{service} xmlns="{NAMESPACE}" {ids} {counts}>{FULL[service]}</{service}>')


PAGED = {
    "offers_query",
    "orders_query",
    "messages_query",
    "incidents_query",
    "client_order_comments_query",
    "shop_invoices_query",
}


def bent(root: etree._Element) -> Iterator[etree._Element]:
    """The request once per way of bending it: elements lost, doubled, moved, renamed, emptied, attributes too."""
    yield copy.deepcopy(root)
    count = sum(1 for _ in root.iter())
    for index in range(count):
        for change in (
            _drop,
            _double,
            _to_front,
            _rename,
            _add_attribute,
            _drop_attributes,
            _bend_attributes,
        ):
            changed = copy.deepcopy(root)
            change(list(changed.iter())[index])
            yield changed
        for text in BAD_TEXTS:
            changed = copy.deepcopy(root)
            node = list(changed.iter())[index]
            if not len(node):
                node.text = text
                yield changed


def _drop(node: etree._Element) -> None:
    if (parent := node.getparent()) is not None:
        parent.remove(node)


def _double(node: etree._Element) -> None:
    if (parent := node.getparent()) is not None:
        parent.append(copy.deepcopy(node))


def _to_front(node: etree._Element) -> None:
    if (parent := node.getparent()) is not None:
        parent.insert(0, node)


def _rename(node: etree._Element) -> None:
    node.tag = f"{{{NAMESPACE}}}renamed"


def _add_attribute(node: etree._Element) -> None:
    node.set("surprise", "1")


def _drop_attributes(node: etree._Element) -> None:
    node.attrib.clear()


def _bend_attributes(node: etree._Element) -> None:
    for name in node.attrib:
        node.set(name, "bent")


def official(service: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SPECS / "xsd" / f"{FILES[service]}.xsd"))


@pytest.mark.parametrize("service", sorted(SHAPES))
def test_it_refuses_what_the_official_schema_refuses_and_nothing_else(service: str) -> None:
    schema, root = official(service), request(service)
    schema.assertValid(root)
    judged = {True: 0, False: 0}
    for number, variant in enumerate(bent(root)):
        expected = schema.validate(variant)
        judged[expected] += 1
        found = first_error(service, variant)
        assert (found == "") == expected, (
            f"{number}: {etree.tostring(variant)!r}: {found or schema.error_log}"
        )
    assert judged[True] >= 1
    assert judged[False] >= 5


@pytest.mark.parametrize(
    "path", sorted((SPECS / "samples").glob("*_request.xml")), ids=lambda path: path.stem
)
def test_recorded_requests_are_judged_as_the_official_schema_judges_them(path: Path) -> None:
    text = (
        path.read_text("utf-8").replace("X" * 8, "1" * 8).replace("X" * 12, "1" * 12).replace("XXXX", "1111")
    )
    root = etree.fromstring(text.replace('"XXX"', f'"{UUID}"').encode())
    service = etree.QName(root).localname
    assert (first_error(service, root) == "") == official(service).validate(root)


def test_a_missing_reference_is_refused_in_the_recorded_words() -> None:
    recorded = (SPECS / "samples" / "update_offers_without_offer_reference_response.xml").read_text("utf-8")
    root = request("offers_update")
    node = root.find(f".//{{{NAMESPACE}}}offer_reference")
    assert node is not None
    _drop(node)
    words = first_error("offers_update", root)
    start = f"Element '{{{NAMESPACE}}}offer': Missing child element(s). Expected is"
    assert words.startswith(start)
    assert start in recorded
