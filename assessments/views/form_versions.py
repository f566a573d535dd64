"""The page of a form version: its report, its files, its questions, and what to do next."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from assessments import entities
from assessments.models import FormVersion, Question
from assessments.views.forms import get_version
from assessments.xlsforms import kinds
from core.errors import Problem
from core.views.doors import MemberRequest, opens
from core.views.files import inert

SHOWN_CHOICES = 12
State = FormVersion.State


@dataclass(frozen=True)
class Place:
    """Where findings are: a sheet and a column of it, and the rows."""

    sheet: str
    column: str
    rows: list[int]


@dataclass
class Remark:
    """Findings that say the same, with the places where they say it."""

    message: str
    fix: str
    places: list[Place] = field(default_factory=list)


@dataclass
class Row:
    """A question in the list: how deep it stands, and the first of its choices."""

    question: Question
    kind: str
    depth: int
    label: str
    hint: str
    choices: list[str]
    more: int


@opens("form_version.read")
@require_GET
def form_version(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a version."""
    version = get_version(request, "form_version.read", pk)
    languages = version.languages
    language = request.GET.get("language", "")
    if language not in languages:
        language = version.default_language
    files = list(version.attachments.all())
    served, missing = entities.live(version), entities.missing(version)
    for one in files:
        vars(one)["entity_list"] = served.get(one.file_name)
    report = version.report
    context = {
        "version": version,
        "job": version.job if version.state == State.UPLOADED else None,
        "here": request.path,
        "counts": report.get("counts", {}),
        "remarks": {name: remarks(report.get(name, [])) for name in KINDS},
        "files": files,
        "missing": missing,
        "served": list(served.values()),
        "current": current(version),
        "rows": rows(version, language),
        "language": language,
        "may_publish": version.state == State.DRAFT and not missing,
        "try_url": f"{reverse('field')}#/preview/{version.pk}",
    }
    return render(request, "assessments/forms/version.html", context)


KINDS = ("errors", "warnings", "unsupported")


def current(version: FormVersion) -> FormVersion | None:
    """Return the version that this one would replace when it is published."""
    if version.form is None or version.state != State.DRAFT:
        return None
    return version.form.versions.filter(state=State.PUBLISHED).defer("xform", "report").first()


def remarks(findings: list[dict[str, Any]]) -> list[Remark]:
    """Return the findings, those that say the same once, in the order of the report."""
    found: dict[tuple[str, str], Remark] = {}
    places: dict[tuple[str, str, str, str], Place] = {}
    for one in findings:
        same = (one["message"], one["fix"])
        remark = found.setdefault(same, Remark(*same))
        key = (*same, one["sheet"], one["column"])
        if key not in places and (one["sheet"] or one["column"]):
            places[key] = Place(one["sheet"], one["column"], [])
            remark.places.append(places[key])
        if key in places and one["row"]:
            places[key].rows.append(one["row"])
    return list(found.values())


def rows(version: FormVersion, language: str) -> list[Row]:
    """Return the questions of a version, in one of its languages."""
    if not version.xform:
        return []
    choices = _choices(version, language)
    listed = []
    for question in version.questions.all():
        own = choices.get(question.choice_list, []) if question.choice_list else []
        listed.append(
            Row(
                question,
                kinds.label(question.kind),
                question.path.count("/"),
                question.labels.get(language) or question.label_in(language),
                str(question.hints.get(language, "")),
                own[:SHOWN_CHOICES],
                max(0, len(own) - SHOWN_CHOICES),
            )
        )
    return listed


def _choices(version: FormVersion, language: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, value, labels in version.choices.values_list("list_name", "value", "labels"):
        label = labels.get(language) or next(iter(labels.values()), "")
        found[name].append(str(label or value))
    return found


@opens("form_version.read")
@require_GET
def form_source(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Give back the file that was uploaded."""
    version = get_version(request, "form_version.read", pk)
    if not version.source:
        raise Problem("not_found")
    return inert(version.source.open("rb"), version.source_name, "application/octet-stream")
