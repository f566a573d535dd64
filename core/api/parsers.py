"""Reads JSON that strangers wrote: bounded in size, and nested no deeper than the parser bears."""

import json
from typing import Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core.errors import Problem

MOST_BYTES = 5_000_000


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class JsonParser(BaseParser):
    """Parses a JSON body; 400 for what is not JSON (RFC 8259), 413 for too much of it."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise Problem("too_large", what="JSON", limit=f"{MOST_BYTES // 1_000_000} MB")
        try:
            return json.loads(body.decode(settings.DEFAULT_CHARSET), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(str(error)) from error
