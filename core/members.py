"""Members of an operation: invited by a link, given roles, and let go."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core import policy, secret, tokens
from core.errors import Problem, declare
from core.models import Invitation, Membership, Operation, Organisation, Role, User
from core.policy import Actor

INVITATION_LIFE = timedelta(days=7)

declare(
    "link_spent",
    410,
    _("This link no longer works"),
    _("It is {state}."),
    _("Ask the person who sent it for a new one."),
)
declare(
    "already_member",
    409,
    _("This role is already given"),
    _("{person} is already {role} for {organisation} in this operation."),
    _("Choose another role or organisation."),
)
declare(
    "last_coordinator",
    409,
    _("The operation needs a coordinator"),
    _("{person} is the only coordinator of this operation."),
    _("Make somebody else a coordinator first, or ask an administrator."),
)


def invite(
    operation: Operation, *, actor: Actor, organisation: Organisation, role: str, note: str = ""
) -> tuple[Invitation, str]:
    """Make an invitation; return it with the secret of its link, which is never shown again."""
    policy.check(actor, "member.manage", operation)
    if actor.user is None:
        raise Problem("sign_in")
    value = secret.new()
    invitation = Invitation.objects.create(
        operation=operation,
        organisation=organisation,
        role=role,
        note=note,
        token_hash=secret.digest(value),
        created_by=actor.user,
        expires_at=timezone.now() + INVITATION_LIFE,
    )
    return invitation, value


def revoke_invitation(invitation: Invitation, *, actor: Actor) -> None:
    """Take an invitation back; one that was used or revoked before stays as it was."""
    policy.check(actor, "member.manage", invitation.operation)
    open_one = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    open_one.update(revoked_at=timezone.now())


def invitation_of(token_hash: str) -> Invitation:
    """Return the invitation behind a link; raise ``not_found`` or ``link_spent``."""
    known = Invitation.objects.select_related("operation", "organisation", "created_by")
    invitation: Invitation | None = known.filter(token_hash=token_hash).first()
    if invitation is None:
        raise Problem("not_found")
    if invitation.state != Invitation.State.OPEN:
        raise Problem("link_spent", state=invitation.state.label)
    return invitation


@transaction.atomic
def accept(token_hash: str, *, user: User) -> Membership:
    """Use up an invitation: the person joins in its role, once; raise what invitation_of does."""
    invitation_of(token_hash)
    locked = Invitation.objects.select_for_update().get(token_hash=token_hash)
    if locked.state != Invitation.State.OPEN:
        raise Problem("link_spent", state=locked.state.label)
    locked.used_at, locked.used_by = timezone.now(), user
    locked.save(update_fields=["used_at", "used_by"])
    membership, _new = Membership.objects.get_or_create(
        user=user, operation=locked.operation, organisation=locked.organisation, role=locked.role
    )
    return membership


@transaction.atomic
def accept_as_new(
    token_hash: str, *, username: str, name: str, email: str, password: str
) -> Membership:
    """Make an account and use up the invitation with it.

    Raises ``invalid`` with the findings by field, or what ``accept`` does.
    """
    user = User(
        username=User.normalize_username(username),
        name=name,
        email=email,
        language=translation.get_language() or "en",
    )
    user.set_password(password)
    refuse_weak(password, user)
    try:
        user.full_clean()
    except ValidationError as error:
        findings = [
            {"where": field, "message": message}
            for field, messages in error.message_dict.items()
            for message in messages
        ]
        raise Problem("invalid", errors=findings) from error
    user.save()
    return accept(token_hash, user=user)


def refuse_weak(password: str, user: User) -> None:
    """Raise ``invalid`` when a password is too easy to guess."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        findings = [{"where": "password", "message": message} for message in error.messages]
        raise Problem("invalid", errors=findings) from error


def add(
    operation: Operation, *, actor: Actor, user: User, organisation: Organisation, role: str
) -> Membership:
    """Give a known person a role; raise ``already_member`` when they have it."""
    policy.check(actor, "member.manage", operation)
    made, new = Membership.objects.get_or_create(
        user=user, operation=operation, organisation=organisation, role=role
    )
    if not new:
        raise _already(made)
    return made


@transaction.atomic
def change(
    membership: Membership, *, actor: Actor, organisation: Organisation, role: str
) -> Membership:
    """Give a member another role or organisation in place of this one."""
    policy.check(actor, "member.manage", membership.operation)
    if role != Role.COORDINATOR:
        _keep_a_coordinator(membership, actor)
    membership.organisation, membership.role = organisation, role
    try:
        with transaction.atomic():
            membership.save(update_fields=["organisation", "role"])
    except IntegrityError as error:
        raise _already(membership) from error
    return membership


@transaction.atomic
def remove(membership: Membership, *, actor: Actor) -> None:
    """Take a role away; with the last role in the operation go the person's tokens for it."""
    policy.check(actor, "member.manage", membership.operation)
    _keep_a_coordinator(membership, actor)
    user, operation = membership.user, membership.operation
    membership.delete()
    if not Membership.objects.filter(user=user, operation=operation).exists():
        tokens.revoke_of(user, operation=operation)


def _already(membership: Membership) -> Problem:
    return Problem(
        "already_member",
        person=membership.user,
        role=membership.get_role_display(),
        organisation=membership.organisation,
    )


def _keep_a_coordinator(membership: Membership, actor: Actor) -> None:
    if membership.role != Role.COORDINATOR or actor.is_administrator:
        return
    others = Membership.objects.filter(operation=membership.operation, role=Role.COORDINATOR)
    if not others.exclude(user=membership.user).filter(user__is_active=True).exists():
        raise Problem("last_coordinator", person=membership.user)
