"""API tokens: who may make them for how long, which still work, and how they end."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import policy, secret
from core.errors import Problem, declare
from core.models import ApiToken, Operation, User
from core.policy import Actor

PREFIX = "tess_"
LONGEST_DAYS = 366
# The moment of last use is for people who tidy up; to the minute is enough, and saves writes.
LAST_USE = timedelta(minutes=1)

declare(
    "token_too_long",
    400,
    _("The token would live too long"),
    _("A token ends after {days} days at the latest; this one would live {asked} days."),
    _("Choose an earlier end; make a new token before it."),
)


def make(
    operation: Operation, *, actor: Actor, name: str, scopes: list[str], days: int
) -> tuple[ApiToken, str]:
    """Make a token for the actor; return it with its secret, which is never shown again."""
    policy.check(actor, "token.make", operation)
    if actor.user is None:
        raise Problem("sign_in")
    if not 1 <= days <= LONGEST_DAYS:
        raise Problem("token_too_long", days=LONGEST_DAYS, asked=days)
    value = secret.new(PREFIX)
    token = ApiToken.objects.create(
        user=actor.user,
        operation=operation,
        name=name,
        prefix=value[:8],
        token_hash=secret.digest(value),
        scopes=scopes,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return token, value


def live(value: str) -> ApiToken | None:
    """Return the token that a secret opens, if it still works, and note that it was used."""
    now = timezone.now()
    found = ApiToken.objects.live().filter(token_hash=secret.digest(value))
    token: ApiToken | None = found.select_related("user").first()
    if token:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - LAST_USE)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


def revoke(token: ApiToken, *, actor: Actor) -> ApiToken:
    """End a token at once; one that was revoked before stays as it was."""
    policy.check(actor, "token.revoke", token)
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    token.refresh_from_db()
    return token


def revoke_of(user: User, *, operation: Operation | None = None) -> int:
    """End all tokens of a person, of one operation or of all; return how many ended."""
    theirs = ApiToken.objects.filter(user=user, revoked_at__isnull=True)
    if operation:
        theirs = theirs.filter(operation=operation)
    return theirs.update(revoked_at=timezone.now())
