"""What each service takes, as version 2.6 of Fnac Darty's API says it."""

from __future__ import annotations

from functools import cache
from typing import Any

from lxml import etree

from bazaar.fnac.requests_after_sale import AFTER_SALE_SHAPES
from bazaar.fnac.schema import (
    Attribute,
    Element,
    Shape,
    Simple,
    any_of,
    any_order,
    one_of,
    schema_for,
    sequence,
    texts,
)
from bazaar.fnac.vocabulary import (
    BOOLEAN,
    COMPARISON,
    COUNT,
    DECIMAL,
    INSTANT,
    INT,
    INTEGER,
    OFFER_DATE,
    ORDER_DATE,
    ORDER_ID,
    ORDER_STATE,
    PAGED,
    POSITIVE,
    PRICE,
    PRODUCT_REFERENCES,
    PRODUCT_STATE,
    PROMOTION,
    PROMOTION_CODE,
    QUANTITY,
    REFUND_REASON,
    TEXT,
    UUID,
    WHO,
)


def typed(types: str) -> Shape:
    return Shape(text=TEXT, attributes=(Attribute("type", one_of(types)),))


def between(date: Simple) -> Shape:
    return any_order(
        Element("min", INSTANT), Element("max", INSTANT), attributes=[Attribute("type", date, required=True)]
    )


AUTH = any_order(Element("partner_id", UUID, 1), Element("shop_id", UUID, 1), Element("key", TEXT, 1))

