"""Absolute addresses beside the one that was asked: with the same token, or with none."""

from typing import Any

from django.urls import reverse


def beside(request: Any, name: str, *args: Any) -> str:
    """Return the absolute address of a route of this door."""
    token = request.resolver_match.kwargs.get("token")
    kwargs = {"token": token} if token else {}
    names = ("pk", "name")
    kwargs |= dict(zip(names, args, strict=False))
    return str(request.build_absolute_uri(reverse(f"openrosa_{name}", kwargs=kwargs)))
