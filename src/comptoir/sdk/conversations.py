"""What buyers and channels write to us about orders, and what we answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from comptoir.sdk.records import Record, Rejected, Verdict

Author = Literal["buyer", "channel", "us"]


class Message(Record, frozen=True, kw_only=True):
    external_id: str
    author: Author
    author_id: str
    """The channel's own id of who wrote: an answer names it as its receiver."""
    body: str
    written_at: datetime | None = None
    read: bool = True


class Conversation(Record, frozen=True, kw_only=True):
    external_id: str
    subject: str
    updated_at: datetime
    messages: tuple[Message, ...] = ()
    order_id: str = ""
    open: bool = True
    kind: str = ""
    """The channel's own word: a question, a claim, a dispute."""
    needs_answer: bool = False
    raw: bytes = b""


class ConversationPage(Record, frozen=True, kw_only=True):
    conversations: tuple[Conversation, ...]
    rejected: tuple[Rejected, ...] = ()


class Reply(Record, frozen=True, kw_only=True):
    reference: str
    """Ours, unique for ever."""
    conversation_id: str
    body: str


@runtime_checkable
class ConversationSource(Protocol):
    def conversation_pages(self, since: datetime) -> Iterator[ConversationPage]:
        """Conversations in which something happened since then, with their messages."""
        ...


@runtime_checkable
class ConversationTarget(Protocol):
    def send_replies(self, replies: Sequence[Reply]) -> Iterator[Verdict]:
        """One verdict per reply, keyed by its reference."""
        ...
