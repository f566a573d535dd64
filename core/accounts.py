"""How people sign in: by name or email, counted per person and address, invited only.

The demonstration's password opens nothing outside a demonstration, whatever the database holds.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Membership, User

PUBLISHED = "tessera-demo"
WRONG = gettext_lazy("The user name, email or password is not correct.")


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes allauth's sign-up page: an invitation link makes accounts.

    Attempts are counted by django-axes in the database, per person and address; allauth's own
    count is per person only (anybody could lock out a colleague) and needs the cache.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account is closed."),
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "incorrect_password": gettext_lazy("The password is not correct."),
        "incorrect_code": gettext_lazy("The code is not correct, or no longer valid."),
        "enter_current_password": gettext_lazy("Type your current password."),
        "too_many_login_attempts": gettext_lazy("Too many wrong codes. Wait five minutes."),
        "rate_limited": gettext_lazy("Too many attempts. Wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        return None


class FactorAdapter(DefaultMFAAdapter):
    """Words of the second step of sign-in, in the languages that we translate."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("The code is not correct, or no longer valid."),
        "cannot_delete_authenticator": gettext_lazy("Two-step sign-in cannot be switched off."),
        "cannot_generate_recovery_codes": gettext_lazy("Switch on two-step sign-in first."),
    }


class PasswordBackend(AuthenticationBackend):
    """Checks name or email with password, and refuses the demonstration's password elsewhere."""

    def authenticate(
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        if credentials.get("password") == PUBLISHED and not settings.DEMO:
            # As slow as a wrong password, so that nobody learns anything from the time.
            User().set_password(PUBLISHED)
            return None
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user


class NotTheDemonstrationPassword:
    """Password validator: the published password can never be set."""

    def validate(self, password: str, user: User | None = None) -> None:
        if password == PUBLISHED:
            raise ValidationError(_("This password is published with the demonstration."))

    def get_help_text(self) -> str:
        return str(_("Not the password of the demonstration."))


def attempted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return under which name a sign-in is counted: one for all spellings of name and email."""
    given = credentials or {}
    named = given.get("username") or given.get("email") or given.get("login")
    typed = named or request.POST.get("login") or ""
    name = str(typed).strip().casefold()
    known = User.objects.filter(email__iexact=name).first() if "@" in name else None
    return known.username.casefold() if known else name


def client_address(request: HttpRequest) -> str | None:
    """Return the client's address, seen through as many proxies as TESSERA_PROXIES says."""
    address: str | None = get_client_ip(request)
    return address


def demonstration_accounts() -> list[dict[str, Any]]:
    """Return user name, name, roles and organisation of who can sign in to a demonstration."""
    if not settings.DEMO:
        return []
    people: dict[int, dict[str, Any]] = {}
    for user in User.objects.filter(is_superuser=True, is_active=True).order_by("username"):
        people[user.pk] = {"user": user, "roles": [_("Administrator")], "organisation": ""}
    held = Membership.objects.filter(operation__is_demo=True, user__is_active=True).exclude(
        user__password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    for one in held.select_related("user", "organisation").order_by("pk"):
        entry = people.setdefault(
            one.user_id, {"user": one.user, "roles": [], "organisation": one.organisation}
        )
        if one.get_role_display() not in entry["roles"]:
            entry["roles"].append(one.get_role_display())
    return list(people.values())
