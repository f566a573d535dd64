"""Sectors (IASC clusters) and population groups: the vocabulary in which needs and aid meet."""

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

# The names of the sectors that migrations bring, for the catalogues of translations.
SECTORS = (
    gettext_noop("Camp coordination and camp management"),
    gettext_noop("Child protection"),
    gettext_noop("Early recovery"),
    gettext_noop("Education"),
    gettext_noop("Emergency shelter and non-food items"),
    gettext_noop("Emergency telecommunications"),
    gettext_noop("Food security"),
    gettext_noop("Gender-based violence"),
    gettext_noop("Health"),
    gettext_noop("Housing, land and property"),
    gettext_noop("Logistics"),
    gettext_noop("Mine action"),
    gettext_noop("Nutrition"),
    gettext_noop("Protection"),
    gettext_noop("Water, sanitation and hygiene"),
)


class Sector(models.Model):
    """An IASC cluster or area of responsibility, by its code (for example WSH)."""

    code = models.CharField(max_length=3, primary_key=True)
    names = models.JSONField(default=dict)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        english = self.names.get("en", "")
        return gettext(english) if english else self.code


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
