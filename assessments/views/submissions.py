"""The submissions table: filters, columns, language, order and page all live in the address."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.models import Form, Question, ReviewDecision, Submission
from assessments.policy import OWN
from assessments.review import newest
from assessments.submissions.filters import SubmissionFilter
from assessments.submissions.orders import ORDERS
from assessments.submissions.rows import SHARED, rows_of
from assessments.submissions.table import NEWEST, Place, Table
from assessments.views.submission_review import take_batch
from assessments.wording import (
    NOT_ASKED,
    Wording,
    choose_language,
    languages_of,
    questions_of,
    versions_of,
)
from core import policy
from core.models import Area
from core.views.addresses import changed, kept, without
from core.views.doors import MemberRequest, opens

SIZE = 50
FIRST_COLUMNS = 4
MOST_COLUMNS = 30
MOST_PROPOSED = 300
NUMERIC = {"integer", "decimal", "range"}
WORTH_A_COLUMN = {"text", "integer", "decimal", "select_one", "select_multiple", "date"}
HEADINGS: dict[str, str | Promise] = {
    "received": _("Received"),
    "state": _("State"),
    "form": _("Form"),
    "organisation": _("Organisation"),
    "area": _("Area"),
    "submitter": _("Sent by"),
}


@dataclass(frozen=True)
class Columns:
    """The questions of one form: those offered, those shown, and the languages to read them in."""

    offered: list[Question]
    shown: list[Question]
    languages: list[str]
    language: str

    def labelled(self) -> list[tuple[str, Question]]:
        """Return the questions offered, each with its label in the chosen language."""
        return [(one.label_in(self.language), one) for one in self.offered]


def chosen_columns(request: MemberRequest, form: Form | None) -> Columns:
    """Return the columns that the address asks for, else those shown last, else the first few."""
    if form is None:
        return Columns([], [], [], "")
    whole = policy.may_find(request.actor, "submission.raw", request.operation)
    questions = [
        one
        for one in questions_of(form)
        if one.kind not in NOT_ASKED and (whole or one.sensitivity in SHARED)
    ]
    # Answers inside a repeat are read with its members, as one column.
    offered = [one for one in questions if not one.repeat]
    remembered = request.session.get(f"columns-{form.pk}", {})
    asked = request.GET.getlist("column")[:MOST_COLUMNS]
    paths = asked or remembered.get("paths") or []
    shown = [one for one in offered if one.path in set(paths)]
    if not shown:
        plain = [one for one in offered if one.kind in WORTH_A_COLUMN]
        shown = plain[:FIRST_COLUMNS]
    default = versions_of(form).values_list("default_language", flat=True).first() or ""
    languages = languages_of(form)
    wanted = request.GET.get("language") or remembered.get("language", "")
    language = choose_language(languages, wanted, default)
    if asked or "language" in request.GET:
        request.session[f"columns-{form.pk}"] = {
            "paths": [one.path for one in shown],
            "language": language,
        }
    return Columns(offered, shown, languages, language)


def read_filter(request: Any) -> SubmissionFilter:
    """Return the filters of the request's address."""
    return SubmissionFilter(request.GET, operation=request.operation, actor=request.actor)


def sort_of(request: Any) -> str:
    """Return the order that the address asks for, else the newest first."""
    asked: str = request.GET.get("sort", NEWEST)
    return asked if asked.removeprefix("-") in ORDERS else NEWEST


def headings(request: MemberRequest, sort: str, shows_form: bool) -> list[dict[str, Any]]:
    """Return the sortable headings, each with its direction and where a click leads."""
    found = []
    for key, label in HEADINGS.items():
        if key == "form" and not shows_form:
            continue
        way = {key: "ascending", f"-{key}": "descending"}.get(sort, "none")
        first, second = (f"-{key}", key) if key == "received" else (key, f"-{key}")
        url = changed(request.GET, sort=second if sort == first else first)
        found.append({"key": key, "label": label, "sort": way, "url": url})
    return found


def chips(request: MemberRequest, filters: SubmissionFilter) -> list[dict[str, Any]]:
    """Return the active filters in words, each with the address without it."""
    found = []
    for name, value in filters.cleaned_data.items():
        if not value:
            continue
        field: Any = filters.fields[name]
        if name in {"state", "flag"}:
            words = dict(field.choices)
            for one in value if isinstance(value, list) else [value]:
                url = without(request.GET, name, one)
                found.append({"label": field.label, "value": words[one], "url": url})
        else:
            shown = "" if value is True else value
            url = changed(request.GET, **{name: None})
            found.append({"label": field.label, "value": shown, "url": url})
    return found


@opens("submission.read")
def submissions(request: MemberRequest) -> HttpResponse:
    """Show one page of the table."""
    filters = read_filter(request)
    form = filters.only_form
    columns = chosen_columns(request, form)
    extent = filters.extent()
    table = Table(extent, filters.scope, sort_of(request))
    page = table.page(place_of(request), size=SIZE)
    wording = Wording(columns.language)
    rows = rows_of(page.ids, columns.shown, wording, actor=request.actor)
    active = chips(request, filters)
    may_review = policy.may_find(request.actor, "submission.review", request.operation)
    context = {
        "filters": filters,
        "chips": active,
        "clear_url": request.path,
        "columns": columns,
        "chosen_paths": [one.path for one in columns.shown],
        "labels": [(one.label_in(columns.language), one.kind in NUMERIC) for one in columns.shown],
        "extent": extent,
        "rows": rows,
        "headings": headings(request, table.sort, form is None),
        "shows_form": form is None,
        "previous": page.before and changed(request.GET, before=page.before),
        "next": page.after and changed(request.GET, after=page.after),
        "first": changed(request.GET),
        "last": changed(request.GET, last=1),
        "query": changed(request.GET)[1:],
        "kept": kept(request.GET, *filters.fields),
        "dense": request.GET.get("density") == "dense",
        "density_url": changed(
            request.GET, density=None if request.GET.get("density") == "dense" else "dense"
        ),
        "may_review": may_review and not filters.cleaned_data.get("test"),
        "as_of": newest(ReviewDecision.objects.all()) if may_review else 0,
        "batch": take_batch(request),
        "came_back": came_back(request),
        "places": well_known_areas(request),
        "kept_filters": kept(request.GET, "column", "language"),
        "offered": columns.labelled(),
        "repeats": [pair for pair in columns.labelled() if pair[1].kind == "begin_repeat"],
        "text_may_search": policy.may_find(request.actor, "submission.raw", request.operation),
    }
    return render(request, "assessments/submissions/list.html", context)


def place_of(request: MemberRequest) -> Place:
    """Return the place of the page that the address asks for."""
    given = request.GET
    return Place(given.get("after", ""), given.get("before", ""), last="last" in given)


def came_back(request: MemberRequest) -> int:
    """Return how many submissions wait to be corrected by the reader."""
    mine = Submission.objects.filter(
        OWN(request.actor), operation=request.operation, is_test=False, state="has_issues"
    )
    return mine.count()


def well_known_areas(request: MemberRequest) -> list[tuple[str, str]]:
    """Return P-codes and names that the filter proposes: the highest levels, a list's worth."""
    inside = Area.objects.current().filter(operation=request.operation)
    found = policy.filter(request.actor, "area.read", inside).order_by("level", "name")
    language = get_language() or ""
    rows = found.values_list("pcode", "name", "names")[:MOST_PROPOSED]
    return [(pcode, names.get(language) or name) for pcode, name, names in rows]
