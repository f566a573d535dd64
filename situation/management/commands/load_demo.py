"""Loads the demonstration; running it again changes nothing."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Problem
from situation.demo import load


class Command(BaseCommand):
    """Refuses outside a demonstration (TESSERA_DEMO)."""

    help = "Load the demonstration operation: invented data, on an installation meant for it."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            operation = load.load()
        except Problem as problem:
            raise CommandError(f"{problem.title}. {problem.detail} {problem.how}") from problem
        if operation and options["verbosity"] > 1:
            seconds = time.monotonic() - began
            self.stdout.write(f"Loaded “{operation}” in {seconds:.0f} s.")
