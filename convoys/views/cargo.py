"""Cargo's pages: the catalogue, stock, requests, consignments, vehicles and drivers."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from convoys import cargo as rules
from convoys import cargo_forms as forms
from convoys import fleet, stock
from convoys.models import Consignment, ConsignmentLine, Driver, ServiceRequest, StockLot, Vehicle
from convoys.views.reported import BOTH
from core import policy, relief_items
from core.errors import Problem
from core.models import ReliefItem
from core.paging import page
from core.transitions import offers
from core.views.doors import MemberRequest, opens

STEPS = {
    "submit": gettext_lazy("Submit"),
    "verify": gettext_lazy("Verify"),
    "accept": gettext_lazy("Accept"),
    "hold": gettext_lazy("Put on hold"),
    "reject": gettext_lazy("Reject"),
    "cancel": gettext_lazy("Cancel the request"),
}
LISTS = {
    "stock": (gettext_lazy("Stock"), "stock.read"),
    "items": (gettext_lazy("Catalogue"), "item.read"),
    "service_requests": (gettext_lazy("Requests"), "request.read"),
    "consignments": (gettext_lazy("Consignments"), "consignment.read"),
    "vehicles": (gettext_lazy("Vehicles"), "vehicle.read"),
}


class Home(NamedTuple):
    """A page that a form belongs to: its address and its name."""

    url: str
    name: Any


def tabs(request: MemberRequest, current: str) -> list[dict[str, Any]]:
    """Return the pages of cargo, for parts/tabs.html."""
    slug = request.operation.slug
    return [
        {"url": reverse(name, args=(slug,)), "label": label, "current": name == current}
        for name, (label, verb) in LISTS.items()
        if policy.may_find(request.actor, verb, request.operation)
    ]


def listed(
    request: MemberRequest, rows: Any, *, current: str, field: str, search: str, descending: bool
) -> HttpResponse:
    """Show one of cargo's lists, narrowed by the search."""
    text = request.GET.get("q", "").strip()
    found = rows.filter(**{f"{search}__icontains": text}) if text else rows
    context = {
        "tabs": tabs(request, current),
        "page": page(request, found, field=field, descending=descending),
        "q": text,
    }
    return render(request, f"convoys/cargo/{current}.html", context)


