"""What can be taken out of assessments and forms: their lists, and each form's data dictionary."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Choice, Form, FormVersion, Question
from core.datasets import Column, Dataset, Kind, Sensitivity, declare

PARTNER = Sensitivity.PARTNER
IN_USE = ("published", "superseded")


def _assessments(parameters: dict[str, Any]) -> QuerySet[Assessment]:
    return Assessment.objects.order_by("pk")


def _forms(parameters: dict[str, Any]) -> QuerySet[Form]:
    return Form.objects.order_by("pk")


def _versions(parameters: dict[str, Any]) -> QuerySet[FormVersion]:
    return FormVersion.objects.filter(state__in=IN_USE).order_by("pk")


def _questions(parameters: dict[str, Any]) -> QuerySet[Question]:
    return Question.objects.filter(version__state__in=IN_USE).order_by("version", "position")


def _choices(parameters: dict[str, Any]) -> QuerySet[Choice]:
    found = Choice.objects.filter(version__state__in=IN_USE)
    return found.order_by("version", "list_name", "position")


ASSESSMENTS = declare(
    Dataset(
        name="assessments",
        label=_("Assessments"),
        verb="assessment.read",
        rows=_assessments,
        columns=(
            Column("id", _("Number"), Kind.INTEGER, hxl="#meta+id", sensitivity=PARTNER),
            Column("operation", _("Operation"), source="operation__slug", sensitivity=PARTNER),
            Column("title", _("Title"), hxl="#activity+name", sensitivity=PARTNER),
            Column("description", _("Purpose"), hxl="#description", sensitivity=PARTNER),
            Column("method", _("Method"), hxl="#method", sensitivity=PARTNER),
            Column("state", _("State"), hxl="#status", sensitivity=PARTNER),
            Column("state_reason", _("Reason"), sensitivity=PARTNER),
            Column("lead", _("Lead"), source="lead__acronym", hxl="#org+lead", sensitivity=PARTNER),
            Column("starts_on", _("From"), Kind.DATE, hxl="#date+start", sensitivity=PARTNER),
            Column("ends_on", _("Until"), Kind.DATE, hxl="#date+end", sensitivity=PARTNER),
            Column("is_demo", _("Invented, for demonstration"), Kind.BOOLEAN, sensitivity=PARTNER),
        ),
    )
)
FORMS = declare(
    Dataset(
        name="forms",
        label=_("Forms"),
        verb="form.read",
        rows=_forms,
        columns=(
            Column("form_id", _("Form ID"), hxl="#meta+form", sensitivity=PARTNER),
            Column("operation", _("Operation"), source="operation__slug", sensitivity=PARTNER),
            Column("title", _("Title"), sensitivity=PARTNER),
            Column(
                "assessment", _("Assessment"), Kind.INTEGER, "assessment_id", sensitivity=PARTNER
            ),
            Column("is_open", _("Accepts submissions"), Kind.BOOLEAN, sensitivity=PARTNER),
        ),
    )
)
VERSIONS = declare(
    Dataset(
        name="form-versions",
        label=_("Versions of forms"),
        verb="form_version.read",
        rows=_versions,
        columns=(
            Column("form", _("Form ID"), source="form__form_id", sensitivity=PARTNER),
            Column("version", _("Version"), hxl="#meta+version", sensitivity=PARTNER),
            Column("state", _("State"), hxl="#status", sensitivity=PARTNER),
            Column("languages", _("Languages"), Kind.LIST, sensitivity=PARTNER),
            Column("published_at", _("Published"), Kind.DATETIME, sensitivity=PARTNER),
            Column("hash", _("MD5 of the XForm"), source="xform_hash", sensitivity=PARTNER),
        ),
    )
)
QUESTIONS = declare(
    Dataset(
        name="questions",
        label=_("Questions"),
        verb="form_version.read",
        within="version",
        rows=_questions,
        columns=(
            Column("form", _("Form ID"), source="version__form__form_id", sensitivity=PARTNER),
            Column("version", _("Version"), source="version__version", sensitivity=PARTNER),
            Column("position", _("Position"), Kind.INTEGER, sensitivity=PARTNER),
            Column("path", _("Path"), sensitivity=PARTNER),
            Column("kind", _("Type"), sensitivity=PARTNER),
            Column("repeat", _("Repeat that it stands in"), sensitivity=PARTNER),
            Column("labels", _("Labels by language"), Kind.OBJECT, sensitivity=PARTNER),
            Column("choice_list", _("List of choices"), sensitivity=PARTNER),
            Column("hxl", _("HXL tag"), sensitivity=PARTNER),
            Column("required", _("Required"), Kind.BOOLEAN, sensitivity=PARTNER),
            Column("sensitivity", _("Sensitivity"), sensitivity=PARTNER),
        ),
    )
)
CHOICES = declare(
    Dataset(
        name="choices",
        label=_("Choices"),
        verb="form_version.read",
        within="version",
        rows=_choices,
        columns=(
            Column("form", _("Form ID"), source="version__form__form_id", sensitivity=PARTNER),
            Column("version", _("Version"), source="version__version", sensitivity=PARTNER),
            Column("list_name", _("List"), sensitivity=PARTNER),
            Column("position", _("Position"), Kind.INTEGER, sensitivity=PARTNER),
            Column("value", _("Code"), sensitivity=PARTNER),
            Column("labels", _("Labels by language"), Kind.OBJECT, sensitivity=PARTNER),
        ),
    )
)
