"""The internal API: `/api/v1`, described at `/api/v1/openapi.json`."""

from __future__ import annotations

from ninja import NinjaAPI

from comptoir.api import flows, orders
from comptoir.api.problems import install

# No page of documentation here: ninja's own needs scripts from elsewhere, which the policy refuses.
api = NinjaAPI(title="Comptoir", version="1", docs_url=None, urls_namespace="api-1")
install(api)
api.add_router("/orders", orders.router)
api.add_router("", flows.router)