TRIGGERS = any_order(
    Element("trigger_cart", typed("MinSellerAmount MinSellerQuantity MinOfferQuantity")),
    Element("trigger_customer_type", one_of("all adherent"), 1),
    Element("trigger_promotion_code", PROMOTION_CODE),
)
PROMOTED = any_order(
    Element("sales_period_reference", TEXT),
    Element("promotion_uid", PROMOTION_CODE),
    Element("starts_at", INSTANT, 1),
    Element("ends_at", INSTANT, 1),
    Element("discount_type", one_of("percentage fixed")),
    Element("discount_value", DECIMAL),
    Element("triggers", TRIGGERS),
    attributes=[Attribute("type", PROMOTION)],
)
BELGIAN_PROMOTION = any_order(
    Element("price", PRICE, 1),
    Element("type", Simple("integer", values=("1", "2", "3", "4")), 1),
    Element("priority", COUNT, 1),
)
PICTURES = any_order(*(Element(f"picture_{number}", texts(255)) for number in (1, 2, 3, 4)))
OFFER = any_order(
    Element("product_reference", typed(PRODUCT_REFERENCES)),
    Element("offer_reference", typed("FnacId SellerSku"), 1),
    Element("price", PRICE),
    Element("product_state", PRODUCT_STATE),
    Element("quantity", QUANTITY),
    Element("description", texts(255)),
    Element("internal_comment", texts(255)),
    Element("showcase", COUNT),
    Element("instead_of_price", PRICE),
    Element("adherent_price", PRICE),
    Element("is_shipping_free", BOOLEAN),
    Element("promotion", PROMOTED),
    Element("promotions", sequence(Element("promotion", BELGIAN_PROMOTION, 1, None))),
    Element("treatment", one_of("delete")),
    Element("pictures", PICTURES),
    Element("logistic_type_id", texts(255)),
    Element("time_to_ship", INTEGER),
)
OFFERS_UPDATE = sequence(Element("offer", OFFER, 1, None), attributes=WHO)
OFFERS_QUERY = sequence(
    Element("paging", INT),
    any_of(
        Element("date", between(OFFER_DATE), 1),
        Element("quantity", Shape(attributes=(Attribute("mode", COMPARISON), Attribute("value", COUNT))), 1),
        Element("product_fnac_id", TEXT, 1),
        Element("offer_fnac_id", TEXT, 1),
        Element("offer_seller_id", TEXT, 1),
        Element("with_free_shipping", Shape(), 1),
        Element("promotion_types", sequence(Element("promotion_type", PROMOTION, 1, None)), 1),
        Element("promotion_uids", sequence(Element("promotion_uid", PROMOTION_CODE, 1, None)), 1),
    ),
    attributes=[*PAGED, Attribute("with_fees", TEXT)],
)
ORDERS_QUERY = sequence(
    Element("paging", INT),
    any_of(
        Element(
            "date",
            sequence(
                Element("min", INSTANT),
                Element("max", INSTANT),
                attributes=[Attribute("type", ORDER_DATE, required=True)],
            ),
            1,
        ),
        Element("state", ORDER_STATE, 1),
        Element("states", sequence(Element("state", ORDER_STATE, 0, None))),
        Element("sort_by", one_of("DESC ASC")),
        Element("product_fnac_id", TEXT, 1),
        Element("order_fnac_id", ORDER_ID, 1),
        Element("orders_fnac_id", sequence(Element("order_fnac_id", ORDER_ID, 0, 50))),
        Element("offer_fnac_id", TEXT, 1),
        Element("offer_seller_id", TEXT, 1),
    ),
    attributes=PAGED,
)
ORDER_DETAIL = any_order(
    Element("order_detail_id", POSITIVE),
    Element("action", one_of("Accepted Refused Shipped Refunded Updated Received"), 1),
    Element("tracking_number", texts(32)),
    Element("tracking_company", texts(100)),
    Element("tracking_client_id", texts(100)),
    Element("refund_reason", REFUND_REASON),
)
ORDER_ACTION = one_of(
    "accept_order confirm_to_send refund_order update accept_all_orders confirm_all_to_send update_all "
    "receive_all_order"
)
ORDERS_UPDATE = sequence(
    Element(
        "order",
        sequence(
            Element("order_detail", ORDER_DETAIL, 1, None),
            attributes=[
                Attribute("order_id", ORDER_ID, required=True),
                Attribute("action", ORDER_ACTION, required=True),
            ],
        ),
        1,
        None,
    ),
    attributes=WHO,
)
BATCH_QUERY = sequence(Element("date", between(one_of("Created"))), attributes=WHO)
BATCH_STATUS = sequence(Element("batch_id", TEXT, 1), attributes=WHO)
ERROR = Shape(
    text=TEXT, attributes=(Attribute("severity", one_of("WARNING ERROR FATAL")), Attribute("code", TEXT))
)
CARRIERS_QUERY = sequence(
    Element("error", ERROR, 0, None), Element("query", one_of("all"), 1), attributes=WHO
)
REFERENCE = Shape(
    text=Simple(pattern="([0-9X]|[A-Z])*"), attributes=(Attribute("type", one_of(PRODUCT_REFERENCES)),)
)
PRICING_QUERY = sequence(
    Element("product_reference", REFERENCE, 1, None),
    attributes=[*WHO, Attribute("sellers", one_of("all others"))],
)

SHAPES: dict[str, Shape] = {
    "auth": AUTH,
    "offers_update": OFFERS_UPDATE,
    "offers_query": OFFERS_QUERY,
    "orders_query": ORDERS_QUERY,
    "orders_update": ORDERS_UPDATE,
    "batch_query": BATCH_QUERY,
    "batch_status": BATCH_STATUS,
    "carriers_query": CARRIERS_QUERY,
    "pricing_query": PRICING_QUERY,
    **AFTER_SALE_SHAPES,
}


@cache
def schema_of(service: str) -> etree.XMLSchema:
    return schema_for(service, SHAPES[service])


def first_error(service: str, request: etree._Element) -> str:
    """libxml2's words on what is wrong, with the line; "" when the request is valid."""
    schema = schema_of(service)
    if schema.validate(request):
        return ""
    log: Any = schema.error_log  # lxml's stubs do not know that it is a sequence
    error = log[0]
    return f"{error.message} line: {error.line}"
