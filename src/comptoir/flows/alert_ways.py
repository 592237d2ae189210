"""How alerts are told: one e-mail for all that is new, or a signed request for each (standardwebhooks.com)."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext
from standardwebhooks.webhooks import Webhook

from comptoir.core import clock
from comptoir.core.throttle import NoThrottle
from comptoir.flows.alert_choices import chosen
from comptoir.journal.models import AlertNotice
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.http import Exchange, HttpLink, Problem

TIMEOUT_S = 10.0


class CannotTell(RuntimeError):  # noqa: N818
    """The message did not leave, or was not taken; says why."""


def tell_by_email(notices: Sequence[AlertNotice]) -> None:
    """One message, the beginnings first. Raises CannotTell."""
    with translation.override(settings.LANGUAGE_CODE):
        lines = [_line(notice) for notice in sorted(notices, key=lambda n: (n.ended, n.pk))]
        begun = sum(not notice.ended for notice in notices)
        subject = gettext("Comptoir: {begun} alerts, {over} over").format(
            begun=begun, over=len(notices) - begun
        )
    message = EmailMessage(subject, "\n".join(lines), to=list(chosen().emails))
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        raise CannotTell(f"{type(error).__name__}: {error}") from error


def _line(notice: AlertNotice) -> str:
    alert = notice.alert
    words = {"began": f"{alert.began_at:%Y-%m-%d %H:%M}", "message": alert.message}
    if alert.ended_at is not None and notice.ended:
        words["ended"] = f"{alert.ended_at:%Y-%m-%d %H:%M}"
        return gettext("Over since {ended} UTC (it began at {began}): {message}").format(**words)
    return gettext("Since {began} UTC: {message}").format(**words)


def tell_by_webhook(notices: Sequence[AlertNotice]) -> None:
    """A POST per notice; any 2xx takes it. Private addresses are refused as everywhere. Raises CannotTell."""
    if not settings.ALERT_WEBHOOK_SECRET:
        raise CannotTell("COMPTOIR_ALERT_WEBHOOK_SECRET is not set: a reader could not tell us from anybody.")
    signer = Webhook(settings.ALERT_WEBHOOK_SECRET)
    link = HttpLink(
        settings.ALERT_WEBHOOK, account="alerts", headers=dict, throttle=NoThrottle(), observe=_unseen,
        clock=clock.now, read_problem=lambda body: Problem(body[:200].decode("utf-8", "replace")),
        allow_loopback=settings.ALLOW_LOOPBACK, timeout_s=TIMEOUT_S,
    )  # fmt: skip
    try:
        for notice in notices:
            _post(link, signer, notice)
    except ConnectorError as error:
        host = urlsplit(settings.ALERT_WEBHOOK).hostname
        raise CannotTell(f"{host}: {error.message}") from error
    finally:
        link.close()


def _unseen(exchange: Exchange) -> None:
    """The notice itself is the trace: its attempts, its last error, when it was sent."""


def _post(link: HttpLink, signer: Webhook, notice: AlertNotice) -> None:
    alert, at = notice.alert, clock.now().replace(microsecond=0)
    identity = f"alert-{alert.pk}-{'ended' if notice.ended else 'began'}"
    body = msgspec.json.encode({
        "type": "alert.ended" if notice.ended else "alert.began", "timestamp": at.isoformat(),
        "data": {"id": alert.pk, "rule": alert.rule, "subject": alert.subject, "message": alert.message,
                 "value": alert.value, "began_at": alert.began_at.isoformat(),
                 "ended_at": alert.ended_at.isoformat() if alert.ended_at else None},
    }).decode()  # fmt: skip
    link.write(
        "alert", "POST", settings.ALERT_WEBHOOK, content=body.encode(),
        headers={"content-type": "application/json", "webhook-id": identity,
                 "webhook-timestamp": str(int(at.timestamp())),
                 "webhook-signature": signer.sign(identity, at, body)},
    )  # fmt: skip
