"""Charts: one Vega-Lite specification each, drawn on the server for the page and for print.

On a page the SVG takes its colours from the page's own tokens, so that it follows light and dark;
in print they are fixed. Rows are mappings as ``situation.figures.Picture.as_dict`` has them.
"""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from textwrap import wrap
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from situation.chart_locale import day_locale, number_locale

log = logging.getLogger(__name__)
VERSION = "6.4"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
KEEP_SECONDS = 24 * 3600
NARROWEST, WIDEST = 280, 1200
ROW_HEIGHT, LINE_HEIGHT = 26, 14
NEW_LINE = "|"
MOST_ROWS = 24
MOST_BARS = 92
MOST_TICKS = 4
IN_FIGURES = {"hy"}
# For the legend: the width of a letter and of a symbol in pixels, and the share beside the names.
LETTER, WIDE_LETTER, SYMBOL, ROOM = 7.5, 9, 34, 0.8
# The number at the end of the longest bar needs a place; bars have this share of a chart's width.
BARS = 0.5
Rows = Sequence[Mapping[str, Any]]
Spec = dict[str, Any]


@dataclass(frozen=True)
class Style:
    """Colours and fonts of a medium: findings, what waits, what was set aside, text and lines."""

    finding: str
    waiting: str
    aside: str
    text: str
    muted: str
    line: str
    font: str


SCREEN = Style(
    finding="var(--chart-finding)",
    waiting="var(--chart-waiting)",
    aside="var(--chart-aside)",
    text="var(--bs-body-color)",
    muted="var(--muted)",
    line="var(--line)",
    font="system-ui, 'Noto Sans', 'Noto Sans Armenian', 'Noto Sans Arabic', sans-serif",
)
PRINT = Style(
    finding="#0b4d94",
    waiting="#8cbce0",
    aside="#c3c9cf",
    text="#1b2228",
    muted="#55606a",
    line="#d7dce1",
    font="Noto Sans",
)


def periods(rows: Rows) -> dict[date, tuple[int, int]]:
    """Return approved and received by the first day of each period: a day, week or month."""
    weeks = len(rows) <= MOST_BARS * 7
    found: dict[date, tuple[int, int]] = {}
    for row in rows:
        first = day = date.fromisoformat(str(row["day"]))
        if len(rows) > MOST_BARS:
            first = day - timedelta(days=day.weekday()) if weeks else day.replace(day=1)
        approved, received = found.get(first, (0, 0))
        found[first] = (approved + row["approved"], received + row["received"])
    return found


def day_format(*, with_year: bool) -> str:
    """Return how d3 writes a day: with the name of its month, or in figures alone.

    In print typst's reader of drawings fails on Armenian ligatures (as in January) beside digits.
    """
    if get_language() in IN_FIGURES:
        return "%d.%m.%Y" if with_year else "%d.%m"
    form = "%-d %b %Y" if with_year else "%-d %b"
    return (
        f"\N{RIGHT-TO-LEFT ISOLATE}{form}\N{POP DIRECTIONAL ISOLATE}"
        if get_language_bidi()
        else form
    )


def by_day(rows: Rows, style: Style, *, width: int) -> Spec:
    """Return stacked bars of submissions by the day they arrived (``day``, UTC).

    A long time is shown by weeks or months, each at its first day, so that every bar can be seen.
    """
    parts = {
        "approved": _("Approved"),
        "waiting": _("Not approved"),
    }
    found = periods(rows)
    most = max((received for _approved, received in found.values()), default=0)
    values = [
        {"day": str(day), "part": parts[part], "number": number, "order": order}
        for day, (approved, received) in found.items()
        for order, (part, number) in enumerate(
            [("approved", approved), ("waiting", received - approved)]
        )
    ]
    return _framed(style, width, 220) | {
        "data": {"values": values},
        "mark": {"type": "bar", "cornerRadiusEnd": 1},
        "encoding": {
            "x": {
                "field": "day",
                "type": "ordinal",
                "timeUnit": "utcyearmonthdate",
                "title": None,
                "axis": {
                    "format": day_format(with_year=len(rows) > MOST_BARS),
                    "labelAngle": 0,
                    "labelOverlap": "greedy",
                    "labelSeparation": 10,
                },
            },
            "y": _counted(_("submissions"), most),
            "color": _parts(list(parts.values()), [style.finding, style.waiting], width),
            "order": {"field": "order"},
        },
    }


