"""The files that a form needs beside itself. https://docs.getodk.org/openrosa-form-list/"""

from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from assessments.models import FormAttachment, FormVersion
from assessments.openrosa.addresses import beside
from assessments.openrosa.door import door
from assessments.views.field import content_type
from core import openrosa, policy
from core.errors import Problem
from core.views.files import inert

NAMESPACE = "http://openrosa.org/xforms/xformsManifest"
State = FormVersion.State


def attachments(request: Any, pk: int) -> Any:
    """Return the files of a version that may be filled; raise Problem ``not_found``."""
    usable = FormVersion.objects.filter(state__in=(State.PUBLISHED, State.SUPERSEDED))
    version = policy.get(request.actor, "form.fill", usable.defer("xform", "report"), pk=pk)
    return FormAttachment.objects.filter(version=version).exclude(file="")


@door("form.fill")
@require_safe
def manifest(request: Any, pk: int) -> HttpResponse:
    """List a form's files with their hashes."""
    entries = "".join(
        f"<mediaFile><filename>{escape(one.file_name)}</filename><hash>md5:{one.md5}</hash>"
        f"<downloadUrl>{escape(beside(request, 'file', pk, one.file_name))}</downloadUrl>"
        f"</mediaFile>"
        for one in attachments(request, pk)
    )
    return openrosa.answer(
        f'{openrosa.DECLARATION}<manifest xmlns="{NAMESPACE}">{entries}</manifest>'
    )


@door("form.fill")
@require_safe
def file(request: Any, pk: int, name: str) -> HttpResponseBase:
    """Serve one of a form's files."""
    one = attachments(request, pk).filter(file_name=name).first()
    if one is None:
        raise Problem("not_found")
    response = inert(one.file.open("rb"), one.file_name, content_type(one))
    response["X-OpenRosa-Version"] = "1.0"
    return response
