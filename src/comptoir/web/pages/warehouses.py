"""Warehouses, transfers between them, returns to inspect, articles assembled from others."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.catalog.models import Product
from comptoir.inventory.assembly import CannotAssemble, assemble
from comptoir.inventory.inspection import CannotInspect, judge_return, receive_return, to_inspect
from comptoir.inventory.models import Stock, Transfer, Warehouse
from comptoir.inventory.transfers import (
    CannotTransfer,
    ask_transfer,
    cancel_transfer,
    receive_transfer,
    send_transfer,
)
from comptoir.inventory.warehouses import CannotSell, change_warehouse
from comptoir.offers.desired import recompute_desired
from comptoir.web.access import person, requires
from comptoir.web.forms.warehouses import (
    REFUSALS,
    AssemblyForm,
    JudgeForm,
    ReceiveForm,
    ReturnForm,
    TransferForm,
    WarehouseForm,
)
from comptoir.web.paging import Key, page_of
from comptoir.web.rendering import go

CLOSED_SHOWN, RETURNS_SHOWN = 20, 50
OPEN = (Transfer.State.ASKED, Transfer.State.SENT)
NEWEST = Key(("asked_at", "id"), descending=True)


@requires(Permission.SEE)
def warehouses(request: HttpRequest) -> HttpResponse:
    found = Transfer.objects.select_related("product", "source", "target")
    page = page_of(found.filter(state__in=OPEN), NEWEST, request)
    returns = to_inspect()
    context = {
        "warehouses": Warehouse.objects.prefetch_related("priorities__channel"),
        "page": page, "transfers": [*page.rows, *found.exclude(state__in=OPEN).order_by("-id")[:CLOSED_SHOWN]],
        "returns": returns[:RETURNS_SHOWN], "more_returns": max(0, len(returns) - RETURNS_SHOWN),
    }  # fmt: skip
    return render(request, "comptoir/stock/warehouses.html", context)


@requires(Permission.CHANGE_STOCK)
def change(request: HttpRequest, warehouse_id: int) -> HttpResponse:
    warehouse = get_object_or_404(Warehouse, pk=warehouse_id)
    form = WarehouseForm(warehouse, request.POST or None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "sellable", "priority")}
        try:
            with transaction.atomic():
                recompute_desired(
                    change_warehouse(
                        warehouse.pk, **given, priorities=form.priorities(), actor=str(person(request))
                    )
                )
            return _done(request, _("Kept."))
        except CannotSell:
            form.add_error("sellable", _("What waits to be inspected is not for sale."))
    return _form(request, form, warehouse.name, _("Keep"))


@requires(Permission.CHANGE_STOCK)
def ask(request: HttpRequest) -> HttpResponse:
    form = TransferForm(request.POST or None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            ask_transfer(product=given.pop("sku"), **given, actor=str(person(request)))
            return _done(request, _("The transfer is asked for."))
        except CannotTransfer as error:
            form.refuse(error.code)
    return _form(request, form, _("New transfer"), _("Ask for it"))


@requires(Permission.CHANGE_STOCK)
@require_POST
def send(request: HttpRequest, transfer_id: int) -> HttpResponse:
    return _step(request, transfer_id, _("The units are on their way."), receive=None)


@requires(Permission.CHANGE_STOCK)
@require_POST
def cancel(request: HttpRequest, transfer_id: int) -> HttpResponse:
    get_object_or_404(Transfer, pk=transfer_id)
    try:
        cancel_transfer(transfer_id, actor=str(person(request)))
        messages.success(request, _("The transfer is cancelled."))
    except CannotTransfer as error:
        messages.error(request, str(REFUSALS[error.code]))
    return go(request, reverse("warehouses"))


@requires(Permission.CHANGE_STOCK)
def receive(request: HttpRequest, transfer_id: int) -> HttpResponse:
    transfer = get_object_or_404(Transfer, pk=transfer_id)
    form = ReceiveForm(request.POST or None, initial={"units": transfer.units})
    if form.is_valid():
        return _step(request, transfer_id, _("The units are received."), receive=form.cleaned_data["units"])
    return _form(request, form, _("Receive the transfer"), _("Receive"))


def _step(request: HttpRequest, transfer_id: int, words: str, *, receive: int | None) -> HttpResponse:
    transfer = get_object_or_404(Transfer, pk=transfer_id)
    actor = str(person(request))
    try:
        with transaction.atomic():
            if receive is None:
                send_transfer(transfer_id, actor=actor)
            else:
                receive_transfer(transfer_id, receive, actor=actor)
            recompute_desired([transfer.product_id])
        messages.success(request, words)
    except CannotTransfer as error:
        messages.error(request, str(REFUSALS[error.code]))
    return go(request, reverse("warehouses"))


@requires(Permission.CHANGE_STOCK)
def come_back(request: HttpRequest) -> HttpResponse:
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            receive_return(product=given.pop("sku"), **given, actor=str(person(request)))
            return _done(request, _("The return waits to be inspected."))
        except CannotInspect as error:
            form.refuse(error.code)
    return _form(request, form, _("A return arrived"), _("Put it aside"))


@requires(Permission.CHANGE_STOCK)
def judge(request: HttpRequest, stock_id: int) -> HttpResponse:
    stock = (
        Stock.objects.filter(pk=stock_id, warehouse__inspects=True)
        .select_related("product", "warehouse")
        .first()
    )
    if stock is None:
        raise Http404(stock_id)
    form = JudgeForm(stock, request.POST or None)
    if form.is_valid():
        try:
            with transaction.atomic():
                judge_return(
                    product=stock.product,
                    place=stock.warehouse,
                    **form.cleaned_data,
                    actor=str(person(request)),
                )
                recompute_desired([stock.product_id])
            return _done(request, _("The return is judged."))
        except CannotInspect as error:
            form.refuse(error.code)
    return _form(request, form, _("Inspect %(sku)s") % {"sku": stock.product.sku}, _("Keep"))


@requires(Permission.CHANGE_STOCK)
def make(request: HttpRequest, product_id: int) -> HttpResponse:
    product = get_object_or_404(Product, pk=product_id)
    form = AssemblyForm(request.POST or None)
    if form.is_valid():
        try:
            with transaction.atomic():
                recompute_desired(assemble(product=product, **form.cleaned_data, actor=str(person(request))))
            messages.success(request, _("The parts and the whole are in the ledger."))
            return go(request, reverse("product", args=[product.pk]))
        except CannotAssemble as error:
            form.refuse(error.code)
    return _form(request, form, _("Assemble %(sku)s") % {"sku": product.sku}, _("Keep"), back=product)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return go(request, reverse("warehouses"))


def _form(
    request: HttpRequest, form: object, title: str, submit: str, back: Product | None = None
) -> HttpResponse:
    url = reverse("warehouses") if back is None else reverse("product", args=[back.pk])
    context = {"form": form, "title": title, "submit": submit, "back": url}
    return render(
        request, "comptoir/form_page.html", context, status=422 if request.method == "POST" else 200
    )
