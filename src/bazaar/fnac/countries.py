"""Fnac writes countries with the three letters of ISO 3166-1."""

from __future__ import annotations

_ALPHA_3 = {
    "FR": "FRA", "BE": "BEL", "LU": "LUX", "MC": "MCO", "ES": "ESP", "PT": "PRT", "CH": "CHE", "DE": "DEU",
    "IT": "ITA", "NL": "NLD", "GB": "GBR", "IE": "IRL", "AT": "AUT", "GP": "GLP", "MQ": "MTQ", "GF": "GUF",
    "RE": "REU", "YT": "MYT",
}  # fmt: skip


def alpha_3(code: str) -> str:
    return _ALPHA_3.get(code, code)
