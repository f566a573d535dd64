"""Bodies that are sent: checked by a serializer, and recognised when they come again."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.settings import api_settings

from core.api.base import Request
from core.errors import Problem, declare

HEADER = "Idempotency-Key"
KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="A UUID of your choice: the same key with the same body records nothing twice, "
    "with another body it is refused (409). It becomes the `id` of what is recorded.",
)

declare(
    "bad_key",
    400,
    _("The idempotency key cannot be used"),
    _("“{value}” is no UUID."),
    _("Send “Idempotency-Key: …” with a UUID that you make once for each thing you send."),
)


def valid(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    """Return the checked body; raise Problem ``invalid`` that names each wrong field."""
    if not serializer.is_valid():
        raise Problem("invalid", errors=list(_findings(serializer.errors)))
    given: dict[str, Any] = serializer.validated_data
    return given


def _findings(errors: Any, where: str = "") -> Iterator[dict[str, str]]:
    """Yield what is wrong, each with the path to its place, such as ``lines.0.good``."""
    if isinstance(errors, str):
        yield {"where": where, "message": errors}
    elif isinstance(errors, Mapping):
        for name, found in errors.items():
            part = "" if name == api_settings.NON_FIELD_ERRORS_KEY else str(name)
            yield from _findings(found, ".".join(filter(None, (where, part))))
    else:
        # A list of messages, or of what is wrong with each of several parts
        for number, found in enumerate(errors):
            inner = (
                where if isinstance(found, str) else ".".join(filter(None, (where, str(number))))
            )
            yield from _findings(found, inner)


def key_of(request: Request) -> UUID | None:
    """Return the request's idempotency key; raise Problem ``bad_key``."""
    text = request.headers.get(HEADER, "").strip()
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Problem("bad_key", value=text[:60]) from None


def recorded(document: dict[str, Any], *, again: bool) -> HttpResponse:
    """Answer with what was recorded: 201, or 200 where it had come before."""
    return JsonResponse(document, status=200 if again else 201)
