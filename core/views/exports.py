"""Downloads of whole tables: any dataset that needs nothing but an operation, in any format."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse

from core.datasets import DATASETS, Dataset
from core.errors import Problem
from core.policy import Actor
from core.views.doors import MemberRequest, opens
from core.writers import FORMATS, Format


@opens("operation.read")
def export(request: MemberRequest, dataset: str, fmt: str) -> Any:
    """Stream a dataset of the operation, as far as the reader may see it."""
    declared, form = DATASETS.get(dataset), FORMATS.get(fmt)
    if declared is None or form is None or (fmt == "geojson" and not declared.geometry):
        raise Problem("not_found")
    narrowed = replace(declared, parameters={"operation": request.operation})
    response = StreamingHttpResponse(
        stream(narrowed, form, request.actor), content_type=form.content_type
    )
    name = f"{request.operation.slug}-{dataset}.{form.ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def stream(dataset: Dataset, form: Format, actor: Actor) -> Iterator[bytes]:
    """Yield a file; the transaction keeps the database's cursor open between two parts."""
    with transaction.atomic():
        yield from form.write(list(dataset.columns), dataset.records(actor))
