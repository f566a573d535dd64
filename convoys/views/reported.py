"""Reported convoys: the list with its totals, a convoy's claims side by side, and settling them."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convoys import claim_ranges, on_the_map, plausibility, reported, reported_access
from convoys import claims as rules
from convoys.finding import ConvoyFilter
from convoys.forms import AdoptForm, ClaimForm, ConvoyForm, ReasonForm, RoadForm
from convoys.models import Claim, Convoy
from convoys.release import known_to, spoken_of
from convoys.templatetags.convoys import span
from core import policy
from core.errors import Problem
from core.paging import page
from core.policy import Actor
from core.views.access_roads import background
from core.views.addresses import changed
from core.views.doors import MemberRequest, opens

NOTHING = Decimal(0)
BOTH = require_http_methods(["GET", "HEAD", "POST"])


def readable(request: Any) -> QuerySet[Convoy]:
    """Return the operation's convoys that the reader may see."""
    mine = Convoy.objects.filter(operation=request.operation)
    return policy.filter(request.actor, "convoy.read", mine)


@opens("convoy.read")
def convoys(request: MemberRequest) -> HttpResponse:
    """List the convoys, newest first, with what is reported, adopted and disputed."""
    filters = ConvoyFilter(request.GET, operation=request.operation, actor=request.actor)
    listed = page(request, filters.rows(), field="created_at", descending=True)
    keys = [convoy.pk for convoy in listed.rows]
    runs = filters.known.select_related("lead_org").in_bulk(keys)
    chosen = Convoy.objects.filter(pk__in=keys)
    pictures = reported.pictures(spoken_of(chosen, request.operation, request.actor))
    looks = {pk: [*reported.looks(pictures.get(pk, []))] for pk in keys}
    for pk, labels in plausibility.labels(runs).items():
        looks[pk] += labels
    if is_staff(request):
        for pk in reported_access.findings_by_key(keys):
            looks[pk].append(_("Look again: access"))
    rows = [
        (convoy, pictures.get(convoy.pk, []), runs.get(convoy.pk), looks[convoy.pk])
        for convoy in listed.rows
    ]
    totals = reported.totals(readable(request))
    confirmed = reported.confirmed_kg(known_to(request.operation, request.actor))
    context = {
        "rows": rows,
        "page": listed,
        "filters": filters,
        "chips": chips(request, filters),
        "totals": totals,
        "least_without_kg": max(totals.least_arrived_kg - confirmed, NOTHING),
        "without_kg": max(totals.arrived_kg - confirmed, NOTHING),
    }
    return render(request, "convoys/convoys.html", context)


def chips(request: MemberRequest, filters: ConvoyFilter) -> list[dict[str, Any]]:
    """Return the active filters in words, each with the address without it."""
    found = []
    for name, value in filters.cleaned_data.items():
        field: Any = filters.fields[name]
        words = dict(getattr(field, "choices", ()))
        if value:
            url = changed(request.GET, **{name: None})
            found.append({"label": field.label, "value": words.get(value, value), "url": url})
    return found


