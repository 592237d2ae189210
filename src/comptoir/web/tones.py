"""The tone of each status: waiting, action, progress, done, ended or alert. Colours are the stylesheet's."""

from __future__ import annotations

from comptoir.sdk.statuses import ORDER_STATUS_TONES

TONES: dict[str, str] = {
    **{status.value: tone for status, tone in ORDER_STATUS_TONES.items()},
    # runs and turns
    "running": "progress",
    "succeeded": "done",
    "partial": "action",
    "failed": "alert",
    "waiting": "waiting",
    "idle": "done",
    "never": "ended",
    # channels and turns
    "active": "done",
    "paused": "waiting",
    "suspended": "alert",
    # the ERP's side
    "sent": "progress",
    "confirmed": "done",
    "rejected": "alert",
    "not_needed": "ended",
    "to_decide": "action",
    "wanted": "progress",
    "asked": "done",
    "already": "done",
    "declined": "ended",
    "draft": "waiting",
    "to_send": "progress",
    "ordered": "progress",
    "partially_received": "progress",
    "received": "done",
    # shipments, cancellations, deliveries
    "to_confirm": "progress",
    "requested": "progress",
    "done": "done",
    "open": "action",
    "closed": "ended",
    "complete": "done",
    # offers
    "new": "waiting",
    "listed": "done",
}
