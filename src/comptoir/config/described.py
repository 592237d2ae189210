"""What the API says of itself, for the page of the back-office: the two rooms do not know each other."""

from __future__ import annotations

from typing import Any

from comptoir.api.problems import CODES
from comptoir.api.urls import api


def description() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


def problem_codes() -> dict[str, str]:
    """Code → what to do, in English; marked for translation."""
    return dict(CODES)
