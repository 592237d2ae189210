"""The types of texts and the lists of values that the shapes of requests are made of."""

from __future__ import annotations

from bazaar.fnac.schema import Attribute, Simple, one_of

TEXT, INTEGER, INT = Simple(), Simple("integer"), Simple("int")
INSTANT, COUNT, POSITIVE = Simple("dateTime"), Simple("nonNegativeInteger"), Simple("positiveInteger")
DECIMAL, BOOLEAN = Simple("decimal"), Simple("boolean")
UUID = Simple(pattern="[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
PRICE = Simple("decimal", facets=(("maxInclusive", "20000"), ("minExclusive", "0.89")))
QUANTITY = Simple("nonNegativeInteger", facets=(("maxInclusive", "9999"),))
ORDER_ID = Simple(facets=(("length", "13"),))
PROMOTION_CODE = Simple(pattern="[a-zA-Z0-9]+", facets=(("maxLength", "50"),))
PRODUCT_STATE = one_of("11 10 1 2 3 4 5 6 7 8")
ORDER_STATE = one_of("Created Accepted Refused ToShip Shipped NotReceived Received Cancelled Refunded Error")
ORDER_DATE = one_of("CreatedAt UpdatedAt AcceptedAt ReceivedAt DebitedAt ShippedAt RefusedAt CancelledAt")
OFFER_DATE = one_of("Created Modified")
COMPARISON = one_of("Equals LessThan GreaterThan LessThanOrEquals GreaterThanOrEquals")
PROMOTION = one_of("Sales Destocking GoodDeal Batch FlashSale FreeShipping")
REFUND_REASON = one_of(
    "other counterfeit retraction cancelled_client unmatch_article damaged_article unreceived_article "
    "returned_article no_stock shipping_impossible"
)
PRODUCT_REFERENCES = "FnacId PartnerId Ean Isbn PartNumber CnetId"
WHO = (
    Attribute("partner_id", UUID, required=True),
    Attribute("shop_id", UUID, required=True),
    Attribute("token", UUID),
    Attribute("key", UUID),
)
PAGED = (*WHO, Attribute("results_count", POSITIVE))
