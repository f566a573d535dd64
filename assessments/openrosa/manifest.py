"""The files that a form needs beside itself. https://docs.getodk.org/openrosa-form-list/"""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from assessments import entities
from assessments.models import FormVersion
from assessments.openrosa.addresses import beside
from assessments.openrosa.door import door
from assessments.views.field import files_of, opened
from core import openrosa, policy
from core.errors import Problem

NAMESPACE = "http://openrosa.org/xforms/xformsManifest"
State = FormVersion.State


def usable(request: Any, pk: int) -> FormVersion:
    """Return a version that may be filled; raise Problem ``not_found``."""
    found = FormVersion.objects.filter(state__in=(State.PUBLISHED, State.SUPERSEDED))
    return policy.get(request.actor, "form.fill", found.defer("xform", "report"), pk=pk)


@door("form.fill")
@require_safe
def manifest(request: Any, pk: int) -> HttpResponse:
    """List a form's files with their hashes."""
    version = usable(request, pk)
    lists = entities.live(version)
    entries = "".join(
        entry(request, pk, name, md5, is_list=name in lists)
        for name, md5 in sorted(files_of(version).items())
    )
    return openrosa.answer(
        f'{openrosa.DECLARATION}<manifest xmlns="{NAMESPACE}">{entries}</manifest>'
    )


def entry(request: Any, pk: int, name: str, md5: str, *, is_list: bool) -> str:
    """Return a file's entry; of an entity list, with where to ask which entities are gone."""
    parts = {
        "filename": name,
        "hash": f"md5:{md5}",
        "downloadUrl": beside(request, "file", pk, name),
    }
    if is_list:
        parts["integrityUrl"] = beside(request, "integrity", pk, name)
    inside = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in parts.items())
    kind = ' type="entityList"' if is_list else ""
    return f"<mediaFile{kind}>{inside}</mediaFile>"


@door("form.fill")
@require_safe
def file(request: Any, pk: int, name: str) -> HttpResponseBase:
    """Serve one of a form's files."""
    response, _md5 = opened(usable(request, pk), name)
    response["X-OpenRosa-Version"] = "1.0"
    return response


@door("form.fill")
@require_safe
def integrity(request: Any, pk: int, name: str) -> HttpResponse:
    """Say of each ``id``, separated by commas, whether that entity is gone.

    https://docs.getodk.org/openrosa-integrity/
    """
    entity_list = entities.live(usable(request, pk)).get(name)
    if entity_list is None:
        raise Problem("not_found")
    asked = filter(None, request.GET.get("id", "").split(","))
    answers = "".join(
        f"<entity id={quoteattr(uid)}><deleted>{'true' if gone else 'false'}</deleted></entity>"
        for uid, gone in entities.states(entity_list, asked).items()
    )
    body = f"<data><entities>{answers}</entities></data>"
    return openrosa.answer(openrosa.DECLARATION + body)
