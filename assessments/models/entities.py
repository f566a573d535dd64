"""Entities: things that forms are about (a household, a water point), as records say they are.

Words and rules are those of ODK's specification of entities; see assessments.entities.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models.submissions import Submission
from core.audit import tracked


@tracked()
class EntityList(models.Model):
    """Entities of one kind; forms read them as the file ``<name>.csv``.

    ``properties`` are the names in the order in which published forms brought them.
    """

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="entity_lists")
    name = models.CharField(_("name"), max_length=255)
    properties = ArrayField(
        models.CharField(max_length=255), default=list, verbose_name=_("properties")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("entity list")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("operation", "name"), name="entity_list_once"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the list's page."""
        return reverse("entity_list", args=(self.operation.slug, self.pk))

    @property
    def file_name(self) -> str:
        """Return the name of the file by which forms read the list."""
        return f"{self.name}.csv"


@tracked()
class Entity(models.Model):
    """One thing; ``properties`` maps names of the list's properties to text, as records say it.

    ``version`` grows with every change, archiving included, so that the sum of a list's versions
    tells one state of the list from all others.
    """

    entity_list = models.ForeignKey(
        EntityList, models.CASCADE, related_name="entities", verbose_name=_("entity list")
    )
    uid = models.UUIDField(_("ID"))
    label = models.CharField(pgettext_lazy("of an entity", "label"), max_length=1000)
    properties = models.JSONField(_("properties"), default=dict)
    version = models.PositiveIntegerField(_("version"), default=1)
    is_archived = models.BooleanField(_("archived"), default=False)
    made_by = models.ForeignKey(
        Submission, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    changed_by = models.ForeignKey(
        Submission, models.PROTECT, related_name="+", verbose_name=_("last changed by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("entity")
        ordering = ("label",)
        constraints = (
            models.UniqueConstraint(fields=("entity_list", "uid"), name="entity_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="entity_version"),
        )
        indexes = (models.Index(fields=("entity_list", "label", "id"), name="entity_by_label"),)

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Return the address of the list that it stands in."""
        return self.entity_list.get_absolute_url()


class EntityNote(models.Model):
    """What a record asked of an entity list and did not get as it asked; for whoever reads it."""

    class Problem(models.TextChoices):
        NO_ID = "no_id", _("Nothing was stored: the ID is missing, or is no UUID.")
        NO_LABEL = "no_label", _("Nothing was stored: a new entity must have a label.")
        UNKNOWN = "unknown", _("Nothing was stored: the list has no entity with this ID.")
        REPEATED = "repeated", _("Nothing was stored: the list already has an entity with this ID.")
        CHANGED = "changed", _("Stored over a change that its sender had not seen.")
        ARCHIVED = "archived", _("Stored; but the entity is archived, and not sent to devices.")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="entity_notes")
    list_name = models.CharField(max_length=255)
    uid = models.CharField(max_length=255, blank=True)
    problem = models.CharField(max_length=10, choices=Problem.choices)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.list_name} {self.uid}: {self.get_problem_display()}"
