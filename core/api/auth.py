"""Token authentication: ``Authorization: Bearer tess_…``; never in a URL."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core.models import ApiToken, Operation, User
from core.policy import actor_of

PREFIX = "tess_"


def digest(secret: str) -> str:
    """Return the SHA-256 under which a secret of high entropy is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(
    user: User, *, operation: Operation, name: str, scopes: list[str], expires_at: datetime
) -> tuple[ApiToken, str]:
    """Make a token; return it with its secret, which is never shown again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        operation=operation,
        name=name,
        prefix=secret[:8],
        token_hash=digest(secret),
        scopes=scopes,
        expires_at=expires_at,
    )
    return token, secret


class TokenAuthentication(BaseAuthentication):
    """Accepts a live token and narrows the request's actor to it."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        now = timezone.now()
        live = ApiToken.objects.filter(
            token_hash=digest(secret.strip()),
            revoked_at__isnull=True,
            expires_at__gt=now,
            user__is_active=True,
        )
        token = live.select_related("user").first()
        if token is None:
            raise AuthenticationFailed
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        wsgi: Any = request._request
        wsgi.actor = actor_of(token.user, token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Tessera"'
