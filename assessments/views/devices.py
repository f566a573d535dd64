"""Devices of an operation's people: what each holds, and what to do with a lost one."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments import devices as rules
from assessments.models import Device
from core import policy
from core.paging import page
from core.views.doors import MemberRequest, opens


def readable(request: MemberRequest) -> Any:
    """Return the devices of the operation's people that the reader may see."""
    found = policy.filter(request.actor, "device.read", Device.objects.all())
    inside: Any = found
    return inside.of_members(request.operation).select_related("user", "revoked_by")


def one_of(request: MemberRequest, pk: int, verb: str) -> Device:
    """Return a device of the operation's people."""
    inside = Device.objects.of_members(request.operation).select_related("user", "revoked_by")
    found: Device = policy.get(request.actor, verb, inside, pk=pk)
    return found


@opens("member.manage")
@require_GET
def devices(request: MemberRequest) -> HttpResponse:
    """List devices, those last seen first, with what waits on each."""
    found, text = readable(request), request.GET.get("q", "").strip()
    if text:
        person = Q(user__name__icontains=text) | Q(user__username__icontains=text)
        found = found.filter(person | Q(name__icontains=text) | Q(device_id__icontains=text))
    listed = page(request, found, field="last_seen", descending=True)
    unsent = rules.unsent_of(listed.rows, request.operation)
    for device in listed.rows:
        waiting = [one for one in unsent[device.pk] if not one.arrived]
        vars(device)["drafts"] = sum(one.state == "draft" for one in waiting)
        vars(device)["waiting"] = len(waiting) - vars(device)["drafts"]
    return render(request, "assessments/devices/devices.html", {"page": listed, "q": text})


@opens("device.read")
@require_GET
def device(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one device: what it last said it holds, what has come since, and the way out."""
    found = one_of(request, pk, "device.read")
    unsent = rules.unsent_of([found], request.operation)[found.pk]
    missing = [one for one in unsent if not one.arrived]
    context = {"device": found, "unsent": unsent, "missing": len(missing)}
    return render(request, "assessments/devices/device.html", context)


@opens("device.revoke")
@require_POST
def device_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """Shut a lost device out."""
    rules.revoke(one_of(request, pk, "device.revoke"), actor=request.actor)
    messages.success(request, _("The device was signed out and can no longer send."))
    return redirect("device", request.operation.slug, pk)


@opens("device.revoke")
@require_POST
def device_allow(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a device that was found again send."""
    rules.allow_again(one_of(request, pk, "device.revoke"), actor=request.actor)
    messages.success(request, _("The device may send again, once somebody signs in on it."))
    return redirect("device", request.operation.slug, pk)
