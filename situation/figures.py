"""Figures: what a page, a report and the interface for partners say about an operation.

A ``Picture`` is taken at one moment; each figure carries a link to its records, and the picture its
source and time. All received submissions are progress, only approved ones are findings; an area in
scope without any is "not assessed", with the reason.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.coverage import AreaCoverage, Counts, Coverage, OrganisationCoverage, Selection
from assessments.models import Submission
from core.isolation import one_moment
from situation.days import count_by_day
from situation.links import Links

State = Submission.State


@dataclass(frozen=True)
class KeyFigure:
    """A number of the first line: ``total`` is what it is part of; ``url`` opens its records."""

    key: str
    label: str
    value: int
    total: int | None
    url: str


@dataclass(frozen=True)
class AreaFigure:
    """Submissions in an area of the scope, or outside it (``in_scope`` false).

    ``pcode`` and ``name`` are blank where no area was found; ``target`` is what was planned.
    ``gap`` says why it is not assessed and ``gap_code`` (assessments.coverage.Why) the kind; both
    are blank where it is assessed.
    """

    pcode: str
    name: str
    level: int | None
    target: int
    received: int
    waiting: int
    approved: int
    in_scope: bool
    gap_code: str
    gap: str
    url: str
    approved_url: str

    @property
    def is_assessed(self) -> bool:
        """Return whether there is at least one approved submission."""
        return self.approved > 0

    @property
    def percent(self) -> int | None:
        """Return approved of planned submissions, 0 and up, or None where none were planned."""
        return round(100 * self.approved / self.target) if self.target else None


@dataclass(frozen=True)
class DayFigure:
    """Submissions received on a day (see ``Picture.zone``), and how many are approved by now."""

    day: date
    received: int
    approved: int
    url: str


@dataclass(frozen=True)
class OrganisationFigure:
    """What an organisation sent, and in how many areas."""

    acronym: str
    name: str
    received: int
    waiting: int
    approved: int
    areas: int
    url: str


@dataclass(frozen=True)
class StateFigure:
    """How many submissions are in a state of review."""

    state: str
    label: str
    number: int
    url: str


@dataclass(frozen=True)
class Picture:
    """All figures of a selection at one moment; days begin in the time zone ``zone``."""

    as_of: datetime
    zone: str
    source: str
    is_invented: bool
    key_figures: list[KeyFigure]
    areas: list[AreaFigure]
    days: list[DayFigure]
    organisations: list[OrganisationFigure]
    states: list[StateFigure]

    def as_dict(self) -> dict[str, Any]:
        """Return the picture as JSON values, for keeping beside a report."""
        return {key: _plain(value) for key, value in asdict(self).items()}

    def key_figure(self, key: str) -> KeyFigure:
        """Return the key figure called ``key``; raise KeyError when there is none."""
        return {figure.key: figure for figure in self.key_figures}[key]

    @property
    def assessed(self) -> KeyFigure:
        """Return how many areas of the scope are assessed."""
        return self.key_figure("areas")

    @property
    def received(self) -> KeyFigure:
        """Return how many submissions arrived."""
        return self.key_figure("received")

    @property
    def approved(self) -> KeyFigure:
        """Return how many submissions are findings."""
        return self.key_figure("approved")

    @property
    def waiting(self) -> KeyFigure:
        """Return how many submissions wait for review."""
        return self.key_figure("waiting")

    @property
    def senders(self) -> KeyFigure:
        """Return how many organisations sent something."""
        return self.key_figure("organisations")


def take(selection: Selection) -> Picture:
    """Return all figures of ``selection`` at this moment, in the active language."""
    links = Links(selection)
    with one_moment():
        coverage = Coverage(selection)
        areas = [area_figure(row, links) for row in coverage.by_area()]
        organisations = [organisation_figure(row, links) for row in coverage.by_organisation()]
        return Picture(
            as_of=timezone.now(),
            zone=timezone.get_current_timezone_name(),
            source=source_of(selection),
            is_invented=is_invented(selection),
            key_figures=key_figures(coverage, areas, organisations, links),
            areas=areas,
            days=by_day(selection, links),
            organisations=organisations,
            states=by_state(coverage.total(), links),
        )


def is_invented(selection: Selection) -> bool:
    """Return whether the numbers are made up for a demonstration."""
    return selection.operation.is_demo or bool(
        selection.assessment and selection.assessment.is_demo
    )


def source_of(selection: Selection) -> str:
    """Return where the figures come from, for a reader."""
    if selection.assessment:
        return _("Submissions of “{assessment}”").format(assessment=selection.assessment)
    return _("Submissions of all assessments of the operation")


def key_figures(
    coverage: Coverage,
    areas: list[AreaFigure],
    organisations: list[OrganisationFigure],
    links: Links,
) -> list[KeyFigure]:
    """Return the first line: areas, submissions, organisations, conditions."""
    total = coverage.total()
    scope = [area for area in areas if area.in_scope]
    assessed = sum(area.is_assessed for area in scope)
    senders = sum(one.received > 0 for one in organisations)
    waiting = len(coverage.open_conditions())
    everything = links.submissions()
    to_review = links.submissions(state="waiting")
    approved = links.submissions(state=State.APPROVED)
    return [
        KeyFigure("areas", _("Areas assessed"), assessed, len(scope), links.part("areas")),
        KeyFigure("received", _("Submissions received"), total.received, None, everything),
        KeyFigure("approved", _("Submissions approved"), total.approved, None, approved),
        KeyFigure("waiting", _("Submissions to review"), total.waiting, None, to_review),
        KeyFigure(
            "organisations",
            _("Organisations that sent"),
            senders,
            None,
            links.part("organisations"),
        ),
        KeyFigure("conditions", _("Open conditions"), waiting, None, links.part("assessments")),
    ]


def area_figure(row: AreaCoverage, links: Links) -> AreaFigure:
    """Return the figure of one row of the coverage."""
    pcode = row.area.pcode if row.area else ""
    place = {"area": pcode} if row.area else {"flag": "no_area"}
    return AreaFigure(
        pcode=pcode,
        name=row.area.name_in(get_language() or "") if row.area else "",
        level=row.area.level if row.area else None,
        target=row.target,
        received=row.counts.received,
        waiting=row.counts.waiting,
        approved=row.counts.approved,
        in_scope=row.in_scope,
        gap_code=row.gap.code if row.gap else "",
        gap=row.gap.text if row.gap else "",
        url=links.submissions(**place),
        approved_url=links.submissions(state=State.APPROVED, **place),
    )


def organisation_figure(row: OrganisationCoverage, links: Links) -> OrganisationFigure:
    """Return the figure of one organisation."""
    return OrganisationFigure(
        acronym=row.organisation.acronym,
        name=row.organisation.name,
        received=row.counts.received,
        waiting=row.counts.waiting,
        approved=row.counts.approved,
        areas=row.areas,
        url=links.submissions(organisation=row.organisation.acronym),
    )


def by_day(selection: Selection, links: Links) -> list[DayFigure]:
    """Return one figure for each day from the first submission to the last, empty days included."""
    known: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for day, state, number in count_by_day(selection.submissions()):
        known[day][0] += number
        known[day][1] += number if state == State.APPROVED else 0
    if not known:
        return []
    first, last = min(known), max(known)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        DayFigure(day, known[day][0], known[day][1], links.submissions(since=day, until=day))
        for day in days
    ]


def by_state(total: Counts, links: Links) -> list[StateFigure]:
    """Return one figure for each state of review, in the order of the review."""
    return [
        StateFigure(
            state.value, str(state.label), total.by_state[state], links.submissions(state=state)
        )
        for state in State
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value
