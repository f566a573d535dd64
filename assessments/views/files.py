"""Files that people sent: served only to those who may read the record, and never as a page."""

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from assessments.models import Submission, SubmissionFile
from core import policy
from core.errors import Problem
from core.views.doors import MemberRequest, opens

TEXTS = ("text/", "application/geo+json", "application/xml")
INLINE = {"image/jpeg", "image/png", "image/webp"}


def inert(file: Any, name: str, content_type: str) -> HttpResponseBase:
    """Return a response that a browser shows as a picture at most, and otherwise saves.

    Text is read whole, so that it goes out compressed.
    """
    response: HttpResponseBase
    if content_type.startswith(TEXTS):
        with file:
            response = HttpResponse(file.read(), content_type=content_type)
    else:
        response = FileResponse(file, content_type=content_type)
    kind = "inline" if content_type in INLINE else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


@opens("submission.raw")
@require_GET
def submission_file(request: MemberRequest, pk: int, file: int) -> HttpResponseBase:
    """Serve a photo or other file of a submission."""
    found = Submission.objects.filter(operation=request.operation)
    submission = policy.get(request.actor, "submission.raw", found, pk=pk)
    one = SubmissionFile.objects.filter(submission=submission, pk=file).exclude(file="").first()
    if one is None:
        raise Problem("not_found")
    return inert(one.file.open("rb"), one.file_name, one.content_type)
