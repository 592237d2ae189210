"""Amazon's marketplaces: identifier, country, region, currency and language.

Source: Selling Partner API documentation, "Marketplace IDs" and "SP-API Endpoints". A seller account
lives in one region: its marketplaces share the address, the credentials and every rate limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Region = Literal["eu", "na", "fe"]

ENDPOINTS: dict[Region, str] = {
    "eu": "https://sellingpartnerapi-eu.amazon.com",
    "na": "https://sellingpartnerapi-na.amazon.com",
    "fe": "https://sellingpartnerapi-fe.amazon.com",
}
LWA_TOKEN_URL = "https://api.amazon.com/auth/o2/token"  # noqa: S105 - an address


@dataclass(frozen=True)
class Marketplace:
    id: str
    country: str
    """ISO 3166-1 alpha-2."""
    region: Region
    currency: str
    locale: str
    domain: str
    prices_include_tax: bool = True


MARKETPLACES: tuple[Marketplace, ...] = (
    Marketplace("A13V1IB3VIYZZH", "FR", "eu", "EUR", "fr_FR", "amazon.fr"),
    Marketplace("A1PA6795UKMFR9", "DE", "eu", "EUR", "de_DE", "amazon.de"),
    Marketplace("A1RKKUPIHCS9HS", "ES", "eu", "EUR", "es_ES", "amazon.es"),
    Marketplace("APJ6JRA9NG5V4", "IT", "eu", "EUR", "it_IT", "amazon.it"),
    Marketplace("AMEN7PMS3EDWL", "BE", "eu", "EUR", "fr_BE", "amazon.com.be"),
    Marketplace("A1805IZSGTT6HS", "NL", "eu", "EUR", "nl_NL", "amazon.nl"),
    Marketplace("A1C3SOZRARQ6R3", "PL", "eu", "PLN", "pl_PL", "amazon.pl"),
    Marketplace("A2NODRKZP88ZB9", "SE", "eu", "SEK", "sv_SE", "amazon.se"),
    Marketplace("A28R8C7NBKEWEA", "IE", "eu", "EUR", "en_IE", "amazon.ie"),
    Marketplace("A1F83G8C2ARO7P", "GB", "eu", "GBP", "en_GB", "amazon.co.uk"),
    Marketplace("ATVPDKIKX0DER", "US", "na", "USD", "en_US", "amazon.com", prices_include_tax=False),
    Marketplace("A2EUQ1WTGCTBG2", "CA", "na", "CAD", "en_CA", "amazon.ca", prices_include_tax=False),
    Marketplace("A1AM78C64UM0Y8", "MX", "na", "MXN", "es_MX", "amazon.com.mx"),
    Marketplace("A2Q3Y263D00KWC", "BR", "na", "BRL", "pt_BR", "amazon.com.br"),
    Marketplace("A1VC38T7YXB528", "JP", "fe", "JPY", "ja_JP", "amazon.co.jp"),
    Marketplace("A39IBJ37TRP1C6", "AU", "fe", "AUD", "en_AU", "amazon.com.au"),
    Marketplace("A19VAU5U5O7RUS", "SG", "fe", "SGD", "en_SG", "amazon.sg"),
)
BY_ID = {place.id: place for place in MARKETPLACES}
BY_COUNTRY = {place.country: place for place in MARKETPLACES}


# Answers of Amazon's (documentation issues 3167 and models issue 4356): one quantity per SKU moves France,
# Germany, Spain and the others together. Nothing says so of the United Kingdom or of other regions.
ONE_QUANTITY = frozenset(p.country for p in MARKETPLACES if p.region == "eu" and p.country != "GB")


def prices_include_tax(marketplace_id: str) -> bool:
    """Unknown marketplaces are taken for European ones: tax inside the price."""
    place = BY_ID.get(marketplace_id)
    return place is None or place.prices_include_tax
