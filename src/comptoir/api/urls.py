"""The internal API: `/api/v1`, described at `/api/v1/openapi.json`, explained in the back-office."""

from __future__ import annotations

from comptoir.api import (
    calendars,
    channels,
    events,
    explanations,
    files,
    flows,
    issues,
    lead_times,
    offer_history,
    offer_imports,
    offers,
    order_actions,
    orders,
    products,
    purchase_orders,
    quantity_rules,
    shipments,
    stock,
    stock_moves,
)
from comptoir.api.description import HubApi
from comptoir.api.problems import install

api = HubApi(
    title="Comptoir",
    version="1",
    docs_url=None,  # ninja's own page needs scripts from elsewhere; ours is in the back-office
    urls_namespace="api-1",
    description="Orders, stock, offers and flows of every channel, in one place.",
)
install(api)
api.add_router("/orders", orders.router)
api.add_router("/orders", order_actions.router)
api.add_router("/shipments", shipments.router)
api.add_router("/products", products.router)
api.add_router("/purchase-orders", purchase_orders.router)
api.add_router("/stock", stock.router)
api.add_router("/offers", offer_history.router)
api.add_router("/offers", offer_imports.router)
api.add_router("/stock-moves", stock_moves.router)
api.add_router("/offers", offers.router)
api.add_router("/offers", explanations.router)
api.add_router("/quantity-rules", quantity_rules.router)
api.add_router("/offers", lead_times.offers)
api.add_router("/lead-times", lead_times.router)
api.add_router("/calendars", calendars.router)
api.add_router("/channels", channels.router)
api.add_router("", flows.router)
api.add_router("/issues", issues.router)
api.add_router("/events", events.router)
api.add_router("/files", files.router)
