"""Collect accounts: made with the code that sets up the app, listed, revoked."""

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assessments import app_users as rules
from assessments.models import AppUser
from core import policy
from core.forms import FormWithFindings
from core.models import Operation, Organisation
from core.paging import page
from core.views.doors import MemberRequest, opens


class AppUserForm(FormWithFindings):
    """Who or what will use an account, and for whom it collects."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=150,
        help_text=gettext_lazy(
            "The person or the phone that will use it; submissions show this name."
        ),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        help_text=gettext_lazy("Its records belong to this organisation."),
    )

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        members = Organisation.objects.filter(memberships__operation=operation)
        field.queryset = members.distinct()


def readable(request: MemberRequest) -> QuerySet[AppUser]:
    """Return the operation's accounts that the reader may see."""
    inside = AppUser.objects.filter(operation=request.operation)
    found = policy.filter(request.actor, "app_user.read", inside)
    return found.select_related("user", "organisation", "operation")


@opens("member.manage")
def app_users(request: MemberRequest) -> HttpResponse:
    """List accounts and make one; its code is shown once, on the page that answers."""
    form = AppUserForm(request.POST or None, operation=request.operation)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        made, token = rules.make(request.operation, actor=request.actor, **form.cleaned_data)
        url = server_url(request, token)
        context = {"made": made, "url": url, "code": picture(url, str(request.operation))}
        kept = {"organisation": form.cleaned_data["organisation"]}
        form = AppUserForm(operation=request.operation, initial=kept)
    context["form"] = form
    context["page"] = page(request, readable(request), field="created_at", descending=True)
    context["basic"] = request.build_absolute_uri("/openrosa")
    response = render(request, "assessments/devices/app_users.html", context)
    response["Cache-Control"] = "no-store"
    return response


@opens("app_user.revoke")
@require_POST
def app_user_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """End an account's link."""
    one = policy.get(request.actor, "app_user.revoke", readable(request), pk=pk)
    rules.revoke(one, actor=request.actor)
    messages.success(request, _("The Collect account “{name}” was revoked.").format(name=one))
    return redirect("app_users", request.operation.slug)


def server_url(request: MemberRequest, token: str) -> str:
    """Return the address that the app is given; the app adds /formList and /submission."""
    whole = request.build_absolute_uri(reverse("openrosa_form_list", args=(token,)))
    return whole.removesuffix("/formList")


def picture(url: str, name: str) -> str:
    """Return the settings code as a picture that an ``img`` shows."""
    code = segno.make(rules.collect_settings(url, name), error="l", micro=False)
    uri: str = code.svg_data_uri(scale=4, border=4, light="#fff")
    return uri
