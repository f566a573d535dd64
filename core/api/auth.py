"""Token authentication: ``Authorization: Bearer tess_…``; never in a URL."""

from typing import Any

import pghistory
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core import tokens
from core.models import ApiToken, User
from core.policy import actor_of


class TokenAuthentication(BaseAuthentication):
    """Accepts a live token and narrows the request's actor to it."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = tokens.live(value.strip())
        if token is None:
            raise AuthenticationFailed
        wsgi: Any = request._request
        wsgi.actor = actor_of(token.user, token)
        # Adds to the audit context that the middleware has opened for a request that writes.
        pghistory.context(user=token.user.pk, token=token.pk)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Tessera"'
