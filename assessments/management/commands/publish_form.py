"""``manage.py publish_form FILE --operation SLUG``: upload, convert, attach, publish."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments import publish
from assessments.management.commands.check_form import line
from assessments.models import Assessment, FormVersion
from assessments.publish import Upload
from core.errors import Problem
from core.management import named
from core.models import Operation, User
from core.policy import SYSTEM, Actor


class Command(BaseCommand):
    """Goes through the same rules as the pages; prints the version, or why there is none."""

    help = "Publish a questionnaire (xlsx, xls or XForm XML) in an operation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--operation", required=True, help="The operation's short name.")
        parser.add_argument("--assessment", default="", help="An assessment's number or title.")
        parser.add_argument("--attachment", type=Path, action="append", default=[])
        parser.add_argument("--as", dest="username", default="", help="On whose behalf.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = self.publish(options)
        except Problem as problem:
            raise CommandError(f"{problem.title}. {problem.detail} {problem.how}") from problem
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("Published: {title}, version {version} ({number}).").format(
                title=version.title, version=version.version, number=version.pk
            )
        )

    def publish(self, options: dict[str, Any]) -> FormVersion:
        """Return the published version."""
        operation = named.operation(options["operation"])
        actor = _actor(options["username"])
        files = [Upload(path.name, path.read_bytes()) for path in options["attachment"]]
        version = publish.add(
            operation,
            actor=actor,
            file=Upload(options["file"].name, options["file"].read_bytes()),
            assessment=_assessment(operation, options["assessment"]),
            files=files,
        )
        if version.state == FormVersion.State.FAILED:
            errors = "\n".join(line(finding) for finding in version.report["errors"])
            raise CommandError(_("The form has errors:") + "\n" + errors)
        return publish.publish(version, actor=actor)


def _actor(username: str) -> Actor:
    if not username:
        return SYSTEM
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no account “{}”.").format(username))
    return Actor(user=user)


def _assessment(operation: Operation, wanted: str) -> Assessment | None:
    if not wanted:
        return None
    found = Assessment.objects.filter(operation=operation)
    by = {"pk": int(wanted)} if wanted.isdigit() else {"title": wanted}
    one = found.filter(**by).first()
    if one is None:
        raise CommandError(_("There is no assessment “{}” in this operation.").format(wanted))
    return one
