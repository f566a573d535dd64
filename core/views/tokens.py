"""API tokens: made with the secret shown once, listed, revoked."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import policy
from core import tokens as rules
from core.errors import Problem
from core.forms import TokenForm
from core.models import ApiToken
from core.paging import page
from core.views.doors import MemberRequest, opens


def readable(request: MemberRequest) -> QuerySet[ApiToken]:
    """Return the operation's tokens that the reader may see: own ones; managers see all."""
    inside = ApiToken.objects.filter(operation=request.operation)
    return policy.filter(request.actor, "token.read", inside).select_related("user")


@opens("token.read")
def tokens(request: MemberRequest) -> HttpResponse:
    """List tokens and make one; its secret is shown once, on the page that answers."""
    form = TokenForm(request.POST or None)
    value = ""
    if request.method == "POST" and form.is_valid():
        try:
            _made, value = rules.make(
                request.operation,
                actor=request.actor,
                name=form.cleaned_data["name"],
                scopes=form.scopes(),
                days=form.cleaned_data["days"],
            )
        except Problem as problem:
            form.take(problem)
        else:
            form = TokenForm()
    listed = page(request, readable(request), field="created_at", descending=True)
    manages = policy.can(request.actor, "member.manage", request.operation)
    base = request.build_absolute_uri("/api/v1/")
    context = {"form": form, "secret": value, "page": listed, "manages": manages, "base": base}
    response = render(request, "core/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@opens("token.revoke")
@require_POST
def token_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """End a token."""
    one = policy.get(request.actor, "token.revoke", readable(request), pk=pk)
    rules.revoke(one, actor=request.actor)
    messages.success(request, _("The token “{name}” was revoked.").format(name=one.name))
    return redirect("tokens", request.operation.slug)
