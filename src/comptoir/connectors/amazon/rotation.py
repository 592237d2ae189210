"""The client secret ends after 180 days: asking Amazon for a new one.

The new secret does not come in the answer but in a notification (APPLICATION_OAUTH_CLIENT_NEW_SECRET) of
the application's own SQS queue; the old one goes on for seven days. Not verified against the live service.
"""

from __future__ import annotations

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.tokens import ROTATION_SCOPE

_PATH = "/applications/2023-11-30/clientSecret"


def ask_new_secret(client: AmazonClient) -> None:
    """204: the new secret is on its way to the queue."""
    client.write("rotateApplicationClientSecret", "POST", _PATH, scope=ROTATION_SCOPE)
