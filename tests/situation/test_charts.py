"""Charts: drawn from figures, without anything that a strict page refuses."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from lxml import etree

from situation import charts, vega

ROWS = {
    "days": [
        {"day": "2020-11-22", "received": 4, "approved": 1},
        {"day": "2020-11-23", "received": 6, "approved": 6},
    ],
    "organisations": [
        {"acronym": "IFRC", "received": 7, "waiting": 2, "approved": 4},
        {"acronym": "<script>alert(1)</script>", "received": 1, "waiting": 1, "approved": 0},
    ],
    "states": [
        {"state": "received", "label": "Received", "number": 2},
        {"state": "approved", "label": "Approved", "number": 5},
    ],
    "funnel": [
        {"key": "dispatched", "label": "Dispatched", "tonnes": 300.0},
        {"key": "confirmed", "label": "Receipt-confirmed", "tonnes": 0.0},
    ],
    "losses": [{"key": "spoiled", "label": "Spoiled", "tonnes": 0.5}],
}


def series(days: int) -> list[dict[str, Any]]:
    """Return one approved of two received on each of some days, from a Thursday on."""
    first = date(2020, 11, 12)
    return [
        {"day": str(first + timedelta(days=day)), "received": 2, "approved": 1}
        for day in range(days)
    ]


@pytest.mark.parametrize(
    ("days", "bars", "second"),
    [
        (92, 92, date(2020, 11, 13)),
        (93, 14, date(2020, 11, 16)),
        (645, 22, date(2020, 12, 1)),
    ],
)
def test_a_long_time_is_shown_by_weeks_and_months(days: int, bars: int, second: date) -> None:
    found = charts.periods(series(days))
    assert (len(found), list(found)[1]) == (bars, second)
    assert sum(received for _approved, received in found.values()) == 2 * days
    drawn = charts.draw("days", series(days), charts.PRINT, width=640)
    assert drawn.count('role="graphics-symbol"') >= 2 * bars


def test_armenian_months_never_stand_beside_digits() -> None:
    for days in (92, 400):
        with translation.override("hy"):
            drawn = charts.draw("days", series(days), charts.PRINT, width=640)
        labels = list(etree.fromstring(drawn.encode()).itertext())
        assert [one for one in labels if re.search(r"[\u0531-\u0587]", one)]
        assert not [one for one in labels if re.search(r"\d\s*[\u0531-\u0587]", one)], days


def words(svg: str) -> str:
    """Return the text in a drawing."""
    return " ".join(etree.fromstring(svg.encode()).itertext())


@pytest.mark.parametrize("name", charts.CHARTS)
@pytest.mark.parametrize("style", [charts.SCREEN, charts.PRINT])
def test_a_chart_has_no_style_and_no_script(name: str, style: charts.Style) -> None:
    root = etree.fromstring(charts.draw(name, ROWS[name], style, width=400).encode())
    kinds = {etree.QName(element).localname for element in root.iter("{*}*")}
    assert not kinds & {"style", "script", "foreignObject", "image", "a"}
    assert not [element for element in root.iter("{*}*") if "style" in element.attrib]
    assert root.get("width") == "400"


def test_the_page_lends_its_colours_and_print_has_its_own() -> None:
    page = charts.draw("states", ROWS["states"], charts.SCREEN, width=400)
    assert "var(--chart-finding)" in page
    assert "var(" not in charts.draw("states", ROWS["states"], charts.PRINT, width=400)


def test_names_are_text() -> None:
    drawn = charts.draw("organisations", ROWS["organisations"], charts.SCREEN, width=900)
    assert "<script" not in drawn
    assert "script>" in words(drawn)


def test_numbers_and_days_are_written_as_the_language_does() -> None:
    many = [{"state": "approved", "label": "Approved", "number": 12345}]
    with translation.override("ru"):
        assert "12\u00a0345" in words(charts.draw("states", many, charts.PRINT, width=400))
        assert "Ноя" in words(charts.draw("days", ROWS["days"], charts.PRINT, width=400))


def ends(svg: str) -> list[float]:
    """Return where the bars of a chart end, from its left edge."""
    bars = re.findall(r'role="graphics-symbol"[^>]* d="M([-\d.]+),[-\d.]+h([-\d.]+)', svg)
    return [float(start) + float(width) for start, width in bars]


def test_bars_begin_at_the_right_where_readers_do() -> None:
    drawn = charts.draw("states", ROWS["states"], charts.PRINT, width=400)
    assert len(set(ends(drawn))) == 2
    with translation.override("ar"):
        turned = charts.draw("states", ROWS["states"], charts.PRINT, width=400)
    assert len(set(ends(turned))) == 1


def test_the_parts_of_a_day_stand_in_the_readers_order() -> None:
    with translation.override("ar"):
        drawn = words(charts.draw("days", ROWS["days"], charts.PRINT, width=400))
    assert "\u206722 نوفمبر\u2069" in drawn


@pytest.mark.parametrize(
    ("number", "ticks"),
    [(0, []), (1, ["0", "1"]), (2, ["0", "1", "2"]), (13, ["0", "5", "10", "15"])],
)
def test_an_axis_counts_in_whole_steps(number: int, ticks: list[str]) -> None:
    rows = [{"state": "approved", "label": "Approved", "number": number}]
    drawn = charts.draw("states", rows, charts.PRINT, width=400)
    labels = [element.text for element in etree.fromstring(drawn.encode()).iter(f"{vega.SVG}text")]
    assert labels == [*ticks, "submissions", "Approved", str(number)]


@pytest.mark.parametrize(("asked", "drawn"), [(1, "280"), (99999, "1200")])
def test_width_has_bounds(asked: int, drawn: str) -> None:
    root = etree.fromstring(
        charts.draw("states", ROWS["states"], charts.PRINT, width=asked).encode()
    )
    assert root.get("width") == drawn


def test_a_chart_is_drawn_without_the_cache(settings: Any) -> None:
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///away"}
    settings.CACHES = {"default": away}
    assert words(charts.draw("states", ROWS["states"], charts.PRINT, width=401))


def test_a_long_name_takes_lines_and_the_longest_bar_leaves_a_place_for_its_number() -> None:
    name = "Taken by people on the way, without any force that was seen"
    rows = [{"key": "intercepted", "label": name, "tonnes": 12345.6}]
    drawn = etree.fromstring(charts.draw("losses", rows, charts.PRINT, width=280).encode())
    texts = ["".join(one.itertext()) for one in drawn.iter("{*}text")]
    words = "".join(texts).replace(" ", "")
    assert name.replace(" ", "") in words
    assert "…" not in words
    spec = charts.losses(rows, charts.PRINT, width=280)
    scale = spec["layer"][0]["encoding"]["x"]["scale"]
    assert scale["domainMax"] > 12345.6 * 1.3
