"""The tables behind the overview as files: the same columns in every format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.datasets import Column, Kind, Record, Sensitivity
from core.errors import Problem
from core.writers import FORMATS
from situation.figures import Picture

PUBLIC = Sensitivity.PUBLIC


@dataclass(frozen=True)
class FigureTable:
    """A list of figures of a picture (``rows`` names it) with its columns."""

    rows: str
    label: str | Promise
    columns: Sequence[Column]


def _number(key: str, label: str | Promise, hxl: str = "") -> Column:
    return Column(key, label, Kind.INTEGER, hxl=hxl, sensitivity=PUBLIC)


def _text(key: str, label: str | Promise, hxl: str = "") -> Column:
    return Column(key, label, hxl=hxl, sensitivity=PUBLIC)


RECEIVED = _number("received", _("Received"))
WAITING = _number("waiting", _("To review"))
APPROVED = _number("approved", _("Approved"))
TABLES = {
    "areas": FigureTable(
        "areas",
        _("Submissions by area"),
        (
            _text("pcode", "P-code", "#adm+code"),
            _text("name", _("Area"), "#adm+name"),
            Column("in_scope", _("In scope"), Kind.BOOLEAN, sensitivity=PUBLIC),
            _number("target", _("Planned"), "#targeted"),
            RECEIVED,
            WAITING,
            APPROVED,
            _text("gap", _("Why not assessed")),
        ),
    ),
    "days": FigureTable(
        "days",
        _("Submissions by day"),
        (Column("day", _("Day"), Kind.DATE, hxl="#date", sensitivity=PUBLIC), RECEIVED, APPROVED),
    ),
    "organisations": FigureTable(
        "organisations",
        _("Submissions by organisation"),
        (
            _text("acronym", _("Acronym"), "#org"),
            _text("name", _("Organisation"), "#org+name"),
            _number("areas", _("Areas")),
            RECEIVED,
            WAITING,
            APPROVED,
        ),
    ),
    "states": FigureTable(
        "states",
        _("Submissions by state of review"),
        (
            _text("state", _("State"), "#status+code"),
            _text("label", _("Name")),
            _number("number", _("Submissions")),
        ),
    ),
}


def write(picture: Picture, table: str, fmt: str) -> Iterator[bytes]:
    """Yield a file with one of TABLES; raise ``not_found`` for another table or format."""
    declared, form = TABLES.get(table), FORMATS.get(fmt)
    if declared is None or form is None or fmt == "geojson":
        raise Problem("not_found")
    read = [attrgetter(column.key) for column in declared.columns]
    rows = getattr(picture, declared.rows)
    return form.write(list(declared.columns), (Record([one(row) for one in read]) for row in rows))
