"""The dataset of operations."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.datasets import Column, Dataset, Kind, Sensitivity, declare
from core.models import Operation

PUBLIC = Sensitivity.PUBLIC


def operations(parameters: dict[str, Any]) -> QuerySet[Operation]:
    """Return all operations; the policy narrows them."""
    return Operation.objects.all()


OPERATIONS = declare(
    Dataset(
        name="operations",
        label=_("Operations"),
        verb="operation.read",
        rows=operations,
        columns=(
            Column("slug", _("Short name"), sensitivity=PUBLIC, hxl="#crisis+code"),
            Column("name", _("Name"), sensitivity=PUBLIC, hxl="#crisis+name"),
            Column("glide", "GLIDE", sensitivity=PUBLIC, hxl="#crisis+code+v_glide"),
            Column("countries", _("Countries"), Kind.LIST, sensitivity=PUBLIC, hxl="#country+code"),
            Column("languages", _("Languages"), Kind.LIST, sensitivity=PUBLIC),
            Column("starts_on", _("Starts on"), Kind.DATE, sensitivity=PUBLIC, hxl="#date+start"),
            Column("ends_on", _("Ends on"), Kind.DATE, sensitivity=PUBLIC, hxl="#date+end"),
            Column("status", _("Status"), sensitivity=PUBLIC, hxl="#status"),
            Column("is_demo", _("Invented, for demonstration"), Kind.BOOLEAN, sensitivity=PUBLIC),
        ),
    )
)
