"""Gives the application's database role its rights, after each migration, as the owner."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import grants


class Command(BaseCommand):
    """Lets the application role read and write, but only add to the audit."""

    help = "Give the application role its rights; the audit's tables can only be added to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", default="tessera_app", help="the role (tessera_app)")

    def handle(self, *args: Any, role: str, verbosity: int, **options: Any) -> None:
        if not grants.role_exists(role):
            raise CommandError(f"There is no database role {role}: create it, then run this again.")
        tables = grants.give(role)
        if verbosity:
            self.stdout.write(f"{role} may add to {tables} tables of the audit, and change none.")
