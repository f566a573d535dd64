"""Loads the demonstration, or what an older one lacks; again changes nothing."""

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
            found = load.load()
        except Problem as problem:
            raise CommandError(f"{problem.title}. {problem.detail} {problem.how}") from problem
        if found.is_new and options["verbosity"] > 1:
            seconds = time.monotonic() - began
            self.stdout.write(f"Loaded “{found.operation}” in {seconds:.0f} s.")
        for name in found.added:
            self.stdout.write(f"Added to the older demonstration: {name}.")
        for name in found.left_out:
            self.stdout.write(
                f"The demonstration here was altered and cannot take {name}; "
                "`make clean DATA=1` begins anew."
            )
