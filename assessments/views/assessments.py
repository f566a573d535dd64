"""Pages of assessments: the list, one with its coverage and conditions, and its plan."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assessments import lifecycle, planning
from assessments.coverage import AreaCoverage, Coverage, OrganisationCoverage, Selection, progress
from assessments.models import Assessment, AssessmentOrganisation, Condition
from assessments.views.planning_forms import (
    ConditionForm,
    EvidenceForm,
    PlanForm,
    bad_targets,
    kept,
    not_whole,
)
from assessments.views.scope import listing, posted
from core import policy
from core.access.picture import lasting
from core.errors import Problem
from core.models import Area
from core.paging import page
from core.shades import Shade, shades
from core.tables import Sortable, arrange
from core.views.doors import MemberRequest, opens

ORDERS = {"newest": ("created_at", True), "title": ("title", False), "-title": ("title", True)}


def readable(request: MemberRequest) -> QuerySet[Assessment]:
    """Return the operation's assessments that the reader may see."""
    inside = Assessment.objects.filter(operation=request.operation)
    return policy.filter(request.actor, "assessment.read", inside).select_related("lead")


@opens("assessment.read")
def assessments(request: MemberRequest) -> HttpResponse:
    """List the assessments, with what has been approved of what was planned."""
    found = readable(request)
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    order = request.GET.get("sort", "newest")
    if text:
        found = found.filter(
            Q(title__icontains=text)
            | Q(lead__acronym__icontains=text)
            | Q(lead__name__icontains=text)
        )
    if state in Assessment.State.values:
        found = found.filter(state=state)
    field, descending = ORDERS.get(order, ORDERS["newest"])
    listed = page(request, found, field=field, descending=descending)
    sent = progress(request.operation)
    planned = {
        one["pk"]: one
        for one in found.filter(pk__in=[row.pk for row in listed.rows])
        .order_by()
        .values("pk")
        .annotate(areas=Count("scope"), target=Sum("scope__target"))
    }
    context = {
        "page": listed,
        "rows": [(row, planned[row.pk], sent.get(row.pk)) for row in listed.rows],
        "q": text,
        "state": state,
        "states": Assessment.State.choices,
        "sort": order,
        "filtered": bool(text or state),
    }
    return render(request, "assessments/assessments/list.html", context)


@opens("assessment.read")
def assessment(request: MemberRequest, pk: int) -> HttpResponse:
    """Show an assessment."""
    return page_of(request, policy.get(request.actor, "assessment.read", readable(request), pk=pk))


def with_constraints(one: Assessment) -> QuerySet[Condition]:
    """Return the conditions of an assessment with the access constraints that they wait for."""
    return one.conditions.select_related("assessment", "constraint__operation")


def page_of(request: MemberRequest, one: Assessment, **forms: Any) -> HttpResponse:
    """Show an assessment; ``forms`` are bound ones that hold what could not be saved."""
    coverage = Coverage(Selection(request.operation, one))
    areas = coverage.by_area()
    context = {
        "assessment": one,
        "road": lifecycle.road(one),
        "offers": lifecycle.offers(one, request.actor),
        "next_people": lifecycle.people_for_next(one),
        "conditions": [
            (each, EvidenceForm(condition=each))
            for each in one.conditions.select_related("constraint__operation")
        ],
        "open_conditions": list(one.open_conditions()),
        "members": taking_part(one, AssessmentOrganisation.Part.MEMBER),
        "observers": taking_part(one, AssessmentOrganisation.Part.OBSERVER),
        "forms": one.forms.order_by("title"),
        "total": coverage.total(),
        "areas": arrange(request, "areas", areas, AREA_COLUMNS, text=area_text),
        "organisations": arrange(
            request,
            "organisations",
            coverage.by_organisation(),
            ORGANISATION_COLUMNS,
            text=lambda row: f"{row.organisation.acronym} {row.organisation.name}",
        ),
        "scope_count": sum(row.in_scope for row in areas),
        "assessed_count": sum(row.in_scope and row.counts.approved > 0 for row in areas),
        "target": sum(row.target for row in areas),
        **map_of(request, areas),
        "condition_form": ConditionForm(constraints=lasting(request.operation, request.actor)),
        "is_closed": one.state in planning.CLOSED,
        **forms,
    }
    return render(request, "assessments/assessments/detail.html", context)


def taking_part(one: Assessment, part: str) -> str:
    """Return the acronyms of the organisations with a part in an assessment."""
    parts = one.participations.filter(part=part).select_related("organisation")
    return ", ".join(sorted(str(each) for each in parts))


