"""Reads settings from the environment, so that one settings file serves every installation."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}


def required(name: str) -> str:
    """Return a variable that has no safe default; raise ImproperlyConfigured without it."""
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"Set the environment variable {name}.") from None


def flag(name: str) -> bool:
    """Return whether a variable is set to 1, true, yes or on (any case)."""
    return os.environ.get(name, "").lower() in TRUE


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, Any]:
    """Turn ``postgresql://user:password@host:port/name?option=value`` into Django's settings.

    ``host`` may also be a query option, as libpq has it, to name a socket directory.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }


def celery_broker(url: str) -> str:
    """Return the Redis address as Celery spells it (sockets have a scheme of their own)."""
    if not url.startswith("unix://"):
        return url
    path, _, query = url.removeprefix("unix://").partition("?")
    number = dict(parse_qsl(query)).get("db", "0")
    return f"redis+socket://{path}?virtual_host={number}"
