"""The way in: the one operation, the choice among several, and the facts of each."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import operations, policy
from core.errors import Problem
from core.forms import OperationForm
from core.models import Operation
from core.views.doors import MemberRequest, opens

FACTS = (
    "name",
    "slug",
    "glide",
    "countries",
    "languages",
    "starts_on",
    "ends_on",
    "status",
    "map_view",
)


@opens("operation.read")
def home(request: Any) -> HttpResponse:
    """Open the reader's only operation, or show all of them."""
    mine = policy.filter(request.actor, "operation.read", Operation.objects.all())
    found = list(mine.annotate(people=Count("memberships__user", distinct=True)))
    if len(found) == 1 and "all" not in request.GET and not request.actor.is_administrator:
        return redirect("overview", found[0].slug)
    roles: dict[int, list[str]] = {}
    for held in request.actor.memberships:
        label = f"{held.get_role_display()} ({held.organisation})"
        roles.setdefault(held.operation_id, []).append(label)
    cards = [{"operation": one, "roles": roles.get(one.pk, [])} for one in found]
    return render(request, "core/home.html", {"cards": cards})


@opens("operation.create")
def operation_new(request: Any) -> HttpResponse:
    """Open a new operation (administrators)."""
    policy.check(request.actor, "operation.create", request.user)
    form = OperationForm(request.POST or None, initial={"languages": ["en"]})
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.open_operation(actor=request.actor, **form.cleaned_data)
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("The operation is open. Now invite its coordinator."))
            return redirect("invitations", made.slug)
    return render(request, "core/operation_new.html", {"form": form})


@opens("operation.manage")
def operation_edit(request: MemberRequest) -> HttpResponse:
    """Change the operation's facts."""
    kept = {name: getattr(request.operation, name) for name in FACTS}
    form = OperationForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        fresh = Operation.objects.get(pk=request.operation.pk)
        try:
            saved = operations.edit_operation(fresh, actor=request.actor, **form.cleaned_data)
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("The operation was saved."))
            return redirect("operation_edit", saved.slug)
    return render(request, "core/operation_edit.html", {"form": form})
