"""Finds convoys by what is written of them, how far they came, and when they are on the road.

What a reader may not know of a convoy, no filter tells either: of one that was not released,
partners find no number, no state and no day.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoys.models import Claim, Convoy, Entry, Leg, OperatedConvoy, Waybill
from convoys.models.reported import DAYS
from convoys.release import known_to, spoken_of
from core import policy
from core.forms import DateInput
from core.models import Operation
from core.policy import Actor

RUN = OperatedConvoy.State
UNCLEARED = (RUN.DRAFT, RUN.PLANNED, RUN.ACCESS_PENDING, RUN.CANCELLED)
SETTLED = (RUN.RECONCILED, RUN.CLOSED)
UNISSUED = ("draft", "void")
NOT_SENT = (*UNISSUED, "issued")
# How far a convoy came at least: the stages of the overview's funnel
STAGES = (
    ("cleared", _("Cleared")),
    ("loaded", _("Loaded")),
    ("dispatched", _("Dispatched")),
    ("arrived", _("Arrived")),
    ("confirmed", _("Receipt-confirmed")),
    ("reconciled", _("Reconciled")),
)


def came_to(stage: str) -> Q:
    """Return the condition that an operated convoy came at least to a stage."""
    waybills = Waybill.objects.filter(leg__convoy=OuterRef("pk"))
    arrivals = Leg.objects.filter(convoy=OuterRef("pk"), arrived_at__isnull=False)
    receipts = Entry.objects.filter(
        load__waybill__leg__convoy=OuterRef("pk"),
        load__is_return=False,
        kind__in=Entry.RECEIVED,
        sign=1,
        reversed_by=None,
    )
    is_cleared = ~Q(state__in=UNCLEARED)
    conditions = {
        "cleared": is_cleared,
        "loaded": is_cleared & Q(Exists(waybills.exclude(state__in=UNISSUED))),
        "dispatched": Q(Exists(waybills.exclude(state__in=NOT_SENT))),
        "arrived": Q(Exists(arrivals)),
        "confirmed": Q(Exists(receipts)),
        "reconciled": Q(state__in=SETTLED),
    }
    return conditions[stage]


class ConvoyFilter(forms.Form):
    """Reads the filters from a query string and applies them."""

    q = forms.CharField(label=_("Name, number or organiser"), max_length=200, required=False)
    origin = forms.ChoiceField(
        label=_("Whose"), choices=[("", _("All")), *Convoy.Origin.choices], required=False
    )
    stage = forms.ChoiceField(
        label=_("Came as far as"), choices=[("", _("All")), *STAGES], required=False
    )
    state = forms.ChoiceField(
        label=_("State now"), choices=[("", _("All")), *RUN.choices], required=False
    )
    since = forms.DateField(label=_("On the road from"), widget=DateInput, required=False)
    until = forms.DateField(label=_("Until"), widget=DateInput, required=False)

    def __init__(self, data: Any, *, operation: Operation, actor: Actor):
        super().__init__(data)
        self.operation, self.actor = operation, actor
        self.known = known_to(operation, actor).annotate(
            left=Coalesce("departed_at", "etd"), came=Coalesce("arrived_at", "eta")
        )
        mine = Convoy.objects.filter(operation=operation)
        self.readable = policy.filter(actor, "convoy.read", mine)
        self.full_clean()

    def rows(self) -> QuerySet[Convoy]:
        """Return what the actor may read and the filters keep.

        Where a filter cannot be used that is nothing, so that nobody takes all for what they meant.
        """
        if self.errors:
            return Convoy.objects.none()
        given = self.cleaned_data
        found = self.readable
        if given["q"]:
            found = found.filter(self._written(given["q"]))
        if given["origin"]:
            found = found.filter(origin=given["origin"])
        if given["stage"]:
            found = found.filter(pk__in=self.known.filter(came_to(given["stage"])).values("pk"))
        if given["state"]:
            found = found.filter(pk__in=self.known.filter(state=given["state"]).values("pk"))
        if given["since"] or given["until"]:
            found = found.filter(self._between(given["since"], given["until"]))
        return found

    def _written(self, text: str) -> Q:
        numbered = self.known.filter(number__icontains=text)
        return (
            Q(name__icontains=text) | Q(organiser__icontains=text) | Q(pk__in=numbered.values("pk"))
        )

    def _between(self, first: date | None, last: date | None) -> Q:
        """Return the condition that a convoy was, is or will be on the road in some days."""
        runs = self.known
        said = Claim.objects.filter(convoys=OuterRef("pk"), attribute__in=DAYS, withdrawn_at=None)
        if first:
            runs = runs.filter(came__gte=_midnight(first))
            said = said.filter(last_day__gte=first)
        if last:
            runs = runs.filter(left__lt=_midnight(last + timedelta(days=1)))
            said = said.filter(first_day__lte=last)
        heard = spoken_of(self.readable, self.operation, self.actor)
        return Q(pk__in=runs.values("pk")) | (Q(pk__in=heard.values("pk")) & Q(Exists(said)))


def _midnight(day: date) -> datetime:
    """Return when a day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time.min))
