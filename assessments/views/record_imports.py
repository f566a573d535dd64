"""Imports of exported records: upload, check, confirm, and what came of each record."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from assessments import record_imports as rules
from assessments.models import RecordImport
from assessments.record_files import MOST_BYTES
from core import policy
from core.errors import Problem
from core.forms import FormWithFindings
from core.paging import page
from core.views.doors import MemberRequest, opens

CHECKS = {
    "new": _("New"),
    "edit": _("Changes a record"),
    "here": _("Here already"),
    "other": _("Another record has this ID"),
    "unknown_form": _("No such form here"),
    "unknown_waybill": _("No such waybill here"),
    "damaged": _("Damaged"),
}
OUTCOMES = {
    "received": _("Received"),
    "here": _("Was here already"),
    "refused": _("Refused"),
    "left_out": _("Left out"),
}
# How a word is coloured, by the classes of parts/state.html
STATES = {
    "new": "open",
    "edit": "open",
    "received": "approved",
    "here": "approved",
    "other": "rejected",
    "damaged": "rejected",
    "unknown_form": "rejected",
    "unknown_waybill": "rejected",
    "refused": "rejected",
    "left_out": "draft",
}


class RecordFileForm(FormWithFindings):
    """A file that a device exported."""

    file = forms.FileField(
        label=_("File of records"),
        help_text=_("As the field client saves it: its name ends with .tessera.json."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )


@opens("records.import")
def record_imports(request: MemberRequest) -> HttpResponse:
    """Take a file, and list the earlier ones."""
    form = RecordFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > MOST_BYTES:
                limit = f"{MOST_BYTES // 1_000_000} MB"
                raise Problem("too_large", what=file.name, limit=limit)
            made = rules.receive(
                request.operation, actor=request.actor, content=file.read(), name=file.name
            )
        except Problem as problem:
            form.take(problem)
        else:
            return redirect(made)
    earlier = RecordImport.objects.filter(operation=request.operation)
    mine = policy.filter(request.actor, "record_import.read", earlier)
    listed = page(
        request, mine.select_related("user", "created_by"), field="created_at", descending=True
    )
    status = 400 if form.errors else 200
    context = {"form": form, "page": listed}
    return render(request, "assessments/devices/record_imports.html", context, status=status)


def _get(request: MemberRequest, pk: int) -> RecordImport:
    inside = RecordImport.objects.filter(operation=request.operation)
    found = inside.select_related("user", "created_by", "job", "operation")
    return policy.get(request.actor, "record_import.read", found, pk=pk)


@opens("record_import.read")
@require_GET
def record_import(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what a file holds, record by record, and what became of each."""
    return _page(request, _get(request, pk))


@opens("record_import.read")
@require_POST
def record_import_confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin the import."""
    found = _get(request, pk)
    try:
        rules.confirm(
            found,
            actor=request.actor,
            with_drafts=request.POST.get("drafts") == "yes",
            vouched=request.POST.get("vouched") == "yes",
        )
    except Problem as problem:
        if problem.code != "unsigned_records":
            raise
        return _page(request, found, problem)
    return redirect(found)


def _page(
    request: MemberRequest, found: RecordImport, problem: Problem | None = None
) -> HttpResponse:
    rows = [_row(one) for one in found.report]
    context: dict[str, Any] = {
        "import": found,
        "rows": rows,
        "problem": problem,
        "importable": sum(one["check"] in rules.IMPORTABLE for one in found.report),
        "drafts": sum(one["is_draft"] for one in found.report),
        "received": sum(one["outcome"] == "received" for one in found.report),
        "here": reverse("record_import", args=(found.operation.slug, found.pk)),
    }
    status = problem.status if problem else 200
    return render(request, "assessments/devices/record_import.html", context, status=status)


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a record's entry with the words and the colour of what is known of it."""
    known = entry["outcome"] or entry["check"]
    words = OUTCOMES if entry["outcome"] else CHECKS
    return entry | {"state": STATES[known], "word": words[known]}
