"""The counts of a run in words."""

from __future__ import annotations

from comptoir.sdk.i18n import N_

COUNTS = {
    "alerts_began": N_("alerts begun"),
    "alerts_ended": N_("alerts over"),
    "alerts_not_told": N_("alerts that could not be told"),
    "alerts_told": N_("alerts told"),
    "adopted": N_("offers adopted"),
    "answered": N_("orders answered"),
    "batches": N_("batches"),
    "changed": N_("changed"),
    "confirmed": N_("confirmed"),
    "created": N_("new"),
    "done": N_("done"),
    "drifts": N_("changed by somebody else"),
    "exchanges": N_("exchanges erased"),
    "issues": N_("issues"),
    "known": N_("known already"),
    "left_to_a_person": N_("left to a person"),
    "missed": N_("missed by the polls"),
    "older": N_("older news"),
    "offer_sent": N_("offers sent"),
    "orders_confirmed": N_("orders taken by the ERP"),
    "orders_sent": N_("orders sent"),
    "pages": N_("pages"),
    "price_sent": N_("prices sent"),
    "rejected": N_("rejected"),
    "requests": N_("requests"),
    "seen": N_("seen"),
    "shipments": N_("shipments"),
    "stock_sent": N_("quantities sent"),
    "unchanged": N_("unchanged"),
    "updated": N_("updated"),
}
