"""The way of a boundary or gazetteer file into an operation: upload, check, confirm, import.

The check stores a digest of what the import would do. The import works it out again from the same
bytes and columns, and stops when the digest differs, so that what was confirmed is what happens.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pghistory
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import policy
from core.areas import files, population
from core.areas import report as area_report
from core.errors import Problem, declare
from core.models import AreaImport, Operation
from core.policy import Actor

Tell = Callable[[int, int], object]

declare(
    "import_not_checked",
    409,
    _("This file cannot be imported now"),
    _("“{file}” is {state}; only a file that was checked can be imported."),
    _("Check it first, or upload it again."),
)
declare(
    "import_outdated",
    409,
    _("The check is out of date"),
    _("Since “{file}” was checked, the areas or the choice of columns have changed."),
    _("Check it again, look at the report, and confirm."),
)
declare(
    "import_has_refusals",
    409,
    _("Some rows cannot be used"),
    _("{count} rows of “{file}” are refused, so nothing was imported."),
    _("Correct them, or confirm that they are to be left out."),
)


class Draft(Protocol):
    """A file of any kind as it would be imported.

    ``mapping`` is the choice of columns, ``digest`` is equal where the outcome is, ``refused``
    counts the rows that cannot be used.
    """

    @property
    def mapping(self) -> dict[str, Any]: ...
    @property
    def digest(self) -> str: ...
    @property
    def refused(self) -> int: ...
    def report(self) -> dict[str, Any]: ...
    def outline(self) -> dict[str, Any]: ...
    def apply(self, operation: Operation, *, tell: Tell) -> None: ...


Make = Callable[[Path, Operation, dict[str, Any]], Draft]
DRAFTS: dict[AreaImport.Kind, Make] = {
    AreaImport.Kind.AREAS: area_report.draft,
    AreaImport.Kind.POPULATION: population.draft,
}


@dataclass(frozen=True)
class Wishes:
    """What the uploader says about a file; without a level the finest in the file counts."""

    source: str
    level: int | None = None
    valid_from: date | None = None


def receive(
    operation: Operation,
    *,
    actor: Actor,
    file: "File[bytes]",
    name: str,
    kind: AreaImport.Kind,
    wishes: Wishes,
) -> AreaImport:
    """Keep an uploaded file; raise Problem when it is too large or not of a kind that we read."""
    policy.check(actor, "area.manage", operation)
    if file.size > files.MOST_BYTES:
        limit = f"{files.MOST_BYTES // 1_000_000} MB"
        raise Problem("too_large", what=name, limit=limit)
    made = AreaImport(
        operation=operation,
        kind=kind,
        file_name=name[:255],
        sha256=digest(file),
        source=wishes.source,
        mapping=asking(wishes),
        created_by=actor.user,
    )
    # The name on the disk is ours; the uploader's is only shown.
    made.file.save(f"{made.sha256[:16]}.upload", file, save=False)
    made.save()
    return made


def asking(wishes: Wishes) -> dict[str, Any]:
    """Return what a mapping is to begin with, before the columns are known."""
    day = wishes.valid_from or timezone.localdate()
    return {
        "wanted_level": wishes.level,
        "default_valid_from": day.isoformat(),
        "default_source": wishes.source,
    }


def digest(file: "File[bytes]") -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def work_out(area_import: AreaImport, mapping: dict[str, Any]) -> Draft:
    """Return what importing a file with a choice of columns would do."""
    make: Make = DRAFTS[AreaImport.Kind(area_import.kind)]
    return make(Path(area_import.file.path), area_import.operation, mapping)


def check(area_import: AreaImport, *, mapping: dict[str, Any] | None = None) -> AreaImport:
    """Store what an import would do, with ``mapping`` instead of the stored one where given."""
    _require_open(area_import)
    draft = work_out(area_import, mapping or area_import.mapping)
    area_import.mapping = draft.mapping
    area_import.preview = draft.report()
    area_import.outline = draft.outline()
    area_import.state = AreaImport.State.CHECKED
    area_import.save()
    return area_import


def refuse(area_import: AreaImport, message: str) -> None:
    """Note that a file cannot be read at all."""
    area_import.state = AreaImport.State.REFUSED
    area_import.preview = {"problem": message}
    area_import.save()


def carry_out(
    area_import: AreaImport, *, actor: Actor, leave_out: bool = False, tell: Tell
) -> AreaImport:
    """Import what was checked and confirmed; running it again changes nothing.

    ``leave_out`` imports the rest when rows are refused. Raise Problem when it was not checked or
    when something has changed since.
    """
    if area_import.state == AreaImport.State.DONE:
        return area_import
    if area_import.state != AreaImport.State.CHECKED:
        state = area_import.get_state_display()
        raise Problem("import_not_checked", file=area_import.file_name, state=state)
    audit = {"user": actor.user.pk if actor.user else None, "area_import": area_import.pk}
    with transaction.atomic(), pghistory.context(**audit):
        operation = Operation.objects.select_for_update(no_key=True).get(
            pk=area_import.operation_id
        )
        with area_import.file.open("rb") as file:
            unchanged = digest(file) == area_import.sha256
        draft = work_out(area_import, area_import.mapping)
        if not unchanged or draft.digest != area_import.preview["digest"]:
            raise Problem("import_outdated", file=area_import.file_name)
        require_whole(draft, area_import.file_name, leave_out=leave_out)
        draft.apply(operation, tell=tell)
        area_import.state = AreaImport.State.DONE
        area_import.save(update_fields=["state"])
    return area_import


def require_whole(draft: Draft, name: str, *, leave_out: bool) -> None:
    """Raise Problem when rows are refused and nobody has agreed to leave them out."""
    if draft.refused and not leave_out:
        raise Problem("import_has_refusals", count=draft.refused, file=name)


def _require_open(area_import: AreaImport) -> None:
    if not area_import.is_open:
        state = area_import.get_state_display()
        raise Problem("import_not_checked", file=area_import.file_name, state=state)
