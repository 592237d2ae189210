"""Presigned documents: uploads and downloads without a token, for five minutes, as S3 does.

An upload must have the Content-Type that it was made for: another one is SignatureDoesNotMatch.
"""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from bazaar.amazon.account import Account
from bazaar.amazon.exchange import Call, stamp
from bazaar.amazon.records import Document


def new_upload(call: Call, content_type: str) -> Document:
    account = call.account
    document = Document(
        document_id=f"amzn1.tortuga.4.eu.{account.uuid()}",
        content_type=content_type,
        expires_at=call.now + timedelta(seconds=account.settings.link_s),
    )
    account.documents[document.document_id] = document
    return document


def store(account: Account, body: bytes, content_type: str) -> str:
    """A result that can be asked for later; its id. Compressed when the account's documents are."""
    compressed = account.settings.gzip
    document = Document(
        document_id=f"amzn1.spdoc.1.4.eu.{account.uuid()}",
        content_type=content_type,
        expires_at=account.now(),
        body=gzip.compress(body, mtime=0) if compressed else body,
        gzip=compressed,
    )
    account.documents[document.document_id] = document
    return document.document_id


def link(call: Call, document: Document) -> dict[str, object]:
    """The address of a document, good for five minutes from now."""
    document.expires_at = call.now + timedelta(seconds=call.account.settings.link_s)
    call.account.documents[document.document_id] = document
    shown: dict[str, object] = {"url": address(call, document)}
    return shown | ({"compressionAlgorithm": "GZIP"} if document.gzip else {})


def address(call: Call, document: Document) -> str:
    signature = f"X-Amz-Date={stamp(call.now)}&X-Amz-Expires={call.account.settings.link_s}"
    return call.url(f"/documents/{document.document_id}?{signature}&X-Amz-Signature=simulated")


def content_of(document: Document) -> bytes:
    """Uploads may be compressed by the client as well."""
    body = document.body or b""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def endpoint(account: Account) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        document = account.documents.get(str(request.path_params["document_id"]))
        if document is None:
            return _refused(404, "NoSuchKey", "The specified key does not exist.")
        if document.expires_at <= account.now():
            return _refused(403, "AccessDenied", "Request has expired")
        if request.method == "GET" and document.body is not None:
            return Response(document.body, 200, media_type=document.content_type)
        if request.method != "PUT":
            return _refused(405, "MethodNotAllowed", "The specified method is not allowed.")
        if request.headers.get("content-type") != document.content_type:
            return _refused(403, "SignatureDoesNotMatch", "The request signature does not match.")
        document.body = await request.body()
        account.documents[document.document_id] = document
        return Response(status_code=200)

    return serve


def _refused(status: int, code: str, message: str) -> Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(text, status, media_type="application/xml")
