"""Accounts of the installation, for administrators: find, recover, deactivate."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import people as accounts
from core import policy
from core.models import User
from core.paging import page
from core.views.doors import opens


def readable(request: Any) -> QuerySet[User]:
    """Return the accounts that the reader may look after."""
    if not policy.may_find(request.actor, "user.recover"):
        policy.check(request.actor, "user.recover", request.user)
    return policy.filter(request.actor, "user.recover", User.objects.all())


@opens("user.recover")
def people(request: Any) -> HttpResponse:
    """List the accounts."""
    text, closed = request.GET.get("q", "").strip(), "closed" in request.GET
    found = (
        readable(request)
        .filter(is_active=not closed)
        .prefetch_related("memberships__operation", "memberships__organisation")
    )
    if text:
        found = found.filter(accounts.called(text))
    context = {"page": page(request, found, field="username"), "q": text, "closed": closed}
    return render(request, "core/people.html", context)


@opens("user.recover")
def person(request: Any, pk: int) -> HttpResponse:
    """Show an account with its roles; answer with a recovery link, once."""
    one = policy.get(request.actor, "user.recover", readable(request), pk=pk)
    link = ""
    if request.method == "POST":
        clears = request.POST.get("clears_factors") == "on"
        _made, value = accounts.recovery_link(one, actor=request.actor, clears_factors=clears)
        link = request.build_absolute_uri(reverse("recovery", args=(value,)))
    held = one.memberships.select_related("operation", "organisation")
    context = {"person": one, "memberships": held, "link": link}
    response = render(request, "core/person.html", context)
    response["Cache-Control"] = "no-store"
    return response


@opens("user.recover")
@require_POST
def person_deactivate(request: Any, pk: int) -> HttpResponse:
    """Close an account, or open it again."""
    one = policy.get(request.actor, "user.recover", readable(request), pk=pk)
    if one.is_active:
        accounts.deactivate(one, actor=request.actor)
        messages.success(request, _("The account of {person} is closed.").format(person=one))
    else:
        accounts.reactivate(one, actor=request.actor)
        messages.success(request, _("The account of {person} is open again.").format(person=one))
    return redirect("person", pk)
