"""Days from right to left, as short as in the other languages."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
