"""What the services that come after the sale take: messages, incidents, comments, invoices."""

from __future__ import annotations

from bazaar.fnac.schema import Attribute, Element, Shape, Simple, any_of, any_order, one_of, sequence, texts
from bazaar.fnac.vocabulary import (
    COMPARISON,
    COUNT,
    INSTANT,
    INT,
    OFFER_DATE,
    ORDER_DATE,
    ORDER_ID,
    PAGED,
    POSITIVE,
    REFUND_REASON,
    TEXT,
    UUID,
    WHO,
)

INCIDENT_DATE = one_of("CreatedAt UpdatedAt ClosedAt")
INCIDENT_KIND = one_of(" ".join(map(str, range(19))))
INCIDENT_END = one_of(" ".join(map(str, range(23))))
BY = one_of("client call-center seller unknown")
TRUTH, WAY = one_of("TRUE FALSE"), one_of("DESC ASC")
MESSAGE_KIND = one_of("OFFER ORDER")


def dated(date: Simple | None) -> Shape:
    given = [Attribute("type", date, required=True)] if date else []
    return sequence(Element("min", INSTANT), Element("max", INSTANT), attributes=given)


MESSAGES_QUERY = sequence(
    Element("paging", INT),
    any_of(
        Element("date", dated(ORDER_DATE), 1),
        Element("message_type", MESSAGE_KIND, 1),
        Element("message_archived", TRUTH, 1),
        Element("message_state", one_of("READ UNREAD"), 1),
        Element("message_id", UUID, 1),
        Element("product_fnac_id", TEXT, 1),
        Element("order_fnac_id", TEXT, 1),
        Element("offer_fnac_id", TEXT, 1),
        Element("offer_seller_id", TEXT, 1),
        Element(
            "sort_by",
            Shape(text=one_of("CREATED_AT UPDATED_AT"), attributes=(Attribute("type", WAY, required=True),)),
            1,
        ),
        Element(
            "message_from_types",
            sequence(Element("from_type", one_of("CLIENT CALLCENTER SELLER SYSTEM"), 0, None)),
        ),
    ),
    attributes=PAGED,
)
MESSAGE = any_order(
    Element("message_to", one_of("CALLCENTER CLIENT ALL")),
    Element(
        "message_subject",
        one_of(
            "product_information shipping_information order_information offer_problem offer_not_received "
            "other_question"
        ),
    ),
    Element("message_description", TEXT),
    Element("message_type", MESSAGE_KIND),
    attributes=[
        Attribute(
            "action",
            one_of(
                "mark_as_read mark_as_unread archive mark_as_read_and_archive unarchive reply create "
                "confirm_shop_delivery"
            ),
            required=True,
        ),
        Attribute("id", TEXT, required=True),
    ],
)
MESSAGES_UPDATE = sequence(Element("message", MESSAGE, 1, None), attributes=WHO)
INCIDENTS_QUERY = sequence(
    Element("paging", INT),
    any_of(
        Element("date", dated(INCIDENT_DATE), 1),
        Element("status", one_of("OPENED CLOSED")),
        Element("type", INCIDENT_KIND),
        Element("types", sequence(Element("type", INCIDENT_KIND, 0, None)), 1),
        Element("incident_id", UUID, 1),
        Element("incidents_id", sequence(Element("incident_id", UUID, 0, None)), 1),
        Element("closed_statuses", sequence(Element("closed_status", INCIDENT_END, 0, None)), 1),
        Element("closed_status", INCIDENT_END, 1),
        Element("waiting_for_seller_answer", TRUTH),
        Element("opened_by", BY),
        Element("closed_by", BY),
        Element("sort_by", WAY),
        Element("order", ORDER_ID),
        Element("orders", sequence(Element("order", ORDER_ID, 0, 50))),
    ),
    attributes=PAGED,
)
INCIDENTS_UPDATE = sequence(
    Element(
        "order",
        sequence(
            Element(
                "order_detail",
                any_order(Element("order_detail_id", POSITIVE), Element("refund_reason", REFUND_REASON)),
                1,
                None,
            ),
            attributes=[
                Attribute("incident_id", UUID),
                Attribute("order_id", ORDER_ID),
                Attribute("action", one_of("refund"), required=True),
            ],
        ),
        1,
        None,
    ),
    attributes=WHO,
)
COMMENTS_QUERY = sequence(
    Element("paging", INT),
    any_of(
        Element("date", dated(OFFER_DATE), 1),
        Element("rate", Shape(attributes=(Attribute("mode", COMPARISON), Attribute("value", COUNT))), 1),
        Element("client_order_comment_id", UUID, 1),
        Element("order_fnac_id", TEXT, 1),
    ),
    attributes=PAGED,
)
COMMENTS_UPDATE = sequence(
    Element(
        "comment",
        sequence(Element("comment_reply", texts(255), 1), attributes=[Attribute("id", UUID, required=True)]),
        1,
        None,
    ),
    attributes=WHO,
)
INVOICES_QUERY = sequence(Element("paging", INT), any_of(Element("date", dated(None), 1)), attributes=PAGED)

AFTER_SALE_SHAPES: dict[str, Shape] = {
    "messages_query": MESSAGES_QUERY,
    "messages_update": MESSAGES_UPDATE,
    "incidents_query": INCIDENTS_QUERY,
    "incidents_update": INCIDENTS_UPDATE,
    "client_order_comments_query": COMMENTS_QUERY,
    "client_order_comments_update": COMMENTS_UPDATE,
    "shop_invoices_query": INVOICES_QUERY,
}
