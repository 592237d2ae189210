"""The client secret ends after 180 days: when, what to do, and asking Amazon for a new one.

The new secret does not come in the answer but in a notification (APPLICATION_OAUTH_CLIENT_NEW_SECRET) of
the application's own SQS queue; the old one goes on for seven days. Not verified against the live service.
"""

from __future__ import annotations

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.profile import ALARM_DAYS, SECRET_LIFE
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.connectors.amazon.tokens import ROTATION_SCOPE
from comptoir.sdk.credentials import Credential
from comptoir.sdk.i18n import N_

_PATH = "/applications/2023-11-30/clientSecret"


def client_secret(settings: AmazonSettings) -> Credential:
    made_on = settings.secret_date
    return Credential(
        name="client_secret",
        label=N_("Client secret"),
        ends_on=made_on + SECRET_LIFE if made_on else None,
        advice=N_(
            "In Solution Provider Portal, “View” the application's LWA credentials and “Rotate secret”; then "
            "paste the new secret here, with today's date. The refresh token stays good."
        ),
        alarms=ALARM_DAYS,
        renews=settings.renew_secret,
    )


def ask_new_secret(client: AmazonClient) -> None:
    """204: the new secret is on its way to the queue."""
    client.write("rotateApplicationClientSecret", "POST", _PATH, scope=ROTATION_SCOPE)
