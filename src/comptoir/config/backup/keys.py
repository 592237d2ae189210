"""The sealing keys are never in a backup: whoever finds one must not be able to open the channels' passwords.

A backup names them by their prints, so that a restore can say at once whether the right ones are at hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def prints(keys: Sequence[str]) -> list[str]:
    """The first 16 hexadecimal digits of a digest: enough to recognise a key, useless to guess it."""
    return [hashlib.sha256(f"comptoir sealing key {key}".encode()).hexdigest()[:16] for key in keys]


def missing(wanted: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Prints of the keys that are not among `keys`."""
    known = set(prints(keys))
    return [mark for mark in wanted if mark not in known]
