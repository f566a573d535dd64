"""The inter-agency assessment: who assesses which areas, under which conditions."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from assessments.models.states import ASSESSMENT
from core.audit import tracked


@tracked()
class Assessment(models.Model):
    """One assessment exercise; one filled form in it is a Submission."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PLANNED = "planned", _("Planned")
        AWAITING_CONDITIONS = "awaiting_conditions", _("Awaiting conditions")
        SCHEDULED = "scheduled", _("Scheduled")
        IN_FIELD = "in_field", _("In the field")
        IN_ANALYSIS = "in_analysis", _("In analysis")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")
        CANCELLED = "cancelled", _("Cancelled")

    class Method(models.TextChoices):
        MIRA = "mira", _("Multi-sector initial rapid assessment")
        MSNA = "msna", _("Multi-sector needs assessment")
        HOUSEHOLD = "household", _("Household survey")
        KEY_INFORMANT = "key_informant", _("Key informant interviews")
        OBSERVATION = "observation", _("Direct observation")
        SITE = "site", _("Site assessment")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="assessments")
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("purpose"), blank=True)
    method = models.CharField(_("method"), max_length=20, choices=Method.choices)
    state = FSMField(_("state"), default=ASSESSMENT.initial, choices=State.choices, protected=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    lead = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="+", verbose_name=_("lead organisation")
    )
    organisations = models.ManyToManyField(
        "core.Organisation", through="AssessmentOrganisation", related_name="assessments"
    )
    areas = models.ManyToManyField("core.Area", through="AssessmentArea", related_name="+")
    requested_by = models.CharField(_("requested by"), max_length=200, blank=True)
    requested_on = models.DateField(_("requested on"), null=True, blank=True)
    starts_on = models.DateField(_("field work from"), null=True, blank=True)
    ends_on = models.DateField(_("field work until"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        triggers = (ASSESSMENT.trigger(),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the assessment's page."""
        return reverse("assessment", args=(self.operation.slug, self.pk))

    def open_conditions(self) -> "models.QuerySet[Condition]":
        """Return the conditions that do not hold yet; while there are any, nothing is scheduled."""
        return self.conditions.filter(met_on__isnull=True)


@tracked()
class AssessmentOrganisation(models.Model):
    """An organisation's part in an assessment, beside the lead."""

    class Part(models.TextChoices):
        MEMBER = "member", _("Member")
        OBSERVER = "observer", _("Observer")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.MEMBER)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "organisation"), name="assessment_organisation_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.organisation)


@tracked()
class AssessmentArea(models.Model):
    """An area in an assessment's scope, with the number of submissions that is planned there."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scope")
    area = models.ForeignKey("core.Area", models.PROTECT, related_name="+")
    target = models.PositiveIntegerField(_("planned submissions"), default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "area"), name="assessment_area_once"),
        )

    def __str__(self) -> str:
        return str(self.area)


@tracked()
class Condition(models.Model):
    """Something that must hold before an assessment can be scheduled.

    It holds from ``met_on``; when it falls again ``met_on`` is cleared and ``fell_on`` set, and the
    history keeps what was. ``evidence`` is the reason for the latest of the two.
    """

    class Kind(models.TextChoices):
        MODALITIES = "modalities", _("Modalities agreed")
        ACCESS = "access", _("Humanitarian access")
        SECURITY = "security", _("Security clearance")
        FUNDS = "funds", _("Funds")
        STAFF = "staff", _("Staff")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="conditions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("what must hold"), max_length=300)
    met_on = models.DateField(_("holds since"), null=True, blank=True)
    fell_on = models.DateField(_("fell on"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    constraint = models.ForeignKey(
        "core.AccessConstraint",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("access constraint that must end"),
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(met_on__isnull=True) | models.Q(fell_on__isnull=True),
                name="condition_holds_or_fell",
            ),
        )

    def __str__(self) -> str:
        return self.text
