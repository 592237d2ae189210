"""files of offers that a person or a program gave ──read, or kept once confirmed──▶ what is wanted of offers"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.offers.imports import apply_file, read_file
from comptoir.offers.models import OfferImport
from comptoir.sdk.i18n import N_

State = OfferImport.State


def to_do() -> QuerySet[OfferImport]:
    return OfferImport.objects.filter(state__in=[State.READING, State.APPLYING]).order_by("id")


@flow(label=N_("Import offers"), every=timedelta(seconds=10), has_work=lambda _: to_do().exists())
def import_offers(execution: Execution) -> None:
    """What a killed worker left half done is begun again: reading forgets its lines, keeping is one transaction."""
    for file in to_do():
        if file.state == State.READING:
            read_file(file)
            execution.count("lines", file.lines_read)
        else:
            apply_file(file)
            execution.count("changed", file.applied)
