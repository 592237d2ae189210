"""Writes with an `Idempotency-Key` are done once, however often they are sent.

The row of the key, the work and the kept answer are one transaction: a crash leaves none of the three, and
a second call with the same key waits for the first one to end. A refusal (4xx, 5xx) is undone and not kept,
so that the same call may succeed later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from comptoir.accounts.models import ApiKey, KeptAnswer
from comptoir.api.problems import answer
from comptoir.core import clock
from comptoir.core.bulk import fetch
from comptoir.core.envelopes import open_envelope, sealer

HEADER = "Idempotency-Key"
LONGEST_NAME = 200
WRITES = ("POST", "PUT", "PATCH", "DELETE")
_CLAIM = """
INSERT INTO api_keptanswer (key_id, name, fingerprint, content_type, body, at) VALUES (%s, %s, %s, '', '', %s)
ON CONFLICT (key_id, name) DO NOTHING RETURNING id
"""


def once(
    request: HttpRequest, key: ApiKey, name: str, work: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """What `work` answers, or what it answered the first time."""
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        return answer(400, "bad_idempotency_key", f"An Idempotency-Key has 1 to {LONGEST_NAME} signs.")
    print_ = _fingerprint(request)
    with transaction.atomic():
        claimed = fetch(_CLAIM, [key.pk, name, print_, clock.now()])
        if not claimed:
            return _again(KeptAnswer.objects.get(key=key, name=name), print_, _about(key, name))
        told = work(request)
        if told.status_code < 400:
            KeptAnswer.objects.filter(pk=claimed[0][0]).update(
                status=told.status_code,
                content_type=told.headers.get("Content-Type", ""),
                body=sealer()(told.content, _about(key, name)),
            )
        elif getattr(request, "keeps_its_work", False):
            # What a flow wrote down of its failure is evidence: only the claim is taken back.
            KeptAnswer.objects.filter(pk=claimed[0][0]).delete()
        else:
            transaction.set_rollback(True)
        return told


def _about(key: ApiKey, name: str) -> str:
    """An answer may name the buyer of an order."""
    return f"answer {key.pk} {name}"


def _again(kept: KeptAnswer, print_: bytes, about: str) -> HttpResponse:
    if bytes(kept.fingerprint) != print_:
        return answer(
            422, "idempotency_key_reused", "This Idempotency-Key was sent with another call before."
        )
    told = HttpResponse(
        open_envelope(kept.body, about), status=kept.status or 200, content_type=kept.content_type
    )
    told["Idempotent-Replayed"] = "true"
    return told


def _fingerprint(request: HttpRequest) -> bytes:
    parts = (request.method or "", request.get_full_path(), request.headers.get("Content-Type", ""))
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + request.body).digest()
