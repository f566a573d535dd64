"""Which column of a table of people means what, in COD-PS's wide form or the long one."""

import re
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from core.areas import columns as area_columns
from core.areas.columns import named
from core.areas.files import Table
from core.models import PopulationFigure
from core.models.sectors import PopulationGroup

# T_TL, F_00_04, M_80Plus, F_80_PLUS
WIDE = re.compile(
    r"(?P<sex>[TFM])_(?:TL|(?P<start>\d{1,3})(?:_(?P<end>\d{1,3})|_?(?P<open>plus|\+)))",
    re.IGNORECASE,
)
AGE = re.compile(r"(?P<start>\d{1,3})(?:\s*[-_\u2013]\s*(?P<end>\d{1,3})|\s*(?P<open>\+|plus))?")
ALL_AGES = {"all", "total", "t_tl", "all ages"}
GROUPS = {code.casefold(): code for code in PopulationGroup.values}
SEXES = {
    "f": "f",
    "female": "f",
    "women": "f",
    "m": "m",
    "male": "m",
    "men": "m",
    "t": "all",
    "all": "all",
    "both": "all",
    "total": "all",
}
SEX_OF = {"T": "all", "F": "f", "M": "m"}


@dataclass(frozen=True)
class Kind:
    """Whom a figure counts; ages in years, both ends included, None where the range is open."""

    FIELDS: ClassVar = ("group", "sex", "age_from", "age_to")

    group: str = "all"
    sex: str = "all"
    age_from: int | None = None
    age_to: int | None = None

    @property
    def parts(self) -> tuple[str, str, int | None, int | None]:
        """Return the values of ``FIELDS``."""
        return (self.group, self.sex, self.age_from, self.age_to)

    def label(self) -> str:
        """Return whom it counts, in words."""
        group = str(PopulationGroup(self.group).label)
        words = [] if self.group == "all" else [group]
        if self.sex != "all":
            words.append(str(PopulationFigure.Sex(self.sex).label))
        if ages := age_label(self.age_from, self.age_to):
            words.append(ages)
        return ", ".join(words) or group


def age_label(age_from: int | None, age_to: int | None) -> str:
    """Return an age range in words, nothing for all ages."""
    if age_from is None:
        return ""
    if age_to is None:
        return _("{age} years and older").format(age=age_from)
    if age_to == age_from:
        return _("{age} years").format(age=age_from)
    return _("{first} to {last} years").format(first=age_from, last=age_to)


@dataclass(frozen=True)
class Mapping:
    """The columns by meaning; either ``people`` is one column, or ``wide`` are several."""

    layer: str = ""
    pcode: str = ""
    people: str = ""
    wide: tuple[tuple[str, Kind], ...] = ()
    group: str = ""
    sex: str = ""
    age: str = ""
    source: str = ""
    dated: str = ""
    default_dated: str = ""
    default_source: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the mapping for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Mapping":
        """Return the mapping that ``as_json`` gave."""
        wide = tuple((column, Kind(**kind)) for column, kind in document.get("wide", ()))
        return cls(**document | {"wide": wide})


def guess(table: Table, *, level: int | None = None) -> Mapping:
    """Return the mapping that the column names suggest; P-codes of ``level``, or the finest."""
    wide = tuple((column, kind) for column in table.columns if (kind := _kind(column)))
    people = "" if wide else named(table, "people", "population", "total", "pop", "value")
    return Mapping(
        layer=table.layer,
        pcode=area_columns.guess(table, level=level).pcode,
        people=people,
        wide=wide,
        group=named(table, "group", "populationgroup", "populationgroupcode"),
        sex=named(table, "sex", "gender"),
        age=named(table, "age", "agerange", "agegroup"),
        source=named(table, "source"),
        dated=named(table, "date", "dated", "asof", "year", "referenceyear", "validon"),
    )


def _kind(column: str) -> Kind | None:
    match = WIDE.fullmatch(column)
    if not match:
        return None
    start, end = match["start"], match["end"]
    return Kind(
        sex=SEX_OF[match["sex"].upper()],
        age_from=int(start) if start else None,
        age_to=int(end) if end else None,
    )


def samples(table: Table) -> list[dict[str, str]]:
    """Return the columns with a few of their values."""
    return [{"name": name, "sample": area_columns.sample(table, name)} for name in table.columns]
