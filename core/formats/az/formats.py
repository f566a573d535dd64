"""Azerbaijani days, short enough for tables."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
