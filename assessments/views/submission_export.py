"""Exports of the submissions that the table shows: the same filters, as a file."""

from typing import Any

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from assessments.models import Form
from assessments.submissions import datasets
from assessments.submissions.datasets import SUBMISSIONS, Style
from assessments.views.submissions import read_filter
from core.datasets import Dataset
from core.downloads import download
from core.errors import Problem
from core.views.doors import MemberRequest, opens
from core.writers import FORMATS


@opens("submission.read")
@require_GET
def submissions_export(request: MemberRequest) -> HttpResponseBase:
    """Stream what the filters find; ``repeat`` asks for the members of a repeat instead."""
    filters = read_filter(request)
    if filters.errors:
        raise Problem("invalid", errors=filters.problems())
    format_name = request.GET.get("format", "xlsx")
    if format_name not in FORMATS:
        raise Problem("not_found")
    form = filters.only_form
    dataset = asked_dataset(request, form)
    found = filters.extent().rows.order_by("pk")
    rows: Any = found
    if dataset.within:
        rows = dataset.queryset(request.actor).filter(submission__in=found.order_by().values("pk"))
    name = f"{request.operation.slug}-{dataset.name}"
    return download(dataset, request.actor, rows=rows, format_name=format_name, file_name=name)


def asked_dataset(request: MemberRequest, form: Form | None) -> Dataset:
    """Return the table of a form, of one of its repeats, or of the records alone."""
    if form is None:
        return SUBMISSIONS
    style = Style(request.GET.get("language", ""), request.GET.get("heads") == "labels")
    repeat = request.GET.get("repeat", "")
    if not repeat:
        return datasets.of_form(form, style)
    if repeat not in {one.path for one in datasets.repeats_of(form)}:
        raise Problem("not_found")
    return datasets.of_repeat(form, repeat, style)
