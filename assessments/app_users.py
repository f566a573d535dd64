"""Accounts for ODK Collect and other OpenRosa apps: made with a link, listed, revoked.

The link is the one secret that stands in an address, because these apps know no other way: it fills
forms of one operation and nothing else, and is kept as its SHA-256 only.
"""

import base64
import json
import zlib
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.models import AppUser
from core import members, policy, secret
from core.errors import Problem
from core.models import Membership, Operation, Organisation, Role, User
from core.policy import Actor
from core.tokens import LAST_USE


@transaction.atomic
def make(
    operation: Operation, *, actor: Actor, name: str, organisation: Organisation
) -> tuple[AppUser, str]:
    """Make an account; return it with its token, which is never shown again."""
    user = User(username=f"app-{uuid4().hex[:12]}", name=name.strip(), language=language(operation))
    user.set_unusable_password()
    user.save()
    members.add(
        operation, actor=actor, user=user, organisation=organisation, role=Role.FIELD_OFFICER
    )
    token = secret.new()
    made = AppUser.objects.create(
        user=user,
        operation=operation,
        organisation=organisation,
        token_hash=secret.digest(token),
        created_by=actor.user,
    )
    return made, token


@transaction.atomic
def revoke(app_user: AppUser, *, actor: Actor) -> None:
    """End a link at once; what it sent stays. One that was revoked before stays as it was."""
    policy.check(actor, "app_user.revoke", app_user)
    AppUser.objects.filter(pk=app_user.pk, revoked_at=None).update(revoked_at=timezone.now())
    User.objects.filter(pk=app_user.user_id).update(is_active=False)
    Membership.objects.filter(user=app_user.user_id).delete()


def live(token: str) -> AppUser:
    """Return the account that a link opens, and note its use; raise ``app_user_unknown``."""
    live_ones = AppUser.objects.filter(revoked_at=None, user__is_active=True)
    found = live_ones.select_related("user").filter(token_hash=secret.digest(token)).first()
    if found is None:
        raise Problem("app_user_unknown")
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USE)
    AppUser.objects.filter(stale, pk=found.pk).update(last_used_at=now)
    return found


def language(operation: Operation) -> str:
    """Return the language in which an operation's apps are answered unless they ask for one."""
    return operation.languages[0] if operation.languages else "en"


def collect_settings(url: str, name: str) -> str:
    """Return what ODK Collect's settings code holds: compressed JSON, as text.

    https://docs.getodk.org/collect-import-export/
    """
    settings = {
        "general": {
            "server_url": url,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "project": {"name": name},
        "admin": {},
    }
    packed = zlib.compress(json.dumps(settings, ensure_ascii=False).encode())
    return base64.b64encode(packed).decode()
