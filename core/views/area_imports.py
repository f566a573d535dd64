"""Imports of areas and population figures: upload, check, confirm, and what came of it."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import jobs, policy
from core.areas import forms, imports
from core.areas.imports import Wishes
from core.errors import Problem
from core.models import AreaImport
from core.paging import page
from core.views.doors import MemberRequest, opens


def _mine(request: MemberRequest) -> Any:
    return AreaImport.objects.filter(operation=request.operation).defer("preview", "outline")


def _one(request: MemberRequest, pk: int, verb: str = "area_import.read") -> AreaImport:
    rows = AreaImport.objects.filter(operation=request.operation).select_related(
        "job", "created_by"
    )
    return policy.get(request.actor, verb, rows.defer("outline"), pk=pk)


def _start(
    found: AreaImport, kind: str, title: str, request: MemberRequest, **options: Any
) -> None:
    found.job = jobs.enqueue(
        kind,
        title=title.format(file=found.file_name),
        actor=request.actor,
        operation=request.operation,
        area_import_id=found.pk,
        **options,
    )
    found.save(update_fields=["job"])


@opens("area.manage")
def area_imports(request: MemberRequest) -> HttpResponse:
    """Take an upload, and list the earlier ones."""
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wishes = Wishes(given["source"], given["level"], given["valid_from"])
        try:
            found = imports.receive(
                request.operation,
                actor=request.actor,
                file=given["file"],
                name=given["file"].name,
                kind=AreaImport.Kind(given["kind"]),
                wishes=wishes,
            )
        except Problem as problem:
            form.take(problem)
        else:
            _start(found, "check_areas", _("Check of {file}"), request)
            return redirect("area_import", request.operation.slug, found.pk)
    earlier = policy.filter(request.actor, "area_import.read", _mine(request))
    listed = page(
        request, earlier.select_related("created_by"), field="created_at", descending=True
    )
    status = 400 if form.errors else 200
    context = {"form": form, "page": listed}
    return render(request, "core/areas/imports.html", context, status=status)


@opens("area_import.read")
def area_import_page(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the check of a file with its columns; check it again with other columns."""
    found = _one(request, pk)
    form = None
    if found.state == AreaImport.State.CHECKED:
        form = forms.columns_form(found, request.POST or None)
    if request.method == "POST":
        found = _one(request, pk, "area_import.manage")
        if form is not None and form.is_valid():
            _start(found, "check_areas", _("Check of {file}"), request, mapping=form.chosen())
            return redirect("area_import", request.operation.slug, pk)
    here = reverse("area_import", args=(request.operation.slug, pk))
    values = {"form": form, "import": found, "here": here, "legend": legend(found)}
    return render(request, "core/areas/import.html", values)


def legend(found: AreaImport) -> list[dict[str, str]]:
    """Return the legend of the small map, with the actions that occur."""
    words = {
        "added": _("New"),
        "changed": _("Corrected"),
        "superseded": _("New version"),
        "unchanged": _("Unchanged"),
    }
    counts = found.preview.get("counts", {})
    return [{"class": key, "label": word} for key, word in words.items() if counts.get(key)]


@opens("area_import.read")
def area_import_outline(request: MemberRequest, pk: int) -> HttpResponse:
    """Give the borders of a checked file for its small map."""
    rows = AreaImport.objects.filter(operation=request.operation)
    found = policy.get(request.actor, "area_import.read", rows, pk=pk)
    return JsonResponse(found.outline, content_type="application/geo+json")


@opens("area_import.manage")
@require_POST
def area_import_confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Start the import of what the check has shown."""
    found = _one(request, pk, "area_import.manage")
    if found.state != AreaImport.State.CHECKED:
        state = found.get_state_display()
        raise Problem("import_not_checked", file=found.file_name, state=state)
    leave_out = request.POST.get("leave_out") == "yes"
    if found.preview["counts"]["refused"] and not leave_out:
        count = found.preview["counts"]["refused"]
        raise Problem("import_has_refusals", count=count, file=found.file_name)
    _start(found, "import_areas", _("Import of {file}"), request, leave_out=leave_out)
    return redirect("area_import", request.operation.slug, pk)
