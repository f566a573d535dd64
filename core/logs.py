"""Logging: one readable line an event, with the request's id and without secrets."""

import logging.config
import re
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")
SECRETS = re.compile(r"(/openrosa/)[^/\s]+|(/invitations/|/recover/)[^/\s]+|(Bearer\s+)\S+")


class EventFilter(logging.Filter):
    """Adds the request's id and hides tokens that are part of a path or header."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        message = record.getMessage()
        hidden = SECRETS.sub(lambda hit: f"{hit[1] or hit[2] or hit[3]}[hidden]", message)
        record.msg, record.args = hidden.replace("\n", " ⏎ ") if not record.exc_info else hidden, ()
        return True


def configure(settings: dict[str, Any]) -> None:
    """Set up logging to standard error at ``settings['level']``."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"event": {"()": EventFilter}},
            "formatters": {
                "line": {"format": "%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s"}
            },
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "formatter": "line",
                    "filters": ["event"],
                }
            },
            "root": {"handlers": ["stderr"], "level": settings["level"]},
        }
    )
