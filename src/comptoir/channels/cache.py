"""`sdk.connector.Cache` of one channel, in the database: shared by every worker."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from comptoir.channels.models import CachedAnswer, Channel
from comptoir.core import clock


class ChannelCache:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def get(self, key: str) -> bytes | None:
        found = CachedAnswer.objects.filter(channel=self._channel, key=key, expires_at__gt=clock.now())
        value = found.values_list("value", flat=True).first()
        return None if value is None else bytes(value)

    def set(self, key: str, value: bytes, *, seconds: int) -> None:
        expires = clock.now() + timedelta(seconds=seconds)
        CachedAnswer.objects.update_or_create(
            channel=self._channel, key=key, defaults={"value": value, "expires_at": expires}
        )

    def clear(self) -> None:
        """Forget what can be read again. What was done (`memory:…`) stays: without it a refund could go twice."""
        CachedAnswer.objects.filter(channel=self._channel).exclude(key__startswith="memory:").delete()


class AccountCache:
    """Of all the channels of one account, held by the oldest of them. Only what can be read again."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @cached_property
    def _kept(self) -> ChannelCache:
        """Looked up by who needs it: most connections never do."""
        of_account = Channel.objects.filter(account=self._channel.account, kind=self._channel.kind)
        return ChannelCache(of_account.order_by("pk").first() or self._channel)

    def get(self, key: str) -> bytes | None:
        return self._kept.get(f"account:{key}")

    def set(self, key: str, value: bytes, *, seconds: int) -> None:
        self._kept.set(f"account:{key}", value, seconds=seconds)
