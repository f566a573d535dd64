"""The catalogue and the stock: what there is, changing and retiring items, taking in, counting."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from convoys import cargo_forms as forms
from convoys import stock
from convoys.models import StockLot
from convoys.views.cargo import added, listed, one_of
from convoys.views.reported import BOTH
from core import policy, relief_items
from core.models import ReliefItem
from core.paging import page
from core.views.doors import MemberRequest, opens

EXPIRES_SOON = timedelta(days=60)


@opens("item.read")
def items(request: MemberRequest) -> HttpResponse:
    """List the catalogue."""
    mine = ReliefItem.objects.filter(operation=request.operation, retired_at=None)
    rows = policy.filter(request.actor, "item.read", mine.select_related("sector"))
    search = ("name", "code", "sector__code", "un_number")
    return listed(request, rows, current="items", field="name", search=search, descending=False)


@opens("item.manage")
@BOTH
def item_new(request: MemberRequest) -> HttpResponse:
    """Add an item to the catalogue."""

    def rule(given: dict[str, Any]) -> Any:
        return relief_items.add(request.operation, actor=request.actor, **given)

    return added(request, forms.ItemForm, _("Add an item"), rule, one_of(request, "items"))


def item_of(request: MemberRequest, pk: int) -> ReliefItem:
    """Return an item in use, if the reader may change it."""
    policy.check(request.actor, "item.manage", request.operation)
    mine = ReliefItem.objects.filter(operation=request.operation, retired_at=None)
    return policy.get(request.actor, "item.read", mine, pk=pk)


@opens("item.manage")
@BOTH
def item_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change an item of the catalogue."""
    one = item_of(request, pk)

    def rule(given: dict[str, Any]) -> Any:
        return relief_items.change(one, actor=request.actor, **given)

    title = _("Change {item}").format(item=one)
    home = one_of(request, "items")
    start = forms.told(one, forms.ItemForm)
    return added(
        request,
        forms.ItemForm,
        title,
        rule,
        home,
        start=start,
        button=_("Save"),
        retire_url=reverse("item_retire", args=(request.operation.slug, pk)),
    )


@opens("item.manage")
@require_POST
def item_retire(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an item out of the catalogue."""
    one = relief_items.retire(item_of(request, pk), actor=request.actor)
    messages.success(request, _("“{item}” is out of the catalogue.").format(item=one))
    return redirect(one_of(request, "items").url)


@opens("stock.read")
def stock_list(request: MemberRequest) -> HttpResponse:
    """List the lots with what is on hand, set aside and free."""
    rows = policy.filter(
        request.actor,
        "stock.read",
        StockLot.objects.filter(operation=request.operation).select_related(
            "item", "warehouse", "owner", "balance", "operation"
        ),
    )
    today = timezone.localdate()
    return listed(
        request,
        rows,
        current="stock",
        field="created_at",
        search=("item__name", "item__code", "lot_number", "warehouse__name", "owner__acronym"),
        descending=True,
        today=today,
        soon=today + EXPIRES_SOON,
    )


@opens("stock.read")
def stock_lot(request: MemberRequest, pk: Any) -> HttpResponse:
    """Show a lot with all that came in, was set aside, went out or was counted, newest first."""
    mine = StockLot.objects.filter(operation=request.operation)
    rows = mine.select_related("item", "warehouse", "owner", "balance", "operation")
    one = policy.get(request.actor, "stock.read", rows, pk=pk)
    moves = one.moves.select_related("line__consignment__operation", "reporter")
    context = {
        "one": one,
        "free": one.balance.on_hand - one.balance.reserved - one.balance.picked,
        "today": timezone.localdate(),
        "page": page(request, moves, field="recorded_at", descending=True),
    }
    return render(request, "convoys/cargo/lot.html", context)


@opens("cargo.plan")
@BOTH
def stock_new(request: MemberRequest) -> HttpResponse:
    """Take goods in."""

    def rule(given: dict[str, Any]) -> Any:
        return stock.take_in(request.operation, actor=request.actor, **given)

    return added(request, forms.StockForm, _("Take goods in"), rule, one_of(request, "stock"))


@opens("stock.move")
@BOTH
def stock_count(request: MemberRequest, pk: Any) -> HttpResponse:
    """Set a lot to what was counted."""
    mine = StockLot.objects.filter(operation=request.operation)
    lot = policy.get(request.actor, "stock.move", mine, pk=pk)

    def rule(given: dict[str, Any]) -> Any:
        return stock.count(lot, actor=request.actor, **given)

    title = _("Count of {lot}").format(lot=lot)
    home = one_of(request, "stock")
    return added(request, forms.CountForm, title, rule, home, button=_("Save the count"))
