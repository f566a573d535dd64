"""Latitude and longitude of a point as numbers of the database: ``location__lat``, ``__lon``.

Read as geometries, a hundred thousand places would be parsed one by one.
"""

from django.contrib.gis.db.models import PointField
from django.db.models import FloatField, Transform


@PointField.register_lookup
class Latitude(Transform):
    """Degrees north."""

    lookup_name = "lat"
    function = "ST_Y"
    output_field = FloatField()


@PointField.register_lookup
class Longitude(Transform):
    """Degrees east."""

    lookup_name = "lon"
    function = "ST_X"
    output_field = FloatField()
