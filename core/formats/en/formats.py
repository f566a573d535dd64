"""English for all the world: the standard week begins on Monday, Django's on Sunday."""

FIRST_DAY_OF_WEEK = 1
