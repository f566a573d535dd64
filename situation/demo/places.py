"""Areas and population of the demonstration, brought in as any file is: receive, check, import.

The countries' outlines are united from their provinces and districts. Population figures are
invented, and say so in their source.
"""

import csv
import io
import json
from collections import defaultdict
from datetime import date
from typing import Any

from django.contrib.gis.geos import GeometryCollection, GEOSGeometry
from django.core.files.base import ContentFile

from core.areas import imports
from core.areas.imports import Wishes
from core.models import Area, AreaImport, Operation
from core.policy import Actor
from situation.demo import sources
from situation.demo.dice import Dice
from situation.demo.field_work import SCOPE

VALID_FROM = date(2020, 1, 1)
INVENTED = "Invented for demonstration"
Kind = AreaImport.Kind


def areas(operation: Operation, analyst: Actor) -> dict[str, Area]:
    """Import countries, then provinces and districts; return the areas by P-code."""
    wishes = Wishes(source=sources.AREAS_SOURCE, valid_from=VALID_FROM)
    for name, features in (("countries", _countries()), ("areas", sources.areas())):
        content = json.dumps({"type": "FeatureCollection", "features": features})
        _bring_in(operation, analyst, f"{name}.geojson", content, Kind.AREAS, wishes)
    return {one.pcode: one for one in Area.objects.current().filter(operation=operation)}


def population(operation: Operation, analyst: Actor) -> None:
    """Import invented figures for the areas of the field work: all people, displaced, hosts."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["ADM1_PCODE", "group", "people", "date"])
    for pcode in SCOPE:
        dice = Dice("population", pcode)
        people = dice.between(90, 320) * 1000
        displaced = round(people * (0.01 + 0.05 * dice.fraction()), -1)
        hosts = round(displaced * (0.7 + 0.5 * dice.fraction()), -1)
        for group, number in (("all", people), ("IDP", displaced), ("HST", hosts)):
            writer.writerow([pcode, group, int(number), "2020-11-10"])
    _bring_in(
        operation,
        analyst,
        "population-invented.csv",
        buffer.getvalue(),
        Kind.POPULATION,
        Wishes(source=INVENTED),
    )


def _bring_in(
    operation: Operation, analyst: Actor, name: str, content: str, kind: Kind, wishes: Wishes
) -> None:
    received = imports.receive(
        operation,
        actor=analyst,
        file=ContentFile(content.encode(), name=name),
        name=name,
        kind=kind,
        wishes=wishes,
    )
    checked = imports.check(received)
    imports.carry_out(checked, actor=analyst, tell=_hear_nothing)


def _hear_nothing(done: int, total: int) -> None:
    """Take progress that nobody waits for."""


def _countries() -> list[dict[str, Any]]:
    parts = defaultdict(list)
    properties = {}
    for feature in sources.areas():
        given = feature["properties"]
        pcode = given["ADM0_PCODE"]
        parts[pcode].append(GEOSGeometry(json.dumps(feature["geometry"])))
        properties[pcode] = {key: text for key, text in given.items() if key.startswith("ADM0")}
    return [
        {
            "type": "Feature",
            "properties": properties[pcode],
            "geometry": json.loads(GeometryCollection(*shapes).unary_union.geojson),
        }
        for pcode, shapes in parts.items()
    ]
