"""A person's own page: name, language, time zone, roles, and ways to sign in."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from core import policy
from core.context import languages
from core.forms import ProfileForm
from core.models import User
from core.views.doors import opens
from core.views.preferences import keep_language


@opens("user.edit")
def profile(request: Any) -> HttpResponse:
    """Show and change one's own account."""
    user = policy.get(request.actor, "user.edit", User.objects.all(), pk=request.user.pk)
    names = ("name", "email", "language", "time_zone")
    kept = {name: getattr(user, name) for name in names}
    form = ProfileForm(request.POST or None, initial=kept, languages=languages())
    if request.method == "POST" and form.is_valid():
        for name in names:
            setattr(user, name, form.cleaned_data[name])
        try:
            user.full_clean(exclude=["password"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            user.save(update_fields=names)
            with translation.override(user.language):
                messages.success(request, _("Your profile was saved."))
            return keep_language(redirect("profile"), user.language)
    factors = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    context = {
        "form": form,
        "memberships": request.actor.memberships,
        "has_app": Authenticator.Type.TOTP in factors,
        "passkeys": sum(1 for kind in factors if kind == Authenticator.Type.WEBAUTHN),
        "factors": settings.MFA_SUPPORTED_TYPES,
    }
    return render(request, "core/profile.html", context)
