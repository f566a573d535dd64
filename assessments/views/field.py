"""The field client's page, and the small API that it runs on."""

from io import BytesIO
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET, require_POST

from assessments import assignments, entities, export_keys, intake
from assessments.models import FormAttachment, FormVersion
from assessments.views.field_build import start_of
from assessments.views.parts import parts
from core import afield, policy
from core.errors import Problem
from core.models import Operation
from core.policy import VERBS
from core.views.doors import opens
from core.views.files import inert

State = FormVersion.State
# What intake reads of a form: whoever sends a thousand records should not load its questions.
NEEDED = ("form__assessment", "operation")
COLUMNS = (
    "state", "version", "title", "xform_hash", "operation__slug", "form__form_id", "form__title",
    "form__is_open", "form__operation", "form__assessment__lead", "entities",
)  # fmt: skip
# By ending: these files were checked when a planner attached them, and are served inert.
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "3gp": "video/3gpp",
}


@opens("form.try")
@require_GET
def shell(request: Any) -> HttpResponse:
    """Show the field client to those who have work in it somewhere."""
    if not afield.work_of(request.actor):
        raise Problem("not_found")
    start = start_of(request.LANGUAGE_CODE.partition("-")[0])
    return render(request, "field/shell.html", {"start": start})


@opens("operation.read")
@require_GET
def session(request: Any) -> HttpResponse:
    """Say who is signed in, where they may fill forms, and what else they do in the field."""
    user, actor = request.user, request.actor
    held = {one.operation_id for one in actor.holding(VERBS["form.try"].roles)}
    operations = policy.filter(actor, "operation.read", Operation.objects.filter(pk__in=held))
    return JsonResponse(
        {
            "user": {"username": user.username, "name": str(user), "language": user.language},
            "csrf_token": get_token(request),
            "export_key": export_keys.key_of(user),
            "operations": list(operations.values("slug", "name")),
            "work": afield.work_of(actor),
            "version": settings.SPECTACULAR_SETTINGS["VERSION"],
        }
    )


def _versions() -> QuerySet[FormVersion]:
    return (
        FormVersion.objects.select_related("form__assessment", "operation")
        .defer("xform", "report")
        .exclude(form=None)
    )


@opens("form.fill")
@require_GET
def forms(request: Any) -> HttpResponse:
    """List the open, published forms that the reader may fill."""
    found = _versions().filter(state=State.PUBLISHED, form__is_open=True)
    found = policy.filter(request.actor, "form.fill", found).prefetch_related("attachments")
    versions = list(found.order_by("title"))
    mine = {one.organisation_id for one in request.actor.holding(VERBS["form.fill"].roles)}
    given = assignments.by_form(mine, {one.form_id for one in versions if one.form_id})
    return JsonResponse(
        {
            "forms": [
                described(one) | {"assignments": given.get(one.form_id or 0, [])}
                for one in versions
            ]
        }
    )


@opens("form.try")
@require_GET
def form(request: Any, pk: int) -> HttpResponse:
    """Describe one version; what is sent from a draft, or with ``?preview=1``, is a test."""
    one = _get(request, pk)
    is_preview = one.state == State.DRAFT or "preview" in request.GET
    return JsonResponse(described(one, is_preview=is_preview))


@opens("form.try")
@require_GET
def xform(request: Any, pk: int) -> HttpResponseBase:
    """Serve the XForm, byte for byte what its hash was taken of."""
    one = policy.get(request.actor, "form.try", FormVersion.objects.exclude(xform=""), pk=pk)
    etag = f'"{one.xform_hash}"'
    response = HttpResponse(one.xform.encode(), content_type="text/xml; charset=utf-8")
    return _cached(request, response, etag)


@opens("form.try")
@require_GET
def attachment(request: Any, pk: int, name: str) -> HttpResponseBase:
    """Serve a file that the form names."""
    response, md5 = opened(_get(request, pk), name)
    return _cached(request, response, f'"{md5}"')


@opens("form.try")
@require_POST
def submit(request: Any, pk: int, *, is_test: bool = False) -> HttpResponse:
    """Take a record in; 201 with its receipt once it is committed."""
    versions = FormVersion.objects.select_related(*NEEDED).only(*COLUMNS)
    readable = policy.filter(request.actor, "form_version.read", versions)
    version = next(iter(readable.filter(pk=pk).order_by()), None)
    if version is None:
        raise Problem("not_found")  # before the body is looked at: its errors would say more
    content, files = parts(request)
    receipt = intake.receive(
        version, actor=request.actor, content=content, files=files, is_test=is_test
    )
    page = reverse("submission", args=(version.operation.slug, receipt.submission.pk))
    return JsonResponse({"receipt": receipt.as_dict(page)}, status=201)


def described(version: FormVersion, *, is_preview: bool = False) -> dict[str, Any]:
    """Return what the client must know of a version to fetch it, fill it and send records."""
    assessment = version.form.assessment if version.form else None
    operation = version.operation
    return {
        "id": version.pk,
        "form_id": version.form.form_id if version.form else "",
        "title": version.title,
        "version": version.version,
        "state": State.DRAFT if version.state == State.DRAFT else State.PUBLISHED,
        "operation": {"slug": operation.slug, "name": operation.name},
        "assessment": {"id": assessment.pk, "title": assessment.title} if assessment else None,
        "languages": version.languages,
        "hash": f"md5:{version.xform_hash}",
        "xform_url": reverse("field_xform", args=(version.pk,)),
        "attachments": [
            {
                "filename": name,
                "hash": f"md5:{md5}",
                # A device keeps files by their address: what has changed is another one.
                "url": f"{reverse('field_attachment', args=(version.pk, name))}?md5={md5}",
                "type": content_type(name),
            }
            for name, md5 in files_of(version).items()
        ],
        "submit_url": reverse("field_try" if is_preview else "field_submit", args=(version.pk,)),
        "description": assessment.description if assessment else "",
    }


def files_of(version: FormVersion) -> dict[str, str]:
    """Return the MD5 of each file that devices need with a form, by name; entity lists are live."""
    attached = {one.file_name: one.md5 for one in version.attachments.all() if one.file}
    lists = entities.live(version)
    return attached | {name: entities.md5(entities.content(one)) for name, one in lists.items()}


def opened(version: FormVersion, name: str) -> tuple[HttpResponseBase, str]:
    """Return a file that the form names, and its MD5; raise Problem ``not_found``."""
    file = FormAttachment.objects.filter(version=version, file_name=name).exclude(file="").first()
    if file is not None:
        return inert(file.file.open("rb"), name, content_type(name)), file.md5
    entity_list = entities.live(version).get(name)
    if entity_list is None:
        raise Problem("not_found")
    table = entities.content(entity_list)
    return inert(BytesIO(table), name, content_type(name)), entities.md5(table)


def content_type(name: str) -> str:
    """Return the type of an attachment by its ending, or that of any download."""
    return TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def _get(request: Any, pk: int) -> FormVersion:
    usable = (State.DRAFT, State.PUBLISHED, State.SUPERSEDED)
    return policy.get(request.actor, "form.try", _versions().filter(state__in=usable), pk=pk)


def _cached(request: HttpRequest, response: Any, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return cast(HttpResponseBase, get_conditional_response(request, etag, None, response))
