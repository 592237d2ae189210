"""keys that end by themselves ──days before their end──▶ an Issue with what to do, or a new key asked for"""

from __future__ import annotations

from datetime import timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.journal.models import Issue
from comptoir.sdk.connector import Role
from comptoir.sdk.credentials import Credential, CredentialClock
from comptoir.sdk.i18n import N_

KIND = "credential"


@flow(
    label=N_("Watch credentials"), every=timedelta(hours=24), role=Role.MARKETPLACE, needs=(CredentialClock,)
)
def watch_credentials(execution: Execution) -> None:
    source: CredentialClock = execution.connection
    for credential in source.credentials():
        step = _step(execution, credential)
        _close_others(execution, credential, step)
        if not step:
            continue
        if not _was_told(execution, step):
            execution.report([_trouble(execution, credential, step)])
        if credential.renews and _renewal_is_due(execution, credential):
            _renew(execution, source, credential)


def _step(execution: Execution, credential: Credential) -> str:
    """Names this alarm of this very key; "" when there is nothing to say."""
    if credential.ends_on is None:
        return f"{credential.name}: no date"
    left = (credential.ends_on - execution.now().date()).days
    passed = [days for days in credential.alarms if left <= days]
    return (
        f"{credential.name} {credential.ends_on}: {min(passed)}"
        if passed and left >= 0
        else (f"{credential.name} {credential.ends_on}: over" if left < 0 else "")
    )


def _was_told(execution: Execution, step: str) -> bool:
    """Each alarm is given once: a person who closed it is told again at the next one."""
    told = Issue.objects.filter(channel=execution.channel.key, subject_kind=KIND, subject=step)
    return told.exists()


def _close_others(execution: Execution, credential: Credential, step: str) -> None:
    found = Issue.objects.filter(
        channel=execution.channel.key, subject_kind=KIND, state=Issue.State.OPEN,
        subject__startswith=credential.name,
    ).exclude(subject=step)  # fmt: skip
    close_issues(
        resolution="renewed" if not step else "told again", subject_kind=KIND, channel=execution.channel.key,
        subjects=list(found.values_list("subject", flat=True)),
    )  # fmt: skip


def _trouble(execution: Execution, credential: Credential, step: str) -> Trouble:
    left = (credential.ends_on - execution.now().date()).days if credential.ends_on else None
    if left is None:
        words = f"{credential.label}: say when it was made, so that its end can be announced."
    elif left < 0:
        words = f"{credential.label}: it ended on {credential.ends_on:%d/%m/%Y}. {credential.advice}"
    else:
        words = f"{credential.label}: it ends in {left} days, on {credential.ends_on:%d/%m/%Y}. {credential.advice}"
    return Trouble(
        Reason.CONFIGURATION, words, channel=execution.channel.key, flow="watch_credentials", subject_kind=KIND,
        subject=step, action="check_settings", detail={"setting": credential.name, "days_left": left},
    )  # fmt: skip


def _renewal_is_due(execution: Execution, credential: Credential) -> bool:
    """From the second alarm on; asked again each day until the new one is there."""
    second = sorted(credential.alarms, reverse=True)[:2][-1]
    return credential.ends_on is not None and (credential.ends_on - execution.now().date()).days <= second


def _renew(execution: Execution, source: CredentialClock, credential: Credential) -> None:
    source.renew_credential(credential.name)
    execution.count("renewals_asked")
