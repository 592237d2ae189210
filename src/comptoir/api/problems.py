"""Errors as problem+json (RFC 9457): `type` is stable, `detail` is for people."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

WORDS = {400: "Bad request", 401: "A key is needed", 403: "Forbidden", 404: "Not found", 409: "Conflict",
         422: "Not understood"}  # fmt: skip


class Problem(Exception):  # noqa: N818 - named after what is answered
    """An endpoint refuses, and says why."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.more = status, code, detail, more


def answer(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    body = {"type": f"urn:comptoir:problem:{code}", "title": WORDS.get(status, "Error"), "status": status,
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

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> JsonResponse:
        return answer(error.status_code, "bad_request", str(error))
