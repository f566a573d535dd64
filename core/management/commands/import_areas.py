"""``manage.py import_areas FILE --operation SLUG``: the same import as in the browser."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from core.areas import imports as area_import
from core.areas.imports import Wishes
from core.errors import Problem
from core.management import named
from core.models import AreaImport
from core.policy import SYSTEM

COUNTS = ("added", "changed", "superseded", "unchanged", "united", "repaired", "refused", "absent")
LISTED = ("united", "repaired", "notes", "refused")


class Command(BaseCommand):
    """Checks a file of areas or population figures, shows what it would do, and imports it."""

    help = "Import areas (GeoJSON, GeoPackage, zipped shapefile, CSV, XLSX) or population figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--operation", required=True, help="the operation's short name")
        parser.add_argument("--level", type=int, help="administrative level; else the finest")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--source", default="", help="who made the data; else the file's name")
        parser.add_argument(
            "--valid-from", type=date.fromisoformat, help="date where the file has none; else today"
        )
        parser.add_argument("--population", action="store_true", help="population figures")
        parser.add_argument(
            "--leave-out", action="store_true", help="import the rest when rows are refused"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                received = self._receive(File(file, name=path.name), options)
            self._do(received, options)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        except Problem as problem:
            raise CommandError(f"{problem.detail} {problem.how}") from problem

    def _receive(self, file: "File[bytes]", options: dict[str, Any]) -> AreaImport:
        operation = named.operation(options["operation"])
        wishes = Wishes(
            source=options["source"] or file.name or "",
            level=options["level"],
            valid_from=options["valid_from"],
        )
        kind = AreaImport.Kind.POPULATION if options["population"] else AreaImport.Kind.AREAS
        return area_import.receive(
            operation, actor=SYSTEM, file=file, name=file.name or "", kind=kind, wishes=wishes
        )

    def _do(self, received: AreaImport, options: dict[str, Any]) -> None:
        done = False
        try:
            area_import.check(received)
            self._show(received.preview)
            if not options["dry_run"]:
                area_import.carry_out(
                    received, actor=SYSTEM, leave_out=options["leave_out"], tell=lambda *_: None
                )
                done = True
                self.stdout.write(self.style.SUCCESS("Imported."))
        finally:
            if not done:
                received.file.delete(save=False)
                received.delete()

    def _show(self, report: dict[str, Any]) -> None:
        for kind in LISTED:
            for finding in report.get(kind, []):
                rows = ", ".join(map(str, finding["rows"]))
                self.stdout.write(f"{kind}: row {rows} ({finding['pcode']}): {finding['message']}")
        counts = report["counts"]
        self.stdout.write(", ".join(f"{counts[kind]} {kind}" for kind in COUNTS if kind in counts))
