"""What a person does with many orders: a preview, the same as a form, then one call; sheets to print."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comptoir.accounts.roles import Permission
from comptoir.orders.looks import note_looks
from comptoir.web.access import person, requires
from comptoir.web.bulk_orders import BULK_ACTIONS, CEILING, BulkAction, Done, carry_out, plan
from comptoir.web.forms.orders import HoldForm
from comptoir.web.parcels import packing_slips, picking_list
from comptoir.web.printing import pdf_answer, print_sheet
from comptoir.web.rendering import go, render_dialog
from comptoir.web.selections import chosen_orders


@requires(Permission.WORK_ORDERS)
@require_POST
def bulk(request: HttpRequest, name: str) -> HttpResponse:
    action, chosen = _action(name), chosen_orders(request, person(request))
    form = HoldForm(request.POST if request.POST.get("sure") else None) if action.needs_reason else None
    if not request.POST.get("sure") or (form is not None and not form.is_valid()):
        context = {"action": action, "chosen": chosen, "plan": plan(action, chosen.orders), "form": form,
                   "ceiling": CEILING}  # fmt: skip
        return render_dialog(request, "comptoir/orders/bulk.html", context)
    reason = form.cleaned_data["reason"] if form else ""
    _tell(request, carry_out(action, chosen.orders, person(request), reason=reason))
    return go(request, f"{reverse('orders')}?{chosen.query}")


@requires(Permission.SEE)
@require_POST
def print_picking_list(request: HttpRequest) -> HttpResponse:
    chosen = chosen_orders(request, person(request))
    return pdf_answer("picking-list.pdf", print_sheet("picking_list", picking_list(chosen.orders)))


@requires(Permission.SEE_BUYERS)
@require_POST
def print_packing_slips(request: HttpRequest) -> HttpResponse:
    chosen = chosen_orders(request, person(request))
    references = [order.reference for order in chosen.orders]
    note_looks(references, actor=str(person(request)), where="packing_slip")
    return pdf_answer("packing-slips.pdf", print_sheet("packing_slip", packing_slips(chosen.orders)))


def _action(name: str) -> BulkAction:
    if name not in BULK_ACTIONS:
        raise Http404(name)
    return BULK_ACTIONS[name]


def _tell(request: HttpRequest, done: Done) -> None:
    words = ngettext("Done for %(n)d order.", "Done for %(n)d orders.", done.count) % {"n": done.count}
    messages.success(request, words)
    if done.missed:
        missed = ", ".join(done.missed)
        messages.warning(request, _("Somebody settled these meanwhile: %(orders)s.") % {"orders": missed})
