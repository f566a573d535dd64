"""What the overview says beside the figures: how to begin, and where on the map things are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment, FormVersion
from core import policy
from core.models import Area, Invitation, Membership, Operation, Role
from core.policy import Actor
from core.shades import Shade, shades
from situation.figures import AreaFigure

MOST_EXERCISES = 12
COLLECTORS = (Role.FIELD_OFFICER, Role.TEAM_LEAD)


@dataclass(frozen=True)
class FirstStep:
    """A step of setting up an operation; ``url`` is blank where somebody else must take it."""

    label: str
    text: str
    is_done: bool
    url: str


def first_steps(operation: Operation, actor: Actor) -> list[FirstStep]:
    """Return the way from an empty operation to the first submission, or nothing once walked."""
    slug = operation.slug
    published = FormVersion.objects.filter(operation=operation, state="published")
    steps = [
        _step(
            operation,
            actor,
            verb="area.manage",
            label=_("Import areas"),
            text=_("Boundaries or a gazetteer with P-codes: what everything else refers to."),
            is_done=Area.objects.filter(operation=operation).exists(),
            url=reverse("areas", args=(slug,)),
        ),
        _step(
            operation,
            actor,
            verb="assessment.create",
            label=_("Plan an assessment"),
            text=_("Who looks at which areas, why, and what must hold first."),
            is_done=Assessment.objects.filter(operation=operation).exists(),
            url=reverse("assessment_new", args=(slug,)),
        ),
        _step(
            operation,
            actor,
            verb="form.upload",
            label=_("Upload and publish a form"),
            text=_("An XLSForm or XForm; the report says what to correct before it is published."),
            is_done=published.exists(),
            url=reverse("forms", args=(slug,)),
        ),
        _step(
            operation,
            actor,
            verb="member.manage",
            label=_("Invite field officers"),
            text=_("By a link for each; they fill the form in the browser, online or not."),
            is_done=_has_collectors(operation),
            url=reverse("invitations", args=(slug,)),
        ),
    ]
    return [] if all(step.is_done for step in steps) else steps


def _step(
    operation: Operation, actor: Actor, *, verb: str, label: str, text: str, is_done: bool, url: str
) -> FirstStep:
    allowed = not is_done and policy.can(actor, verb, operation)
    return FirstStep(label, text, is_done, url if allowed else "")


def _has_collectors(operation: Operation) -> bool:
    wanted: dict[str, Any] = {"operation": operation, "role__in": COLLECTORS}
    return (
        Membership.objects.filter(**wanted).exists() or Invitation.objects.filter(**wanted).exists()
    )


def exercises(operation: Operation, actor: Actor) -> list[Assessment]:
    """Return the assessments that are not over, newest first, with ``waiting``: open conditions."""
    over = (Assessment.State.ARCHIVED, Assessment.State.CANCELLED)
    going = Assessment.objects.filter(operation=operation).exclude(state__in=over)
    open_ones = Count("conditions", filter=Q(conditions__met_on__isnull=True))
    readable = policy.filter(actor, "assessment.read", going)
    return list(readable.select_related("lead").annotate(waiting=open_ones)[:MOST_EXERCISES])


def map_values(areas: Sequence[AreaFigure]) -> dict[str, dict[str, Any]]:
    """Return the map's entry of each area: approved submissions, or why there are none."""
    steps = shades(area.approved for area in areas)
    return {area.pcode: _map_value(area, steps) for area in areas if area.pcode}


def map_legend(areas: Sequence[AreaFigure]) -> list[dict[str, str]]:
    """Return the map's legend: classes of approved submissions, and what has none."""
    return [
        *(
            {"class": one.map_class, "label": str(one)}
            for one in shades(area.approved for area in areas)
        ),
        {"class": "not-assessed", "label": _("Not assessed")},
        {"class": "outside", "label": _("Not in the scope")},
    ]


def _map_value(area: AreaFigure, steps: list[Shade]) -> dict[str, Any]:
    if area.gap:
        label = _("Not assessed: {reason}").format(reason=area.gap)
        return {"label": label, "class": "not-assessed"}
    label = _("{approved} approved of {received} received").format(
        approved=area.approved, received=area.received
    )
    shade = next((one.map_class for one in steps if area.approved in one), "outside")
    return {"value": area.approved, "label": label, "class": shade}


@dataclass(frozen=True)
class Reason:
    """A reason for which areas are not assessed, with their names."""

    text: str
    areas: list[AreaFigure]


def reasons(areas: Iterable[AreaFigure]) -> list[Reason]:
    """Return why areas are not assessed, the most frequent reason first."""
    found: dict[str, list[AreaFigure]] = {}
    for area in areas:
        if area.gap:
            found.setdefault(area.gap, []).append(area)
    return sorted((Reason(*pair) for pair in found.items()), key=lambda one: -len(one.areas))


def map_level(areas: Iterable[AreaFigure]) -> int | None:
    """Return the level on which most of the areas lie."""
    levels = [area.level for area in areas if area.level is not None]
    return max(set(levels), key=levels.count) if levels else None
