"""``manage.py check_form FILE``: the conversion report on the terminal, without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments import attachments
from assessments.xlsforms.findings import Finding
from core.errors import Problem

if TYPE_CHECKING:
    from assessments.xlsforms.convert import Conversion


class Command(BaseCommand):
    """Exits with 0 when the form could be published, with 1 when it could not."""

    help = "Check a questionnaire (xlsx, xls or XForm XML) and print the conversion report."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")
        parser.add_argument(
            "--attachment", type=Path, action="append", default=[], help="A file the form names."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from assessments.xlsforms.convert import convert

        try:
            conversion = convert(options["file"].read_bytes(), options["file"].name)
        except OSError as error:
            raise CommandError(str(error)) from error
        except Problem as problem:
            raise CommandError(f"{problem.title}. {problem.detail} {problem.how}") from problem
        missing = check_files(conversion, options["attachment"])
        report = summary(conversion, missing)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self.print_report(report)
        if not report["publishable"]:
            raise SystemExit(1)

    def print_report(self, report: dict[str, Any]) -> None:
        """Print the report for people."""
        self.stdout.write(f"{report['title']} · {report['form_id']} · {report['version']}")
        counts = ", ".join(f"{number} {name}" for name, number in report["counts"].items())
        self.stdout.write(f"{counts}; {', '.join(report['languages'])}")
        words = {"errors": _("error"), "warnings": _("warning"), "unsupported": _("unsupported")}
        for name, word in words.items():
            for finding in report[name]:
                self.stdout.write(f"{word}: {line(finding)}")
        for name in report["missing"]:
            self.stdout.write(_("missing file: {name}").format(name=name))


def line(finding: dict[str, Any]) -> str:
    """Return a finding as one line: where, what, and how to put it right."""
    row = f"{finding['row']}" if finding["row"] else ""
    where = " ".join(filter(None, (finding["sheet"], row, finding["column"])))
    return f"[{where}] {finding['message']} {finding['fix']}".replace("[] ", "").strip()


def check_files(conversion: "Conversion", paths: Iterable[Path]) -> list[str]:
    """Add what is wrong with the attachments to the report; return the names still missing."""
    given = {path.name: path for path in paths}
    for name, path in given.items():
        needs = [one for one in conversion.questions.files if one.file_name == name]
        kind = conversion.attachments.get(name)
        if kind is None:
            message = _("The form does not use the file “{name}”.").format(name=name)
            conversion.report.warnings.append(Finding(message))
            continue
        try:
            list(attachments.read(kind, path.read_bytes(), needs))
        except attachments.Unusable as unusable:
            conversion.report.errors.append(unusable.finding(name))
    made = {"itemsets.csv"} if conversion.itemsets else set()
    return sorted(conversion.attachments.keys() - given.keys() - made)


def summary(conversion: "Conversion", missing: list[str]) -> dict[str, Any]:
    """Return the report with what identifies the form, for people and programs."""
    return {
        "form_id": conversion.form_id,
        "version": conversion.version,
        "title": conversion.title,
        "languages": conversion.languages,
        "publishable": not conversion.report.errors and not missing,
        "missing": missing,
        **conversion.report.as_dict(),
    }
