"""Downloads of whole tables: any dataset that needs nothing but an operation, in any format."""

from dataclasses import replace

from django.http import StreamingHttpResponse

from core.datasets import DATASETS
from core.downloads import download
from core.errors import Problem
from core.policy import VERBS
from core.views.doors import MemberRequest, opens
from core.writers import FORMATS


@opens("operation.read")
def export(request: MemberRequest, dataset: str, fmt: str) -> StreamingHttpResponse:
    """Stream a dataset of the operation, as far as the reader may see it."""
    declared, form = DATASETS.get(dataset), FORMATS.get(fmt)
    if declared is None or form is None or (fmt == "geojson" and not declared.geometry):
        raise Problem("not_found")
    narrowed = replace(declared, parameters={"operation": request.operation})
    rows, name = narrowed.queryset(request.actor), f"{request.operation.slug}-{dataset}"
    path = VERBS[declared.verb].operation
    if path != "pk":
        # Of this operation alone, though the reader may be a member of others.
        inside = f"{declared.within}__{path}" if declared.within else path
        rows = rows.filter(**{inside: request.operation.pk})
    return download(narrowed, request.actor, rows=rows, format_name=fmt, file_name=name)
