"""Accounts of people: a way back in without mail, and an end that keeps what they recorded."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import policy, secret, tokens
from core.errors import Problem, declare
from core.members import refuse_weak
from core.models import RecoveryLink, User
from core.policy import Actor

RECOVERY_LIFE = timedelta(hours=24)

declare(
    "own_account",
    409,
    _("This is your own account"),
    _("An administrator cannot deactivate the account in use."),
    _("Ask another administrator to do it."),
)


@transaction.atomic
def called(text: str, *, through: str = "") -> Q:
    """Return the condition for people whose names or email hold ``text``.

    ``through`` leads from other rows to the person, such as ``user__``.
    """
    columns = ("name", "username", "email")
    return Q(*[(f"{through}{one}__icontains", text) for one in columns], _connector=Q.OR)


def recovery_link(
    user: User, *, actor: Actor, clears_factors: bool = False
) -> tuple[RecoveryLink, str]:
    """Make a link by which a person sets a new password; earlier links end.

    ``clears_factors`` also removes authenticator app and passkeys (a lost phone) when it is used.
    """
    policy.check(actor, "user.recover", user)
    if actor.user is None:
        raise Problem("sign_in")
    _end_links(user)
    value = secret.new()
    link = RecoveryLink.objects.create(
        user=user,
        token_hash=secret.digest(value),
        created_by=actor.user,
        expires_at=timezone.now() + RECOVERY_LIFE,
        clears_factors=clears_factors,
    )
    return link, value


def link_of(token_hash: str) -> RecoveryLink:
    """Return the recovery link with this digest; raise ``not_found`` or ``link_spent``."""
    known = RecoveryLink.objects.select_related("user").filter(token_hash=token_hash)
    link: RecoveryLink | None = known.first()
    if link is None or not link.user.is_active:
        raise Problem("not_found")
    if link.state != RecoveryLink.State.OPEN:
        raise Problem("link_spent", state=link.state.label)
    return link


@transaction.atomic
def recover(token_hash: str, *, password: str) -> User:
    """Set a new password by a recovery link; all sessions of the person end with the old one.

    Raises ``invalid`` for a weak password, or what ``link_of`` does.
    """
    user = link_of(token_hash).user
    refuse_weak(password, user)
    link = RecoveryLink.objects.select_for_update().get(token_hash=token_hash)
    if link.state != RecoveryLink.State.OPEN:
        raise Problem("link_spent", state=link.state.label)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    user.set_password(password)
    user.save(update_fields=["password"])
    if link.clears_factors:
        Authenticator.objects.filter(user=user).delete()
    return user


@transaction.atomic
def deactivate(user: User, *, actor: Actor) -> User:
    """Close an account: what it recorded stays, its sessions, tokens and links end."""
    policy.check(actor, "user.recover", user)
    if actor.user == user:
        raise Problem("own_account")
    user.is_active = False
    user.save(update_fields=["is_active"])
    tokens.revoke_of(user)
    _end_links(user)
    return user


def reactivate(user: User, *, actor: Actor) -> User:
    """Open a closed account again; its tokens stay revoked."""
    policy.check(actor, "user.recover", user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


def _end_links(user: User) -> None:
    links = RecoveryLink.objects.filter(user=user, used_at=None, revoked_at=None)
    links.update(revoked_at=timezone.now())
