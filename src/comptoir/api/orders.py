"""Orders: read."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import AwareDatetime

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key
from comptoir.api.cursors import page_after
from comptoir.api.schemas import OrderOut, OrderPageOut
from comptoir.orders.models import Order

router = Router(tags=["orders"])
_ORDERS = Order.objects.select_related("channel").prefetch_related("lines")


@router.get("", response=OrderPageOut, auth=Key(Permission.SEE), summary="Orders, by their last change")
def list_orders(
    request: HttpRequest,
    cursor: str = "",
    updated_since: AwareDatetime | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    found = _ORDERS.all() if updated_since is None else _ORDERS.filter(updated_at__gte=updated_since)
    orders, following = page_after(found, "updated_at", cursor, limit)
    return {"orders": orders, "next_cursor": following}


@router.get("/{reference}", response=OrderOut, auth=Key(Permission.SEE), summary="One order")
def get_order(request: HttpRequest, reference: str) -> Order:
    return get_object_or_404(_ORDERS, reference=reference)
