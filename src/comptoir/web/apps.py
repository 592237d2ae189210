from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "comptoir.web"

    def ready(self) -> None:
        from comptoir.flows.alert_choices import read_from
        from comptoir.web.alerts import read_choices

        read_from(read_choices)
