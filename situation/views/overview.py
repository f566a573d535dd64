"""The overview: the common picture of an operation on one screen, its tables and its charts."""

from typing import Any

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.coverage import Selection
from assessments.models import Assessment
from assessments.submissions.filters import AreaField, OrganisationField
from core import policy
from core.errors import Problem
from core.forms import DateInput
from core.models import Operation
from core.policy import Actor
from core.tables import Sortable, arrange
from core.views.doors import MemberRequest, opens
from core.writers import FORMATS
from situation import (
    charts,
    convoy_map,
    convoy_picture,
    dashboard,
    figure_tables,
    figures,
    kept,
    waiting,
)
from situation.figures import AreaFigure, Picture
from situation.links import Links

CHART_WIDTH = 560


class Filters(forms.Form):
    """What the address narrows the picture to; what cannot be read is named and left out."""

    assessment = forms.ModelChoiceField(
        Assessment.objects.none(),
        label=_("Assessment"),
        required=False,
        empty_label=_("All assessments"),
    )
    since = forms.DateField(label=_("Received from"), widget=DateInput, required=False)
    until = forms.DateField(label=_("Received until"), widget=DateInput, required=False)

    def __init__(self, data: Any, *, operation: Operation, actor: Actor):
        super().__init__(data)
        self.operation = operation
        organisation = OrganisationField(operation, label=_("Organisation"), required=False)
        area = AreaField(operation, label=_("Area (P-code or name)"), required=False)
        self.fields |= {"organisation": organisation, "area": area}
        inside = Assessment.objects.filter(operation=operation)
        field: Any = self.fields["assessment"]
        field.queryset = policy.filter(actor, "assessment.read", inside)
        self.full_clean()

    def selection(self) -> Selection:
        """Return what is counted."""
        given = self.cleaned_data
        return Selection(
            self.operation,
            assessment=given.get("assessment"),
            since=given.get("since"),
            until=given.get("until"),
            organisation=given.get("organisation"),
            area=given.get("area"),
        )

    def chips(self, links: Links) -> list[dict[str, Any]]:
        """Return the active filters, each with the address without it."""
        return [
            {
                "label": _("Area") if name == "area" else self.fields[name].label,
                "value": value,
                "url": links.overview(**{name: None}),
            }
            for name, value in self.cleaned_data.items()
            if value
        ]


AREA_COLUMNS: dict[str, Sortable[AreaFigure]] = {
    "name": Sortable(_("Area"), lambda row: row.name),
    "planned": Sortable(_("Planned"), lambda row: row.target, is_number=True),
    "received": Sortable(_("Reached"), lambda row: row.received, is_number=True),
    "waiting": Sortable(_("To review"), lambda row: row.waiting, is_number=True),
    "approved": Sortable(_("Approved"), lambda row: row.approved, is_number=True),
    "coverage": Sortable(_("Coverage"), lambda row: row.percent or 0, is_number=True),
}


@opens("operation.read")
def overview(request: MemberRequest) -> HttpResponse:
    """Show the picture, with what waits for the reader and how to begin.

    Administrators from outside set the operation up and do not see its figures.
    """
    operation, actor = request.operation, request.actor
    if not policy.can(actor, "figures.read", operation):
        return render(request, "situation/overview/outside.html", beside(request))
    filters = Filters(request.GET, operation=operation, actor=actor)
    selection = filters.selection()
    picture = figures.take(selection)
    aid = convoy_picture.take(operation, actor)
    links = Links(selection)
    level = dashboard.map_level(picture.areas)
    context = {
        "picture": picture,
        "aid": aid,
        "drawing": convoy_map.drawing(operation, actor, aid.readings),
        "filters": filters,
        "chips": filters.chips(links),
        "clear_url": reverse("overview", args=(operation.slug,)),
        "areas": arrange(
            request,
            "areas",
            picture.areas,
            AREA_COLUMNS,
            text=lambda row: f"{row.pcode} {row.name}",
            size=25,
        ),
        "reasons": dashboard.reasons(picture.areas),
        "map_values": dashboard.map_values(picture.areas),
        "map_legend": dashboard.map_legend(picture.areas),
        "map_url": f"{reverse('area_map', args=(operation.slug,))}?level={level}",
        "map_level": level,
        "charts": {name: links.route("overview_chart", name=name) for name in charts.CHARTS},
        "kept": kept.keep(operation, picture.as_dict() | aid.chart_rows),
        "tables": {
            name: links.route("overview_table", table=name, fmt="csv")
            for name in (*figure_tables.TABLES, *figure_tables.OF_CONVOYS)
        },
        **beside(request),
        "assessments": dashboard.exercises(operation, actor),
    }
    return render(request, "situation/overview/overview.html", context)


def beside(request: MemberRequest) -> dict[str, Any]:
    """Return what stands beside the figures, for this reader."""
    return {
        "tasks": waiting.tasks(request.operation, request.actor),
        "first_steps": dashboard.first_steps(request.operation, request.actor),
    }


def picture_of(request: MemberRequest) -> Picture:
    """Return the picture that the address asks for; raise ``invalid`` on an unreadable filter."""
    filters = Filters(request.GET, operation=request.operation, actor=request.actor)
    if filters.errors:
        findings = [
            {"where": name, "message": " ".join(map(str, filters.errors[name]))}
            for name in filters.errors
        ]
        raise Problem("invalid", errors=findings)
    return figures.take(filters.selection())


def fresh(request: MemberRequest, name: str) -> dict[str, Any]:
    """Return the rows of a chart at this moment, by the charts' names."""
    if name in convoy_picture.CHARTS:
        return convoy_picture.take(request.operation, request.actor).chart_rows
    return picture_of(request).as_dict()


@opens("figures.read")
def overview_chart(request: MemberRequest, name: str) -> HttpResponse:
    """Draw a chart as wide as ``width`` asks, of the page's own ``picture`` while it is kept."""
    if name not in charts.CHARTS:
        raise Problem("not_found")
    known = kept.find(request.operation, request.GET.get("picture", ""))
    rows = (known or fresh(request, name))[name]
    given = request.GET.get("width", "")
    width = int(given) if given.isdecimal() and len(given) < 6 else CHART_WIDTH
    svg = charts.draw(name, rows, charts.SCREEN, width=width)
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-cache"
    return response


@opens("figures.read")
def overview_table(request: MemberRequest, table: str, fmt: str) -> StreamingHttpResponse:
    """Give a table of the picture as a file."""
    of_convoys = table in figure_tables.OF_CONVOYS
    picture = (
        convoy_picture.take(request.operation, request.actor) if of_convoys else picture_of(request)
    )
    content = figure_tables.write(picture, table, fmt)
    form = FORMATS[fmt]
    response = StreamingHttpResponse(content, content_type=form.content_type)
    name = f"{request.operation.slug}-{table}.{form.ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
