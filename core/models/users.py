"""People, the roles they hold in operations, and the links by which they come in."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit import tracked


class Role(models.TextChoices):
    """What a member does in an operation; the policy tables say what each may do."""

    FIELD_OFFICER = "field_officer", _("Field officer")
    TEAM_LEAD = "team_lead", _("Team lead")
    ANALYST = "analyst", _("Analyst")
    LOGISTICS = "logistics", _("Logistics officer")
    ACCESS = "access", _("Access officer")
    RECEIVER = "receiver", _("Receiver")
    COORDINATOR = "coordinator", _("Coordinator")
    PARTNER = "partner", _("Partner")
    OBSERVER = "observer", _("Observer")
    ADMINISTRATOR = "administrator", _("Administrator")


@tracked(leave_out=("password", "last_login"))
class User(AbstractBaseUser, PermissionsMixin):
    """A person; ``is_superuser`` makes an administrator of the whole installation."""

    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        # No "@": what has one is an email address, at sign-in and in the count of failures.
        validators=[RegexValidator(r"^[\w.+-]+\Z", _("Use letters, digits and . + - _ only."))],
        error_messages={"unique": _("This user name is taken.")},
    )
    email = models.EmailField(_("email"), blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    objects = UserManager["User"]()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ("name", "username")
        constraints = (
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_once",
                violation_error_message=_("This user name is taken."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message=_("Another account has this email address."),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name or self.username


@tracked()
class Membership(models.Model):
    """One role of a person, for an organisation, in an operation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="memberships"
    )
    role = models.CharField(
        _("role"),
        max_length=20,
        choices=[choice for choice in Role.choices if choice[0] != Role.ADMINISTRATOR],
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("user__name", "role")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "operation", "organisation", "role"), name="membership_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class OneTimeLinkQuerySet(models.QuerySet[Any]):
    """Questions about many links."""

    def usable(self) -> "OneTimeLinkQuerySet":
        """Keep the links that can still be used."""
        return self.filter(
            used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
        )


class OneTimeLink(models.Model):
    """A secret link, of which only the SHA-256 is kept; it ends when used, revoked or expired."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("link", "Open")
        USED = "used", _("Used")
        REVOKED = "revoked", _("Revoked")
        EXPIRED = "expired", _("Expired")

    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = OneTimeLinkQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def state(self) -> "OneTimeLink.State":
        """Return what has become of the link."""
        if self.used_at:
            return self.State.USED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.OPEN


@tracked(leave_out=("token_hash",))
class Invitation(OneTimeLink):
    """Lets one person join an operation in one role."""

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    role = models.CharField(
        _("role"), max_length=20, choices=Membership._meta.get_field("role").choices
    )
    note = models.CharField(_("for whom"), max_length=150, blank=True)
    used_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.note or self.get_role_display()


@tracked(leave_out=("token_hash",))
class RecoveryLink(OneTimeLink):
    """Lets a person set a new password, made by an administrator where there is no mail."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_links")
    clears_factors = models.BooleanField(_("also removes two-step sign-in"), default=False)

    def __str__(self) -> str:
        return str(self.user)
