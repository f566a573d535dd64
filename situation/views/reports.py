"""Pages of reports: the list, one report with its figures, and its file."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.models import Assessment
from core import policy
from core.errors import Problem
from core.paging import page
from core.policy import VERBS
from core.views.doors import MemberRequest, opens
from core.writers import FORMATS
from situation import (
    convoy_annex,
    convoy_wording,
    publication,
    report_datasets,
    report_wording,
)
from situation import reports as rules
from situation.models import Report

LIGHT = ("figures",)
ORDERS = {"newest": ("created_at", True), "title": ("title", False), "-title": ("title", True)}
LONGEST_NAME = 60


def readable(request: Any) -> QuerySet[Report]:
    """Return the operation's reports that the reader may see, the newest first."""
    found = Report.objects.filter(operation=request.operation)
    return policy.filter(request.actor, "report.read", found).select_related(
        "assessment", "created_by", "published_by", "job", "operation"
    )


@opens("report.read")
def reports(request: MemberRequest) -> HttpResponse:
    """List the operation's reports, with a search and filters."""
    found = readable(request).defer(*LIGHT)
    chosen = {key: request.GET.get(key, "").strip() for key in ("q", "state", "language")}
    if chosen["q"]:
        person = Q(created_by__name__icontains=chosen["q"])
        found = found.filter(Q(title__icontains=chosen["q"]) | person)
    for key, values in (("state", Report.State.values), ("language", rules.LANGUAGES)):
        if chosen[key] in values:
            found = found.filter(**{key: chosen[key]})
    assessment = _assessment(request)
    if assessment:
        found = found.filter(assessment=assessment)
    sort = request.GET.get("sort", "")
    field, descending = ORDERS.get(sort, ORDERS["newest"])
    context = {
        "page": page(request, found, field=field, descending=descending),
        "sort": sort,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "assessment": assessment,
        "is_narrowed": bool(assessment) or any(chosen.values()),
        "states": Report.State.choices,
        "languages": rules.LANGUAGES.items(),
        "dataset": report_datasets.REPORTS.name,
        "language": rules.offered(get_language()),
    }
    return render(request, "situation/reports.html", context)


def _assessment(request: Any) -> Assessment | None:
    asked = request.GET.get("assessment", "")
    if not (asked.isdecimal() and len(asked) < 10):
        return None
    known = Assessment.objects.filter(operation=request.operation, pk=int(asked))
    return policy.filter(request.actor, "assessment.read", known).first()


@opens("report.make")
@require_POST
def report_request(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask for a report on an assessment."""
    found = Assessment.objects.filter(operation=request.operation)
    assessment = policy.get(request.actor, "report.make", found, pk=pk)
    language = request.POST.get("language", "")
    report = rules.request(assessment, actor=request.actor, language=language)
    return redirect("report", request.operation.slug, report.pk)


@opens("convoy_report.make")
@require_POST
def convoy_report_request(request: MemberRequest) -> HttpResponse:
    """Ask for a report on the operation's convoys and access."""
    language = request.POST.get("language", "")
    report = rules.request_on_convoys(request.operation, actor=request.actor, language=language)
    return redirect("report", request.operation.slug, report.pk)


@opens("report.read")
def report(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one report: how far it is, or what it says, from the figures that its file has."""
    one = policy.get(request.actor, "report.read", readable(request), pk=pk)
    context = {
        "report": one,
        "language": rules.LANGUAGES.get(one.language, one.language),
        "contents": contents(one) if one.is_made else None,
        "refusal": publication.refusal(one, actor=request.actor),
        "publishers": policy.who_could(VERBS["report.publish"], one)["people"],
        "successor": publication.successor(one),
    }
    return render(request, "situation/report.html", context)


def contents(report: Report) -> dict[str, Any]:
    """Return what the page shows of a report that was made."""
    if report.kind == Report.Kind.CONVOYS:
        return convoy_wording.page(report.figures)
    return report_wording.page(report.figures)


@opens("report.retry")
@require_POST
def report_retry(request: MemberRequest, pk: int) -> HttpResponse:
    """Try a failed report again."""
    one = policy.get(request.actor, "report.retry", readable(request), pk=pk)
    rules.retry(one, actor=request.actor)
    return redirect("report", request.operation.slug, pk)


@opens("report.publish")
@require_POST
def report_publish(request: MemberRequest, pk: int) -> HttpResponse:
    """Publish a draft."""
    one = policy.get(request.actor, "report.publish", readable(request), pk=pk)
    publication.publish(one, actor=request.actor)
    messages.success(request, _("The report is published: every member can read it."))
    return redirect("report", request.operation.slug, pk)


@opens("report.publish")
@require_POST
def report_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Make a published report a draft again."""
    one = policy.get(request.actor, "report.publish", readable(request), pk=pk)
    publication.withdraw(one, actor=request.actor)
    messages.success(request, _("The report was withdrawn: it is a draft again."))
    return redirect("report", request.operation.slug, pk)


@opens("report.read")
def report_file(request: MemberRequest, pk: int) -> Any:
    """Send the PDF as it was made."""
    one = rules.ready(policy.get(request.actor, "report.read", readable(request), pk=pk))
    try:
        content = one.file.open("rb")
    except FileNotFoundError as error:
        raise Problem("report_file_gone") from error
    response = FileResponse(
        content, as_attachment=True, filename=_name(one, "pdf"), content_type="application/pdf"
    )
    response["ETag"] = f'"{one.sha256}"'
    return response


@opens("report.read")
def report_figures(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the figures of a report, exactly as its PDF shows them."""
    one = rules.ready(policy.get(request.actor, "report.read", readable(request), pk=pk))
    response = JsonResponse(one.figures, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{_name(one, "json")}"'
    return response


@opens("report.read")
def report_annex(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the tables of a convoy report as a workbook, from the figures that its PDF has."""
    one = rules.ready(policy.get(request.actor, "report.read", readable(request), pk=pk))
    if one.kind != Report.Kind.CONVOYS:
        raise Problem("not_found")
    response = HttpResponse(
        convoy_annex.workbook(one.figures), content_type=FORMATS["xlsx"].content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{_name(one, "xlsx")}"'
    return response


def _name(report: Report, ending: str) -> str:
    """Return a file name that every system can keep: letters a to z, digits, hyphens."""
    title = slugify(report.title)[:LONGEST_NAME].strip("-") or f"report-{report.pk}"
    day = f"{report.as_of:%Y-%m-%d}" if report.as_of else ""
    return f"{title}-{report.language}-{day}.{ending}"
