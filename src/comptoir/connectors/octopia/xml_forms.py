"""What no public document settles about XML packages, in one place: change it here when an account shows more.

Sure (official pages): the ZIP's three parts, the namespace, `Full` and `StockAndPrice`, the attributes of an
offer, discounts of types StrikedPrice, Flash and Sales (1 to 3). The rest is named below and in the README.
"""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

PATH: Final = "/offer-integration-packages"
NAMESPACE: Final = (
    "clr-namespace:Cdiscount.Service.OfferIntegration.Pivot;assembly=Cdiscount.Service.OfferIntegration"
)
DOCUMENT_TYPE: Final = "http://cdiscount.com/uri/document"
# Documented: at most 40,000 offers in one package.
XML_LIMIT: Final = 40_000

# What stands in the place of a field's name when the address is the whole body.
BARE: Final = "-"
# Assumption: the numbers follow the order of the three words in the documentation.
DISCOUNT_TYPES: Final = {"StrikedPrice": "1", "Flash": "2", "Sales": "3"}
# Assumption: 1 is percent. A discount must keep above the floor if it were an amount, too.
PERCENT: Final = "1"
# 6 is in recorded packages for new articles; 1 follows the order of the words.
CONDITIONS: Final = {"New": "6", "UsedLikeNew": "1"}
# Recorded packages have words where JSON has the account's codes; a code that is not here goes as it is.
DELIVERY_NAMES: Final = {"STD": "Standard", "TRK": "Tracked", "REG": "Registered"}
# Assumption: dates without offset are those of French clocks.
CLOCK: Final = ZoneInfo("Europe/Paris")

# Names in answers, without case and underscores.
PACKAGE_IDS: Final = ("packageid", "id")
STATES: Final = ("packageintegrationstatus", "integrationstatus", "state", "status")
ITEM_LISTS: Final = ("offerloglist", "offerlogs", "offers", "items", "results")
REFERENCES: Final = ("sellerproductid", "sellerexternalreference", "sellerreference")
ITEM_STATES: Final = ("offerintegrationstatus", "integrationstatus", "status", "state")
REMARK_LISTS: Final = ("propertylist", "properties", "logs", "results", "errors")
REMARK_CODES: Final = ("propertycode", "resultcode", "errorcode", "code")
REMARK_WORDS: Final = ("logmessage", "message", "propertyerror", "description")
MESSAGES: Final = ("message", "errormessage")
PAGES: Final = ("pagecount", "numberofpages")
ENDED: Final = frozenset({"integrated", "completed", "done", "finished"})
FAILED: Final = frozenset({"rejected", "failed", "error", "refused", "cancelled"})
TAKEN: Final = frozenset({"integrated", "validated"})


def request_body(url: str, field: str) -> object:
    """`{field: url}`, or the bare address, as in the API before this one."""
    return url if field == BARE else {field: url}
