"""Areas as GeoJSON for maps: detail made at import, one query, compressed and kept by version.

The version is a digest over the areas themselves, so that nothing has to remember to change it.
"""

import gzip
import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Any

import brotli
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Polygon
from django.contrib.postgres.aggregates import StringAgg
from django.core.cache import cache
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from redis.exceptions import RedisError

from core.models import Area

log = logging.getLogger(__name__)
DETAILS = {"low": "geometry_low", "mid": "geometry_mid", "full": "geometry"}
DIGITS = 7
KEEP_SECONDS = 24 * 3600
ENCODINGS = ("br", "gzip")


@dataclass(frozen=True)
class View:
    """What a map asks for; ``areas`` are rows that the reader may see, with a geometry."""

    areas: QuerySet[Area]
    level: int
    detail: str
    language: str
    box: Polygon | None = None

    def chosen(self) -> QuerySet[Area]:
        """Return the areas of the view."""
        found = self.areas.filter(level=self.level)
        return found.filter(geometry__bboverlaps=self.box) if self.box else found

    def version(self) -> str:
        """Return a digest that changes with anything that the view shows."""
        parts = Concat(Cast("pk", CharField()), Value(":"), F("fingerprint"))
        digest = (
            self.chosen()
            .order_by()
            .aggregate(digest=MD5(StringAgg(parts, delimiter=",", order_by="pk")))["digest"]
        )
        box = self.box.extent if self.box else ""
        key = f"{digest}|{self.level}|{self.detail}|{self.language}|{box}"
        return hashlib.sha256(key.encode()).hexdigest()[:32]


def default_level(areas: QuerySet[Area]) -> int:
    """Return the widest level that has boundaries."""
    return areas.order_by("level").values_list("level", flat=True).first() or 0


def collection(view: View) -> bytes:
    """Return a FeatureCollection (RFC 7946) with pcode, name, level and parent of each area."""
    rows = (
        view.chosen()
        .annotate(shape=AsGeoJSON(Coalesce(DETAILS[view.detail], "geometry"), precision=DIGITS))
        .order_by("pcode")
        .values_list("pcode", "name", "names", "level", "parent__pcode", "shape")
    )
    features = [
        f'{{"type":"Feature","geometry":{shape or "null"},"properties":'
        f"{_properties(view.language, *values)}}}"
        for *values, shape in rows.iterator()
    ]
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'.encode()


def _properties(
    language: str, pcode: str, name: str, names: dict[str, str], level: int, parent: str | None
) -> str:
    properties = {
        "pcode": pcode,
        "name": names.get(language) or name,
        "level": level,
        "parent": parent,
    }
    return json.dumps(properties, ensure_ascii=False, separators=(",", ":"))


def body(view: View, version: str, encoding: str) -> bytes:
    """Return the collection in an encoding (``br``, ``gzip`` or nothing), from the cache if there.

    Redis only spares work: without it the body is made again.
    """
    key = f"area-map:{version}:{encoding}"
    kept: Any = _cached(key)
    if kept is None:
        kept = _compressed(collection(view), encoding)
        _keep(key, kept)
    return bytes(kept)


def encoding_for(accepted: str) -> str:
    """Return the best encoding of an Accept-Encoding header that we make."""
    offered = {
        part.partition(";")[0].strip().lower()
        for part in accepted.split(",")
        if part.replace(" ", "").partition(";q=")[2] not in {"0", "0.0", "0.00", "0.000"}
    }
    return next((one for one in ENCODINGS if one in offered), "")


def _compressed(content: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(content, quality=5))
    return gzip.compress(content, 6) if encoding else content


def _cached(key: str) -> Any:
    try:
        return cache.get(key)
    except RedisError:
        log.warning("the cache of maps did not answer", exc_info=True)
        return None


def _keep(key: str, content: bytes) -> None:
    try:
        cache.set(key, content, KEEP_SECONDS)
    except RedisError:
        log.warning("a map could not be kept in the cache", exc_info=True)
