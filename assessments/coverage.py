"""Coverage: what was planned, reached and approved by area and organisation, and what is missing.

Every submission that is no test counts as progress; only approved ones are findings. A submission
belongs to the area of its assessment's scope in which its own area lies. An area in scope without
an approved submission is "not assessed", with the reason, and never nought.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment, AssessmentArea, Condition, Form, Submission
from assessments.places import around
from core.models import Area, Operation, Organisation

State = Assessment.State
Review = Submission.State
AREA_FIELDS = ("operation", "pcode", "path", "name", "names", "level")
OUTSIDE = (State.DRAFT, State.CANCELLED)


@dataclass(frozen=True)
class Selection:
    """What is counted: an operation, narrowed by assessment, days, organisation or area.

    Days begin in the active time zone, as in the list of submissions.
    """

    operation: Operation
    assessment: Assessment | None = None
    since: date | None = None
    until: date | None = None
    organisation: Organisation | None = None
    area: Area | None = None

    @property
    def is_narrowed(self) -> bool:
        """Return whether submissions of an area may be left out on purpose."""
        return bool(self.since or self.until or self.organisation)

    def submissions(self) -> QuerySet[Submission]:
        """Return the submissions that count, tests left out, in no order."""
        chosen = Q(operation=self.operation, is_test=False)
        if self.assessment:
            forms = Form.objects.filter(assessment=self.assessment).values_list("pk", flat=True)
            chosen &= Q(form__in=list(forms))
        if self.since:
            chosen &= Q(received_at__gte=_morning(self.since))
        if self.until:
            chosen &= Q(received_at__lt=_morning(self.until + timedelta(days=1)))
        if self.organisation:
            chosen &= Q(organisation=self.organisation)
        if self.area:
            chosen &= Q(area__path__startswith=self.area.path)
        return Submission.objects.filter(chosen).order_by()

    def assessments(self) -> QuerySet[Assessment]:
        """Return the assessments whose scope counts, with their open conditions as ``waiting``."""
        waiting = Prefetch(
            "conditions", Condition.objects.filter(met_on__isnull=True), to_attr="waiting"
        )
        found = Assessment.objects.filter(operation=self.operation)
        found = (
            found.filter(pk=self.assessment.pk)
            if self.assessment
            else found.exclude(state__in=OUTSIDE)
        )
        return found.select_related("lead").prefetch_related(waiting)


class Counts:
    """Numbers of submissions by state of review."""

    def __init__(self) -> None:
        self.by_state: Counter[str] = Counter()

    def add(self, state: str, number: int) -> None:
        """Count ``number`` more submissions in ``state``."""
        self.by_state[state] += number

    def include(self, other: "Counts") -> None:
        """Count also what ``other`` has counted."""
        self.by_state.update(other.by_state)

    @property
    def received(self) -> int:
        """Return all of them: the progress."""
        return self.by_state.total()

    @property
    def waiting(self) -> int:
        """Return those that a reviewer has still to look at."""
        return self.by_state[Review.RECEIVED] + self.by_state[Review.IN_REVIEW]

    @property
    def approved(self) -> int:
        """Return the findings."""
        return self.by_state[Review.APPROVED]


class Why(StrEnum):
    """Why an area is not assessed, the nearest to an assessment first."""

    NOT_APPROVED = "not_approved"
    SELECTION = "selection"
    NO_SUBMISSION = "no_submission"
    NOT_STARTED = "not_started"
    NO_ACCESS = "no_access"
    CONDITION = "condition"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Gap:
    """Why an area is not assessed: ``code`` for programs, ``text`` for readers."""

    code: Why
    text: str


@dataclass(frozen=True)
class AreaCoverage:
    """Planned, reached and approved in one area; ``area`` is None where none was found.

    ``target`` is the number of planned submissions, ``in_scope`` whether an assessment plans to go
    there at all, ``gap`` why it is not assessed (None when it is, or is in no scope).
    """

    area: Area | None
    target: int
    counts: Counts
    in_scope: bool
    gap: Gap | None

    @property
    def percent(self) -> int | None:
        """Return approved of planned submissions, 0 and up, or None where none were planned."""
        return round(100 * self.counts.approved / self.target) if self.target else None


@dataclass(frozen=True)
class OrganisationCoverage:
    """What one organisation sent, and in how many areas."""

    organisation: Organisation
    counts: Counts
    areas: int


@dataclass
class _Row:
    area: Area | None
    target: int = 0
    counts: Counts = field(default_factory=Counts)
    scopes: list[Assessment] = field(default_factory=list)


class Coverage:
    """The coverage of a selection, read once; the methods only arrange what was read."""

    def __init__(self, selection: Selection):
        self.selection = selection
        self.assessments = {one.pk: one for one in selection.assessments()}
        self.scope = list(
            AssessmentArea.objects.filter(assessment__in=self.assessments)
            .select_related("area")
            .only("assessment", "target", *(f"area__{name}" for name in AREA_FIELDS))
        )
        self._count()

    def _count(self) -> None:
        """Read the counts once and add them up by area and by organisation."""
        rows = list(
            self.selection.submissions()
            .values_list("form", "area", "organisation", "state")
            .annotate(number=Count("*"))
        )
        forms = {row[0] for row in rows}
        homes = dict(Form.objects.filter(pk__in=forms).values_list("pk", "assessment"))
        self._by_area: dict[tuple[int, int | None], Counts] = defaultdict(Counts)
        self._by_organisation: dict[int, Counts] = defaultdict(Counts)
        self._reached: dict[int, set[int]] = defaultdict(set)
        for form, area, organisation, state, number in rows:
            self._by_area[homes[form] or 0, area].by_state[state] += number
            self._by_organisation[organisation].by_state[state] += number
            if area:
                self._reached[organisation].add(area)
        self._areas = {entry.area_id: entry.area for entry in self.scope}
        others = {area for _, area in self._by_area if area} - self._areas.keys()
        self._areas |= Area.objects.only(*AREA_FIELDS).in_bulk(others)

    def total(self) -> Counts:
        """Return the counts of all submissions."""
        total = Counts()
        for counts in self._by_organisation.values():
            total.include(counts)
        return total

    def by_area(self) -> list[AreaCoverage]:
        """Return the areas in scope, then those outside it that have submissions, by path."""
        rows = self._planned()
        scopes: dict[int, set[str]] = defaultdict(set)
        for entry in self.scope:
            scopes[entry.assessment_id].add(entry.area.path)
        for (assessment, key), counts in self._by_area.items():
            area = self._areas.get(key or 0)
            row = rows.setdefault(_home(area, scopes[assessment]), _Row(area))
            row.counts.include(counts)
        narrowed = self.selection.is_narrowed
        found = [
            AreaCoverage(
                row.area, row.target, row.counts, bool(row.scopes), _gap(row, is_narrowed=narrowed)
            )
            for row in rows.values()
        ]
        return sorted(found, key=_place)

    def by_organisation(self) -> list[OrganisationCoverage]:
        """Return the organisations that take part or sent something, most approved first."""
        taking_part = Q(assessments__in=self.assessments) | Q(
            pk__in={one.lead_id for one in self.assessments.values()}
        )
        if self.selection.organisation:
            taking_part = Q(pk=self.selection.organisation.pk)
        sent = self._by_organisation
        found = Organisation.objects.filter(taking_part | Q(pk__in=set(sent))).distinct()
        rows = [
            OrganisationCoverage(one, sent.get(one.pk, Counts()), len(self._reached[one.pk]))
            for one in found
        ]
        return sorted(
            rows,
            key=lambda row: (-row.counts.approved, -row.counts.received, str(row.organisation)),
        )

    def open_conditions(self) -> list[Condition]:
        """Return the conditions that do not hold, of the assessments whose scope counts."""
        return [
            condition
            for assessment in self.assessments.values()
            for condition in waiting_of(assessment)
        ]

    def _planned(self) -> dict[str, _Row]:
        rows: dict[str, _Row] = {}
        for entry in self.scope:
            if not _overlaps(entry.area, self.selection.area):
                continue
            row = rows.setdefault(entry.area.path, _Row(entry.area))
            row.target += entry.target
            row.scopes.append(self.assessments[entry.assessment_id])
        return rows


def progress(operation: Operation) -> dict[int, Counts]:
    """Return the counts of each of an operation's assessments, by its key."""
    rows = (
        Selection(operation)
        .submissions()
        .values_list("form__assessment", "state")
        .annotate(number=Count("*"))
    )
    found: dict[int, Counts] = defaultdict(Counts)
    for assessment, state, number in rows:
        if assessment:
            found[assessment].add(state, number)
    return dict(found)


