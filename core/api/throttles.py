"""How often one account or token may ask; where the counter is down, asking goes on."""

import logging
from typing import Any

from redis.exceptions import RedisError
from rest_framework.throttling import UserRateThrottle

log = logging.getLogger(__name__)


class Throttle(UserRateThrottle):
    """Counts the requests of a token, or of an account where there is none."""

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        token = request.actor.token
        if token:
            return f"throttle-token-{token.pk}"
        return super().get_cache_key(request, view)

    def allow_request(self, request: Any, view: Any) -> bool:
        try:
            return bool(super().allow_request(request, view))
        except RedisError:
            log.warning("requests are not counted: the broker cannot be reached")
            return True
