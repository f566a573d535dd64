"""Named delegates: who decides in another's place where a team is too small for two."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit import tracked


@tracked()
class Delegate(models.Model):
    """Somebody whom a coordinator has named to clear convoys or to write off, until that ends."""

    class Duty(models.TextChoices):
        CLEAR = "clear", _("Clear convoys")
        WRITE_OFF = "write_off", _("Write off what is missing")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="delegates")
    duty = models.CharField(_("duty"), max_length=10, choices=Duty.choices)
    user = models.ForeignKey(
        "core.User", models.PROTECT, related_name="+", verbose_name=_("delegate")
    )
    reason = models.CharField(_("reason"), max_length=300)
    named_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    named_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-named_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "duty", "user"),
                condition=Q(ended_at=None),
                name="delegate_named_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_duty_display()}"
