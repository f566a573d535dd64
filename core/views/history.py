"""The history tab of every object."""

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import render

from core import history as audit
from core.paging import page
from core.views.doors import MemberRequest, opens


@opens("operation.read")
def history(request: MemberRequest, label: str, pk: str) -> HttpResponse:
    """Show who changed an object; it is as readable as the object itself."""
    row = audit.find(request.actor, label, pk, request.operation)
    model = apps.get_model(label)
    url = getattr(row, "get_absolute_url", None)
    listed = page(request, audit.of_row(row), field="pgh_id", descending=True)
    context = {
        "row": row,
        "kind": model._meta.verbose_name,
        "page": listed,
        "entries": audit.told(listed.rows),
        "back": url() if url else "",
    }
    return render(request, "core/history.html", context)


@opens("member.manage")
def roles_history(request: MemberRequest) -> HttpResponse:
    """Show who gave and took which role, also of those who are no longer members."""
    listed = page(request, audit.of_roles(request.operation), field="pgh_id", descending=True)
    context = {"page": listed, "entries": audit.told(listed.rows, subject="user")}
    return render(request, "core/roles_history.html", context)
