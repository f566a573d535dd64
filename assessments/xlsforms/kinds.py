"""What people call the question types of the XLSForm standard."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "text": _("Text"),
    "integer": _("Whole number"),
    "decimal": _("Decimal number"),
    "range": _("Range"),
    "select_one": _("One choice"),
    "select_multiple": _("Several choices"),
    "rank": _("Ranking"),
    "note": _("Note"),
    "date": _("Date"),
    "time": _("Time"),
    "datetime": _("Date and time"),
    "geopoint": _("Place"),
    "geotrace": _("Line on the map"),
    "geoshape": _("Area on the map"),
    "image": _("Photo"),
    "audio": _("Sound recording"),
    "video": _("Video"),
    "file": _("File"),
    "barcode": _("Barcode"),
    "acknowledge": _("Acknowledgement"),
    "calculate": _("Calculation"),
    "hidden": _("Hidden value"),
    "begin_group": _("Group"),
    "begin_repeat": _("Repeat"),
    "start": _("Begun at"),
    "end": _("Ended at"),
    "today": _("Day"),
    "deviceid": _("Device"),
    "username": _("Account"),
    "phonenumber": _("Telephone number"),
    "email": _("E-mail address"),
    "audit": _("Log of the filling"),
    "start-geopoint": _("Place where it was begun"),
    "background-audio": _("Sound in the background"),
}


def label(kind: str) -> str:
    """Return the word for a type, or the type itself."""
    return str(LABELS.get(kind, kind))
