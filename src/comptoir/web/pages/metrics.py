"""What Prometheus reads. Figures alone: no buyer, no order, no secret is in them."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST

from comptoir.flows.metrics import metrics_page
from comptoir.web.access import public

# Set by proxies: then the address that we see is the proxy's, and says nothing of who asks.
_BY_A_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """With the token where one is set (COMPTOIR_METRICS_TOKEN), else from this machine alone."""
    if not _may_read(request):
        return HttpResponse("A token is needed.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(metrics_page(), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    wanted: str = settings.METRICS_TOKEN
    if wanted:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), wanted.encode())
    direct = not any(name in request.META for name in _BY_A_PROXY)
    return direct and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
