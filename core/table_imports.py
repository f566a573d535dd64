"""Files of facts: read, try each row without recording it, show what stands against which, record.

An app says which kinds of rows there are, by ``register``. Trying a row means to record it and to
take that back, so that a preview cannot promise what recording would refuse. Each row gets the id
of its fact when the file is uploaded: to confirm twice records nothing twice.
"""

import hashlib
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core import policy
from core.archives import refused
from core.areas import files
from core.errors import Problem, declare
from core.models import Operation, TableImport
from core.policy import Actor

MOST_ROWS = 2_000
MOST_BYTES = 5_000_000
Enter = Callable[..., Any]
FORMATS = gettext_lazy("Save it as CSV in UTF-8 or as an Excel workbook (XLSX), and upload that.")
REMARKS = {
    "unused": gettext_lazy("These columns were not read: {about}."),
    "sheet": gettext_lazy("Only the sheet “{about}” was read."),
    "again": gettext_lazy(
        "The same file was recorded on {about}. Recording it again records its rows twice."
    ),
}

declare(
    "table_import_done",
    409,
    gettext_lazy("These rows are recorded already"),
    gettext_lazy("“{file}” was confirmed before."),
    gettext_lazy("Upload another file to record more."),
)
declare(
    "table_import_findings",
    409,
    gettext_lazy("Some rows cannot be recorded"),
    gettext_lazy("{count} rows of “{file}” have something against them."),
    gettext_lazy("Correct them in the file and upload it again, or confirm without them."),
)


@dataclass(frozen=True)
class Kind:
    """A kind of rows: who may record them, the columns, and the rule for one row.

    ``enter(operation, values, actor=…, client_id=…)`` records a row and raises Problem with
    findings that name columns. ``columns`` gives each column's name what it holds; ``labels`` how
    else it may be headed, in any language of the pages. ``passed_over`` are columns of exports that
    nobody misses on the way back.
    """

    verb: str
    columns: Mapping[str, str | Promise]
    enter: Enter
    required: tuple[str, ...] = ()
    labels: Mapping[str, str | Promise] = field(default_factory=dict)
    passed_over: tuple[str, ...] = ()

    def heads(self) -> dict[str, str]:
        """Return the columns by how they may be headed; what could mean two of them means none."""
        told: dict[str, set[str]] = {}
        for code, _name in settings.LANGUAGES:
            with override(code):
                for column, label in self.labels.items():
                    told.setdefault(str(label), set()).add(column)
        single = {name: min(columns) for name, columns in told.items() if len(columns) == 1}
        return {column: column for column in self.columns} | single


