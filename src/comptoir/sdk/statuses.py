"""Our statuses, defined once: value, label, meaning, what may follow.

A channel's own code is always kept beside ours. A code that a connector does not know becomes
`UNKNOWN` and an Issue; it never breaks a read.
"""

from __future__ import annotations

from enum import StrEnum

from comptoir.sdk.i18n import N_


class OrderStatus(StrEnum):
    """Where an order, or one of its lines, stands."""

    PENDING = "pending"
    """The channel is still checking payment or fraud: the units are promised, nothing may be shipped."""
    TO_ACCEPT = "to_accept"
    """The channel waits for our yes or no."""
    ACCEPTED = "accepted"
    """We said yes; the buyer's payment is being collected."""
    TO_SHIP = "to_ship"
    """Paid and ours to ship."""
    PARTIALLY_SHIPPED = "partially_shipped"
    """Some lines or units have left (orders only)."""
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    """Received by the buyer, or closed by the channel."""
    REFUSED = "refused"
    """We said no, or did not answer in time."""
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    """Everything was given back to the buyer after shipping."""
    UNKNOWN = "unknown"
    """The channel used a code that the connector does not know yet."""

    @property
    def label(self) -> str:
        return ORDER_STATUS_LABELS[self]

    @property
    def tone(self) -> str:
        """The colour family of its badge: waiting, action, progress, done, ended or alert."""
        return ORDER_STATUS_TONES[self]

    @property
    def reserves(self) -> bool:
        """Do its units still have to be kept for the buyer?"""
        return self in RESERVING

    @property
    def is_final(self) -> bool:
        return self in FINAL

    def may_become(self, other: OrderStatus) -> bool:
        return other is self or other in ORDER_TRANSITIONS[self]


S = OrderStatus

ORDER_STATUS_LABELS: dict[OrderStatus, str] = {
    S.PENDING: N_("Pending"),
    S.TO_ACCEPT: N_("To accept"),
    S.ACCEPTED: N_("Accepted"),
    S.TO_SHIP: N_("To ship"),
    S.PARTIALLY_SHIPPED: N_("Partially shipped"),
    S.SHIPPED: N_("Shipped"),
    S.DELIVERED: N_("Delivered"),
    S.REFUSED: N_("Refused"),
    S.CANCELLED: N_("Cancelled"),
    S.REFUNDED: N_("Refunded"),
    S.UNKNOWN: N_("Unknown"),
}

ORDER_STATUS_TONES: dict[OrderStatus, str] = {
    S.PENDING: "waiting",
    S.TO_ACCEPT: "action",
    S.ACCEPTED: "waiting",
    S.TO_SHIP: "action",
    S.PARTIALLY_SHIPPED: "progress",
    S.SHIPPED: "progress",
    S.DELIVERED: "done",
    S.REFUSED: "ended",
    S.CANCELLED: "ended",
    S.REFUNDED: "ended",
    S.UNKNOWN: "alert",
}

RESERVING = frozenset({S.PENDING, S.TO_ACCEPT, S.ACCEPTED, S.TO_SHIP, S.PARTIALLY_SHIPPED, S.UNKNOWN})
FINAL = frozenset({S.REFUSED, S.CANCELLED, S.REFUNDED})

_ENDS = frozenset({S.REFUSED, S.CANCELLED})
# A poll can miss steps, so a status may jump forward over others. It never goes back: news that would
# is older than what we have. UNKNOWN stands outside the order: it may come from and go to anywhere.
_FORWARD = (S.PENDING, S.TO_ACCEPT, S.ACCEPTED, S.TO_SHIP, S.PARTIALLY_SHIPPED, S.SHIPPED, S.DELIVERED)
ORDER_TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    status: frozenset(_FORWARD[rank + 1 :])
    | (_ENDS if rank < _FORWARD.index(S.SHIPPED) else frozenset())
    | {S.REFUNDED, S.UNKNOWN}
    for rank, status in enumerate(_FORWARD)
} | {
    S.REFUSED: frozenset(),
    # A cancelled order that was already debited ends refunded on several channels.
    S.CANCELLED: frozenset({S.REFUNDED}),
    S.REFUNDED: frozenset(),
    S.UNKNOWN: frozenset(S),
}


class ImportState(StrEnum):
    """Where a submission stands on the other side."""

    PENDING = "pending"
    COMPLETE = "complete"
    """Read to the end; single items may still have been refused."""
    FAILED = "failed"
    """Nothing in it was taken."""
