"""The parts of a submission's multipart body, the same at every door."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments import intake
from core.errors import Problem

XML_PART = "xml_submission_file"


def parts(request: HttpRequest) -> tuple[bytes, list[Any]]:
    """Return the XML and the files of a body; raise Problem unless it has one XML."""
    xml = request.FILES.getlist(XML_PART)
    if len(xml) != 1:
        message = _("The body must have exactly one part {name}.").format(name=XML_PART)
        raise Problem("bad_request", message=message)
    if (xml[0].size or 0) > intake.MOST_XML:
        limit = f"{intake.MOST_XML // 1_000_000} MB"
        raise Problem("too_large", what=_("The XML"), limit=limit)
    files = []
    for name, uploads in request.FILES.lists():
        if name == XML_PART:
            continue
        if len(uploads) > 1:
            message = _("The body must have one part only for the file “{name}”.").format(name=name)
            raise Problem("bad_request", message=message)
        # The part's name is the name in the XML; browsers may alter the file's own.
        uploads[0].name = name
        files.append(uploads[0])
    return xml[0].read(), files
