"""auth: a key for a token that ends, and the check of the token on every other request."""

from __future__ import annotations

from datetime import datetime, timedelta

from lxml import etree

from bazaar.fnac.exchange import Call, RefusedError, add, child_text, reply_to
from bazaar.fnac.records import Session
from bazaar.fnac.shop import Shop


async def auth(call: Call) -> etree._Element:
    shop, given = (
        call.shop,
        {name: child_text(call.request, name) for name in ("partner_id", "shop_id", "key")},
    )
    ours = (shop.partner_id, shop.shop_id, shop.api_key)
    if (given["partner_id"].upper(), given["shop_id"].upper(), given["key"]) != ours:
        raise RefusedError("ERR_001", "Authentication failed: partner, shop or key is wrong.")
    session = open_session(shop)
    reply = reply_to("auth")
    add(reply, "token", session.token)
    add(reply, "validity", session.ends_at.isoformat())
    add(reply, "version", shop.settings.api_version)
    return reply


def open_session(shop: Shop) -> Session:
    """A new token; those that ended long ago are forgotten."""
    now = shop.now()
    for token in [t for t, s in shop.sessions.items() if s.ends_at < now - timedelta(days=1)]:
        del shop.sessions[token]
    ends_at = now + timedelta(minutes=shop.settings.session_minutes)
    session = Session(token=shop.new_uuid(), ends_at=ends_at)
    shop.sessions[session.token] = session
    return session


def check(shop: Shop, request: etree._Element) -> None:
    """RefusedError unless the request carries our ids and a token that lives."""
    ids = (str(request.get("partner_id")).upper(), str(request.get("shop_id")).upper())
    session = shop.sessions.get(str(request.get("token")))
    if ids != (shop.partner_id, shop.shop_id) or not _lives(session, shop.now()):
        words = "Authentication failed: the token is unknown or has ended."
        raise RefusedError(shop.settings.session_error, words)


def _lives(session: Session | None, now: datetime) -> bool:
    return session is not None and session.ends_at > now
