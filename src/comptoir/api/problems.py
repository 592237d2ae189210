"""Errors as problem+json (RFC 9457): `type` leads to the page of the code, `detail` is for people."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from comptoir.sdk.i18n import N_

PAGES = "/developers/problems/"
WORDS = {400: "Bad request", 401: "A key is needed", 403: "Forbidden", 404: "Not found", 409: "Conflict",
         412: "Changed meanwhile", 413: "Too big", 422: "Not understood", 429: "Too many calls"}  # fmt: skip
CODES = {
    "bad_request": N_("The call cannot be read: its JSON is broken. Check the body and its Content-Type."),
    "bad_cursor": N_("The cursor was not given by this API. Start the list again without a cursor."),
    "bad_idempotency_key": N_("An Idempotency-Key has 1 to 200 printable signs. A UUID is a good one."),
    "unauthenticated": N_("Send a living key: Authorization: Bearer ck_… A revoked or expired key is no key."),
    "forbidden": N_("The key lives, but its role, its scopes or its channels do not allow this."),
    "not_found": N_("Nothing has this name, or it lies on a channel that the key does not see."),
    "method_not_allowed": N_("The address is right, the method is not: the header Allow names those that are."),
    "fault_of_ours": N_("Something broke on our side. It was written down; the same call may work later."),
    "unknown_flow": N_("No flow is called so. GET /api/v1/flows names them all."),
    "not_there": N_("This flow does not run on this channel: the channel lacks what it needs."),
    "not_in_this_state": N_("What is asked does not go with the state of the object. Read it again."),
    "below_floor": N_("The price is under the floor price of the offer, or the offer has none."),
    "price_step": N_("The price moves further than the channel's rules allow in one go. A person may let it pass."),
    "unreadable_file": N_("The whole file cannot be read; the detail says why. Nothing of it was kept."),
    "busy": N_("The channel is being read right now. Try again in a moment."),
    "cannot_retry": N_("It was tried again and did not work this time either; the detail says why."),
    "changed_meanwhile": N_("If-Match names an older state. Read the object again, then decide."),
    "changed_since_preview": N_("What the preview showed was changed by somebody since. Ask for a new preview."),
    "too_big": N_("The body is over 10 MB, or it has more than 10,000 rows. Send it in parts."),
    "invalid": N_("Some values do not fit; `errors` names every one of them with its place."),
    "idempotency_key_reused": N_("This Idempotency-Key was sent with another call before. Take a new one."),
    "too_many_calls": N_("The key made more calls than its limit allows. Wait as long as Retry-After says."),
}  # fmt: skip


class Problem(Exception):  # noqa: N818 - named after what is answered
    """An endpoint refuses, and says why."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.more = status, code, detail, more


def answer(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    body = {"type": f"{PAGES}{code}/", "code": code, "title": WORDS.get(status, "Error"), "status": status,
            "detail": detail, **more}  # fmt: skip
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def install(api: NinjaAPI) -> None:
    @api.exception_handler(Problem)
    def problem(request: HttpRequest, error: Problem) -> JsonResponse:
        return answer(error.status, error.code, error.detail, **error.more)

    @api.exception_handler(AuthenticationError)
    def no_key(request: HttpRequest, error: AuthenticationError) -> JsonResponse:
        return answer(401, "unauthenticated", "Send a living key: Authorization: Bearer ck_…")

    @api.exception_handler(ValidationError)
    def not_understood(request: HttpRequest, error: ValidationError) -> JsonResponse:
        errors = [{"where": list(e["loc"]), "why": e["msg"]} for e in error.errors]
        return answer(422, "invalid", "Some values do not fit.", errors=errors)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> JsonResponse:
        return answer(404, "not_found", "Nothing has this name.")

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, error: RequestDataTooBig) -> JsonResponse:
        return answer(413, "too_big", "The body is too big: send fewer rows at once.")

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> JsonResponse:
        return answer(error.status_code, "bad_request", str(error))
