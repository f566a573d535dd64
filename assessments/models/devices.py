"""What fills forms in the field: browsers that report in, and accounts for ODK Collect."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import tracked


@tracked(leave_out=("token_hash", "last_used_at"))
class AppUser(models.Model):
    """An account for an app that speaks OpenRosa: its link fills forms of one operation, no more.

    ``user`` cannot sign in; only the SHA-256 of the link's token is kept.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        REVOKED = "revoked", _("Revoked")

    user = models.OneToOneField("core.User", models.PROTECT, related_name="app_user")
    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="app_users")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return str(self.user)

    @property
    def state(self) -> "AppUser.State":
        """Return whether the link still works."""
        return self.State.REVOKED if self.revoked_at else self.State.ACTIVE


class DeviceQuerySet(models.QuerySet[Any]):
    """Questions about many devices."""

    def of_members(self, operation: Any) -> "DeviceQuerySet":
        """Keep the devices of an operation's members."""
        return self.filter(user__in=operation.memberships.values("user"))


@tracked(
    leave_out=(
        "session_key",
        "app_version",
        "last_seen",
        "skew",
        "unsent",
        "storage_usage",
        "storage_quota",
        "storage_persisted",
    )
)
class Device(models.Model):
    """A browser with the field client in it, as it last reported; one row a person who uses it.

    ``unsent`` lists ``{instance_id, form_id, version, title, state, changed_at}``; ``skew`` is by
    how many seconds the device's clock is ahead of the server's; storage is in bytes.
    """

    user = models.ForeignKey("core.User", models.CASCADE, related_name="devices")
    device_id = models.CharField(_("device"), max_length=255)
    name = models.CharField(_("name"), max_length=150, blank=True)
    app_version = models.CharField(max_length=50, blank=True)
    session_key = models.CharField(max_length=40, blank=True)
    first_seen = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField()
    skew = models.IntegerField(null=True, blank=True)
    unsent = models.JSONField(default=list)
    storage_usage = models.BigIntegerField(null=True, blank=True)
    storage_quota = models.BigIntegerField(null=True, blank=True)
    storage_persisted = models.BooleanField(null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        "core.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ("-last_seen",)
        constraints = (
            models.UniqueConstraint(fields=("device_id", "user"), name="device_of_user_once"),
        )

    def __str__(self) -> str:
        return self.name or self.device_id


@tracked(leave_out=("report",))
class RecordImport(models.Model):
    """A file of records that a device exported, given to the server by a coordinator.

    ``user`` is who filled them, and for whom they count. ``report`` lists the records:
    ``{instance_id, form_id, version, title, files, is_draft, check, outcome, message, submission,
    url}`` with ``check`` one of ``new``, ``edit``, ``here``, ``other``, ``unknown_form``,
    ``unknown_waybill``, ``damaged``; ``url`` is the page of what is no submission, and
    ``outcome`` blank until it was tried, then ``received``, ``here``, ``refused`` or ``left_out``.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Imported")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="record_imports")
    file = models.FileField(upload_to="imports/%Y/%m/", max_length=300)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    user = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    device_id = models.CharField(max_length=255, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True)
    is_signed = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKED)
    report = models.JSONField(default=list)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return the address of the import's page."""
        return reverse("record_import", args=(self.operation.slug, self.pk))
