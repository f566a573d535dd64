"""Files that people sent, as answers: a browser shows a picture at most, and saves all else."""

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

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
