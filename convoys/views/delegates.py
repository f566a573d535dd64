"""Delegates: the list of who may decide in another's place, naming one, and ending it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from convoys import delegates as rules
from convoys.cargo_forms import DelegateForm
from convoys.models import Delegate
from convoys.views.cargo import Home, added
from convoys.views.reported import BOTH
from core import policy
from core.views.doors import MemberRequest, opens


@opens("delegate.read")
def delegates(request: MemberRequest) -> HttpResponse:
    """List the delegates, those whose time has ended too."""
    mine = Delegate.objects.filter(operation=request.operation)
    rows = policy.filter(request.actor, "delegate.read", mine)
    context = {"rows": rows.select_related("user", "named_by")}
    return render(request, "convoys/delegates.html", context)


@opens("delegate.name")
@BOTH
def delegate_new(request: MemberRequest) -> HttpResponse:
    """Name a delegate."""

    def rule(given: dict[str, Any]) -> Any:
        return rules.name(request.operation, actor=request.actor, **given)

    title = _("Name a delegate")
    home = Home(reverse("delegates", args=(request.operation.slug,)), _("Delegates"))
    return added(request, DelegateForm, title, rule, home)


@opens("delegate.end")
@require_POST
def delegate_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the right back."""
    mine = Delegate.objects.filter(operation=request.operation)
    rules.end(policy.get(request.actor, "delegate.end", mine, pk=pk), actor=request.actor)
    return redirect("delegates", request.operation.slug)