def waiting_of(assessment: Assessment) -> list[Condition]:
    """Return an assessment's open conditions, from what ``Selection.assessments`` prefetched."""
    waiting: list[Condition] | None = vars(assessment).get("waiting")
    return list(assessment.open_conditions()) if waiting is None else waiting


def _home(area: Area | None, scope: set[str]) -> str:
    """Return the path of the nearest area in ``scope`` around ``area``, else its own path."""
    if area is None:
        return ""
    return next((path for path in (area.path, *around(area.path)) if path in scope), area.path)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _overlaps(area: Area, chosen: Area | None) -> bool:
    return chosen is None or area.path.startswith(chosen.path) or chosen.path.startswith(area.path)


def _place(row: AreaCoverage) -> tuple[bool, str]:
    return (not row.in_scope, row.area.path if row.area else "~")


def _gap(row: _Row, *, is_narrowed: bool) -> Gap | None:
    if row.counts.approved or not row.scopes:
        return None
    gaps = [gap_in(one, row.counts, is_narrowed=is_narrowed) for one in row.scopes]
    return min(gaps, key=lambda gap: list(Why).index(gap.code))


def gap_in(assessment: Assessment, counts: Counts, *, is_narrowed: bool) -> Gap:
    """Return why an area in the assessment's scope is not assessed, given what arrived there.

    A narrowed selection says no more than that it has nothing: others may have assessed the area.
    """
    if is_narrowed:
        return Gap(Why.SELECTION, _("no approved submission in this selection"))
    if counts.received:
        text = ngettext(
            "{number} submission received, none approved yet",
            "{number} submissions received, none approved yet",
            counts.received,
        )
        return Gap(Why.NOT_APPROVED, text.format(number=counts.received))
    if assessment.state == State.CANCELLED:
        return Gap(Why.CANCELLED, _("assessment cancelled"))
    waiting = waiting_of(assessment)
    if waiting:
        without_access = [one for one in waiting if one.kind == Condition.Kind.ACCESS]
        names = "; ".join(str(one) for one in without_access or waiting)
        if without_access:
            return Gap(Why.NO_ACCESS, _("no access: {conditions}").format(conditions=names))
        return Gap(Why.CONDITION, _("condition open: {conditions}").format(conditions=names))
    if assessment.state in {State.DRAFT, State.PLANNED, State.AWAITING_CONDITIONS, State.SCHEDULED}:
        return Gap(Why.NOT_STARTED, _("field work has not started"))
    return Gap(Why.NO_SUBMISSION, _("no submission yet"))
