"""Units that people move: transfers between warehouses, returns to inspect, assemblies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, require_every_channel
from comptoir.api.problems import Problem
from comptoir.api.reading import answer_json, answer_page, one
from comptoir.api.texts import Body, Cursor, Fields, Id, Limit, Name, Sentence, Units
from comptoir.api.transactions import whole
from comptoir.catalog.models import Product
from comptoir.inventory.assembly import CannotAssemble, assemble
from comptoir.inventory.inspection import CannotInspect, inspection_place, judge_return, receive_return
from comptoir.inventory.models import Transfer, Warehouse
from comptoir.inventory.transfers import (
    CannotTransfer,
    ask_transfer,
    cancel_transfer,
    receive_transfer,
    send_transfer,
)
from comptoir.offers.desired import recompute_desired

router = Router(tags=["stock moves"])
Some = Annotated[int, Field(ge=1, le=1_000_000)]
Note = Annotated[Sentence, Field(max_length=120)]


class TransferOut(Schema):
    id: int
    sku: str
    source: str
    target: str
    units: int
    received_units: int | None
    state: str
    expected_date: date | None
    note: str
    asked_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None


class TransferPageOut(Schema):
    transfers: list[TransferOut]
    next_cursor: str | None


class TransferIn(Body):
    sku: Name
    source: Name
    """The code of the warehouse that they leave."""
    target: Name
    units: Some
    expected_date: date | None = None
    note: Note = ""


class ReceivedIn(Body):
    units: Units
    """How many came; the others are lost."""


class ReturnIn(Body):
    sku: Name
    units: Some
    reference: Note = ""


class JudgedIn(Body):
    sku: Name
    accepted: Units
    scrapped: Units
    to: Name
    """The code of the warehouse where accepted units go on sale."""


class AssemblyIn(Body):
    sku: Name
    warehouse: Name
    units: Annotated[int, Field(ge=-1_000_000, le=1_000_000, description="Below zero: taken apart.")]
    parts: Annotated[dict[Name, Some], Field(min_length=1, max_length=50)]
    """Units of each article, by its SKU, in one of the whole."""


class MovedOut(Schema):
    moved: list[str]
    """SKUs of the articles whose stock moved."""


COLUMNS = {name: name for name in TransferOut.model_fields} | {
    "sku": "product__sku", "source": "source__code", "target": "target__code"}  # fmt: skip
STEPS: dict[str, Callable[..., Transfer]] = {"send": send_transfer, "cancel": cancel_transfer}


@router.get("/transfers", response=TransferPageOut, auth=Key(Permission.SEE), summary="Transfers")
def list_transfers(
    request: HttpRequest, state: Literal["", "asked", "sent", "received", "cancelled"] = "", cursor: Cursor = "",
    fields: Fields = "", limit: Limit = 50,
) -> HttpResponse:  # fmt: skip
    found = Transfer.objects.filter(state=state) if state else Transfer.objects.all()
    return answer_page(
        "transfers", found, COLUMNS, by="id", kind=int, cursor=cursor, limit=limit, fields=fields
    )


@router.post(
    "/transfers", response=TransferOut, auth=Key(Permission.CHANGE_STOCK), summary="Ask for a transfer"
)
@whole
def create_transfer(request: HttpRequest, wanted: TransferIn) -> HttpResponse:
    require_every_channel(request)
    with _refusals():
        made = ask_transfer(
            product=_article(wanted.sku), source=_place(wanted.source), target=_place(wanted.target),
            units=wanted.units, expected_date=wanted.expected_date, note=wanted.note, actor=str(caller(request)),
        )  # fmt: skip
    return _told(made.pk)


@router.post(
    "/transfers/{transfer_id}/receive", response=TransferOut, auth=Key(Permission.CHANGE_STOCK),
    summary="The units of a transfer arrived",
)  # fmt: skip
@whole
def receive(request: HttpRequest, transfer_id: Id, wanted: ReceivedIn) -> HttpResponse:
    require_every_channel(request)
    with _refusals():
        found = receive_transfer(transfer_id, wanted.units, actor=str(caller(request)))
    recompute_desired([found.product_id])
    return _told(transfer_id)


@router.post(
    "/transfers/{transfer_id}/{step}", response=TransferOut, auth=Key(Permission.CHANGE_STOCK),
    summary="The units of a transfer leave, or it is cancelled",
)  # fmt: skip
@whole
def move_transfer(request: HttpRequest, transfer_id: Id, step: Literal["send", "cancel"]) -> HttpResponse:
    require_every_channel(request)
    with _refusals():
        found = STEPS[step](transfer_id, actor=str(caller(request)))
    recompute_desired([found.product_id])
    return _told(transfer_id)


@router.post(
    "/returns", response=MovedOut, auth=Key(Permission.CHANGE_STOCK), summary="A return arrived, to inspect"
)
@whole
def create_return(request: HttpRequest, wanted: ReturnIn) -> HttpResponse:
    require_every_channel(request)
    with _refusals():
        receive_return(
            product=_article(wanted.sku),
            units=wanted.units,
            reference=wanted.reference,
            actor=str(caller(request)),
        )
    return answer_json({"moved": [wanted.sku]})


@router.post(
    "/returns/judge", response=MovedOut, auth=Key(Permission.CHANGE_STOCK), summary="Accept or scrap returns"
)
@whole
def judge(request: HttpRequest, wanted: JudgedIn) -> HttpResponse:
    require_every_channel(request)
    product = _article(wanted.sku)
    with _refusals():
        judge_return(
            product=product, place=inspection_place(), accepted=wanted.accepted, scrapped=wanted.scrapped,
            to=_place(wanted.to), actor=str(caller(request)),
        )  # fmt: skip
    recompute_desired([product.pk])
    return answer_json({"moved": [wanted.sku]})


@router.post(
    "/assemblies", response=MovedOut, auth=Key(Permission.CHANGE_STOCK), summary="Assemble, or take apart"
)
@whole
def create_assembly(request: HttpRequest, wanted: AssemblyIn) -> HttpResponse:
    require_every_channel(request)
    parts = {_article(sku): units for sku, units in wanted.parts.items()}
    with _refusals():
        moved = assemble(
            product=_article(wanted.sku), warehouse=_place(wanted.warehouse), units=wanted.units, parts=parts,
            actor=str(caller(request)),
        )  # fmt: skip
    recompute_desired(moved)
    return answer_json({"moved": sorted({wanted.sku, *wanted.parts})})


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Transfer.DoesNotExist as error:
        raise Problem(404, "not_found", "Nothing has this name.") from error
    except (CannotTransfer, CannotInspect, CannotAssemble) as error:
        raise Problem(409, "not_in_this_state", f"The stock does not allow it: {error}.") from error


def _article(sku: str) -> Product:
    found = Product.objects.filter(sku=sku).first()
    if found is None:
        raise Problem(422, "invalid", f"No product has the SKU {sku}.")
    return found


def _place(code: str) -> Warehouse:
    found = Warehouse.objects.filter(code=code).first()
    if found is None:
        raise Problem(422, "invalid", f"No warehouse has the code {code}.")
    return found


def _told(transfer_id: int) -> HttpResponse:
    return answer_json(one(Transfer.objects.filter(pk=transfer_id), COLUMNS))
