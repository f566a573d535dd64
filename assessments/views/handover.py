"""Handing over: who has left, what they sent, and who looks after it from now on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessments import handover as rules
from core.errors import Problem
from core.models import Organisation, User
from core.paging import page
from core.views.doors import MemberRequest, opens


class HandoverForm(forms.Form):
    """One choice of the list; without a successor a handover is taken back."""

    sender = forms.ModelChoiceField(User.objects.all())
    organisation = forms.ModelChoiceField(Organisation.objects.all())
    successor = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False)


@opens("member.manage")
def handover(request: MemberRequest) -> HttpResponse:
    """List who has sent something, those who left first of all; hand over what one of them sent."""
    if request.method == "POST":
        _decide(request)
        return redirect(request.get_full_path())
    text, everybody = request.GET.get("q", "").strip(), "all" in request.GET
    found = rules.senders(request.operation, only_left=not everybody)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(username__icontains=text))
    listed = page(request, found, field="username")
    shares = rules.shares(request.operation, listed.rows)
    context: dict[str, Any] = {
        "page": listed,
        "rows": [(one, shares.get(one.pk, [])) for one in listed.rows],
        "q": text,
        "everybody": everybody,
    }
    return render(request, "assessments/handover.html", context)


def _decide(request: MemberRequest) -> None:
    form = HandoverForm(request.POST)
    if not form.is_valid():
        message = _("Choose who looks after the submissions.")
        raise Problem("invalid", errors=[{"where": "successor", "message": message}])
    chosen = form.cleaned_data
    successor = chosen.pop("successor")
    if successor is None:
        rules.take_back(request.operation, actor=request.actor, **chosen)
        messages.success(request, _("The handover was taken back."))
        return
    rules.hand_over(request.operation, actor=request.actor, successor=successor, **chosen)
    messages.success(
        request, _("{person} now looks after these submissions.").format(person=successor)
    )
