"""Doors to the papers of a convoy: asking for the PDF of a waybill or receipt, and fetching it."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from convoys import papers
from convoys.models import Receipt, Waybill
from core import policy
from core.errors import Problem
from core.views.doors import MemberRequest, opens
from core.views.files import inert

TABS = {"waybill": "waybills", "receipt": "receipts"}


def _waybill(request: MemberRequest, pk: Any) -> Waybill:
    mine = Waybill.objects.filter(operation=request.operation).select_related("leg__convoy")
    return policy.get(request.actor, "waybill.print", mine, pk=pk)


def _receipt(request: MemberRequest, pk: Any) -> Receipt:
    mine = Receipt.objects.filter(operation=request.operation).select_related(
        "waybill__leg__convoy"
    )
    return policy.get(request.actor, "receipt.read", mine, pk=pk)


@opens("waybill.print")
@require_POST
def waybill_print(request: MemberRequest, pk: Any) -> HttpResponse:
    """Ask for a waybill's PDF."""
    one = _waybill(request, pk)
    return _ask(request, one, one.leg.convoy)


@opens("waybill.print")
def waybill_file(request: MemberRequest, pk: Any) -> Any:
    """Send a waybill's PDF."""
    return _send(_waybill(request, pk))


@opens("receipt.read")
@require_POST
def receipt_print(request: MemberRequest, pk: Any) -> HttpResponse:
    """Ask for a goods received note's PDF."""
    one = _receipt(request, pk)
    return _ask(request, one, one.waybill.leg.convoy)


@opens("receipt.read")
def receipt_file(request: MemberRequest, pk: Any) -> Any:
    """Send a goods received note's PDF."""
    return _send(_receipt(request, pk))


@opens("receipt.read")
def receipt_picture(request: MemberRequest, pk: Any, name: str) -> HttpResponseBase:
    """Show a photo or the signature of a receipt."""
    picture = _receipt(request, pk).photos.filter(name=name).first()
    if picture is None:
        raise Problem("not_found")
    return inert(picture.file.open("rb"), picture.name, picture.content_type)


def _ask(request: MemberRequest, document: Any, run: Any) -> HttpResponse:
    """Enqueue the job, and go back to the tab or the page where the button was."""
    address = request.build_absolute_uri(document.get_absolute_url())
    papers.request(document, actor=request.actor, address=address)
    if request.POST.get("back") == "tab" and policy.can(request.actor, "run.read", run):
        return redirect("run", request.operation.slug, run.pk, TABS[papers.kind_of(document)])
    return redirect(document)


def _send(document: Any) -> Any:
    name = f"{str(document).replace(' ', '-')}.pdf"
    response = FileResponse(
        papers.ready(document), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["Cache-Control"] = "private, no-store"
    return response
