"""Files that people sent: served only to those who may read the record, and never as a page."""

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from assessments.models import Submission, SubmissionFile
from core import policy
from core.errors import Problem
from core.views.doors import MemberRequest, opens
from core.views.files import inert


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
