"""The European marketplaces of one account (documentation, "Marketplace IDs")."""

from __future__ import annotations

import msgspec


class Place(msgspec.Struct, frozen=True):
    id: str
    country: str
    currency: str
    language: str
    domain: str

    @property
    def name(self) -> str:
        return f"Amazon.{self.domain.removeprefix('amazon.')}"


PLACES = {
    place.country: place
    for place in (
        Place("A13V1IB3VIYZZH", "FR", "EUR", "fr_FR", "amazon.fr"),
        Place("A1PA6795UKMFR9", "DE", "EUR", "de_DE", "amazon.de"),
        Place("A1RKKUPIHCS9HS", "ES", "EUR", "es_ES", "amazon.es"),
        Place("APJ6JRA9NG5V4", "IT", "EUR", "it_IT", "amazon.it"),
        Place("AMEN7PMS3EDWL", "BE", "EUR", "fr_BE", "amazon.com.be"),
        Place("A1805IZSGTT6HS", "NL", "EUR", "nl_NL", "amazon.nl"),
        Place("A28R8C7NBKEWEA", "IE", "EUR", "en_IE", "amazon.ie"),
        Place("A1C3SOZRARQ6R3", "PL", "PLN", "pl_PL", "amazon.pl"),
        Place("A2NODRKZP88ZB9", "SE", "SEK", "sv_SE", "amazon.se"),
        Place("A1F83G8C2ARO7P", "GB", "GBP", "en_GB", "amazon.co.uk"),
    )
}
