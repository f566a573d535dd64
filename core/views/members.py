"""How people come in by an invitation, and back in by a recovery link.

The secret of a link stays in its address only for one request: it is turned into its digest in
the session, so that it stands neither in a later address nor in what a sign-in records.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from core import members, people, secret
from core.errors import Problem
from core.forms import NewAccountForm, PasswordForm
from core.models import User
from core.views.doors import public

BACKEND = "core.accounts.PasswordBackend"


@public
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take an invitation's link, and go on without its secret in the address."""
    token_hash = secret.digest(token)
    members.invitation_of(token_hash)
    request.session["invitation"] = token_hash
    return redirect("invitation_accept")


@public
@never_cache
@sensitive_post_parameters("password")
def invitation_accept(request: Any) -> HttpResponse:
    """Let an invited person join: as who has signed in, or with a new account."""
    token_hash = request.session.get("invitation", "")
    invited = members.invitation_of(token_hash)
    known = isinstance(request.user, User)
    form = NewAccountForm(None if known else request.POST or None)
    if request.method == "POST" and (known or form.is_valid()):
        try:
            joined = (
                members.accept(token_hash, user=request.user)
                if known
                else members.accept_as_new(token_hash, **form.cleaned_data)
            )
        except Problem as problem:
            form.take(problem)
        else:
            request.session.pop("invitation", None)
            if not known:
                login(request, joined.user, backend=BACKEND)
            messages.success(
                request, _("Welcome to {operation}.").format(operation=joined.operation)
            )
            return redirect("overview", joined.operation.slug)
    return render(request, "account/invitation.html", {"form": form, "invitation": invited})


@public
@never_cache
def recovery(request: HttpRequest, token: str) -> HttpResponse:
    """Take a recovery link, and go on without its secret in the address."""
    token_hash = secret.digest(token)
    people.link_of(token_hash)
    logout(request)
    request.session["recovery"] = token_hash
    return redirect("recovery_password")


@public
@never_cache
@sensitive_post_parameters("password")
def recovery_password(request: HttpRequest) -> HttpResponse:
    """Let a person set a new password; they sign in with it afterwards."""
    token_hash = request.session.get("recovery", "")
    link = people.link_of(token_hash)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.recover(token_hash, **form.cleaned_data)
        except Problem as problem:
            form.take(problem)
        else:
            request.session.pop("recovery", None)
            messages.success(request, _("The new password is set. Sign in with it."))
            return redirect("account_login")
    return render(request, "account/recovery.html", {"form": form, "link": link})


@public
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say how one gets back in where there is no mail."""
    return render(request, "account/forgotten.html")
