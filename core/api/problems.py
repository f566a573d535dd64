"""REST errors as ``application/problem+json`` (RFC 9457)."""

from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import Problem, as_problem

CODES: dict[type[Exception], str] = {
    Http404: "not_found",
    exceptions.NotFound: "not_found",
    exceptions.NotAuthenticated: "sign_in",
    exceptions.AuthenticationFailed: "sign_in",
}


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
        problem = Problem("bad_request", message=_words(stock.data))
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
