"""Handovers: whose submissions somebody else looks after, because the sender has left."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit import tracked


@tracked()
class Handover(models.Model):
    """What ``sender`` sent for an organisation is looked after by ``successor``.

    The submissions themselves stay as they are: who sent them is a fact and does not change.
    """

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    sender = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    successor = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("handed over"), auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "organisation", "sender"), name="handover_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(sender=models.F("successor")), name="handover_to_another"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sender} → {self.successor}"