@opens("convoy.read")
def convoy(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one convoy: every claim beside the others, which was adopted, and why."""
    one = policy.get(request.actor, "convoy.read", readable(request), pk=pk)
    run = known_to(request.operation, request.actor).filter(pk=pk).first()
    if run and policy.can(request.actor, "run.read", run):
        tab = "claims" if one.claims.exists() else "plan"
        return redirect("run", request.operation.slug, pk, tab)
    heard = spoken_of(readable(request), request.operation, request.actor).filter(pk=pk).first()
    context = {"run": run, "convoy": one, **said_of(heard, request.actor)}
    if is_staff(request):
        context |= checked(one)
    return render(request, "convoys/convoy.html", context)


def checked(one: Convoy) -> dict[str, Any]:
    """Return what stood against a convoy that others report, or what is missing to know it."""
    if one.origin != Convoy.Origin.REPORTED:
        return {}
    return {
        "missing": reported_access.missing(one),
        "findings": reported_access.findings(one),
    }


def is_staff(request: MemberRequest) -> bool:
    """Return whether the reader may know all that a check of access rests on."""
    return policy.may_find(request.actor, "run.read", request.operation)


def said_of(one: Convoy | None, actor: Actor) -> dict[str, Any]:
    """Return what ``convoys/claims.html`` shows of a convoy: every claim beside the others.

    Nothing where there is none of which the reader may know that.
    """
    if one is None:
        return {}
    attributes = reported.picture(one)
    return {
        "attributes": attributes,
        "joint": policy.filter(actor, "claim.read", reported.joint_claims(one)),
        "earlier": reported.earlier_adoptions(one),
        "claim_flags": reported.flags(attributes),
        "miscounts": reported.miscounts(attributes),
        "withdrawn": one.claims.exclude(withdrawn_at=None),
    }


@opens("convoy.report")
@BOTH
def convoy_new(request: MemberRequest) -> HttpResponse:
    """Add a convoy that others report."""
    form = ConvoyForm(request.POST or None)
    known = form.is_valid() and rules.named(request.operation, form.cleaned_data["name"])
    if known:
        form.add_error("name", _("A convoy of this name is on record; record claims on its page."))
    elif form.is_valid():
        facts = form.cleaned_data
        added = rules.report(request.operation, actor=request.actor, **facts)
        return redirect("convoy", request.operation.slug, added.pk)
    return render(request, "convoys/convoy_new.html", {"form": form})


@opens("convoy.report")
@BOTH
def claim_new(request: MemberRequest) -> HttpResponse:
    """Record what a source says of one convoy or several."""
    form = _claim_form(request)
    if form.is_valid():
        facts = dict(form.cleaned_data)
        about = list(facts.pop("convoys"))
        try:
            rules.record(about, actor=request.actor, **facts)
        except Problem as problem:
            if problem.code not in ("invalid", "claim_known"):
                raise
            for one in problem.errors or [{"where": "", "message": _told(problem)}]:
                field = one["where"] if one["where"] in form.fields else "value"
                form.add_error(field, one["message"])
        else:
            messages.success(request, _("The claim is recorded. No other claim was changed."))
            return redirect("convoy", request.operation.slug, about[0].pk)
    context = {"form": form, "chosen": request.GET.getlist("convoy")}
    if not isinstance(form, RoadForm):
        return render(request, "convoys/claim_new.html", context)
    drawing = on_the_map.roads(request.operation, request.actor)
    if drawing["features"]:
        context |= {"drawing": drawing, **background(request)}
    return render(request, "convoys/claim_road.html", context)


def _told(problem: Problem) -> str:
    return f"{problem.title}. {problem.detail} {problem.how}"


def _claim_form(request: MemberRequest) -> ClaimForm:
    """Return the form for a claim, of a road the one with its map."""
    about, convoys = request.GET.get("about", ""), readable(request)
    start = {"convoys": request.GET.getlist("convoy"), "attribute": about}
    if about != Claim.Attribute.ROUTE:
        return ClaimForm(request.POST or None, convoys=convoys, initial=start)
    convoys = convoys.filter(origin=Convoy.Origin.REPORTED)
    return RoadForm(
        request.POST or None, convoys=convoys, operation=request.operation, initial=start
    )


@opens("claim.adopt")
@BOTH
def claim_adopt(request: MemberRequest, pk: Any) -> HttpResponse:
    """Ask for the reason, then adopt a claim, or the range of all that is said beside it."""
    claim = _claim(request, pk, "claim.adopt")
    wider = claim_ranges.wider(claim)
    form = AdoptForm(request.POST or None, wider=span([wider]) if wider else "")
    if form.is_valid():
        adopt = claim_ranges.adopt if form.cleaned_data.get("whole_range") else rules.adopt
        adopt(claim, actor=request.actor, reason=form.cleaned_data["reason"])
        return _back(request, claim)
    return render(request, "convoys/claim_adopt.html", {"form": form, "claim": claim})


@opens("claim.withdraw")
@BOTH
def claim_withdraw(request: MemberRequest, pk: Any) -> HttpResponse:
    """Ask what was wrong, then withdraw a claim."""
    claim = _claim(request, pk, "claim.withdraw")
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        rules.withdraw(claim, actor=request.actor, reason=form.cleaned_data["reason"])
        return _back(request, claim)
    return render(request, "convoys/claim_withdraw.html", {"form": form, "claim": claim})


def _claim(request: MemberRequest, pk: Any, verb: str) -> Claim:
    mine = Claim.objects.filter(operation=request.operation)
    return policy.get(request.actor, verb, mine, pk=pk)


def _back(request: MemberRequest, claim: Claim) -> HttpResponse:
    return redirect("convoy", request.operation.slug, claim.convoys.earliest("pk").pk)
