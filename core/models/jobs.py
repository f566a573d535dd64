"""The job ledger: a row is the truth about a piece of background work."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Background work with its state, attempts, lease, progress and result.

    A running job renews ``lease_until``; when it lapses, the sweeper hands the job to another
    worker, at most ``MAX_ATTEMPTS`` times in all.
    """

    MAX_ATTEMPTS = 3

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=200, blank=True, default="")
    done_units = models.PositiveIntegerField(default=0)
    total_units = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="en")
    operation = models.ForeignKey(
        "core.Operation", models.CASCADE, null=True, blank=True, related_name="jobs"
    )
    created_by = models.ForeignKey(
        "core.User", models.PROTECT, null=True, blank=True, related_name="jobs"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "key"), condition=~models.Q(key=""), name="job_key_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("state", "lease_until"),
                condition=models.Q(state__in=["queued", "running"]),
                name="job_open",
            ),
            models.Index(fields=("operation", "-created_at"), name="job_by_operation"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int | None:
        """Return 0 to 100, or None while the amount of work is unknown."""
        return min(100, 100 * self.done_units // self.total_units) if self.total_units else None

    @property
    def is_open(self) -> bool:
        """Return whether the job still waits or runs."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def result_url(self) -> str:
        """Return the address on this site that shows the result, or nothing."""
        url = str(self.result.get("url", ""))
        return url if url.startswith("/") and not url.startswith(("//", "/\\")) else ""
