"""The embedded database as something the supervisor starts, watches and stops."""

from __future__ import annotations

from pathlib import Path

from comptoir.config.postgres import EmbeddedPostgres
from comptoir.config.problems import StartupProblem


class EmbeddedService:
    """The other children were told one URL: a restart must come back to it."""

    name = "postgres"

    def __init__(self, data: Path) -> None:
        self._server = EmbeddedPostgres(data)
        self.url = ""
        """Known once started."""

    def start(self) -> None:
        url = self._server.start()
        if self.url and url != self.url:
            self._server.stop()
            raise StartupProblem(
                "Another program took the port of the database.", "Stop it, or start Comptoir again."
            )
        self.url = url

    def alive(self) -> bool:
        return self._server.alive()

    def stop(self) -> None:
        self._server.stop()
