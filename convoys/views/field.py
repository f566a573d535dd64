"""Doors of the field client to convoys: what is to be received, and receipts from devices."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from convoys import receiving
from convoys.models import Waybill
from core import policy
from core.errors import Problem
from core.views.doors import opens

BODY = "receipt"


@opens("receipt.send")
@require_GET
def waybills(request: Any) -> HttpResponse:
    """List what is under way to the reader's organisation, line by line."""
    found = list(receiving.expected(request.actor))
    items = receiving.catalogue(found)
    return JsonResponse({"waybills": [receiving.described(one) for one in found], "items": items})


@opens("waybill.receive")
@require_POST
def receive(request: Any, pk: Any) -> HttpResponse:
    """Take a receipt in, with or without files; 201 with what is here once it is committed."""
    every = Waybill.objects.select_related("operation")
    waybill = policy.get(request.actor, "waybill.receive", every, pk=pk)
    sent = request.FILES.pop(BODY, [])
    if len(sent) != 1:
        message = _("The body must have exactly one part {name}.").format(name=BODY)
        raise Problem("bad_request", message=message)
    files = []
    for name, uploads in request.FILES.lists():
        # The part's name is the one that the receipt gives; browsers may alter the file's own.
        uploads[0].name = name
        files.append(uploads[0])
    taken = receiving.take(waybill, actor=request.actor, content=sent[0].read(), files=files)
    url = taken.receipt.get_absolute_url()
    return JsonResponse({"receipt": taken.as_dict(url)}, status=201)
