"""What every call of the API goes through: its key, its rate, its Idempotency-Key, its ETag, gzip.

Outermost first. A page of the back-office passes untouched.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

from comptoir.accounts.keys import find_api_key
from comptoir.accounts.models import ApiKey
from comptoir.api.idempotency import HEADER, WRITES, once
from comptoir.api.problems import answer
from comptoir.core import clock
from comptoir.core.throttle import PostgresThrottle
from comptoir.journal.audit import Origin, coming_from
from comptoir.sdk.http import Limit

ROOT = "/api/v1/"
STRANGERS = Limit(rate=1.0, burst=60)
"""Calls without a living key, by address: enough to read the description, too few to guess at keys."""
BARE = {
    404: ("not_found", "Nothing has this address."),
    405: ("method_not_allowed", "This address takes other methods: see Allow."),
    500: ("fault_of_ours", "Something broke here. It was written down; the same call may work later."),
}
Answer = Callable[[HttpRequest], HttpResponse]


def api_calls(get_response: Answer) -> Answer:
    zip_ = GZipMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ROOT):
            return get_response(request)
        key = _key_of(request)
        request.api_key = key  # type: ignore[attr-defined]
        wait, limit, left = _spend(request, key)
        if wait > 0:
            told: HttpResponse = answer(429, "too_many_calls", "Wait as long as Retry-After says.")
            told["Retry-After"] = str(math.ceil(wait))
        else:
            origin = Origin(request.META.get("REMOTE_ADDR") or None, key.prefix if key else "")
            with coming_from(origin):
                told = _answer(request, key, get_response)
        if told.status_code in BARE and not told.headers.get("Content-Type", "").startswith("application/"):
            told = _problem_for(told)  # Django's own pages: no such address, no such method
        _say_limit(told, limit, left)
        told = _with_etag(request, told)
        return zip_.process_response(request, told)  # type: ignore[return-value]

    return middleware


def _answer(request: HttpRequest, key: ApiKey | None, get_response: Answer) -> HttpResponse:
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return answer(400, "bad_request", "A NUL sign in the address: nothing here has such a name.")
    name = request.headers.get(HEADER)
    if key is None or name is None or request.method not in WRITES:
        return get_response(request)
    try:
        return once(request, key, name, get_response)
    except RequestDataTooBig:
        return answer(413, "too_big", "The body is too big: send fewer rows at once.")


def _problem_for(told: HttpResponse) -> HttpResponse:
    problem = answer(told.status_code, *BARE[told.status_code])
    if "Allow" in told:
        problem["Allow"] = told["Allow"]
    return problem


def _key_of(request: HttpRequest) -> ApiKey | None:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    return find_api_key(text.strip(), address=request.META.get("REMOTE_ADDR") or None)


def _spend(request: HttpRequest, key: ApiKey | None) -> tuple[float, Limit, float]:
    limit = STRANGERS if key is None else Limit(key.calls_per_minute / 60, max(1, key.calls_per_minute))
    name = f"api:{request.META.get('REMOTE_ADDR', '')}" if key is None else f"api-key:{key.pk}"
    wait, left = PostgresThrottle(clock.now).spend(name, limit)
    return wait, limit, left


def _say_limit(told: HttpResponse, limit: Limit, left: float) -> None:
    """draft-ietf-httpapi-ratelimit-headers: the policy, then what is left and when it is whole again."""
    whole = math.ceil((limit.burst - left) / limit.rate)
    told["RateLimit-Policy"] = f'"calls";q={limit.burst};w={math.ceil(limit.burst / limit.rate)}'
    told["RateLimit"] = f'"calls";r={int(left)};t={whole}'


def etag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _with_etag(request: HttpRequest, told: HttpResponse) -> HttpResponse:
    """A reading says its ETag; who has it already is answered 304."""
    if request.method != "GET" or told.status_code != 200 or told.streaming:
        return told
    told["ETag"] = etag_of(told.content)
    told["Cache-Control"] = "private, no-cache"
    known = [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]
    if told["ETag"] in known or "W/" + told["ETag"] in known:
        bare = HttpResponse(status=304)
        for name in ("ETag", "Cache-Control", "RateLimit", "RateLimit-Policy"):
            bare[name] = told[name]
        del bare["Content-Type"]
        return bare
    return told
