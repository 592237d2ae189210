"""files of offers that a person or a program gave ──read, or kept once confirmed──▶ what is wanted of offers"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.flows.schedule import hasten
from comptoir.offers.imports import apply_file, asked_channels, read_file
from comptoir.offers.models import OfferImport
from comptoir.sdk.i18n import N_

State = OfferImport.State


def to_do() -> QuerySet[OfferImport]:
    return OfferImport.objects.filter(state__in=[State.READING, State.APPLYING]).order_by("id")


@flow(label=N_("Import offers"), every=timedelta(seconds=10), has_work=lambda _: to_do().exists())
def import_offers(execution: Execution) -> None:
    """What a killed worker left half done goes on: reading begins again, keeping after the last chunk that it kept."""
    for file in to_do():
        if file.state == State.READING:
            read_file(file)
            execution.count("lines", file.lines_read)
        else:
            apply_file(file)
            execution.count("changed", file.applied)
            tell_channels(file)


def tell_channels(file: OfferImport) -> None:
    """What was kept leaves at the next turn instead of the one after."""
    for channel in asked_channels(file):
        hasten("publish_offers", channel)
