"""Forms of the areas' pages: the upload of a file, and which of its columns means what."""

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from core.areas.columns import Mapping as AreaMapping
from core.areas.columns import NameColumn
from core.areas.population_columns import Mapping as PopulationMapping
from core.forms import DateInput, FormWithFindings
from core.models import AreaImport

LEVELS = (MinValueValidator(0), MaxValueValidator(9))
SPARE_NAMES = 2
SINGLE = ("pcode", "parent", "level_column", "valid_from", "valid_to", "source", "note")
FIGURES = ("pcode", "people", "group", "sex", "age", "source", "dated")


class UploadForm(FormWithFindings):
    """A file with what its uploader knows about it."""

    file = forms.FileField(label=_("File"))
    kind = forms.ChoiceField(
        label=_("The file holds"), choices=AreaImport.Kind.choices, widget=forms.RadioSelect
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("Who made the data and when, for example “OCHA COD-AB, 2 October 2023”."),
    )
    level = forms.IntegerField(
        label=_("Administrative level"),
        required=False,
        validators=LEVELS,
        help_text=_("0 is the country. Leave it blank to take the finest level in the file."),
    )
    valid_from = forms.DateField(
        label=_("Valid from"),
        required=False,
        widget=DateInput(),
        help_text=_("Counts where the file has no dates; blank means today."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"kind": AreaImport.Kind.AREAS}} | kwargs)


class ColumnsForm(forms.Form):
    """The meaning of the columns of a file that was checked."""

    labels: ClassVar[dict[str, Any]] = {}

    def __init__(self, report: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.choices = [("", "—")] + [
            (one["name"], f"{one['name']} ({one['sample']})"[:90] if one["sample"] else one["name"])
            for one in report["columns"]
        ]
        if len(report["layers"]) > 1:
            layers = [(name, name) for name in report["layers"]]
            self.fields["layer"] = forms.ChoiceField(label=_("Sheet or layer"), choices=layers)
        for name, label in self.labels.items():
            self.fields[name] = self.column(label, required=name == "pcode")

    def column(self, label: Any, *, required: bool = False) -> forms.ChoiceField:
        """Return a choice among the columns."""
        return forms.ChoiceField(label=label, choices=self.choices, required=required)


class AreaColumnsForm(ColumnsForm):
    """The meaning of the columns of boundaries or a gazetteer."""

    labels: ClassVar = {
        "pcode": _("P-code"),
        "parent": _("P-code of the area above"),
        "level_column": _("Level, where it differs by row"),
        "valid_from": _("Valid from"),
        "valid_to": _("Valid to"),
        "source": _("Source"),
        "note": _("Note"),
    }
    level = forms.IntegerField(label=_("Administrative level"), validators=LEVELS)
    default_valid_from = forms.DateField(label=_("Valid from, where blank"), widget=DateInput())

    def __init__(self, mapping: dict[str, Any], report: dict[str, Any], *args: Any) -> None:
        self.mapping = AreaMapping.from_json(mapping)
        names = [(one.column, one.language) for one in self.mapping.names]
        self.names = names + [("", "")] * SPARE_NAMES
        super().__init__(report, *args, initial=mapping | self._name_values())
        for number in range(len(self.names)):
            self.fields[f"name_{number}"] = self.column(_("Column with a name"))
            self.fields[f"language_{number}"] = forms.CharField(
                label=_("Language code"), max_length=60, required=False
            )

    def _name_values(self) -> dict[str, str]:
        return {
            f"{kind}_{number}": value
            for number, pair in enumerate(self.names)
            for kind, value in zip(("name", "language"), pair, strict=True)
        }

    def plain_fields(self) -> list[forms.BoundField]:
        """Return the fields that are not about names."""
        return [field for field in self if not field.name.startswith(("name_", "language_"))]

    def name_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the pairs of a column and its language."""
        return [(self[f"name_{n}"], self[f"language_{n}"]) for n in range(len(self.names))]

    def chosen(self) -> dict[str, Any]:
        """Return the mapping as it is stored; ADM0's columns stay as they were found."""
        given = self.cleaned_data
        pairs = (
            (given[f"name_{number}"], given[f"language_{number}"].strip())
            for number in range(len(self.names))
        )
        names = tuple(NameColumn(column, language) for column, language in pairs if column)
        document = self.mapping.as_json() | {key: given[key] for key in SINGLE}
        return document | {
            "layer": given.get("layer", self.mapping.layer),
            "level": given["level"],
            "default_valid_from": given["default_valid_from"].isoformat(),
            "names": [vars(name) for name in names],
        }


class PopulationColumnsForm(ColumnsForm):
    """The meaning of the columns of a table of people."""

    labels: ClassVar = {
        "pcode": _("P-code"),
        "people": _("People, where each row is one figure"),
        "group": _("Population group"),
        "sex": _("Sex"),
        "age": _("Age"),
        "source": _("Source"),
        "dated": _("Date or year"),
    }
    default_dated = forms.DateField(label=_("Date, where blank"), widget=DateInput())

    def __init__(self, mapping: dict[str, Any], report: dict[str, Any], *args: Any) -> None:
        self.mapping = PopulationMapping.from_json(mapping)
        super().__init__(report, *args, initial=mapping)

    def plain_fields(self) -> list[forms.BoundField]:
        """Return all fields."""
        return list(self)

    def wide_columns(self) -> list[str]:
        """Return the columns that hold one sex and age range each."""
        return [column for column, _kind in self.mapping.wide]

    def chosen(self) -> dict[str, Any]:
        """Return the mapping as it is stored; columns by sex and age stay as they were found."""
        given = self.cleaned_data
        return self.mapping.as_json() | {
            **{key: given[key] for key in FIGURES},
            "layer": given.get("layer", self.mapping.layer),
            "default_dated": given["default_dated"].isoformat(),
        }


def columns_form(area_import: AreaImport, data: Any = None) -> Any:
    """Return the form for a file's kind."""
    is_areas = area_import.kind == AreaImport.Kind.AREAS
    kind = AreaColumnsForm if is_areas else PopulationColumnsForm
    return kind(area_import.mapping, area_import.preview, data)
