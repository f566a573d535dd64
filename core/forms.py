"""Forms of core's pages: what is typed, turned into what the rules take. They hold no rules."""

import zoneinfo
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _

from core.errors import Problem
from core.models import ApiToken, Operation, Organisation, Role
from core.times import written

# What Django writes where nothing is chosen; a list that must be chosen from says so instead.
DASHES = "---------"
ROLES = [choice for choice in Role.choices if choice[0] != Role.ADMINISTRATOR]


class FormWithFindings(forms.Form):
    """A form that shows what a rule found wrong, beside the field where it stands."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.name_what_is_empty()

    def name_what_is_empty(self) -> None:
        """Say in each choice of rows that one is to be chosen, or that none may be."""
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
                field.empty_label = _("Choose…") if field.required else "—"

    def name_what_is_missing(self, words: Mapping[Any, Any]) -> None:
        """Say at each choice that must be made and has nothing to choose from what to do first.

        ``words`` are by the model of the rows, or by the field's name.
        """
        for name, field in self.fields.items():
            rows = getattr(field, "queryset", None)
            told = words.get(name) or words.get(getattr(rows, "model", None))
            if rows is not None and field.required and told and not rows.exists():
                field.help_text = told

    def take(self, problem: Problem) -> None:
        """Add a problem's findings to the form's errors; a problem without any is raised again."""
        if problem.status not in {400, 409}:
            raise problem
        for finding in problem.errors or [
            {"where": "", "message": f"{problem.detail} {problem.how}"}
        ]:
            field = finding["where"] if finding["where"] in self.fields else None
            self.add_error(field, _told(finding))
        if any("fix" in finding for finding in problem.errors):
            self.add_error(None, problem.how)


def _told(finding: Mapping[str, Any]) -> str:
    """Return what a finding says; one that says what would change it does so with its date."""
    if "fix" not in finding:
        return str(finding["message"])
    as_of = written(datetime.fromisoformat(finding["dated"]))
    return f"{finding['message']} {finding['fix']} ({_('as of')} {as_of})"


class ManyFiles(forms.ClearableFileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Gives a list of files, which may be empty."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        cleaned = [super(ManyFilesField, self).clean(one, initial) for one in given]
        return cleaned or super().clean(None, initial) or []


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class BoundingBoxField(forms.CharField):
    """West, south, east and north in degrees of EPSG:4326, as a polygon."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.replace(";", ",").split(","))
        except ValueError:
            raise forms.ValidationError(
                _("Give four numbers with commas between: west, south, east, north.")
            ) from None
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise forms.ValidationError(
                _("West must be below east and south below north, in degrees.")
            )
        return Polygon.from_bbox((west, south, east, north))

    def prepare_value(self, value: Any) -> Any:
        return (
            ", ".join(f"{edge:g}" for edge in value.extent) if hasattr(value, "extent") else value
        )


class CountryField(forms.RegexField):
    """A code of three letters, in capitals however it is typed."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()


class OperationForm(FormWithFindings):
    """The facts of an operation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name in addresses"),
        help_text=_(
            "Lower-case letters, digits and hyphens. Addresses that people keep change with it."
        ),
    )
    glide = forms.CharField(
        label=_("GLIDE number"),
        required=False,
        max_length=20,
        help_text=_("As on glidenumber.net, for example CE-2020-000220-AZE."),
    )
    countries = SimpleArrayField(
        CountryField(r"^[A-Z]{3}$", strip=True),
        label=_("Countries"),
        help_text=_("ISO 3166 codes of three letters with commas between, for example ARM, AZE."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        widget=forms.CheckboxSelectMultiple,
        choices=[choice for choice in settings.LANGUAGES if choice[0] != "ar"],
        help_text=_("In which forms, names and reports are kept."),
    )
    starts_on = forms.DateField(label=_("Starts on"), widget=DateInput)
    ends_on = forms.DateField(label=_("Ends on"), widget=DateInput, required=False)
    status = forms.ChoiceField(
        label=_("Status"), choices=Operation.Status.choices, initial="active"
    )
    map_view = BoundingBoxField(
        label=_("Default map view"),
        required=False,
        help_text=_(
            "West, south, east, north in degrees, for example 44, 38, 51, 42. Without it, "
            "maps show all areas."
        ),
    )

    def clean_ends_on(self) -> Any:
        start, end = self.cleaned_data.get("starts_on"), self.cleaned_data["ends_on"]
        if start and end and end < start:
            raise forms.ValidationError(_("The end cannot be before the start."))
        return end


class OrganisationForm(FormWithFindings):
    """An organisation's names."""

    acronym = forms.CharField(label=_("Acronym"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Type"), choices=Organisation.Kind.choices)
    aliases = SimpleArrayField(
        forms.CharField(max_length=200),
        label=_("Other names"),
        required=False,
        help_text=_("As they are written elsewhere, with commas between."),
    )


class RoleForm(FormWithFindings):
    """A role for an organisation."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.all()
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)


class InvitationForm(RoleForm):
    """An invitation."""

    note = forms.CharField(
        label=_("For whom"),
        required=False,
        max_length=150,
        help_text=_("A note for yourself, so that you know this invitation again."),
    )


class PasswordForm(FormWithFindings):
    """A new password, typed once: it can be shown, and set anew."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters; a sentence that only you know is best."),
    )


class NewAccountForm(PasswordForm):
    """What an invited person needs to begin."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        help_text=_("For signing in: letters, digits and . + - _"),
    )
    email = forms.EmailField(
        label=_("Email"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Only for signing in; Tessera sends no mail."),
    )
    field_order = ("name", "username", "email", "password")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")


class ProfileForm(FormWithFindings):
    """What a person sets for themselves."""

    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Email"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You can sign in with it in place of your user name. Tessera sends no mail."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in zones()],
    )

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=languages)
        self.order_fields(("name", "email", "language", "time_zone"))


def zones() -> list[str]:
    """Return the time zones to choose from: UTC first, then continents' cities."""
    named = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone)
    return ["UTC", *(zone for zone in named if not zone.startswith(("Etc/", "SystemV/", "posix")))]


class TokenForm(FormWithFindings):
    """What a new API token may do, and how long."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What will use it, for example “data portal”.")
    )
    scope = forms.ChoiceField(
        label=_("Scope"), widget=forms.RadioSelect, choices=ApiToken.Scope.choices, initial="read"
    )
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        coerce=int,
        initial=90,
        choices=[
            (7, _("7 days")),
            (30, _("30 days")),
            (90, _("90 days")),
            (180, _("180 days")),
            (365, _("1 year")),
        ],
    )

    def scopes(self) -> list[str]:
        """Return the scopes that the choice stands for: writing includes reading."""
        chosen = self.cleaned_data["scope"]
        read, write = ApiToken.Scope.READ.value, ApiToken.Scope.WRITE.value
        return [read, write] if chosen == write else [read]
