"""The tables behind the overview as files: the same columns in every format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.datasets import Column, Kind, Record, Sensitivity
from core.errors import Problem
from core.writers import FORMATS
from situation.convoy_picture import ConvoyPicture
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


def _kg(key: str, label: str | Promise, hxl: str = "") -> Column:
    return Column(key, label, Kind.DECIMAL, unit="kg", hxl=hxl, sensitivity=PUBLIC)


KG = _kg("kg", _("Weight"), "#item+weight")
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


OF_CONVOYS = {
    "funnel": FigureTable(
        "stages",
        _("Tonnes from request to reconciled"),
        (_text("key", _("Stage"), "#status+code"), _text("label", _("Name")), KG),
    ),
    "losses": FigureTable(
        "losses",
        _("Losses by cause"),
        (_text("kind", _("Cause"), "#cause+code"), _text("label", _("Name")), KG),
    ),
    "deliveries": FigureTable(
        "areas",
        _("Deliveries by area"),
        (
            _text("pcode", "P-code", "#adm+code"),
            _text("name", _("Area"), "#adm+name"),
            _kg("confirmed", _("Receipt-confirmed"), "#reached+kg"),
            _kg("outstanding", _("Outstanding"), "#targeted+kg"),
        ),
    ),
}


def write(picture: Picture | ConvoyPicture, table: str, fmt: str) -> Iterator[bytes]:
    """Yield a file with one of TABLES, or of OF_CONVOYS of a convoys' picture.

    Raises ``not_found`` for another table or format.
    """
    declared, form = (TABLES | OF_CONVOYS).get(table), FORMATS.get(fmt)
    if declared is None or form is None or fmt == "geojson":
        raise Problem("not_found")
    read = [attrgetter(column.key) for column in declared.columns]
    rows = getattr(picture, declared.rows)
    return form.write(list(declared.columns), (Record([one(row) for one in read]) for row in rows))
