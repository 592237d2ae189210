"""Restricted data tokens (2021-03-01): still needed to download the reports that hold personal data.

Orders 2026-01-01 gives personal data by the application's roles and needs none. Without the token the
fields are silently empty.
"""

from __future__ import annotations

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.payload import Payload
from comptoir.connectors.amazon.reports import ReportDesk

RESTRICTED_REPORTS = frozenset(
    {
        "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING",
        "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING",
        "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING",
    }
)
_PATH = "/tokens/2021-03-01/restrictedDataToken"


class _Restricted(Payload, frozen=True, kw_only=True):
    restricted_data_token: str


def restricted_token(client: AmazonClient, method: str, path: str) -> str:
    """Good for an hour and for this very path."""
    body = {"restrictedResources": [{"method": method, "path": path}]}
    return client.ask("createRestrictedDataToken", _PATH, body).json(_Restricted).restricted_data_token


def download_restricted(client: AmazonClient, desk: ReportDesk, document_id: str) -> bytes:
    token = restricted_token(client, "GET", f"/reports/2021-06-30/documents/{document_id}")
    return desk.download(document_id, token=token)
