"""Makers of boundary files, as other programs write them."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.core.files import File

from core.areas import imports
from core.areas.imports import Wishes
from core.models import AreaImport, Operation
from core.policy import SYSTEM, Actor

# The shared collection, which tests may read when it lies beside the repository.
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def box(west: float, south: float = 38.0, size: float = 1.0) -> dict[str, Any]:
    """Return a square as a GeoJSON geometry."""
    return json.loads(shapely.to_geojson(shapely.box(west, south, west + size, south + size)))


def feature(pcode: str, name: str, geometry: Any, **properties: Any) -> dict[str, Any]:
    """Return a level-1 feature with the old COD columns."""
    columns = {"ADM1_PCODE": pcode, "ADM1_EN": name, "ADM0_PCODE": "XX", "ADM0_EN": "Nowhere"}
    return {"type": "Feature", "properties": columns | properties, "geometry": geometry}


def geojson(path: Path, *features: dict[str, Any], **members: Any) -> Path:
    """Write a FeatureCollection."""
    document = {"type": "FeatureCollection", "features": list(features), **members}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def layer(
    path: Path,
    rows: list[dict[str, Any]],
    shapes: list[Any],
    *,
    driver: str,
    crs: str = "EPSG:4326",
    name: str = "areas",
    append: bool = False,
) -> Path:
    """Write rows and shapely geometries with GDAL."""
    columns = list(rows[0])
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
        [np.array([row[column] for row in rows], dtype=object) for column in columns],
        columns,
        geometry_type="Polygon",
        driver=driver,
        crs=crs,
        layer=name,
        append=append,
        encoding="UTF-8",
    )
    return path


def zipped(path: Path, *files: Path, folder: str = "") -> Path:
    """Put files into an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, folder + file.name)
    return path


def received(
    operation: Operation,
    path: Path,
    *,
    kind: AreaImport.Kind = AreaImport.Kind.AREAS,
    actor: Actor = SYSTEM,
    level: int | None = None,
    source: str = "invented for tests",
) -> AreaImport:
    """Upload a file."""
    wishes = Wishes(source=source, level=level, valid_from=date(2020, 1, 1))
    with path.open("rb") as file:
        return imports.receive(
            operation, actor=actor, file=File(file), name=path.name, kind=kind, wishes=wishes
        )


def imported(operation: Operation, path: Path, **options: Any) -> AreaImport:
    """Upload, check and import a file, without the rows that are refused."""
    found = imports.check(received(operation, path, **options))
    return imports.carry_out(found, actor=SYSTEM, leave_out=True, tell=lambda *_: None)
