"""Problem pages in HTML, and as problem documents where a script asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.errors import Problem


def wants_json(request: HttpRequest) -> bool:
    """Return whether the request came from a script: the API, the field client, or by Accept."""
    scripted = request.path.startswith(("/api/", "/field/api/"))
    return scripted or not request.accepts("text/html")


def render_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Answer with the problem, as the reader can use it."""
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse(problem.as_dict(), content_type="application/problem+json")
    else:
        response = render(request, "errors/problem.html", {"problem": problem})
    response.status_code = problem.status
    if problem.status == 503:
        response["Retry-After"] = "10"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 for an address without a route."""
    return render_problem(request, Problem("not_found"))


def csrf_failure(request: HttpRequest, reason: str = "", **context: Any) -> HttpResponse:
    """Answer a request whose CSRF token does not match."""
    return render_problem(request, Problem("csrf"))
