"""Files of facts: upload, the preview with what stands against each row, and recording the rest."""

import csv
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core import policy, table_imports
from core.errors import Problem
from core.forms import FormWithFindings
from core.models import TableImport
from core.paging import page
from core.table_imports import KINDS
from core.tables import Sortable, arrange
from core.views.doors import MemberRequest, opens

# Where the reader comes from, by kind: the URL name and its label.
HOMES = {
    "access": ("access", gettext_lazy("Access")),
    "claims": ("convoys", gettext_lazy("Convoys")),
    "packing": ("consignments", gettext_lazy("Consignments")),
    "items": ("items", gettext_lazy("Catalogue")),
    "stock": ("stock", gettext_lazy("Stock")),
}


class TableForm(FormWithFindings):
    """A file to be read."""

    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CSV in UTF-8, or Excel (XLSX).")
    )


def upload(kind: str, verb: str) -> Any:
    """Return the view that takes files of a kind, and lists one's earlier ones."""

    @opens(verb)
    @require_http_methods(["GET", "HEAD", "POST"])
    def table_upload(request: MemberRequest) -> HttpResponse:
        is_sent = request.method == "POST"
        form = TableForm(request.POST, request.FILES) if is_sent else TableForm()
        given = {key: request.GET[key] for key in KINDS[kind].columns if key in request.GET}
        if form.is_valid():
            file = form.cleaned_data["file"]
            content = file.read(table_imports.MOST_BYTES + 1)
            try:
                found = table_imports.receive(
                    request.operation,
                    actor=request.actor,
                    kind=kind,
                    content=content,
                    name=file.name,
                    given=given,
                )
            except Problem as problem:
                form.add_error("file", f"{problem.detail} {problem.how}")
            else:
                return redirect(found)
        rows = TableImport.objects.filter(operation=request.operation, kind=kind)
        mine = policy.filter(request.actor, "table_import.read", rows.defer("rows", "findings"))
        context = {
            "form": form,
            "given": given.items(),
            "home": HOMES[kind],
            "template_url": f"{kind}_template",
            "title": TableImport.Kind(kind).label,
            "columns": KINDS[kind].columns.items(),
            "required": KINDS[kind].required,
            "page": page(request, mine, field="created_at", descending=True),
        }
        status = 400 if form.errors else 200
        return render(request, "core/table_imports/upload.html", context, status=status)

    return table_upload


def template(kind: str, verb: str) -> Any:
    """Return the view that gives an empty table with the columns of a kind."""

    @opens(verb)
    def table_template(request: MemberRequest) -> HttpResponse:
        text = io.StringIO()
        csv.writer(text).writerow(KINDS[kind].columns)
        response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
        return response

    return table_template


def _mine(request: MemberRequest) -> Any:
    return TableImport.objects.filter(operation=request.operation)


@opens("table_import.read")
def table_import(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the rows of a file with what stands against them."""
    found = policy.get(request.actor, "table_import.read", _mine(request), pk=pk)
    against: dict[int, list[dict[str, Any]]] = {}
    for one in found.findings:
        against.setdefault(one["row"], []).append(one)
    rows = [(row, against.get(row["number"], [])) for row in found.rows]
    used = [key for key in KINDS[found.kind].columns if any(key in r["values"] for r in found.rows)]
    table = arrange(
        request,
        "rows",
        sorted(rows, key=lambda pair: not pair[1]),
        {"number": Sortable(_("Row"), lambda pair: pair[0]["number"])},
        text=lambda pair: " ".join(map(str, pair[0]["values"].values())),
    )
    context = {
        "import": found,
        "table": table,
        "columns": used,
        "lines": [
            (row["number"], [row["values"].get(key) for key in used], findings)
            for row, findings in table.rows
        ],
        "remarks": [
            str(table_imports.REMARKS[code]).format(about=about) for code, about in found.remarks
        ],
        "bad": len(against),
        "good": len(rows) - len(against),
        "home": HOMES[found.kind],
        "upload_url": f"{found.kind}_import",
    }
    return render(request, "core/table_imports/preview.html", context)


@opens("table_import.confirm")
@require_POST
def table_import_confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Record the rows that nothing stands against."""
    found = policy.get(request.actor, "table_import.confirm", _mine(request), pk=pk)
    leave_out = request.POST.get("leave_out") == "yes"
    done = table_imports.confirm(found, actor=request.actor, leave_out=leave_out)
    messages.success(request, _("{count} rows are recorded.").format(count=done.recorded))
    return redirect(found)
