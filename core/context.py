"""What every page's template gets: the operation, its navigation, the switcher and preferences."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import navigation, policy
from core.models import Operation

THEMES = ("auto", "light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the shell shows; whatever costs a query is a callable or lazy."""
    actor = getattr(request, "actor", policy.Actor())
    theme = request.COOKIES.get("theme", "auto")
    return {
        "operation": getattr(request, "operation", None),
        "operations": policy.filter(actor, "operation.read", Operation.objects.all()),
        "navigation": partial(navigation.places, request),
        "may_fill": partial(navigation.may_fill, request),
        "may_receive": partial(navigation.may_receive, request),
        "languages": languages(),
        "theme": theme if theme in THEMES else "auto",
        "is_demo_site": settings.DEMO,
    }


def languages() -> list[tuple[str, str]]:
    """Return the languages to choose from; the right-to-left test one only where one tries out."""
    trying = settings.DEMO or settings.DEBUG
    return [(code, str(name)) for code, name in settings.LANGUAGES if code != "ar" or trying]
