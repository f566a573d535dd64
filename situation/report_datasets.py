"""The dataset of reports, for the list's download."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.datasets import Column, Dataset, Kind, declare
from situation.models import Report


def reports(parameters: dict[str, Any]) -> QuerySet[Report]:
    """Return the reports of ``operation`` where one is given; the policy narrows them."""
    found = Report.objects.order_by("-created_at")
    operation = parameters.get("operation")
    return found.filter(operation=operation) if operation else found


REPORTS = declare(
    Dataset(
        name="reports",
        label=_("Reports"),
        verb="report.read",
        rows=reports,
        columns=(
            Column("number", _("Number"), Kind.INTEGER, source="pk", hxl="#meta+id"),
            Column("title", _("Title"), hxl="#meta+title"),
            Column("kind", _("Kind"), hxl="#meta+type"),
            Column("language", _("Language"), hxl="#meta+lang"),
            Column("state", _("State"), hxl="#status"),
            Column("as_of", _("As of"), Kind.DATETIME, hxl="#date"),
            Column("pages", _("Pages"), Kind.INTEGER),
            Column("sha256", _("SHA-256 of the file")),
            Column("made_by", _("Asked for by"), source="created_by__name", hxl="#contact+name"),
            Column("created_at", _("Asked for"), Kind.DATETIME, hxl="#date+requested"),
            Column("published_by", _("Published by"), source="published_by__name"),
            Column("published_at", _("Published"), Kind.DATETIME, hxl="#date+published"),
        ),
    )
)
