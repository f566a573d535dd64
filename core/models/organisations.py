"""Organisations that take part in operations."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit import tracked


@tracked()
class Organisation(models.Model):
    """An agency, authority or society, found by acronym, name or alias."""

    class Kind(models.TextChoices):
        UN = "un", _("United Nations")
        RED_CROSS = "rcrc", _("Red Cross / Red Crescent")
        INGO = "ingo", _("International NGO")
        NNGO = "nngo", _("National NGO")
        GOVERNMENT = "government", _("Government")
        DONOR = "donor", _("Donor")
        OTHER = "other", _("Other")

    acronym = models.CharField(_("acronym"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("type"), max_length=12, choices=Kind.choices, default=Kind.OTHER)
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    class Meta:
        ordering = ("acronym",)

    def __str__(self) -> str:
        return self.acronym
