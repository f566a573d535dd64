"""Turns a Vega-Lite specification into the SVG of a page.

A module of its own, because what draws is large: situation.charts loads it with the first chart.
"""

from typing import Any

import vl_convert
from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"


def draw(
    spec: dict[str, Any], *, version: str, numbers: dict[str, Any], days: dict[str, Any]
) -> str:
    """Return the drawing, without what a strict Content-Security-Policy keeps out.

    ``numbers`` and ``days`` are the locales of d3-format and d3-time-format.
    """
    drawn = vl_convert.vegalite_to_svg(
        spec, vl_version=version, format_locale=numbers, time_format_locale=days
    )
    return _plain(drawn)


def _plain(svg: str) -> str:
    root = etree.fromstring(svg.encode())
    for element in list(root.iter(f"{SVG}*")):
        element.attrib.pop("style", "")
        if element.tag == f"{SVG}style":
            element.clear()
    root.set("direction", "ltr")
    return etree.tostring(root, encoding="unicode")
