"""Reading who did what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import QueryDict

from comptoir.journal.models import Change
from comptoir.orders.looks import SEEN
from comptoir.web.field_values import value_words
from comptoir.web.field_words import field_word
from comptoir.web.paging import Key
from comptoir.web.queries.orders import midnight, read_day

# The number alone: it grows with time, and it has its index.
NEWEST_FIRST = Key(("id", "id"), descending=True)


@dataclass(frozen=True)
class AuditFilters:
    actor: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, query: QueryDict) -> AuditFilters:
        actor, action, subject = (
            query.get(name, "").strip()[:200] for name in ("actor", "action", "subject")
        )
        since, until = (read_day(query.get(name, "")) for name in ("since", "until"))
        return cls(actor, action, subject, since, until)


def find_changes(filters: AuditFilters) -> QuerySet[Change]:
    """Looks at buyers are many: they are shown where an action or a subject is asked for."""
    found = Change.objects.all()
    if not (filters.action or filters.subject):
        found = found.exclude(action=SEEN)
    if filters.actor:
        found = found.filter(actor__icontains=filters.actor)
    if filters.action:
        found = found.filter(action__startswith=filters.action)
    if filters.subject:
        found = found.filter(subject=filters.subject)
    if filters.since:
        found = found.filter(at__gte=midnight(filters.since))
    return found.filter(at__lt=midnight(filters.until + timedelta(days=1))) if filters.until else found


@dataclass(frozen=True)
class Difference:
    """In the reader's words."""

    name: str
    before: str
    after: str


def differences(change: Change) -> Iterator[Difference]:
    """What is not the same before and after, field by field; what is empty on both sides is no news."""
    names = dict.fromkeys([*change.before, *change.after])
    for name in names:
        before, after = change.before.get(name), change.after.get(name)
        told = value_words(name, before), value_words(name, after)
        if before != after and any(told):
            yield Difference(field_word(name, change.action, names), *told)
