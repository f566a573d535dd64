"""Who stands at the door: an app user by the token in the path, or a person by Basic.

A browser's session opens nothing here: these addresses take posts without a CSRF token.
"""

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any

import pghistory
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import authenticate
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from assessments import app_users
from core.errors import Problem
from core.models import User
from core.policy import actor_of
from core.views.doors import View


def door(verb: str) -> Callable[[View], View]:
    """Let in who says who they are; the view fetches its rows by ``policy`` with ``verb``."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: Any, *args: Any, token: str = "", **kwargs: Any) -> HttpResponseBase:
            user = app_users.live(token).user if token else person(request)
            request.user, request.actor = user, actor_of(user)
            if "Accept-Language" not in request.headers:
                translation.activate(user.language)
            with pghistory.context(user=user.pk, door="openrosa"):
                return view(request, *args, **kwargs)

        vars(guarded)["verb"] = verb
        return guarded

    return decorate


def person(request: Any) -> User:
    """Return whom the header names; raise ``sign_in_openrosa`` or ``second_factor``."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        raise Problem("sign_in_openrosa")
    try:
        name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Problem("sign_in_openrosa") from None
    user = authenticate(request, username=name, password=password)
    if not isinstance(user, User) or not user.is_active:
        raise Problem("sign_in_openrosa")
    if is_mfa_enabled(user):
        raise Problem("second_factor")
    return user
