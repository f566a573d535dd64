"""What every page's template gets: the operation, its navigation, and the switcher."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import policy
from core.models import Operation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return ``operation``, ``operations`` (lazily read) and ``is_demo_site`` for the shell."""
    actor = getattr(request, "actor", policy.Actor())
    return {
        "operation": getattr(request, "operation", None),
        "operations": policy.filter(actor, "operation.read", Operation.objects.all()),
        "is_demo_site": settings.DEMO,
    }
