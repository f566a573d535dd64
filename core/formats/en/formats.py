"""English for all the world: days before months, and the standard week begins on Monday."""

FIRST_DAY_OF_WEEK = 1
DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