def by_organisation(rows: Rows, style: Style, *, width: int) -> Spec:
    """Return stacked bars by organisation: approved, to review, has issues or rejected."""
    parts = [_("Approved"), _("To review"), _("Has issues or rejected")]
    values = []
    for row in rows[:MOST_ROWS]:
        rest = row["received"] - row["approved"] - row["waiting"]
        for order, number in enumerate((row["approved"], row["waiting"], rest)):
            name = row["acronym"]
            values.append({"name": name, "part": parts[order], "number": number, "order": order})
    totals = [{"name": row["acronym"], "total": row["received"]} for row in rows[:MOST_ROWS]]
    colours = [style.finding, style.waiting, style.aside]
    bars = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "y": _named([row["acronym"] for row in rows[:MOST_ROWS]]),
            "x": _counted(_("submissions"), max((one["total"] for one in totals), default=0)),
            "color": _parts(parts, colours, width),
            "order": {"field": "order"},
        },
    }
    return _framed(style, width, ROW_HEIGHT * max(1, len(totals))) | {
        "layer": [bars, _totals(totals, style)]
    }


def by_state(rows: Rows, style: Style, *, width: int) -> Spec:
    """Return bars by state of review; approved ones stand out, they alone are findings."""
    values = [
        {
            "name": row["label"],
            "total": row["number"],
            "colour": style.finding if row["state"] == "approved" else style.waiting,
        }
        for row in rows
    ]
    return _bars(values, style, width, _("submissions"), ",.0f")


def _bars(values: list[dict[str, Any]], style: Style, width: int, unit: str, form: str) -> Spec:
    """Return one bar for each value: ``name``, ``total`` and ``colour``."""
    values = [value | {"name": _lines(value["name"], width)} for value in values]
    longest = max((value["total"] for value in values), default=0)
    lines = max((value["name"].count(NEW_LINE) for value in values), default=0)
    bars = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "y": _named([value["name"] for value in values]),
            "x": _counted(unit, longest)
            | {
                "field": "total",
                "scale": {"domainMax": (longest or 1) * _room(f"{longest:,.1f}", width)},
            },
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }
    row = ROW_HEIGHT + LINE_HEIGHT * lines
    return _framed(style, width, row * max(1, len(values))) | {
        "layer": [bars, _totals(values, style, form)]
    }


def _room(number: str, width: int) -> float:
    """Return how much longer than its longest bar an axis is, with a place for the bar's number."""
    bars = width * BARS
    return bars / max(bars - LETTER * (len(number) + 1), bars / 2)


def funnel(rows: Rows, style: Style, *, width: int) -> Spec:
    """Return bars of tonnes by stage, from what was asked for to what is reconciled."""
    return _tonnes(rows, style, width, {"confirmed": style.finding, "reconciled": style.finding})


def losses(rows: Rows, style: Style, *, width: int) -> Spec:
    """Return bars of tonnes lost by cause."""
    return _tonnes(rows, style, width, {})


def _tonnes(rows: Rows, style: Style, width: int, colours: Mapping[str, str]) -> Spec:
    values = [
        {
            "name": row["label"],
            "total": row["tonnes"],
            "colour": colours.get(row["key"], style.waiting),
        }
        for row in rows
    ]
    return _bars(values, style, width, _("tonnes"), ",.1~f")


CHARTS = {
    "days": by_day,
    "organisations": by_organisation,
    "states": by_state,
    "funnel": funnel,
    "losses": losses,
}


