"""A healthy Fnac in a few lines: answers written by hand, one function per service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from lxml import etree

from comptoir.connectors.fnac.xml import NAMESPACE
from comptoir.sdk.testing import Scripted, SeenRequest

PARTNER = "11111111-2222-3333-4444-555555555555"
SHOP = "AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE"
KEY = "key-0123456789"
TOKEN = "61DF8A84-4465-7D36-20A4-00F941207026"
BATCH = "5D239E08-F6C1-8965-F2FA-7EFCC9E7BAD1"
SETTINGS = {"partner_id": PARTNER, "shop_id": SHOP, "key": KEY, "shop_name": "Chez Nous", "history_days": 1}

Answers = dict[str, Callable[[etree._Element], str]]


def settings(url: str, **others: object) -> dict[str, object]:
    return {**SETTINGS, "base_url": url, **others}


def service_of(request: SeenRequest) -> str:
    return request.path.rpartition("/")[2]


def reply(service: str, content: str, status: str = "OK") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><{service}_response status="{status}" xmlns="{NAMESPACE}">'
        f"{content}</{service}_response>"
    )


def error(code: str, message: str = "no", severity: str = "ERROR") -> str:
    return f'<error severity="{severity}" code="{code}">{escape(message)}</error>'


def auth(_: etree._Element) -> str:
    return reply(
        "auth",
        f"<token>{TOKEN}</token><validity>2036-01-01T00:00:00+02:00</validity><version>2.6.0</version>",
    )


def line(number: int = 1, state: str = "ToShip", quantity: int = 2, **fields: str) -> str:
    values = {
        "product_name": "Un article",
        "order_detail_id": str(number),
        "state": state,
        "quantity": str(quantity),
        "price": "10.00",
        "fees": "2.40",
        "product_fnac_id": "2703768",
        "offer_fnac_id": "8D7472DB-7EAF-CE05-A960-FC12B812FA14",
        "offer_seller_id": f"SKU-{number}",
        "product_state": "11",
        "shipping_price": "3.50",
        "shipping_method": "21",
        "created_at": "2026-11-23T10:00:00+01:00",
        **fields,
    }
    return (
        "<order_detail>" + "".join(f"<{n}>{escape(v)}</{n}>" for n, v in values.items()) + "</order_detail>"
    )


ADDRESS = (
    "<firstname>Zoé</firstname><lastname>L'Hermitte</lastname><company/><address1>1 rue de la Paix</address1>"
    "<address2>Bât. C</address2><zipcode>75002</zipcode><city>PARIS</city><country>FRA</country>"
    "<phone>0102030405</phone>"
)


def order(order_id: str, state: str = "ToShip", lines: Sequence[str] = (), address: str = ADDRESS) -> str:
    found = "".join(lines) or line(state=state if state != "Created" else "ToAccept")
    return (
        f"<order><shop_id>{SHOP}</shop_id><client_id>cccac40a-dd89-4b32-a5a0-d719b1f8066f</client_id>"
        "<client_firstname>Zoé</client_firstname><client_lastname>L'Hermitte</client_lastname>"
        f"<order_id>{order_id}</order_id><state>{state}</state><created_at>2026-11-23T10:00:00+01:00</created_at>"
        f"<fees>2.40</fees><vat_rate>20</vat_rate><nb_messages>0</nb_messages>"
        f"<shipping_address>{address}</shipping_address><billing_address>{address}</billing_address>"
        f"{found}</order>"
    )


def orders_page(orders: Sequence[str], *, page: int = 1, pages: int = 1, total: int | None = None) -> str:
    count = len(orders) if total is None else total
    head = (
        f"<page>{page}</page><total_paging>{pages}</total_paging><nb_total_per_page>100</nb_total_per_page>"
        f"<nb_total_result>{count}</nb_total_result>"
    )
    return reply("orders_query", head + "".join(orders))


def orders_update(request: etree._Element) -> str:
    taken = "".join(
        f"<order><status>OK</status><order_id>{node.get('order_id')}</order_id></order>" for node in request
    )
    return reply("orders_update", taken)


def offer(sku: str = "SKU-1", price: str = "19.90", quantity: int = 3) -> str:
    return (
        "<offer><product_name>Un article</product_name><product_fnac_id>2703768</product_fnac_id>"
        f"<offer_fnac_id>OFFER-{sku}</offer_fnac_id><offer_seller_id>{sku}</offer_seller_id>"
        f"<product_state>11</product_state><price>{price}</price><fee_excluding_taxes>2</fee_excluding_taxes>"
        f"<fee_including_all_taxes>2.40</fee_including_all_taxes><quantity>{quantity}</quantity>"
        "<description>Neuf</description><internal_comment></internal_comment><time_to_ship>2</time_to_ship>"
        "</offer>"
    )


def pricing(request: etree._Element) -> str:
    products = "".join(
        f'<pricing_product><product_reference type="Ean">{node.text}</product_reference>'
        "<product_name>Un article</product_name><pricing type='professional'><seller>Autre</seller>"
        "<price>18</price><shipping_price>2</shipping_price><offer_status>11</offer_status></pricing>"
        "</pricing_product>"
        for node in request
    )
    return reply("pricing_query", products)


MESSAGE = (
    f'<message state="UNREAD" archived="FALSE"><message_id>{BATCH}</message_id>'
    '<message_referer type="ORDER">57BEAFDA828A8</message_referer><message_from type="CLIENT">Zoé</message_from>'
    "<message_subject>Question</message_subject><message_description>Bonjour ?</message_description>"
    "<created_at>2026-11-23T10:00:00+01:00</created_at><updated_at>2026-11-23T10:00:00+01:00</updated_at></message>"
)
REVIEW = (
    "<client_order_comment><rate>4</rate><order_fnac_id>57BEAFDA828A8</order_fnac_id>"
    f"<client_order_comment_id>{BATCH}</client_order_comment_id><client_name>Zoé</client_name>"
    "<comment>Bien emballé</comment><is_received>true</is_received><is_fast>true</is_fast>"
    "<is_well_packed>true</is_well_packed><is_good_shape>true</is_good_shape>"
    "<created_at>2026-11-23T10:00:00+01:00</created_at></client_order_comment>"
)
INVOICE = (
    f"<shop_invoice><invoice_id>{BATCH}</invoice_id><url>https://f.example/i.pdf</url>"
    "<report_url>https://f.example/r.csv</report_url><created_at>2026-11-23T10:00:00+01:00</created_at>"
    "<transfer_amount>81.40</transfer_amount><tva>2.40</tva><order_amount>90.00</order_amount>"
    "<shipping_amount>10.00</shipping_amount><fee_tax_inc_amount>14.40</fee_tax_inc_amount>"
    "<subscription_tax_inc_amount>4.20</subscription_tax_inc_amount></shop_invoice>"
)


def healthy(**others: Callable[[etree._Element], str]) -> Callable[[SeenRequest], Scripted]:
    """A server where everything goes well, but for what `others` say by service."""
    answers: Answers = {
        "auth": auth,
        "carriers_query": lambda _: reply(
            "carriers_query", '<carrier code="SOCOLISSIMO" global="1"><name>SoColissimo</name></carrier>'
        ),
        "orders_query": lambda _: orders_page([order("57BEAFDA828A8")]),
        "orders_update": orders_update,
        "offers_query": lambda _: reply("offers_query", offer()),
        "offers_update": lambda _: reply("offers_update", f"<batch_id>{BATCH}</batch_id>"),
        "batch_status": lambda _: reply("batch_status", f"<batch_id>{BATCH}</batch_id>"),
        "pricing_query": pricing,
        "messages_query": lambda _: reply("messages_query", MESSAGE),
        "incidents_query": lambda _: reply("incidents_query", ""),
        "client_order_comments_query": lambda _: reply("client_order_comments_query", REVIEW),
        "shop_invoices_query": lambda _: reply("shop_invoices_query", INVOICE),
        "messages_update": lambda _: reply("messages_update", f'<message status="OK" id="{BATCH}"/>'),
        "client_order_comments_update": lambda _: reply(
            "client_order_comments_update", f'<comment status="OK" id="{BATCH}"/>'
        ),
        **others,
    }
    return lambda request: xml_answer(answers[service_of(request)](etree.fromstring(request.body)))


def xml_answer(body: str) -> Scripted:
    return Scripted(body=body.encode(), content_type="text/xml; charset=utf-8")


def asked(request: etree._Element, name: str) -> str:
    """The text of the first element of that name in a request."""
    found = request.find(f".//{{{NAMESPACE}}}{name}")
    return "" if found is None else found.text or ""


def instant(value: str) -> datetime:
    return datetime.fromisoformat(value)
