"""API tokens: hashed, scoped, expiring, revocable."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit import tracked


class ApiTokenQuerySet(models.QuerySet[Any]):
    """Questions about many tokens."""

    def live(self) -> "ApiTokenQuerySet":
        """Keep the tokens that open anything now."""
        return self.filter(
            revoked_at__isnull=True, expires_at__gt=timezone.now(), user__is_active=True
        )


@tracked(leave_out=("token_hash", "last_used_at"))
class ApiToken(models.Model):
    """Acts for its user in one operation, within its scopes; only the SHA-256 is kept."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        REVOKED = "revoked", _("Revoked")
        EXPIRED = "expired", _("Expired")

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    user = models.ForeignKey("core.User", models.CASCADE, related_name="api_tokens")
    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=8)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope.choices))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> "ApiToken.State":
        """Return whether the token still works."""
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.ACTIVE

    @property
    def may_write(self) -> bool:
        """Return whether the token may change anything."""
        return self.Scope.WRITE in self.scopes