def draw(name: str, rows: Rows, style: Style, *, width: int) -> str:
    """Return the SVG of the chart ``name`` (a key of CHARTS), ``width`` pixels wide.

    It has no style attribute or element, so that a strict Content-Security-Policy lets it in.
    """
    wide = min(WIDEST, max(NARROWEST, width))
    spec = CHARTS[name](rows, style, width=wide)
    if get_language_bidi():
        _mirror(spec)
    numbers, days = number_locale(), day_locale()
    words = json.dumps([VERSION, spec, numbers, days], ensure_ascii=False, sort_keys=True)
    key = f"chart:{hashlib.sha256(words.encode()).hexdigest()}"
    known = _known(key)
    if known:
        return known
    from situation import vega

    svg = vega.draw(spec, version=VERSION, numbers=numbers, days=days)
    _keep(key, svg)
    return svg


def _mirror(spec: Spec) -> None:
    """Let a chart begin at the right, as its readers do."""
    spec["config"]["legend"]["layout"] = {"top": {"anchor": "end"}}
    for part in spec.get("layer", [spec]):
        x, y = part["encoding"]["x"], part["encoding"]["y"]
        x["scale"] = x.get("scale", {}) | {"reverse": True}
        y["axis"] = y.get("axis", {}) | {"orient": "right"}
        if part["mark"]["type"] == "text":
            part["mark"] |= {"align": "right", "dx": -part["mark"]["dx"]}
        key = part["encoding"].get("color", {}).get("legend", {})
        if key.get("direction") == "horizontal":
            key["values"] = part["encoding"]["color"]["sort"][::-1]


def _framed(style: Style, width: int, height: int) -> Spec:
    axis = {
        "labelColor": style.muted,
        "titleColor": style.muted,
        "titleFontWeight": "normal",
        "gridColor": style.line,
        "domainColor": style.line,
        "tickColor": style.line,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": _label_limit(width),
    }
    legend = {
        "orient": "top",
        "title": None,
        "labelColor": style.text,
        "labelFontSize": 12,
        "labelLimit": 260,
        "symbolType": "square",
    }
    return {
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": None,
        "padding": 2,
        "config": {
            "font": style.font,
            "view": {"stroke": None},
            "axis": axis,
            "legend": legend,
            "text": {"font": style.font, "fontSize": 12},
        },
    }


def _counted(unit: str, most: float) -> Spec:
    """Return an axis up to ``most``, with no more ticks than it has whole numbers.

    Vega's smallest step is none: it gives half steps where an axis is short.
    """
    return {
        "field": "number",
        "type": "quantitative",
        "title": unit,
        "axis": {"format": ",.1~f", "tickCount": min(MOST_TICKS, ceil(most))},
    }


def _named(names: list[str]) -> Spec:
    return {
        "field": "name",
        "type": "nominal",
        "sort": names,
        "title": None,
        "axis": {"labelExpr": f"split(datum.label, '{NEW_LINE}')"},
    }


def _lines(name: str, width: int) -> str:
    """Return a name in lines that an axis has room for, so that none is cut off."""
    return NEW_LINE.join(wrap(name, int(_label_limit(width) / WIDE_LETTER)) or [name])


def _label_limit(width: int) -> int:
    return max(140, width * 2 // 5)


def _parts(names: list[str], colours: list[str], width: int) -> Spec:
    in_a_row = sum(LETTER * len(name) + SYMBOL for name in names)
    return {
        "field": "part",
        "type": "nominal",
        "sort": names,
        "scale": {"domain": names, "range": colours},
        "legend": {"direction": "horizontal" if in_a_row < width * ROOM else "vertical"},
    }


def _totals(values: list[dict[str, Any]], style: Style, form: str = ",.0f") -> Spec:
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "dx": 4, "color": style.text},
        "encoding": {
            "y": _named([value["name"] for value in values]),
            "x": {"field": "total", "type": "quantitative"},
            "text": {"field": "total", "format": form},
        },
    }


def _known(key: str) -> str | None:
    try:
        kept = cache.get(key)
    except RedisError:
        log.warning("the cache of charts did not answer", exc_info=True)
        return None
    return str(kept) if kept else None


def _keep(key: str, svg: str) -> None:
    try:
        cache.set(key, svg, KEEP_SECONDS)
    except RedisError:
        log.warning("a chart could not be kept in the cache", exc_info=True)
