"""What people type about sites and segments. They hold no rules."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.access.forms import PointsField, segment, site
from core.forms import FormWithFindings
from core.models import Operation, RouteSegment, Site

# The right-to-left test language names no places.
LANGUAGES = [(code, name) for code, name in settings.LANGUAGES if code != "ar"]


class SiteForm(FormWithFindings):
    """A site by its coordinates."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Site.Kind.choices)
    latitude = forms.DecimalField(label=_("Latitude"), min_value=-90, max_value=90)
    longitude = forms.DecimalField(label=_("Longitude"), min_value=-180, max_value=180)
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Who says that it is there.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for code, language in LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=gettext("Name in another language: {language}").format(language=language),
                max_length=200,
                required=False,
                widget=forms.TextInput(attrs={"lang": code, "dir": "auto"}),
            )

    def clean(self) -> dict[str, Any]:
        """Gather the names by language."""
        given = super().clean() or {}
        said = {code: given.pop(f"name_{code}", "").strip() for code, _language in LANGUAGES}
        # Names in languages that the pages do not speak came from elsewhere, and stay.
        kept = {key: one for key, one in self.initial.get("names", {}).items() if key not in said}
        return given | {"names": kept | {code: name for code, name in said.items() if name}}


def site_as_typed(one: Site) -> dict[str, Any]:
    """Return a site as its form begins with it."""
    typed = {f"name_{code}": name for code, name in one.names.items()}
    facts = {name: getattr(one, name) for name in ("name", "names", "kind", "source")}
    return typed | facts | {"latitude": one.point.y, "longitude": one.point.x}


class SegmentForm(FormWithFindings):
    """A segment: its line is drawn on the map, or typed as coordinates."""

    name = forms.CharField(label=_("Name"), max_length=200)
    start = site(_("From site"))
    end = site(_("To site"))
    points = PointsField(
        label=_("Points of the line"),
        help_text=_("Latitude, longitude: one point a line, in the order of the road."),
    )
    max_gross_t = forms.DecimalField(
        label=_("Largest gross weight (t)"), required=False, min_value=0, max_value=999
    )
    max_axle_t = forms.DecimalField(
        label=_("Largest axle load (t)"), required=False, min_value=0, max_value=99
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Who says where the road runs.")
    )

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("start", "end"):
            field: Any = self.fields[name]
            field.queryset = field.queryset.filter(operation=operation)


class SplitForm(FormWithFindings):
    """Where a segment is cut, and what its parts are called."""

    site = site(_("At the site"))
    latitude = forms.DecimalField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180
    )
    first = forms.CharField(label=_("Name of the first part"), max_length=200)
    second = forms.CharField(label=_("Name of the second part"), max_length=200)

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["site"]
        field.queryset = field.queryset.filter(operation=operation)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        at = (given.get("longitude"), given.get("latitude"))
        if not given.get("site") and None in at:
            self.add_error("site", _("Choose a site on the segment, or give coordinates."))
        return given


class JoinForm(FormWithFindings):
    """The segment that another is joined to."""

    other = segment()
    name = forms.CharField(label=_("Name of the joined segment"), max_length=200)

    def __init__(self, *args: Any, others: QuerySet[RouteSegment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["other"]
        field.queryset, field.required = others, True
