"""Making a waybill from a claim, once receipts of a convoy of others turn up."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from convoys import reconstruction
from convoys.cargo_forms import ReconstructForm
from convoys.models import OperatedConvoy
from convoys.reconstruction import Goods
from convoys.views.reported import BOTH, readable
from core import policy
from core.errors import Problem
from core.views.doors import MemberRequest, opens


@opens("cargo.plan")
@BOTH
def waybill_reconstruct(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask for what the papers say, then make the waybill."""
    convoy = policy.get(request.actor, "convoy.read", readable(request), pk=pk)
    settled = reconstruction.basis(convoy)
    known = OperatedConvoy.objects.filter(pk=pk).select_related("lead_org").first()
    start = {"lead_org": known and known.lead_org_id}
    form = ReconstructForm(request.POST or None, operation=request.operation, initial=start)
    if form.is_valid():
        given = dict(form.cleaned_data)
        goods = [Goods(item, qty) for item, qty in form.goods()]
        places = {name: given[name] for name in ("origin", "destination", "number")}
        people = {name: given[name] for name in ("lead_org", "consignor", "consignee")}
        try:
            reconstruction.reconstruct(convoy, actor=request.actor, goods=goods, **places, **people)
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("The waybill is made. Look at it, then confirm it."))
            return redirect("run", request.operation.slug, pk, "waybills")
    claim = settled[reconstruction.CARGO]
    context = {
        "form": form,
        "convoy": convoy,
        "claim": claim,
        "left": reconstruction.left_kg(convoy, claim),
    }
    return render(request, "convoys/reconstruct.html", context)
