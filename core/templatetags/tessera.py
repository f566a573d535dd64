"""Template tags of the shell: what the reader may do, and how figures are written."""

from typing import Any

from django import template
from django.db.models import Model

from core import policy

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: dict[str, Any], verb: str, row: Model) -> bool:
    """Return whether the reader may do ``verb`` with ``row``."""
    return policy.can(context["request"].actor, verb, row)
