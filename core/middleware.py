"""What every request gets: an id, an actor, a language and zone, audit, problem pages."""

import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

import pghistory
from django.conf import settings
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation

from core import logs
from core.errors import as_problem
from core.policy import actor_of
from core.views.errors import render_problem

Responder = Callable[[Any], HttpResponse]


class Middleware:
    """Keeps the next responder."""

    def __init__(self, get_response: Responder):
        self.get_response = get_response


class CompressionMiddleware(GZipMiddleware):
    """Compresses what is made whole; a stream would wait for it, and photos only grow.

    Django's own keeps the length of a page from telling what is in it (BREACH).
    """

    def process_response(self, request: Any, response: Any) -> Any:
        return response if response.streaming else super().process_response(request, response)


class RequestIdMiddleware(Middleware):
    """Gives each request an id that its log lines, audit rows and answer carry."""

    def __call__(self, request: Any) -> HttpResponse:
        request.id = uuid.uuid4().hex[:12]
        token = logs.request_id.set(request.id)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            return response
        finally:
            logs.request_id.reset(token)


class ActorMiddleware(Middleware):
    """Says who acts, lazily: an API token may take this place later."""

    def __call__(self, request: Any) -> HttpResponse:
        request.actor = actor_of(request.user)
        return self.get_response(request)


class ReaderMiddleware(Middleware):
    """Chooses language and time zone: the user's own, else the cookie's, else the browser's.

    The field client has a language of its own on each device, and names it.
    """

    def __call__(self, request: Any) -> HttpResponse:
        user = request.user
        known = user.is_authenticated
        language = user.language if known else translation.get_language_from_request(request)
        spoken = request.headers.get("X-Reader-Language", "")
        if spoken in dict(settings.LANGUAGES):
            language = spoken
        zone = zoneinfo.ZoneInfo(user.time_zone) if known else timezone.get_default_timezone()
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class AuditMiddleware(Middleware):
    """Puts actor and request id into the audit; never the path, which may hold a token."""

    def __call__(self, request: Any) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        with pghistory.context(user=request.user.pk, request=request.id):
            return self.get_response(request)


class ProblemMiddleware(Middleware):
    """Turns a Problem, and a lost database or full disk, into a page that says what to do."""

    def __call__(self, request: Any) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        problem = as_problem(error)
        return render_problem(request, problem) if problem else None
