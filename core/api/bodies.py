"""Bodies that are sent: checked by a serializer, and recognised when they come again."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.settings import api_settings

from core.api.base import Request
from core.datasets import Dataset
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


def valid(serializer: serializers.Serializer[Any], table: Dataset | None = None) -> dict[str, Any]:
    """Return the checked body; raise Problem ``invalid`` that names each wrong or unknown field.

    A field that nobody reads would be lost without a word, such as a quantity with a typing error.
    The columns of a ``table`` are known: a row of it can be changed and sent.
    """
    is_right = serializer.is_valid()
    findings = [] if is_right else list(_findings(serializer.errors))
    columns = {one.key for one in table.columns} if table else set()
    findings += [
        one for one in _unknown(serializer, serializer.initial_data) if one["where"] not in columns
    ]
    if findings:
        raise Problem("invalid", errors=findings)
    given: dict[str, Any] = serializer.validated_data
    return given


def _unknown(field: Any, given: Any, where: str = "") -> Iterator[dict[str, str]]:
    """Yield the names in a body of JSON that its serializer does not know, with their places."""
    if isinstance(field, serializers.ListSerializer) and isinstance(given, list):
        for number, part in enumerate(given):
            yield from _unknown(field.child, part, f"{where}{number}.")
    is_body = isinstance(given, dict) and not isinstance(given, QueryDict)
    if not isinstance(field, serializers.Serializer) or not is_body:
        return
    for name, value in given.items():
        if name in field.fields:
            yield from _unknown(field.fields[name], value, f"{where}{name}.")
        else:
            known = ", ".join(field.fields)
            message = _("Not known. Use one of: {known}.").format(known=known)
            yield {"where": f"{where}{name}", "message": str(message)}


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
