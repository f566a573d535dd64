"""REST errors as ``application/problem+json`` (RFC 9457)."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import Problem, as_problem, declare

CODES: dict[type[Exception], str] = {
    Http404: "not_found",
    exceptions.NotFound: "not_found",
    exceptions.NotAuthenticated: "sign_in",
    exceptions.AuthenticationFailed: "sign_in",
    exceptions.PermissionDenied: "csrf",
}
STATUS_CODES = {405: "method_not_allowed", 415: "not_json", 429: "too_many_requests"}

declare(
    "method_not_allowed",
    405,
    _("This address does not do that"),
    _("{message}"),
    _("The header Allow names what it does; the documentation says more."),
)
declare(
    "not_json",
    415,
    _("The body must be JSON"),
    _("{message}"),
    _("Send it with the header “Content-Type: application/json”."),
)
declare(
    "too_many_requests",
    429,
    _("Too many requests"),
    _("{message}"),
    _("Wait as many seconds as the header Retry-After says."),
)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem document for an exception in the API, or None to let it surface."""
    problem = as_problem(error)
    if problem is None and type(error) in CODES:
        problem = Problem(CODES[type(error)])
    headers: dict[str, str] = {}
    if problem is None:
        stock = exception_handler(error, context)
        if stock is None:
            return None
        code = STATUS_CODES.get(stock.status_code, "bad_request")
        problem = Problem(code, message=_words(stock.data))
        headers = {name: stock[name] for name in ("Retry-After", "Allow") if name in stock}
        document = problem.as_dict() | {"status": stock.status_code}
    else:
        document = problem.as_dict()
    if document["status"] == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Tessera"'
    if document["status"] == 503:
        headers["Retry-After"] = "10"
    return Response(
        document,
        status=document["status"],
        headers=headers,
        content_type="application/problem+json",
    )


def _words(data: Any) -> str:
    if isinstance(data, dict):
        return " ".join(f"{key}: {_words(value)}" for key, value in data.items())
    if isinstance(data, list):
        return " ".join(_words(part) for part in data)
    return str(data)
