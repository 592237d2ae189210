"""What writes with an Idempotency-Key were answered is kept for the time in which a caller may repeat them."""

from __future__ import annotations

from datetime import datetime

from comptoir.core.bulk import execute

# In slices: nobody who claims a key waits long behind the daily tidying.
SLICE = 20_000
_FORGET = """
DELETE FROM api_keptanswer WHERE id IN
    (SELECT id FROM api_keptanswer WHERE at < %(before)s ORDER BY at LIMIT %(slice)s FOR UPDATE SKIP LOCKED)
"""


def forget_answers(*, before: datetime) -> int:
    """How many rows are gone. A key that is sent again afterwards is a new call."""
    gone = 0
    while done := execute(_FORGET, {"before": before, "slice": SLICE}):
        gone += done
    return gone
