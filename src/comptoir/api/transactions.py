"""A view that is all or nothing: a Problem raised inside takes back what was written before it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

V = TypeVar("V", bound=Callable[..., Any])


def whole(view: V) -> V:
    guarded = transaction.atomic(view)
    # ninja looks names of annotations up in the module of what it is given, which is Django's by now.
    guarded.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    return guarded
