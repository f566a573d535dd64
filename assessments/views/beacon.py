"""Where a device in the field says what it holds, and learns whether it is shut out."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST
from rest_framework.exceptions import ParseError

from assessments import devices
from core.api.parsers import JsonParser
from core.errors import Problem
from core.views.doors import opens


@opens("form.try")
@require_POST
def beacon(request: Any) -> HttpResponse:
    """Keep the report; a revoked device is signed out with the answer."""
    try:
        said = JsonParser().parse(request)
    except ParseError as error:
        raise Problem("bad_request", message=str(error.detail)) from error
    device = devices.report(request.actor, said, session_key=request.session.session_key or "")
    revoked = device.revoked_at is not None
    if revoked:
        request.session.flush()
    return JsonResponse({"server_time": timezone.now().isoformat(), "revoked": revoked})
