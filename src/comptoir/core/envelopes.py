"""Personal data at rest: envelopes (AES-256-GCM) under data keys, which the installation's key seals in turn.

A data key serves for a day. Whoever has the database alone reads nothing; changing the installation's key closes
the data keys again, a few hundred rows, and touches none of what they sealed. An envelope is bound to what it is
*about*: moved to another row, it does not open.

    "\\0CS1" | key's number, 8 bytes | nonce, 12 | AES-GCM(form, 1 byte | text) with its tag, 16

No message of a channel begins with a NUL: what does not begin so was stored before there were envelopes.
"""

from __future__ import annotations

import os
import secrets
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from comptoir.core import clock
from comptoir.core.bulk import execute, fetch
from comptoir.core.sealing import CannotUnseal, seal, unseal

MARK = b"\x00CS1"
KEY_SERVES = timedelta(days=1)
PACKED_FROM = 2_000
"""Bytes. From there on PostgreSQL would pack a value itself, and it cannot pack what is sealed."""
_PLAIN, _PACKED = b"\x00", b"\x01"
_LOCK = 0x434F4D50  # "COMP": one process makes the key of the index
_CURRENT = """
(SELECT id, purpose, created_at FROM core_datakey WHERE purpose = 'contacts' ORDER BY created_at DESC, id LIMIT 1)
UNION ALL
(SELECT id, purpose, created_at FROM core_datakey WHERE purpose = 'index' ORDER BY created_at, id LIMIT 1)
"""
Seal = Callable[[bytes, str], bytes]
Stored: TypeAlias = "bytes | memoryview[int]"
"""As the driver gives a column of bytes."""


def sealer() -> Seal:
    """`seal(text, about)` under today's key. Asked for anew in each transaction: it may have been undone."""
    number, key = current_key("contacts")
    head, box = MARK + number.to_bytes(8, "big"), AESGCM(key)

    def close(text: bytes, about: str) -> bytes:
        nonce = os.urandom(12)
        packed = len(text) >= PACKED_FROM
        form = _PACKED + zlib.compress(text, 1) if packed else _PLAIN + text
        return head + nonce + box.encrypt(nonce, form, about.encode())

    return close


def is_sealed(stored: bytes) -> bool:
    return stored[:4] == MARK


def open_envelope(stored: Stored, about: str) -> bytes:
    """The text; as it is when it was stored before there were envelopes. Raises CannotUnseal."""
    stored = bytes(stored)
    if not is_sealed(stored):
        return stored
    box = AESGCM(data_key(int.from_bytes(stored[4:12], "big")))
    try:
        form = box.decrypt(stored[12:24], stored[24:], about.encode())
    except InvalidTag as error:
        raise CannotUnseal(f"The envelope of {about} was changed, or belongs elsewhere.") from error
    return zlib.decompress(form[1:]) if form[:1] == _PACKED else form[1:]


def seal_text(text: str, about: str) -> str:
    """For a place that holds text alone."""
    return MARK[1:].decode() + b64encode(sealer()(text.encode(), about)).decode()


def open_text(stored: str, about: str) -> str:
    mark = MARK[1:].decode()
    return (
        open_envelope(b64decode(stored[len(mark) :]), about).decode() if stored.startswith(mark) else stored
    )


def current_key(purpose: str) -> tuple[int, bytes]:
    """(number, key) of "contacts" or "index". The table is asked each time, the key is opened once."""
    found = {row[1]: row for row in fetch(_CURRENT)}
    known = found.get(purpose)
    if known is not None and (purpose == "index" or clock.now() - known[2] < KEY_SERVES):
        return known[0], data_key(known[0])
    return _new_key(purpose)


def _new_key(purpose: str) -> tuple[int, bytes]:
    if purpose == "index":
        # For good: the words of every buyer are hashed with it. Two of them would hide half of the buyers.
        execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if made := [row for row in fetch(_CURRENT) if row[1] == "index"]:
            return made[0][0], data_key(made[0][0])
    # Its number is chance: one that was undone with its transaction never becomes that of another key.
    number, key = secrets.randbits(63), secrets.token_bytes(32)
    execute(
        "INSERT INTO core_datakey (id, purpose, sealed, created_at) VALUES (%s, %s, %s, %s)",
        [number, purpose, seal({"key": b64encode(key).decode()}), clock.now()],
    )
    return number, key


@lru_cache(maxsize=1024)
def data_key(number: int) -> bytes:
    found = fetch("SELECT sealed FROM core_datakey WHERE id = %s", [number])
    if not found:
        raise CannotUnseal(f"The data key {number} is not in this database.")
    return b64decode(unseal(bytes(found[0][0]))["key"])
