"""What every REST view does before its work: refuse what it does not know, by name."""

import hashlib
import json
from typing import Any

from django.http import HttpResponse
from django.utils.http import quote_etag
from django.utils.translation import gettext_lazy as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request as PlainRequest
from rest_framework.views import APIView

from core import policy
from core.errors import Problem, declare
from core.models import ApiToken, Operation
from core.policy import Actor
from core.tokens import PREFIX

SAFE = {"GET", "HEAD", "OPTIONS"}
SECRET_NAMES = {"token", "access_token", "api_key", "apikey", "auth", "authorization", "bearer"}

declare(
    "unknown_parameter",
    400,
    _("Unknown parameter"),
    _("This address does not know: {unknown}."),
    _("It knows: {known}."),
)
declare(
    "bad_parameter",
    400,
    _("A parameter cannot be used"),
    _("“{value}” is no value for {name}."),
    _("Use {expected}."),
)
declare(
    "token_in_address",
    400,
    _("A token does not belong into an address"),
    _("Addresses are kept in logs and histories, so this token is no longer secret."),
    _("Revoke it, make a new one, and send it as “Authorization: Bearer …”."),
)
declare(
    "read_only_token",
    403,
    _("This token may only read"),
    _("It was made without the scope “write”."),
    _("Make a token that may write, or do this on the pages."),
)
declare(
    "operation_needed",
    400,
    _("Which operation?"),
    _("You belong to several operations."),
    _("Add operation=… with one of these short names: {slugs}."),
)


class Request(PlainRequest):
    """A request of the REST API, with whoever acts."""

    actor: Actor


class AnyAccept(BaseContentNegotiation):
    """Answers in the format that the parameter ``format`` names, whatever ``Accept`` says."""

    def select_parser(self, request: PlainRequest, parsers: Any) -> Any:
        # What follows the type, a boundary or a character set, is the parser's matter.
        sent = (request.content_type or "").partition(";")[0].strip().lower()
        return next((one for one in parsers if one.media_type == sent), None)

    def select_renderer(
        self, request: PlainRequest, renderers: Any, format_suffix: Any = None
    ) -> Any:
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """A view behind a verb; ``parameters`` are the query parameters that it knows."""

    verb = "public"
    parameters: tuple[str, ...] = ()
    content_negotiation_class = AnyAccept

    def known_parameters(self) -> set[str]:
        """Return the names that may stand in the query."""
        return set(self.parameters)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Check the query, then the rights, before any work is done."""
        self.refuse_secrets(request)
        super().initial(request, *args, **kwargs)
        self.refuse_unknown(request)
        token = request.actor.token
        if token and request.method not in SAFE and ApiToken.Scope.WRITE not in token.scopes:
            raise Problem("read_only_token")

    def refuse_secrets(self, request: Request) -> None:
        """Raise Problem ``token_in_address`` for anything that looks like a token in the query."""
        for name, value in request.query_params.items():
            if name.lower() in SECRET_NAMES or str(value).startswith(PREFIX):
                raise Problem("token_in_address")

    def refuse_unknown(self, request: Request) -> None:
        """Raise Problem ``unknown_parameter`` naming what this address does not know."""
        known = self.known_parameters()
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            names = ", ".join(unknown)
            raise Problem("unknown_parameter", unknown=names, known=", ".join(sorted(known)))
        for name, values in request.query_params.lists():
            if any("\0" in value for value in values):
                raise Problem("bad_parameter", name=name, value="\\0", expected=_("text"))


def operation_of(request: Request) -> Operation:
    """Return the operation that ``operation=…`` names, or the only one that the actor sees.

    Raises Problem ``not_found`` or ``operation_needed``.
    """
    seen = policy.filter(request.actor, "operation.read", Operation.objects.all())
    slug = request.query_params.get("operation", "")
    if slug:
        return policy.get(request.actor, "operation.read", Operation.objects.all(), slug=slug)
    found = list(seen[:2])
    if len(found) != 1:
        slugs = ", ".join(seen.values_list("slug", flat=True)[:20])
        raise Problem("operation_needed", slugs=slugs or _("none"))
    return found[0]


def conditional(request: Request, document: Any) -> HttpResponse:
    """Return the document as JSON with an ETag, or 304 where the client has it already."""
    body = json.dumps(document, ensure_ascii=False).encode()
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    known = request.headers.get("If-None-Match", "").replace("W/", "").split(", ")
    if etag in known:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    response["Vary"] = "Authorization, Cookie, Accept-Language"
    response["Cache-Control"] = "private, no-cache"
    return response
