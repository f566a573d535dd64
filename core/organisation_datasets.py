"""The dataset of organisations that take part in operations."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.datasets import Column, Dataset, Kind, Sensitivity, declare
from core.models import Organisation

PUBLIC = Sensitivity.PUBLIC


def _organisations(parameters: dict[str, Any]) -> QuerySet[Organisation]:
    return Organisation.objects.distinct()


ORGANISATIONS = declare(
    Dataset(
        name="organisations",
        label=_("Organisations"),
        verb="operation.read",
        within="memberships__operation",
        rows=_organisations,
        columns=(
            Column("acronym", _("Acronym"), hxl="#org+acronym", sensitivity=PUBLIC),
            Column("name", _("Name"), hxl="#org+name", sensitivity=PUBLIC),
            Column("kind", _("Type"), hxl="#org+type", sensitivity=PUBLIC),
            Column("aliases", _("Other names"), Kind.LIST, hxl="#org+alias", sensitivity=PUBLIC),
        ),
    )
)
