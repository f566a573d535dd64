"""Prints the demonstration's accounts, for whoever has just started it."""

from typing import Any

from django.core.management.base import BaseCommand

from situation.demo.people import PASSWORD, PEOPLE


class Command(BaseCommand):
    """Print a table of user names, roles and organisations, and the password of all of them."""

    help = "Print the accounts of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Accounts of the demonstration (password of each: {PASSWORD}):")
        for person in PEOPLE:
            if person.signs_in:
                row = f"  {person.username:<15}{person.role.label:<18}{person.organisation}"
                self.stdout.write(row.rstrip())
