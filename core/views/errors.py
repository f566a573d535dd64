"""Problem pages in HTML, and as problem documents where a script asked."""

import sys
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import openrosa
from core.accounts import attempted_name, client_address
from core.errors import Problem, as_problem, declare

declare(
    "locked",
    429,
    _("Too many wrong passwords"),
    _("Sign-in as “{name}” from this address is locked for {minutes} more minutes."),
    _("Wait, or sign in from another network. An administrator can give you a new password."),
)


declare(
    "internal",
    500,
    _("Something went wrong on the server"),
    _("The request was not finished; the error was written down with its number."),
    _("Try again. If it happens again, tell an administrator the request number."),
)


def wants_json(request: HttpRequest) -> bool:
    """Return whether the request came from a script: the API, the field client, or by Accept."""
    scripted = request.path.startswith(("/api/", "/field/api/"))
    return scripted or not request.accepts("text/html")


def render_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Answer with the problem, as the reader can use it."""
    response: HttpResponse
    if request.path.startswith(openrosa.ADDRESS):
        words = (problem.title, problem.detail, problem.how)
        response = openrosa.message("\n".join(word for word in words if word), problem.status)
    elif wants_json(request):
        response = JsonResponse(problem.as_dict(), content_type="application/problem+json")
    elif problem.status in {500, 503}:
        # The shell asks the database who reads and what they may see: it cannot be used here.
        facts = {"problem": problem, "request_id": getattr(request, "id", "")}
        response = HttpResponse(render_to_string("errors/plain.html", facts))
    else:
        response = render(request, "errors/problem.html", {"problem": problem})
    response.status_code = problem.status
    if problem.status == 503:
        response["Retry-After"] = "10"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 for an address without a route."""
    return render_problem(request, Problem("not_found"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django refuses to read."""
    return render_problem(request, Problem("bad_request", message=_("It cannot be read.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that nothing else has caught, a lost database in a middleware included."""
    error = sys.exc_info()[1]
    problem = as_problem(error) if error else None
    return render_problem(request, problem or Problem("internal"))


def csrf_failure(request: HttpRequest, reason: str = "", **context: Any) -> HttpResponse:
    """Answer a request whose CSRF token does not match."""
    return render_problem(request, Problem("csrf"))


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Answer a sign-in that django-axes has locked, with the minutes that it stays so."""
    name = attempted_name(request, credentials)
    tries = AccessAttempt.objects.filter(username=name, ip_address=client_address(request))
    last = tries.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    whole = get_cool_off(request)
    left = whole - (timezone.now() - last) if whole and last else whole
    seconds = max(1, int(left.total_seconds())) if left else 1
    typed = request.POST.get("login", name)
    answer = render_problem(request, Problem("locked", name=typed, minutes=-(-seconds // 60)))
    answer["Retry-After"] = str(seconds)
    return answer
