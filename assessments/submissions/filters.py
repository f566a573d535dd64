"""What narrows the submissions table: the same words in page addresses, exports and the API."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import (
    Assessment,
    Form,
    FormVersion,
    Submission,
    SubmissionConflict,
    SubmissionFile,
)
from assessments.policy import OWN
from assessments.submissions.orders import Scope
from assessments.submissions.search import Extent, measure
from core import policy
from core.models import Area, Operation, Organisation
from core.policy import Actor

FLAGS = (
    ("area", _("Location outside the named area")),
    ("no_area", _("No area found")),
    ("files", _("Files missing")),
    ("conflict", _("Another record under the same ID")),
)
WAITING = ("waiting", _("Waiting for review"))
WAITING_STATES = ("received", "in_review")
LONGEST_TEXT = 200


class AreaField(forms.CharField):
    """An area by its P-code, or by its name where one area alone has it."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("There is no area with this P-code or name. Choose one from the list."),
        "several": _("Several areas have this name. Write the P-code instead."),
    }

    def __init__(self, operation: Operation, **options: Any):
        current = Area.objects.current().filter(operation=operation)
        self.areas = current.defer("geometry", "geometry_mid", "geometry_low")  # of megabytes
        super().__init__(max_length=200, **options)

    def clean(self, value: Any) -> Area | None:
        text = super().clean(value)
        if not text:
            return None
        found = self.areas.filter(pcode=text).first()
        if found:
            return found
        named = list(self.areas.filter(name__iexact=text)[:2])
        if len(named) == 1:
            return named[0]
        code = "several" if named else "unknown"
        raise forms.ValidationError(self.error_messages[code], code=code)


class OrganisationField(forms.CharField):
    """An organisation by its acronym or key; those that have sent something are offered."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("There is no organisation with this acronym."),
    }

    def __init__(self, operation: Operation, **options: Any):
        sent = Organisation.objects.filter(pk__in=Scope(operation).values_of("organisation_id"))
        acronyms = [(one.acronym, one.acronym) for one in sent]
        widget = forms.Select(choices=[("", _("All")), *acronyms])
        super().__init__(max_length=30, widget=widget, **options)

    def clean(self, value: Any) -> Organisation | None:
        text = super().clean(value)
        if not text:
            return None
        wanted = Q(acronym=text)
        if text.isascii() and text.isdecimal():
            wanted |= Q(pk=int(text))
        found = Organisation.objects.filter(wanted).first()
        if found is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return found


class SubmissionFilter(forms.Form):
    """Reads the filters from a query string and applies them."""

    q = forms.CharField(label=_("Text"), max_length=LONGEST_TEXT, required=False)
    form = forms.ModelChoiceField(
        Form.objects.none(),
        label=_("Form"),
        to_field_name="form_id",
        empty_label=_("All"),
        required=False,
    )
    version = forms.CharField(label=_("Version"), max_length=255, required=False)
    assessment = forms.ModelChoiceField(
        Assessment.objects.none(), label=_("Assessment"), required=False
    )
    state = forms.MultipleChoiceField(
        label=_("State"), choices=[WAITING, *Submission.State.choices], required=False
    )
    since = forms.DateField(label=_("Received from"), required=False)
    until = forms.DateField(label=_("Received until"), required=False)
    flag = forms.ChoiceField(label=_("Flag"), choices=[("", _("Any")), *FLAGS], required=False)
    mine = forms.BooleanField(label=_("Mine"), required=False)
    test = forms.BooleanField(label=_("Test submissions"), required=False)

    def __init__(self, data: Any, *, operation: Operation, actor: Actor):
        super().__init__(data)
        self.operation, self.actor = operation, actor
        area = AreaField(operation, label=_("Area"), required=False)
        organisation = OrganisationField(operation, label=_("Organisation"), required=False)
        self.fields |= {"area": area, "organisation": organisation}
        inside = {"operation": operation}
        forms_ = policy.filter(actor, "form.read", Form.objects.filter(**inside))
        assessments = policy.filter(actor, "assessment.read", Assessment.objects.filter(**inside))
        self._choose("form", forms_)
        self._choose("assessment", assessments)
        self.full_clean()

    def _choose(self, name: str, rows: QuerySet[Any]) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    def problems(self) -> list[dict[str, Any]]:
        """Return what is wrong with the filters, as the errors of a Problem."""
        return [
            {"where": name, "message": " ".join(map(str, self.errors[name]))}
            for name in self.errors
        ]

    @property
    def chosen_form(self) -> Form | None:
        """Return the form to which the table is narrowed."""
        form: Form | None = self.cleaned_data.get("form")
        return form

    @property
    def only_form(self) -> Form | None:
        """Return the chosen form, or the operation's only one."""
        field: Any = self.fields["form"]
        several = list(field.queryset[:2])
        return self.chosen_form or (several[0] if len(several) == 1 else None)

    @property
    def scope(self) -> Scope:
        return Scope(self.operation, bool(self.cleaned_data.get("test")))

    def rows(self) -> QuerySet[Submission]:
        """Return what the actor may read and the filters keep, without the text, in no order.

        Where a filter cannot be used that is nothing, so that nobody takes all for what they meant.
        """
        if self.errors:
            return Submission.objects.none()
        rows = policy.filter(self.actor, "submission.read", self.scope.rows())
        for name, value in self.cleaned_data.items():
            if value and name in CONDITIONS:
                rows = rows.filter(CONDITIONS[name](value))
        if self.cleaned_data.get("mine"):
            rows = rows.filter(OWN(self.actor))
        return rows

    def extent(self) -> Extent:
        """Return what is found, counted within bounds."""
        text = self.cleaned_data.get("q", "")
        rows = self.rows()
        if text:
            # Text may quote what only some may read, so others do not find by it.
            rows = policy.filter(self.actor, "submission.raw", rows)
        return measure(rows, text)


def _version(text: str) -> Q:
    return Q(
        version__in=list(FormVersion.objects.filter(version=text).values_list("pk", flat=True))
    )


def _area(area: Area) -> Q:
    below = Area.objects.filter(operation=area.operation_id, path__startswith=area.path)
    return Q(area__in=list(below.values_list("pk", flat=True)))


def _assessment(assessment: Assessment) -> Q:
    return Q(form__in=list(assessment.forms.values_list("pk", flat=True)))


def _states(states: list[str]) -> Q:
    chosen = [state for state in states if state != WAITING[0]]
    return Q(state__in=[*chosen, *(WAITING_STATES if len(chosen) < len(states) else ())])


def _morning(day: date) -> datetime:
    """Return when a day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _flag(name: str) -> Q:
    missing = SubmissionFile.objects.filter(submission=OuterRef("pk"), file="")
    conflict = SubmissionConflict.objects.filter(submission=OuterRef("pk"))
    return {
        "area": ~Q(area_flag="") & Q(area_flag=Submission.AreaFlag.DISAGREES),
        "no_area": ~Q(area_flag="") & Q(area_flag=Submission.AreaFlag.NOT_FOUND),
        "files": Q(Exists(missing)),
        "conflict": Q(Exists(conflict)),
    }[name]


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "form": lambda form: Q(form=form),
    "version": _version,
    "area": _area,
    "organisation": lambda organisation: Q(organisation=organisation),
    "assessment": _assessment,
    "state": _states,
    "since": lambda day: Q(received_at__gte=_morning(day)),
    "until": lambda day: Q(received_at__lt=_morning(day + timedelta(days=1))),
    "flag": _flag,
}
