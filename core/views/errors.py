"""Problem pages in HTML, and as problem documents where a script asked."""

from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts import attempted_name, client_address
from core.errors import Problem, declare

declare(
    "locked",
    429,
    _("Too many wrong passwords"),
    _("Sign-in as “{name}” from this address is locked for {minutes} more minutes."),
    _("Wait, or sign in from another network. An administrator can give you a new password."),
)


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
