"""Files of facts on their way in: upload, look at what each row would become, confirm."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import tracked


@tracked(leave_out=("rows", "findings", "remarks"))
class TableImport(models.Model):
    """An uploaded table whose rows were read and checked; nothing is recorded before ``done_at``.

    ``rows`` are what was read, by the names of the columns, with the id that each fact will get;
    ``findings`` say what stands against some of them: row, where, message. ``remarks`` say what of
    the file was not read, as [code, about] of core.table_imports.REMARKS.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("Access events")
        CLAIMS = "claims", _("Claims about reported convoys")
        PACKING_LIST = "packing", _("Packing list")
        ITEMS = "items", _("Items of the catalogue")
        STOCK = "stock", _("Goods taken into stock")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="table_imports")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    file_name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    recorded = models.PositiveIntegerField(_("rows recorded"), default=0)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(_("recorded at"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return the address of the preview."""
        return reverse("table_import", args=(self.operation.slug, self.pk))
