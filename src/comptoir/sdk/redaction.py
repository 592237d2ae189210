"""Keeps secrets and personal data out of traces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

HIDDEN = "[redacted]"

_SECRET_NAMES = """
    authorization cookie set-cookie x-api-key api_key apikey key token access_token refresh_token
    client_secret secret password x-amz-access-token signature x-amz-signature
    x-amz-security-token restricteddatatoken
""".split()
_PERSONAL_NAMES = """
    firstname first_name lastname last_name fullname full_name customer_name buyer_name buyername name_prefix
    email mail e_mail customer_notification_email phone phone_secondary mobile telephone street_1 street_2
    address1 address2 address3 address_line_1 address_line_2 addressline1 addressline2 additional_info
    internal_additional_info zip_code zipcode postal_code postcode postalcode iban bic
    tax_identification_number nif buyeremail buyercompanyname legalname taxregistrationnumber
    client_firstname client_lastname client_email client_name message_from adherent_number
""".split()


class Redactor:
    """Replaces the values of known names in headers, query strings, JSON, XML and CSV headed by them.

    `secrets` are literal values (keys, tokens) that are removed wherever they stand. `names` are hidden
    besides the usual ones: a protocol that calls a buyer plainly `name` says so.
    """

    def __init__(self, secrets: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._secrets = sorted((s for s in secrets if len(s) >= 4), key=len, reverse=True)
        hidden = "|".join(map(re.escape, [*_SECRET_NAMES, *_PERSONAL_NAMES, *names]))
        self._json = re.compile(rf'("(?:{hidden})"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|-?[\d.eE+]+)', re.IGNORECASE)
        self._xml = re.compile(rf"(<(?:\w+:)?({hidden})(?:\s[^>]*)?>)(?:(?!</).)*", re.IGNORECASE | re.DOTALL)
        self._xml_attribute = re.compile(rf'(\s(?:{hidden})=")[^"]*', re.IGNORECASE)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {n: HIDDEN if n.lower() in _SECRET_NAMES else self._literal(v) for n, v in headers.items()}

    def url(self, url: str) -> str:
        parts = urlsplit(url)
        hidden = set(_SECRET_NAMES) | set(_PERSONAL_NAMES)
        query = [
            (n, HIDDEN if n.lower() in hidden else v)
            for n, v in parse_qsl(parts.query, keep_blank_values=True)
        ]
        return (
            self._literal(urlunsplit(parts._replace(query=urlencode(query, safe="[],|:")))) if query else url
        )

    def body(self, text: str) -> str:
        text = self._json.sub(rf'\g<1>"{HIDDEN}"', text)
        text = self._xml.sub(rf"\g<1>{HIDDEN}", text)
        return self._literal(self._xml_attribute.sub(rf"\g<1>{HIDDEN}", text))

    def _literal(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text
