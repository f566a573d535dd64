"""Cargo's pages: requests, consignments, vehicles and drivers, and what its lists share."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from convoys import cargo as rules
from convoys import cargo_forms as forms
from convoys import fleet, stock
from convoys.models import Consignment, ConsignmentLine, Driver, ServiceRequest, Vehicle
from convoys.views.reported import BOTH
from core import policy
from core.errors import Problem
from core.paging import page
from core.transitions import offers
from core.views.doors import MemberRequest, opens

EXPORTS = {
    "stock": "stock",
    "items": "relief-items",
    "service_requests": "service-requests",
    "consignments": "consignment-lines",
}
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
ENDS = ("origin__name", "destination__name")


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
    request: MemberRequest,
    rows: Any,
    *,
    current: str,
    field: str,
    search: tuple[str, ...],
    descending: bool,
    **more: Any,
) -> HttpResponse:
    """Show one of cargo's lists, narrowed by the search in some of its columns."""
    text = request.GET.get("q", "").strip()[:100]
    words = reduce(or_, (Q(**{f"{column}__icontains": text}) for column in search))
    found = rows.filter(words) if text else rows
    context = {
        "tabs": tabs(request, current),
        "page": page(request, found, field=field, descending=descending),
        "q": text,
        "dataset": EXPORTS.get(current),
    }
    context |= more
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
    is_final: bool = False,
    retire_url: str = "",
) -> HttpResponse:
    """Show a form, and when it is right, let the rule add or change a row.

    ``home`` is the page that the form belongs to. From there one comes and goes back, or on to
    what ``to`` says of the row that was made. What ``is_final`` looks like what it is;
    ``retire_url`` takes the row out of use.
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
    context |= {"is_final": is_final, "retire_url": retire_url}
    return render(request, "convoys/cargo/form.html", context)


def one_of(request: MemberRequest, name: str) -> Home:
    """Return the list that something belongs to."""
    return Home(reverse(name, args=(request.operation.slug,)), LISTS[name][0])


def part_of(one: Consignment | ServiceRequest) -> Home:
    """Return the page of what something is a part of."""
    return Home(one.get_absolute_url(), str(one))


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
        search=("number", "requester__acronym", "requester__name", *ENDS),
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
    context = {
        "one": one,
        "steps": steps,
        "consignments": one.consignments.all(),
        "can_consign": one.state in ("accepted", "part_fulfilled"),
    }
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

    final = step in ("reject", "cancel")
    return added(request, form, STEPS[step], rule, part_of(one), is_final=final)


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
        request,
        rows,
        current="consignments",
        field="created_at",
        search=("number", "consignor__acronym", "consignee__acronym", *ENDS),
        descending=True,
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
    start = _as_requested(request, request.GET.get("request", ""))
    return added(request, forms.ConsignmentForm, title, rule, home, to=to, start=start)


def _as_requested(request: MemberRequest, key: str) -> dict[str, Any]:
    """Return what a consignment for a request begins with: who asked, and the way."""
    mine = ServiceRequest.objects.filter(operation=request.operation)
    rows = policy.filter(request.actor, "request.read", mine)
    try:
        one = rows.filter(pk=key).first() if key else None
    except ValidationError:
        one = None
    if one is None:
        return {}
    ends = {"origin": one.origin_id, "destination": one.destination_id}
    return ends | {"request": one.pk, "consignor": one.requester_id}


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
    return added(request, forms.ReasonForm, title, rule, part_of(one), is_final=True)


@opens("vehicle.read")
def vehicles(request: MemberRequest) -> HttpResponse:
    """List the vehicles."""
    mine = Vehicle.objects.filter(operation=request.operation, retired_at=None)
    rows = policy.filter(request.actor, "vehicle.read", mine.select_related("owner"))
    return listed(
        request,
        rows,
        current="vehicles",
        field="label",
        search=("label", "plate", "owner__acronym"),
        descending=False,
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
    return added(
        request, forms.VehicleForm, title, rule, home, start=forms.told(one, forms.VehicleForm)
    )


@opens("cargo.plan")
@BOTH
def driver_new(request: MemberRequest) -> HttpResponse:
    """Add a driver."""

    def rule(given: dict[str, Any]) -> Any:
        return fleet.add(Driver, request.operation, actor=request.actor, **given)

    title = _("Add a driver")
    return added(request, forms.DriverForm, title, rule, one_of(request, "vehicles"))
