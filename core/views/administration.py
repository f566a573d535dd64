"""Administration of an operation: members, invitations by link, and organisations."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import members, operations, people, policy
from core.errors import Problem
from core.forms import InvitationForm, OrganisationForm, RoleForm
from core.models import Invitation, Membership, Organisation, Role, User
from core.paging import page
from core.views.doors import MemberRequest, opens


def readable(request: MemberRequest) -> QuerySet[Membership]:
    """Return the operation's memberships that the reader may see."""
    inside = Membership.objects.filter(operation=request.operation)
    found = policy.filter(request.actor, "member.read", inside)
    return found.select_related("user", "organisation", "operation")


@opens("member.manage")
def administration(request: MemberRequest) -> HttpResponse:
    """List members, with search and filters."""
    found = readable(request)
    text, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    organisation = request.GET.get("organisation", "")
    if text:
        found = found.filter(people.called(text, through="user__"))
    if role in Role.values:
        found = found.filter(role=role)
    if organisation:
        found = found.filter(organisation__acronym=organisation)
    inside = Organisation.objects.filter(memberships__operation=request.operation).distinct()
    context = {
        "page": page(request, found, field="created_at"),
        "q": text,
        "role": role,
        "organisation": organisation,
        "roles": [choice for choice in Role.choices if choice[0] != Role.ADMINISTRATOR],
        "organisations": inside,
        "filtered": bool(text or role or organisation),
    }
    return render(request, "core/members.html", context)


def known_people(request: MemberRequest) -> QuerySet[User]:
    """Return who may be given a role without an invitation: people of one's own operations.

    Accounts without a password are those of devices.
    """
    devices = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    active = User.objects.filter(is_active=True).exclude(devices)
    if request.actor.is_administrator:
        return active
    managed = {held.operation_id for held in request.actor.holding([Role.COORDINATOR])}
    return active.filter(memberships__operation__in=managed).distinct()


@opens("member.manage")
def member_add(request: MemberRequest) -> HttpResponse:
    """Find a known person, then give them a role."""
    known = known_people(request)
    if "person" in request.GET:
        return _member_add(request, known)
    text = request.GET.get("q", "").strip()
    found = known.filter(people.called(text)) if text else known
    context = {"page": page(request, found, field="username"), "q": text}
    return render(request, "core/member_find.html", context)


def _member_add(request: MemberRequest, known: QuerySet[User]) -> HttpResponse:
    key = request.GET["person"]
    person = known.filter(pk=key).first() if key.isdecimal() else None
    if person is None:
        raise Problem("not_found")
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = members.add(
                request.operation, actor=request.actor, user=person, **form.cleaned_data
            )
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("{member} was added.").format(member=made))
            return redirect("administration", request.operation.slug)
    return render(request, "core/member_add.html", {"form": form, "person": person})


@opens("member.manage")
def member(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a member's role or organisation."""
    one = policy.get(request.actor, "member.read", readable(request), pk=pk)
    kept = {"organisation": one.organisation, "role": one.role}
    form = RoleForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            members.change(one, actor=request.actor, **form.cleaned_data)
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("The role was saved."))
            return redirect("administration", request.operation.slug)
    return render(request, "core/member.html", {"member": one, "form": form})


@opens("member.manage")
@require_POST
def member_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    one = policy.get(request.actor, "member.read", readable(request), pk=pk)
    members.remove(one, actor=request.actor)
    messages.success(request, _("{person} no longer has this role.").format(person=one.user))
    return redirect("administration", request.operation.slug)


@opens("member.manage")
def invitations(request: MemberRequest) -> HttpResponse:
    """List invitations and make one; its link is shown once, on the page that answers."""
    form = InvitationForm(request.POST or None)
    link = ""
    if request.method == "POST" and form.is_valid():
        made, value = members.invite(request.operation, actor=request.actor, **form.cleaned_data)
        link = request.build_absolute_uri(reverse("invitation", args=(value,)))
        form = InvitationForm(initial={"organisation": made.organisation})
    inside = Invitation.objects.filter(operation=request.operation)
    made_before = inside.select_related("organisation", "created_by", "used_by")
    listed = page(request, made_before, field="created_at", descending=True)
    context = {"form": form, "link": link, "page": listed}
    response = render(request, "core/invitations.html", context)
    response["Cache-Control"] = "no-store"
    return response


@opens("member.manage")
@require_POST
def invitation_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    one = Invitation.objects.filter(pk=pk, operation=request.operation).first()
    if one is None:
        raise Problem("not_found")
    members.revoke_invitation(one, actor=request.actor)
    messages.success(request, _("The invitation was revoked; its link no longer works."))
    return redirect("invitations", request.operation.slug)


@opens("organisation.manage")
def organisations(request: MemberRequest) -> HttpResponse:
    """List the organisations that all operations share."""
    if not operations.may_keep_organisations(request.actor):
        raise Problem("not_found")
    text = request.GET.get("q", "").strip()
    found = Organisation.objects.all()
    if text:
        found = found.filter(
            Q(acronym__icontains=text) | Q(name__icontains=text) | Q(aliases__icontains=text)
        )
    context: dict[str, Any] = {"page": page(request, found, field="acronym"), "q": text}
    return render(request, "core/organisations.html", context)


@opens("organisation.manage")
def organisation(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """Add or change an organisation."""
    if not operations.may_keep_organisations(request.actor):
        raise Problem("not_found")
    one = Organisation()
    if pk is not None:
        one = policy.get(request.actor, "organisation.manage", Organisation.objects.all(), pk=pk)
    names = ("acronym", "name", "kind", "aliases")
    form = OrganisationForm(
        request.POST or None, initial={name: getattr(one, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.keep_organisation(one, actor=request.actor, **form.cleaned_data)
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("The organisation was saved."))
            return redirect("organisations", request.operation.slug)
    return render(request, "core/organisation.html", {"form": form, "organisation": one})
