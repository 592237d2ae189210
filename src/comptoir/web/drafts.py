"""A channel that is being connected: its tested settings, sealed in the session until it has a name."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import msgspec
from django.http import HttpRequest
from django.utils.text import slugify

from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel, save_profile
from comptoir.core.sealing import CannotUnseal, seal, unseal
from comptoir.sdk.connector import ConnectorType
from comptoir.sdk.records import ChannelProfile
from comptoir.sdk.settings import ConnectorSettings

_KEY = "connecting"


@dataclass(frozen=True)
class Draft:
    kind: str
    sealed: str
    profile: dict[str, Any]
    """What the connection test learnt: `ChannelProfile` as plain data."""

    @classmethod
    def of(cls, kind: str, settings: ConnectorSettings, profile: ChannelProfile) -> Draft:
        return cls(kind, seal(settings.dump()).decode("ascii"), msgspec.to_builtins(profile))

    def suggested_name(self, label: str) -> dict[str, str]:
        name = self.profile.get("account_name") or label
        return {"name": name, "key": slugify(f"{self.kind}-{name}")[:60]}


def keep_draft(request: HttpRequest, draft: Draft) -> None:
    request.session[_KEY] = asdict(draft)


def read_draft(request: HttpRequest, kind: str) -> Draft | None:
    kept = request.session.get(_KEY)
    return Draft(**kept) if kept and kept["kind"] == kind else None


def forget_draft(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def save_draft(draft: Draft, connector: ConnectorType, *, key: str, name: str, actor: str) -> Channel:
    """Raises channels.services.KeyTaken."""
    try:
        settings = connector.settings.load(unseal(draft.sealed.encode("ascii")))
    except CannotUnseal as error:
        raise RuntimeError("the sealing keys changed while a channel was being connected") from error
    profile = msgspec.convert(draft.profile, ChannelProfile)
    rules = {"currency": profile.currency} if len(profile.currency) == 3 else {}
    channel = add_channel(key=key, name=name, connector=connector, settings=settings, actor=actor, **rules)
    save_profile(channel, profile)
    return channel
