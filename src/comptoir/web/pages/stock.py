"""Stock: the products with their units, and one product with everything that moved it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.catalog.models import Product
from comptoir.inventory.counts import correct_stock
from comptoir.inventory.models import StockMovement
from comptoir.inventory.undo import CannotUndo, undo_correction
from comptoir.offers.desired import recompute_desired
from comptoir.web.access import person, requires
from comptoir.web.forms.products import ProductForm
from comptoir.web.forms.stock import CorrectionForm
from comptoir.web.notices import tell_undoable
from comptoir.web.paging import page_of
from comptoir.web.queries.stock import BY_SKU, find_products, read_product, stock_rows, summed
from comptoir.web.rendering import go, render_dialog, render_part
from comptoir.web.stock_columns import stock_columns
from comptoir.web.tables import TooLong, export_table, too_long


@requires(Permission.SEE)
def stock(request: HttpRequest) -> HttpResponse:
    text, short = request.GET.get("q", "").strip()[:120], bool(request.GET.get("short"))
    page = page_of(find_products(text, short=short), BY_SKU, request)
    context = {"page": page, "rows": stock_rows(page.rows), "text": text, "short": short}
    return render_part(request, "comptoir/stock/list.html", "comptoir/stock/_rows.html", context)


@requires(Permission.SEE)
def product(request: HttpRequest, product_id: int) -> HttpResponse:
    try:
        file = read_product(product_id, channels=person(request).narrowed_to)
    except Product.DoesNotExist as error:
        raise Http404 from error
    return render(request, "comptoir/stock/product.html", {"file": file, "product": file.row.product})


@requires(Permission.CHANGE_STOCK)
def correct(request: HttpRequest, product_id: int) -> HttpResponse:
    product = get_object_or_404(Product, pk=product_id)
    form = CorrectionForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_dialog(
            request, "comptoir/stock/correct.html", {"product": product, "form": form}, status=status
        )
    with transaction.atomic():
        moved = correct_stock(product=product, **form.cleaned_data, actor=str(person(request)))
        recompute_desired([product.pk])
        # Under its lock still: the last correction is this one.
        made = product.movements.filter(reason=StockMovement.Reason.CORRECTION).order_by("-id").first()
    words = _("Corrected by %(units)+d units.") % {"units": moved}
    if moved and made:
        tell_undoable(request, words, reverse("stock-undo", args=[made.pk]))
    else:
        messages.success(request, words)
    return go(request, reverse("product", args=[product.pk]))


@requires(Permission.CHANGE_STOCK)
@require_POST
def undo(request: HttpRequest, movement_id: int) -> HttpResponse:
    move = get_object_or_404(StockMovement, pk=movement_id)
    try:
        with transaction.atomic():
            recompute_desired([undo_correction(move.pk, actor=str(person(request)))])
        messages.success(request, _("Taken back: the ledger keeps both lines."))
    except CannotUndo:
        messages.error(request, _("This correction was taken back already."))
    return go(request, reverse("product", args=[move.product_id]))


@requires(Permission.CHANGE_STOCK)
def edit(request: HttpRequest, product_id: int) -> HttpResponse:
    """What the hub owns of a product; the rest is the ERP's."""
    product = get_object_or_404(Product, pk=product_id)
    form = ProductForm(product, request.POST or None)
    if form.is_valid() and form.keep(actor=str(person(request))):
        messages.success(request, _("Kept."))
        return go(request, reverse("product", args=[product.pk]))
    status = 422 if form.is_bound else 200
    return render_dialog(
        request, "comptoir/stock/edit.html", {"product": product, "form": form}, status=status
    )


@requires(Permission.SEE)
def export_stock(request: HttpRequest, form: str) -> HttpResponseBase:
    text, short = request.GET.get("q", "").strip()[:120], bool(request.GET.get("short"))
    try:
        return export_table(
            form, "stock", summed(find_products(text, short=short)).order_by("sku"), stock_columns()
        )
    except TooLong:
        messages.warning(request, too_long())
        return go(request, f"{reverse('stock')}?{request.GET.urlencode()}")
