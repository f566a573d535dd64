"""Doors: each route says which verb opens it, or that it is public.

``tests/architecture`` walks the URL resolver and fails on a route that says neither.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core import policy
from core.errors import Problem
from core.models import Operation
from core.policy import VERBS, Actor
from core.views.errors import wants_json


class MemberRequest(HttpRequest):
    """A request inside an operation, as a view behind ``opens`` gets it."""

    actor: Actor
    operation: Operation
    id: str


class View(Protocol):
    """A function view."""

    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def opens(verb: str) -> Callable[[View], View]:
    """Let in those signed in; inside ``/o/<slug>/`` set ``request.operation``, or answer 404.

    Where the verb's rows are operations it is checked here; otherwise the view fetches its rows by
    ``policy.get`` or ``policy.filter`` with the same verb.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, slug: str | None = None, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                if wants_json(request):
                    raise Problem("sign_in")
                return to_sign_in(request)
            if slug is not None:
                is_own = VERBS[verb].model == "core.Operation"
                needed = verb if is_own else "operation.read"
                request.operation = _operation(request, needed, slug)
            return view(request, *args, **kwargs)

        vars(guarded)["verb"] = verb
        return guarded

    return decorate


def _operation(request: Any, verb: str, slug: str) -> Operation:
    """Return the operation; a refusal keeps it, so that its page has the reader's navigation."""
    try:
        return policy.get(request.actor, verb, Operation.objects.all(), slug=slug)
    except Problem as problem:
        if problem.code == "forbidden":
            request.operation = Operation.objects.get(slug=slug)
        raise


def to_sign_in(request: Any) -> HttpResponse:
    """Send a stranger to the sign-in page and back; a part of a page takes its whole page along."""
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    shown = urlsplit(request.headers.get("HX-Current-URL", "/"))
    target = redirect_to_login(f"{shown.path}?{shown.query}" if shown.query else shown.path)
    return HttpResponse(status=204, headers={"HX-Redirect": target["Location"]})


def public(view: View) -> View:
    """Mark a route that needs no account."""
    vars(view)["verb"] = "public"
    return view