AREA_COLUMNS: dict[str, Sortable[AreaCoverage]] = {
    "name": Sortable(gettext_lazy("Area"), lambda row: str(row.area or "")),
    "planned": Sortable(gettext_lazy("Planned"), lambda row: row.target, is_number=True),
    "reached": Sortable(gettext_lazy("Reached"), lambda row: row.counts.received, is_number=True),
    "approved": Sortable(gettext_lazy("Approved"), lambda row: row.counts.approved, is_number=True),
}
ORGANISATION_COLUMNS: dict[str, Sortable[OrganisationCoverage]] = {
    "name": Sortable(gettext_lazy("Organisation"), lambda row: str(row.organisation)),
    "areas": Sortable(gettext_lazy("Areas"), lambda row: row.areas, is_number=True),
    "reached": Sortable(gettext_lazy("Reached"), lambda row: row.counts.received, is_number=True),
    "approved": Sortable(gettext_lazy("Approved"), lambda row: row.counts.approved, is_number=True),
}


def area_text(row: AreaCoverage) -> str:
    """Return what a search looks in: every name and the P-code."""
    return " ".join([row.area.pcode, row.area.name, *row.area.names.values()]) if row.area else ""


def map_of(request: MemberRequest, areas: list[AreaCoverage]) -> dict[str, Any]:
    """Return what the map of the scope needs: its areas, their classes and the legend."""
    steps = shades(row.counts.approved for row in areas)
    level = map_level(areas)
    legend = [
        *({"class": one.map_class, "label": str(one)} for one in steps),
        {"class": "not-assessed", "label": _("Not assessed")},
        {"class": "outside", "label": _("Not in the scope")},
    ]
    return {
        "map_level": level,
        "map_url": f"{reverse('area_map', args=(request.operation.slug,))}?level={level}",
        "map_values": {row.area.pcode: map_value(row, steps) for row in areas if row.area},
        "map_legend": legend,
    }


def map_value(row: AreaCoverage, steps: list[Shade]) -> dict[str, Any]:
    """Return an area's entry for the map: approved submissions, or why there are none."""
    if row.gap:
        label = _("Not assessed: {reason}").format(reason=row.gap.text)
        return {"label": label, "class": "not-assessed"}
    label = _("{approved} approved of {planned} planned").format(
        approved=row.counts.approved, planned=row.target
    )
    shade = next((one.map_class for one in steps if row.counts.approved in one), "outside")
    return {"value": row.counts.approved, "label": label, "class": shade}


def map_level(areas: list[AreaCoverage]) -> int | None:
    """Return the level on which most of the scope lies."""
    levels = [row.area.level for row in areas if row.area and row.in_scope]
    return max(set(levels), key=levels.count) if levels else None


@opens("assessment.create")
def assessment_new(request: MemberRequest) -> HttpResponse:
    """Write down a new assessment."""
    return plan_page(request, None)


@opens("assessment.plan")
def assessment_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change what is written down about an assessment."""
    one = policy.get(request.actor, "assessment.plan", readable(request), pk=pk)
    planning.still_open(one)
    return plan_page(request, one)


def plan_page(request: MemberRequest, one: Assessment | None) -> HttpResponse:
    """Show the plan's form, or save it; what could not be saved stays as it was typed."""
    operation = request.operation
    form = PlanForm(request.POST or None, initial=kept(one) if one else {}, operation=operation)
    chosen = posted(request, request.POST) if request.method == "POST" else scope_of(one)
    if request.method == "POST" and form.is_valid():
        wrong = bad_targets(request.POST)
        if wrong:
            form.add_error(None, not_whole(wrong))
        else:
            saved = save(request, one, form, chosen)
            if saved:
                return redirect("assessment", operation.slug, saved.pk)
    context = {"form": form, "assessment": one, "chosen": chosen, **listing(request)}
    return render(request, "assessments/assessments/plan.html", context)


def save(
    request: MemberRequest, one: Assessment | None, form: PlanForm, chosen: dict[Area, int]
) -> Assessment | None:
    """Save the plan by the rule, or leave its findings in the form and return None."""
    plan = form.plan(chosen, is_demo=one.is_demo if one else request.operation.is_demo)
    try:
        if one:
            saved = planning.edit(one, plan, actor=request.actor)
        else:
            saved = planning.create(request.operation, plan, actor=request.actor)
    except Problem as problem:
        form.take(problem)
        return None
    messages.success(request, _("The plan was saved."))
    return saved


def scope_of(one: Assessment | None) -> dict[Area, int]:
    """Return the areas in an assessment's scope with their targets, by path."""
    if one is None:
        return {}
    entries = one.scope.select_related("area").order_by("area__path")
    return {entry.area: entry.target for entry in entries}


@require_POST
@opens("assessment.read")
def assessment_move(request: MemberRequest, pk: int, step: str) -> HttpResponse:
    """Take a step of the life cycle; what is in the way is said on the assessment's page."""
    one = policy.get(request.actor, "assessment.read", readable(request), pk=pk)
    try:
        moved = lifecycle.move(
            one, step, actor=request.actor, reason=request.POST.get("reason", "")
        )
    except Problem as problem:
        if problem.status not in {400, 409}:
            raise
        said = [finding["message"] for finding in problem.errors]
        messages.error(request, " ".join(said or [problem.detail, problem.how]))
    else:
        state = moved.get_state_display()
        messages.success(request, _("“{title}” is now: {state}.").format(title=moved, state=state))
    return redirect("assessment", request.operation.slug, pk)
