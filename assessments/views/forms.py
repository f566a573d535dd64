"""Pages of forms: the list, a form with its versions, uploading, publishing, closing."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments import attachments, publish
from assessments.models import Assessment, Form, FormVersion, Submission
from assessments.views.entities import tabs
from assessments.views.form_uploads import AttachForm, UploadForm, uploads
from assessments.xlsforms import guards
from core import policy
from core.errors import Problem
from core.paging import page
from core.views.doors import MemberRequest, opens

State = FormVersion.State
ORDERS = {"title": ("title", False), "-title": ("title", True), "newest": ("created_at", True)}
STATES = {
    "published": Q(has_published=True, is_open=True),
    "draft": Q(has_draft=True),
    "closed": Q(is_open=False),
}


def listed_forms(request: MemberRequest) -> QuerySet[Form]:
    """Return the operation's forms that the reader may see, with what the list says of them."""
    inside = Form.objects.filter(operation=request.operation)
    versions = FormVersion.objects.filter(form=OuterRef("pk"))
    sent = (
        Submission.objects.filter(form=OuterRef("pk"), is_test=False)
        .order_by()
        .values("form")
        .annotate(number=Count("pk"))
        .values("number")
    )
    live = versions.exclude(state=State.DISCARDED)
    return (
        policy.filter(request.actor, "form.read", inside)
        .filter(Exists(live))
        .select_related("assessment")
        .annotate(
            sent=Coalesce(Subquery(sent), 0),
            has_published=Exists(versions.filter(state=State.PUBLISHED)),
            has_draft=Exists(versions.filter(state=State.DRAFT)),
        )
        .prefetch_related(
            Prefetch(
                "versions",
                FormVersion.objects.defer("xform", "report").exclude(state=State.DISCARDED),
            )
        )
    )


def unfinished(request: MemberRequest) -> QuerySet[FormVersion]:
    """Return uploads that are being checked, or have errors, and belong to no form yet."""
    inside = FormVersion.objects.filter(
        operation=request.operation, form=None, state__in=(State.UPLOADED, State.FAILED)
    )
    found = policy.filter(request.actor, "form.manage", inside)
    return found.defer("xform").select_related("created_by", "job")


@opens("form.read")
def forms(request: MemberRequest) -> HttpResponse:
    """List forms."""
    found = listed_forms(request)
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    assessment = request.GET.get("assessment", "")
    if text:
        found = found.filter(Q(title__icontains=text) | Q(form_id__icontains=text))
    if state in STATES:
        found = found.filter(STATES[state])
    if assessment.isdigit():
        found = found.filter(assessment=int(assessment))
    sort = request.GET.get("sort", "title")
    field, descending = ORDERS.get(sort, ORDERS["title"])
    inside = Assessment.objects.filter(operation=request.operation, forms__isnull=False).distinct()
    context = {
        "page": page(request, found, field=field, descending=descending),
        "unfinished": unfinished(request)[:20],
        "q": text,
        "state": state,
        "sort": sort,
        "assessment": assessment,
        "assessments": policy.filter(request.actor, "assessment.read", inside).order_by("title"),
        "filtered": bool(text or state or assessment),
        "tabs": tabs(request, "forms"),
    }
    return render(request, "assessments/forms/list.html", context)


@opens("form.upload")
def form_upload(request: MemberRequest) -> HttpResponse:
    """Take a questionnaire and its files; a job converts it."""
    given: dict[str, Any] = {"actor": request.actor, "operation": request.operation}
    if request.method != "POST":
        initial = {"assessment": request.GET.get("assessment")}
        form = UploadForm(initial=initial, **given)
        return render(request, "assessments/forms/upload.html", {"form": form})
    form = UploadForm(request.POST, request.FILES, **given)
    if form.is_valid():
        try:
            (file,) = uploads([form.cleaned_data["file"]], most_bytes=guards.MOST_BYTES)
            version = publish.upload(
                request.operation,
                actor=request.actor,
                file=file,
                assessment=form.cleaned_data["assessment"],
                files=uploads(form.cleaned_data["attachments"], most_bytes=attachments.MOST_BYTES),
            )
        except Problem as problem:
            form.add_error("file", f"{problem.detail} {problem.how}")
        else:
            return redirect("form_version", request.operation.slug, version.pk)
    return render(request, "assessments/forms/upload.html", {"form": form}, status=400)


@opens("form.read")
def form(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a form with its versions and how many submissions came with each."""
    one = policy.get(request.actor, "form.read", listed_forms(request), pk=pk)
    versions = (
        one.versions.defer("xform", "report")
        .exclude(state=State.DISCARDED)
        .select_related("created_by")
        .annotate(sent=Count("submissions", filter=Q(submissions__is_test=False)))
    )
    context = {"form": one, "versions": versions, "newest": versions.first()}
    return render(request, "assessments/forms/form.html", context)


@opens("form.manage")
@require_POST
def form_open(request: MemberRequest, pk: int) -> HttpResponse:
    """Open or close a form."""
    inside = Form.objects.filter(operation=request.operation)
    one = policy.get(request.actor, "form.read", inside, pk=pk)
    is_open = request.POST.get("open") == "yes"
    publish.set_open(one, actor=request.actor, is_open=is_open)
    said = _("The form accepts submissions.") if is_open else _("The form accepts no submissions.")
    messages.success(request, said)
    return redirect("form", request.operation.slug, pk)


def get_version(request: MemberRequest, verb: str, pk: int) -> FormVersion:
    """Return a version of the operation, if the reader may do ``verb`` with it."""
    inside = FormVersion.objects.filter(operation=request.operation)
    related = inside.select_related("form", "assessment", "created_by", "job", "operation")
    return policy.get(request.actor, verb, related, pk=pk)


@opens("form.manage")
@require_POST
def form_attach(request: MemberRequest, pk: int) -> HttpResponse:
    """Take files for a draft; each is matched by its name, and refused alone."""
    version = get_version(request, "form.manage", pk)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose at least one file."))
        return redirect("form_version", request.operation.slug, pk)
    taken = []
    files = uploads(form.cleaned_data["attachments"], most_bytes=attachments.MOST_BYTES)
    for file in files:
        try:
            taken.append(publish.attach(version, actor=request.actor, file=file).file_name)
        except Problem as problem:
            why = " ".join(str(one["message"]) for one in problem.errors)
            said = why or f"{problem.detail} {problem.how}"
            messages.error(request, f"{file.base_name}: {said}")
    if taken:
        messages.success(request, _("Stored: {files}.").format(files=", ".join(taken)))
    return redirect("form_version", request.operation.slug, pk)


@opens("form.publish")
@require_POST
def form_publish(request: MemberRequest, pk: int) -> HttpResponse:
    """Publish a draft."""
    version = publish.publish(get_version(request, "form.publish", pk), actor=request.actor)
    messages.success(
        request,
        _("Version {version} is published; devices get it with their next update.").format(
            version=version.version
        ),
    )
    return redirect("form_version", request.operation.slug, version.pk)


@opens("form.manage")
@require_POST
def form_discard(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a draft away."""
    version = publish.discard(get_version(request, "form.manage", pk), actor=request.actor)
    messages.success(request, _("“{name}” was discarded.").format(name=version.source_name))
    return redirect("forms", request.operation.slug)
