"""Sectors (IASC clusters) and population groups: the vocabulary in which needs and aid meet."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.Model):
    """An IASC cluster or area of responsibility, by its code (for example WSH)."""

    code = models.CharField(max_length=3, primary_key=True)
    names = models.JSONField(default=dict)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return str(self.names.get("en", self.code))


class PopulationGroup(models.TextChoices):
    """HAPI's population group codes, with RES (residents) of our own."""

    ALL = "all", _("Total population")
    RESIDENTS = "RES", _("Residents")
    HOST = "HST", _("Host community")
    IDPS = "IDP", _("Internally displaced people")
    IDP_LIKE = "IOC", _("People in a situation like that of internally displaced people")
    REFUGEES = "REF", _("Refugees")
    REFUGEE_LIKE = "ROC", _("People in a situation like that of refugees")
    ASYLUM_SEEKERS = "ASY", _("Asylum seekers")
    OTHER_PROTECTION = "OIP", _("Other people in need of international protection")
    STATELESS = "STA", _("Stateless people")
    OTHERS = "OOC", _("Others of concern")
    RETURNED_REFUGEES = "RET", _("Returned refugees")
    RETURNED_IDPS = "RDP", _("Returned displaced people")
    RETURNED_REFUGEE_LIKE = "RRI", _("Returned people from a situation like that of refugees")
    RESETTLED = "RST", _("Resettled refugees")
    NATURALISED = "NAT", _("Naturalised refugees")
