"""Orders to suppliers: the list, one, writing it, sending it, what has come of it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, DecimalField, F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.finance.models import PurchaseLine, PurchaseOrder
from comptoir.finance.purchase_orders import (
    CannotOrder,
    cancel_purchase_order,
    create_purchase_order,
    send_purchase_order,
)
from comptoir.sdk.money import ZERO
from comptoir.web.access import person, requires
from comptoir.web.csv_export import Column
from comptoir.web.erp_tabs import tabs
from comptoir.web.formats import in_cents
from comptoir.web.forms.purchases import PurchaseForm
from comptoir.web.paging import Key, page_of
from comptoir.web.rendering import go
from comptoir.web.tables import export_table

NEWEST_FIRST = Key(("created_at", "id"), descending=True)
_AMOUNT = Coalesce(Sum(F("lines__quantity") * F("lines__unit_price")), ZERO, output_field=DecimalField())


@requires(Permission.SEE)
def purchases(request: HttpRequest) -> HttpResponse:
    context = {
        "tabs": tabs(request), "page": page_of(_orders(request), NEWEST_FIRST, request),
        "states": PurchaseOrder.State.choices, "chosen": request.GET.get("state", ""),
    }  # fmt: skip
    return render(request, "comptoir/erp/purchases.html", context)


@requires(Permission.SEE)
def export_purchases(request: HttpRequest, form: str) -> HttpResponseBase:
    lines = PurchaseLine.objects.filter(order__in=_orders(request)).select_related(
        "order__supplier", "product"
    )
    return export_table(form, "purchase-orders", lines.order_by("-order_id", "line_number"), _columns())


@requires(Permission.SEE)
def purchase(request: HttpRequest, reference: str) -> HttpResponse:
    order = get_object_or_404(_orders(request), reference=reference)
    states = PurchaseOrder.State
    context = {
        "tabs": tabs(request), "order": order, "lines": order.lines.select_related("product"),
        "can_send": order.state in (states.DRAFT, states.REJECTED),
        "can_cancel": order.state in (states.DRAFT, states.TO_SEND, states.REJECTED),
    }  # fmt: skip
    return render(request, "comptoir/erp/purchase.html", context)


@requires(Permission.CHANGE_STOCK)
def new(request: HttpRequest) -> HttpResponse:
    form = PurchaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        warehouse = given["warehouse"]
        try:
            order = create_purchase_order(
                supplier=given["supplier"], lines=given["lines"], supplier_code=given["supplier_code"],
                warehouse=warehouse.code if warehouse else "", expected_on=given["expected_on"],
                comment=given["comment"], actor=str(person(request)),
            )  # fmt: skip
            return go(request, reverse("purchase", args=[order.reference]))
        except CannotOrder as error:
            form.add_error("lines", _("It cannot be written: %(why)s") % {"why": error})
    context = {"form": form, "title": _("New order to a supplier"), "submit": _("Write the draft"),
               "back": reverse("purchases")}  # fmt: skip
    return render(request, "comptoir/form_page.html", context, status=422 if form.errors else 200)


@requires(Permission.CHANGE_STOCK)
@require_POST
def send(request: HttpRequest, reference: str) -> HttpResponse:
    order = get_object_or_404(PurchaseOrder, reference=reference)
    try:
        send_purchase_order(order.pk, actor=str(person(request)))
        messages.success(request, _("It goes to the ERP at its next turn."))
    except CannotOrder as error:
        messages.error(request, _("It cannot be sent: %(why)s") % {"why": error})
    return go(request, reverse("purchase", args=[reference]))


@requires(Permission.CHANGE_STOCK)
@require_POST
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    order = get_object_or_404(PurchaseOrder, reference=reference)
    try:
        cancel_purchase_order(order.pk, actor=str(person(request)))
        messages.success(request, _("Cancelled."))
    except CannotOrder as error:
        messages.error(request, _("It cannot be cancelled: %(why)s") % {"why": error})
    return go(request, reverse("purchase", args=[reference]))


def _orders(request: HttpRequest) -> QuerySet[PurchaseOrder]:
    found = PurchaseOrder.objects.select_related("supplier").annotate(articles=Count("lines"), total=_AMOUNT)
    if person(request).narrowed_to:
        return found.none()  # of every channel at once, as stock is
    state = request.GET.get("state", "")
    return found.filter(state=state) if state in PurchaseOrder.State.values else found


def _columns() -> list[Column[PurchaseLine]]:
    return [
        (gettext("Reference"), lambda one: one.order.reference),
        (gettext("Supplier"), lambda one: one.order.supplier.name),
        (gettext("State"), lambda one: one.order.get_state_display()),
        (gettext("ERP document"), lambda one: one.order.document),
        (gettext("Written on"), lambda one: one.order.created_at),
        ("SKU", lambda one: one.product.sku),
        (gettext("Units ordered"), lambda one: one.quantity),
        (gettext("Units received"), lambda one: one.received_quantity),
        (gettext("Price without tax"), lambda one: in_cents(one.unit_price)),
    ]
