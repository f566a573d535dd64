"""A boundary file or gazetteer as it would be imported, and the report of its check."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import shapely

from core.areas import apply as area_apply
from core.areas import columns as area_columns
from core.areas import files
from core.areas import plan as area_plan
from core.areas import shapes as area_shapes
from core.areas.columns import Mapping
from core.areas.files import Table
from core.areas.plan import Action, Change, Plan
from core.areas.rows import Finding
from core.models import Operation

MOST_LISTED = 300


@dataclass(frozen=True)
class Draft:
    """A file as it would be imported; see core.areas.imports.Draft."""

    table: Table
    columns: Mapping
    plan: Plan

    @property
    def mapping(self) -> dict[str, Any]:
        """Return the choice of columns for a JSON column."""
        return self.columns.as_json()

    @property
    def digest(self) -> str:
        """Return what the same outcome has in common."""
        return self.plan.digest()

    @property
    def refused(self) -> int:
        """Return how many rows cannot be used."""
        return counts(self.plan)["refused"]

    def report(self) -> dict[str, Any]:
        """Return the report of the check."""
        return report(self.table, self.plan)

    def outline(self) -> dict[str, Any]:
        """Return the borders for a small map."""
        return outline(self.plan)

    def apply(self, operation: Operation, *, tell: Callable[[int, int], object]) -> None:
        """Write it into the database."""
        source = self.columns.default_source
        area_apply.apply(self.plan, operation, source=source, tell=tell)


def draft(path: Path, operation: Operation, mapping: dict[str, Any]) -> Draft:
    """Return what importing a file would do; ``mapping`` is stored, or only what was asked for."""
    table = files.read(path, layer=mapping.get("layer", ""))
    if "pcode" in mapping:
        columns = Mapping.from_json(mapping)
    else:
        guessed = area_columns.guess(table, level=mapping["wanted_level"])
        columns = replace(
            guessed,
            default_valid_from=mapping["default_valid_from"],
            default_source=mapping["default_source"],
        )
    return Draft(table, columns, area_plan.plan(operation, table, columns))


def report(table: Table, plan: Plan) -> dict[str, Any]:
    """Return counts, the first ``MOST_LISTED`` of each list, columns with samples, the digest."""
    lists = {
        action.value: [_listed(change) for change in plan.of(action)[:MOST_LISTED]]
        for action in (Action.ADDED, Action.CHANGED, Action.SUPERSEDED)
    }
    findings = {
        name: [asdict(one) for one in ordered(getattr(plan.reading, name))[:MOST_LISTED]]
        for name in ("refused", "united", "repaired", "notes")
    }
    return {
        "digest": plan.digest(),
        "rows": len(table.rows),
        "has_shapes": table.has_shapes,
        "crs": table.crs,
        "layer": table.layer,
        "layers": table.layers,
        "columns": [
            {"name": name, "sample": area_columns.sample(table, name)} for name in table.columns
        ],
        "counts": counts(plan),
        "absent": plan.absent[:MOST_LISTED],
        **lists,
        **findings,
    }


def counts(plan: Plan) -> dict[str, int]:
    """Return how many areas or rows each part of the report has."""
    reading = plan.reading
    return {action.value: len(plan.of(action)) for action in Action} | {
        "united": len(reading.united),
        "repaired": len(reading.repaired),
        "notes": len(reading.notes),
        "refused": sum(max(1, len(finding.rows)) for finding in reading.refused),
        "absent": len(plan.absent),
    }


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings in the order of the file."""
    return sorted(findings, key=lambda finding: finding.rows)


def _listed(change: Change) -> dict[str, Any]:
    unit = change.unit
    return {
        "pcode": unit.pcode,
        "name": unit.name,
        "level": unit.level,
        "rows": list(unit.rows),
        "what": list(change.what),
        "valid_from": unit.valid_from.isoformat(),
        "has_shape": unit.shape is not None,
    }


def outline(plan: Plan) -> dict[str, Any]:
    """Return the plan's borders, coarsely, as a GeoJSON FeatureCollection for a small map."""
    drawn = [change for change in plan.changes if change.unit.shape is not None]
    finest = max((change.unit.level or 0 for change in drawn), default=0)
    drawn = [change for change in drawn if change.unit.level == finest]
    shapes = area_shapes.simplified([change.unit.shape for change in drawn], "low")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": json.loads(shapely.to_geojson(shape)),
                "properties": {
                    "pcode": change.unit.pcode,
                    "name": change.unit.name,
                    "level": change.unit.level,
                    "class": change.action.value,
                },
            }
            for change, shape in zip(drawn, shapes, strict=True)
        ],
    }
