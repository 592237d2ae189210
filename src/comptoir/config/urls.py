"""Every address of the hub."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from comptoir.api.urls import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("comptoir.web.urls")),
]
