"""Names of the units in which goods are commonly counted, in the reader's language.

A catalogue's unit is text of its own. The common ones are known by their English singular; any
other is shown as it was written.
"""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

UNITS: dict[str, Promise] = {
    "bag": pgettext_lazy("unit of goods", "bag"),
    "bale": pgettext_lazy("unit of goods", "bale"),
    "blanket": pgettext_lazy("unit of goods", "blanket"),
    "bottle": pgettext_lazy("unit of goods", "bottle"),
    "box": pgettext_lazy("unit of goods", "box"),
    "bundle": pgettext_lazy("unit of goods", "bundle"),
    "can": pgettext_lazy("unit of goods", "can"),
    "carton": pgettext_lazy("unit of goods", "carton"),
    "drum": pgettext_lazy("unit of goods", "drum"),
    "kg": pgettext_lazy("unit of goods", "kg"),
    "kit": pgettext_lazy("unit of goods", "kit"),
    "litre": pgettext_lazy("unit of goods", "litre"),
    "pack": pgettext_lazy("unit of goods", "pack"),
    "pair": pgettext_lazy("unit of goods", "pair"),
    "pallet": pgettext_lazy("unit of goods", "pallet"),
    "parcel": pgettext_lazy("unit of goods", "parcel"),
    "piece": pgettext_lazy("unit of goods", "piece"),
    "ration": pgettext_lazy("unit of goods", "ration"),
    "roll": pgettext_lazy("unit of goods", "roll"),
    "sack": pgettext_lazy("unit of goods", "sack"),
    "set": pgettext_lazy("unit of goods", "set"),
    "sheet": pgettext_lazy("unit of goods", "sheet"),
    "t": pgettext_lazy("unit of goods", "t"),
    "tablet": pgettext_lazy("unit of goods", "tablet"),
    "tent": pgettext_lazy("unit of goods", "tent"),
    "vial": pgettext_lazy("unit of goods", "vial"),
}


def unit(name: str) -> str:
    """Return a unit's name in the reader's language, or as it was written."""
    return str(UNITS.get(name.strip().casefold(), name))
