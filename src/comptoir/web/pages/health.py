"""For the machines that watch over this one.

`/health/live`: restart me when I do not answer. `/health/ready`: send me no buyer while I say 503. (`/healthz`
and `/readyz` are the same two by their short names.)
"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from comptoir.web.access import public


@public
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "alive"})


@public
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and has every migration; 503 otherwise. What is wrong stays in our log."""
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if missing:
        return JsonResponse({"status": "migrations missing", "migrations": missing}, status=503)
    return JsonResponse({"status": "ready"})
