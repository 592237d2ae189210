"""The report of an XML package, read by whatever names it comes with: its form is not verified.

The legacy report has `PackageIntegrationStatus` and `OfferLogList` of {SellerProductId,
OfferIntegrationStatus, Validated, PropertyList: [{PropertyCode, LogMessage}]}; case and underscores are
disregarded. An offer is taken only on a word that we know, and never when `Validated` is false.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from comptoir.connectors.octopia import xml_forms as forms
from comptoir.sdk.records import Outcome, Verdict


class ReportPage(msgspec.Struct, frozen=True):
    """One page; `state` in small letters, "" when the report says none."""

    state: str
    verdicts: tuple[Verdict, ...]
    pages: int | None
    message: str = ""


def read_report(body: object) -> ReportPage:
    """A bare list is a list of offers."""
    if isinstance(body, list):
        return ReportPage("", _verdicts(body), None)
    names = _small(body)
    pages = _first(names, forms.PAGES)
    rows = _first_list(names, forms.ITEM_LISTS)
    count = int(pages) if pages.isdecimal() else None
    state, words = _first(names, forms.STATES).casefold(), _first(names, forms.MESSAGES)
    return ReportPage(state, _verdicts(rows), count, words)


def find_package_id(row: object) -> str:
    return _first(_small(row), forms.PACKAGE_IDS)


def _verdicts(rows: Sequence[object]) -> tuple[Verdict, ...]:
    return tuple(verdict for row in rows if (verdict := _verdict(row)))


def _verdict(row: object) -> Verdict | None:
    """None for a line that names no offer, or says nothing of it yet."""
    names = _small(row)
    sku, status = _first(names, forms.REFERENCES), _first(names, forms.ITEM_STATES)
    validated = names.get("validated")
    if not sku or (not status and not isinstance(validated, bool)):
        return None
    known = status.casefold() in forms.TAKEN if status else validated is True
    remarks = [_small(one) for one in _first_list(names, forms.REMARK_LISTS)]
    codes = [code for one in remarks if (code := _first(one, forms.REMARK_CODES))]
    words = [said for one in remarks if (said := _first(one, forms.REMARK_WORDS))]
    return Verdict(
        key=sku,
        outcome=Outcome.DONE if known and validated is not False else Outcome.REJECTED,
        code=codes[0] if codes else status,
        message="; ".join(words) or status,
    )


def _small(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    return {str(name).replace("_", "").casefold(): held for name, held in value.items()}


def _first(names: Mapping[str, Any], wanted: Sequence[str]) -> str:
    """The first that is there, as text; numbers too."""
    found = (names.get(name) for name in wanted)
    return next((str(one) for one in found if isinstance(one, str | int) and str(one)), "")


def _first_list(names: Mapping[str, Any], wanted: Sequence[str]) -> list[object]:
    return next((names[name] for name in wanted if isinstance(names.get(name), list)), [])