KINDS: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Add a kind of rows; ``name`` is one of TableImport.Kind."""
    KINDS[name] = kind


class _TakeBack(Exception):
    """Ends the transaction of a row that was only tried."""


def receive(
    operation: Operation,
    *,
    actor: Actor,
    kind: str,
    content: bytes,
    name: str,
    given: Mapping[str, str] | None = None,
) -> TableImport:
    """Read a file and try its rows; raise Problem when it is no table or has not the columns.

    ``given`` are values of columns where the file says nothing.
    """
    known = KINDS[kind]
    policy.check(actor, known.verb, operation)
    if len(content) > MOST_BYTES:
        raise Problem("too_large", what=_("The file"), limit=f"{MOST_BYTES // 1_000_000} MB")
    if actor.user is None:
        raise Problem("sign_in")
    table = _read(content, known)
    columns = _columns(table, known, given or {})
    rows = _rows(table, columns, given or {})
    sha256 = hashlib.sha256(content).hexdigest()
    return TableImport.objects.create(
        operation=operation,
        kind=kind,
        file_name=name[:255],
        sha256=sha256,
        rows=rows,
        findings=_tried(operation, known, rows, actor),
        remarks=[*_unread(table, columns, known), *_recorded(operation, kind, sha256)],
        created_by=actor.user,
    )


def _read(content: bytes, kind: Kind) -> files.Table:
    if not content.strip():
        raise refused(_("The file is empty."), str(FORMATS))
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        try:
            is_table = files.sniff(path) in ("csv", "xlsx")
        except Problem:
            is_table = False
        if not is_table:
            raise refused(_("The file is neither CSV nor an Excel workbook."), str(FORMATS))
        table = files.read(path, heads=kind.heads())
    if not 0 < len(table.rows) <= MOST_ROWS:
        raise refused(
            _("The table has {count} rows.").format(count=len(table.rows)),
            _("Upload between 1 and {most} rows at a time.").format(most=MOST_ROWS),
        )
    return table


def _columns(table: files.Table, kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """Return what each column of the file is; raise Problem where one is missing or comes twice."""
    heads = kind.heads()
    found = {name: heads[head] for name, head in table.heads.items()}
    counts = Counter(found[name] for name in table.columns if name in found)
    twice = [column for column, count in counts.items() if count > 1]
    if twice:
        raise refused(
            _("These columns are there more than once: {columns}.").format(
                columns=", ".join(twice)
            ),
            _("Keep one of each."),
        )
    missing = [one for one in kind.required if one not in counts and one not in given]
    if missing:
        raise refused(
            _("These columns are missing: {columns}.").format(columns=", ".join(missing)),
            _("Use the template: its first row names the columns."),
        )
    return found


def _rows(
    table: files.Table, columns: Mapping[str, str], given: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "id": str(uuid.uuid4()),
            "values": dict(given)
            | {
                columns[name]: value
                for name, value in row.cells.items()
                if name in columns and value is not None
            },
        }
        for row in table.rows
    ]


def _unread(table: files.Table, columns: Mapping[str, str], kind: Kind) -> list[list[str]]:
    """Return what of the file was not read, so that nobody believes that it counts."""
    unused = [
        name for name in table.columns if name not in columns and name not in kind.passed_over
    ]
    remarks = [["unused", ", ".join(unused)[:1_000]]] if unused else []
    return [*remarks, ["sheet", table.layer]] if len(table.layers) > 1 else remarks


def _recorded(operation: Operation, kind: str, sha256: str) -> list[list[str]]:
    """Return when the same content was recorded before."""
    earlier = TableImport.objects.filter(
        operation=operation, kind=kind, sha256=sha256, done_at__isnull=False
    ).first()
    return [["again", earlier.done_at.date().isoformat()]] if earlier and earlier.done_at else []


def _tried(
    operation: Operation, kind: Kind, rows: list[dict[str, Any]], actor: Actor
) -> list[dict[str, Any]]:
    """Return the findings against rows; all are tried in one go and taken back together."""
    findings: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            for row in rows:
                findings += _enter(operation, kind, row, actor)
            raise _TakeBack
    except _TakeBack:
        return findings


def _enter(
    operation: Operation, kind: Kind, row: dict[str, Any], actor: Actor
) -> list[dict[str, Any]]:
    """Record one row; return what stands against it."""
    try:
        with transaction.atomic():
            key = uuid.UUID(row["id"])
            kind.enter(operation, row["values"], actor=actor, client_id=key)
    except Problem as problem:
        found = problem.errors or [{"where": "", "message": f"{problem.detail} {problem.how}"}]
        return [
            {"row": row["number"], "where": one["where"], "message": str(one["message"])}
            for one in found
        ]
    return []


@transaction.atomic
def confirm(found: TableImport, *, actor: Actor, leave_out: bool = False) -> TableImport:
    """Record the rows that nothing stands against; with findings only if they are left out."""
    policy.check(actor, "table_import.confirm", found)
    locked = TableImport.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if locked.done_at:
        raise Problem("table_import_done", file=locked.file_name)
    kind = KINDS[locked.kind]
    policy.check(actor, kind.verb, locked.operation)
    bad = {one["row"] for one in locked.findings}
    if bad and not leave_out:
        raise Problem("table_import_findings", count=len(bad), file=locked.file_name)
    late = []
    good = [row for row in locked.rows if row["number"] not in bad]
    for row in good:
        late += _enter(locked.operation, kind, row, actor)
    if late:
        # Something changed since the preview: show it, record nothing.
        raise Problem("invalid", errors=late)
    locked.recorded, locked.done_at = len(good), timezone.now()
    locked.save(update_fields=["recorded", "done_at"])
    return locked
