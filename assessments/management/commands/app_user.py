"""``manage.py app_user add NAME --operation SLUG``: an account for ODK Collect and its address."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import app_users
from core.management import named
from core.models import Operation, Organisation, Role
from core.policy import SYSTEM


class Command(BaseCommand):
    """Prints the server URL once; whoever has it can send records under the account's name."""

    help = "Make an account for ODK Collect, KoboCollect or another OpenRosa app."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["add"])
        parser.add_argument("name", help="Who or what will use it.")
        parser.add_argument("--operation", required=True, help="The operation's short name.")
        parser.add_argument(
            "--organisation", default="", help="An acronym; left out: the coordinator's."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        operation = named.operation(options["operation"])
        organisation = chosen(operation, options["organisation"])
        _made, token = app_users.make(
            operation, actor=SYSTEM, name=options["name"], organisation=organisation
        )
        address = reverse("openrosa_form_list", args=(token,)).removesuffix("/formList")
        self.stdout.write(f"{settings.BASE_URL.rstrip('/')}{address}")


def chosen(operation: Operation, acronym: str) -> Organisation:
    """Return the organisation of that acronym, or the one that coordinates the operation."""
    if acronym:
        found = Organisation.objects.filter(acronym=acronym).first()
        if found is None:
            raise CommandError(_("There is no organisation “{}”.").format(acronym))
        return found
    coordinating = operation.memberships.filter(role=Role.COORDINATOR).first()
    if coordinating is None:
        raise CommandError(_("Nobody coordinates the operation: give --organisation."))
    return coordinating.organisation
