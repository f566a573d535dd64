"""Russian days: the month in the genitive, without the word for year in tables."""

DATE_FORMAT = "j E Y"
DATETIME_FORMAT = "j E Y, H:i"
