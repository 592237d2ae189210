"""Buyers and addresses. Before acceptance or debit Mirakl shows no address: there is none then."""

from __future__ import annotations

from comptoir.connectors.mirakl.countries import alpha_2
from comptoir.connectors.mirakl.payloads import AddressPayload, OrderPayload
from comptoir.sdk.records import Address, Buyer


def parse_buyer(payload: OrderPayload) -> Buyer:
    customer = payload.customer
    if customer is None:
        return Buyer(email=payload.customer_notification_email or "")
    shipping = customer.shipping_address
    return Buyer(
        external_id=customer.customer_id or "",
        name=_joined(" ", customer.firstname, customer.lastname),
        email=payload.customer_notification_email or "",
        phone=(shipping.phone or shipping.phone_secondary or "") if shipping else "",
        locale=customer.locale or "",
    )


def parse_address(address: AddressPayload | None) -> Address | None:
    """None where nothing of the address is told."""
    if address is None or not (address.street_1 or address.city or address.lastname):
        return None
    return Address(
        name=_joined(" ", address.firstname, address.lastname),
        company=_joined(", ", address.company, address.company_2),
        street_1=(address.street_1 or "").strip(),
        street_2=_joined(", ", address.street_2, address.additional_info),
        postcode=(address.zip_code or "").strip(),
        city=(address.city or "").strip(),
        region=(address.state or "").strip(),
        country=alpha_2(address.country_iso_code or "", address.country or ""),
        phone=(address.phone or address.phone_secondary or "").strip(),
    )


def _joined(separator: str, *parts: str | None) -> str:
    return separator.join(part.strip() for part in parts if part and part.strip())