def added(
    request: MemberRequest,
    form_class: type[forms.CargoForm],
    title: Any,
    rule: Callable[[dict[str, Any]], Any],
    home: Home,
    *,
    start: dict[str, Any] | None = None,
    button: Any = "",
    to: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Show a form, and when it is right, let the rule add or change a row.

    ``home`` is the page that the form belongs to. From there one comes and goes back, or on to
    what ``to`` says of the row that was made.
    """
    form = form_class(request.POST or None, operation=request.operation, initial=start)
    if form.is_valid():
        try:
            made = rule(dict(form.cleaned_data))
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("Recorded."))
            return redirect(to(made) if to else home.url)
    context = {"form": form, "title": title, "action": button or title, "home": home}
    return render(request, "convoys/cargo/form.html", context)


def one_of(request: MemberRequest, name: str) -> Home:
    """Return the list that something belongs to."""
    return Home(reverse(name, args=(request.operation.slug,)), LISTS[name][0])


def part_of(one: Consignment | ServiceRequest) -> Home:
    """Return the page of what something is a part of."""
    return Home(one.get_absolute_url(), str(one))


@opens("item.read")
def items(request: MemberRequest) -> HttpResponse:
    """List the catalogue."""
    mine = ReliefItem.objects.filter(operation=request.operation, retired_at=None)
    rows = policy.filter(request.actor, "item.read", mine.select_related("sector"))
    return listed(request, rows, current="items", field="name", search="name", descending=False)


@opens("item.manage")
@BOTH
def item_new(request: MemberRequest) -> HttpResponse:
    """Add an item to the catalogue."""

    def rule(given: dict[str, Any]) -> Any:
        return relief_items.add(request.operation, actor=request.actor, **given)

    return added(request, forms.ItemForm, _("Add an item"), rule, one_of(request, "items"))


@opens("stock.read")
def stock_list(request: MemberRequest) -> HttpResponse:
    """List the lots with what is on hand, set aside and free."""
    rows = policy.filter(
        request.actor,
        "stock.read",
        StockLot.objects.filter(operation=request.operation).select_related(
            "item", "warehouse", "owner", "balance"
        ),
    )
    return listed(
        request, rows, current="stock", field="created_at", search="item__name", descending=True
    )


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


@opens("request.read")
def requests(request: MemberRequest) -> HttpResponse:
    """List the service requests, newest first."""
    mine = ServiceRequest.objects.filter(operation=request.operation)
    rows = policy.filter(
        request.actor,
        "request.read",
        mine.select_related("requester", "origin", "destination", "operation"),
    )
    return listed(
        request,
        rows,
        current="service_requests",
        field="created_at",
        search="number",
        descending=True,
    )


@opens("cargo.plan")
@BOTH
def request_new(request: MemberRequest) -> HttpResponse:
    """Write down a service request."""

    def rule(given: dict[str, Any]) -> Any:
        return rules.ask(request.operation, actor=request.actor, **given)

    return added(
        request,
        forms.RequestForm,
        _("Add a request"),
        rule,
        one_of(request, "service_requests"),
        to=ServiceRequest.get_absolute_url,
    )


@opens("request.read")
def service_request(request: MemberRequest, pk: Any) -> HttpResponse:
    """Show a request and what can be done with it."""
    mine = ServiceRequest.objects.filter(operation=request.operation).select_related("operation")
    one = policy.get(request.actor, "request.read", mine, pk=pk)
    steps = [
        {"name": name, "label": STEPS[name], "asks": name in rules.WITH_A_REASON}
        for name in offers(one, request.actor)
        if name in STEPS
    ]
    context = {"one": one, "steps": steps, "consignments": one.consignments.all()}
    return render(request, "convoys/cargo/request.html", context)


@opens("request.read")
@BOTH
def request_move(request: MemberRequest, pk: Any, step: str) -> HttpResponse:
    """Take a request one step further, with a reason where it needs one."""
    mine = ServiceRequest.objects.filter(operation=request.operation).select_related("operation")
    one = policy.get(request.actor, "request.read", mine, pk=pk)
    if step not in STEPS:
        raise Problem("not_found")
    asks = step in rules.WITH_A_REASON
    form = forms.ReasonForm if asks else forms.CargoForm

    def rule(given: dict[str, Any]) -> Any:
        return rules.move(one, step, actor=request.actor, reason=given.get("reason", ""))

    return added(request, form, STEPS[step], rule, part_of(one))


@opens("consignment.read")
def consignments(request: MemberRequest) -> HttpResponse:
    """List the consignments, newest first."""
    mine = Consignment.objects.filter(operation=request.operation)
    rows = policy.filter(
        request.actor,
        "consignment.read",
        mine.select_related("consignor", "consignee", "origin", "destination", "operation"),
    )
    return listed(
        request, rows, current="consignments", field="created_at", search="number", descending=True
    )


@opens("cargo.plan")
@BOTH
def consignment_new(request: MemberRequest) -> HttpResponse:
    """Begin a consignment."""

    def rule(given: dict[str, Any]) -> Any:
        return rules.consign(request.operation, actor=request.actor, **given)

    title = _("Add a consignment")
    home = one_of(request, "consignments")
    to = Consignment.get_absolute_url
    return added(request, forms.ConsignmentForm, title, rule, home, to=to)


def consignment_of(request: MemberRequest, verb: str, pk: Any) -> Consignment:
    """Return the consignment, if the reader may do ``verb`` with it."""
    mine = Consignment.objects.filter(operation=request.operation)
    return policy.get(request.actor, verb, mine.select_related("operation", "origin"), pk=pk)


@opens("consignment.read")
def consignment(request: MemberRequest, pk: Any) -> HttpResponse:
    """Show a consignment with its lines, and what of each is loaded."""
    one = consignment_of(request, "consignment.read", pk)
    lines = one.lines.filter(balance__qty__gt=0).select_related("item", "lot", "balance")
    lines = lines.prefetch_related("withdrawals")
    total = lines.aggregate(kg=Sum("gross_kg"), m3=Sum("volume_m3"))
    context = {"one": one, "lines": lines, "total": total}
    return render(request, "convoys/cargo/consignment.html", context)


@opens("consignment.plan")
@BOTH
def line_new(request: MemberRequest, pk: Any) -> HttpResponse:
    """Add a line, from stock or not."""
    one = consignment_of(request, "consignment.plan", pk)

    def rule(given: dict[str, Any]) -> Any:
        add = rules.add_from_stock if given.pop("from_stock") else rules.add_line
        return add(one, actor=request.actor, **given)

    return added(request, forms.LineForm, _("Add a line"), rule, part_of(one))


def line_of(one: Consignment, key: str) -> ConsignmentLine:
    """Return a line of the consignment; raise Problem ``invalid``."""
    try:
        return ConsignmentLine.objects.get(consignment=one, pk=key)
    except (ConsignmentLine.DoesNotExist, ValidationError):
        wanted = {"where": _("Line"), "message": _("Choose a line of this consignment.")}
        raise Problem("invalid", errors=[wanted]) from None


@opens("consignment.plan")
@require_POST
def line_pick(request: MemberRequest, pk: Any) -> HttpResponse:
    """Take a line's reserved goods from the shelf."""
    one = consignment_of(request, "consignment.plan", pk)
    stock.pick(line_of(one, request.POST.get("line", "")), actor=request.actor)
    messages.success(request, _("Picked."))
    return redirect(one.get_absolute_url())


@opens("consignment.plan")
@BOTH
def line_withdraw(request: MemberRequest, pk: Any) -> HttpResponse:
    """Take out what is left of a line."""
    one = consignment_of(request, "consignment.plan", pk)
    line = line_of(one, request.GET.get("line", ""))

    def rule(given: dict[str, Any]) -> Any:
        return rules.withdraw_line(line, actor=request.actor, **given)

    title = _("Take out what is left of {line}").format(line=f"{line}, {line.item}")
    return added(request, forms.ReasonForm, title, rule, part_of(one))


@opens("vehicle.read")
def vehicles(request: MemberRequest) -> HttpResponse:
    """List the vehicles."""
    mine = Vehicle.objects.filter(operation=request.operation, retired_at=None)
    rows = policy.filter(request.actor, "vehicle.read", mine.select_related("owner"))
    return listed(
        request, rows, current="vehicles", field="label", search="label", descending=False
    )


@opens("cargo.plan")
@BOTH
def vehicle_new(request: MemberRequest) -> HttpResponse:
    """Add a vehicle."""

    def rule(given: dict[str, Any]) -> Any:
        return fleet.add(Vehicle, request.operation, actor=request.actor, **given)

    title = _("Add a vehicle")
    return added(request, forms.VehicleForm, title, rule, one_of(request, "vehicles"))


@opens("vehicle.manage")
@BOTH
def vehicle_edit(request: MemberRequest, pk: Any) -> HttpResponse:
    """Change a vehicle."""
    mine = Vehicle.objects.filter(operation=request.operation)
    one = policy.get(request.actor, "vehicle.manage", mine, pk=pk)

    def rule(given: dict[str, Any]) -> Any:
        return fleet.change(one, actor=request.actor, **given)

    title = _("Change {vehicle}").format(vehicle=one)
    home = one_of(request, "vehicles")
    return added(request, forms.VehicleForm, title, rule, home, start=forms.told(one))


@opens("cargo.plan")
@BOTH
def driver_new(request: MemberRequest) -> HttpResponse:
    """Add a driver."""

    def rule(given: dict[str, Any]) -> Any:
        return fleet.add(Driver, request.operation, actor=request.actor, **given)

    title = _("Add a driver")
    return added(request, forms.DriverForm, title, rule, one_of(request, "vehicles"))
