"""A picture kept for a moment, so that a page and the charts in it show the same numbers.

Redis only spares work: without it, or a little later, a chart is drawn from a fresh picture.
"""

import logging
import secrets
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from core.models import Operation

log = logging.getLogger(__name__)
SECONDS = 300


def keep(operation: Operation, picture: dict[str, Any]) -> str:
    """Keep a picture as JSON values; return the key under which ``find`` gives it back."""
    key = secrets.token_urlsafe(12)
    try:
        cache.set(_name(operation, key), picture, SECONDS)
    except RedisError:
        log.warning("a picture could not be kept for its charts", exc_info=True)
    return key


def find(operation: Operation, key: str) -> dict[str, Any] | None:
    """Return what was kept, or None when it is gone."""
    try:
        kept: dict[str, Any] | None = cache.get(_name(operation, key)) if key else None
    except RedisError:
        log.warning("the cache of pictures did not answer", exc_info=True)
        return None
    return kept


def _name(operation: Operation, key: str) -> str:
    return f"picture:{operation.pk}:{key[:40]}"
