"""Columns are recognised by their names, as the usual datasets have them."""

from core.areas import columns as area_columns
from core.areas.columns import NameColumn
from core.areas.files import Row, Table


def table(**cells: object) -> Table:
    """Return a table of one row."""
    return Table(columns=list(cells), rows=[Row(2, dict(cells))])


def test_the_old_style_of_common_operational_datasets() -> None:
    found = area_columns.guess(
        table(
            ADM2_EN="Goris",
            ADM2_RU="Горис",
            ADM2_PCODE="AM0901",
            ADM1_EN="Syunik",
            ADM1_PCODE="AM09",
            ADM0_EN="Armenia",
            ADM0_PCODE="AM",
            ADM2_REF="x",
            validOn="2014-10-01",
            validTo=None,
        )
    )
    assert (found.level, found.pcode, found.parent) == (2, "ADM2_PCODE", "ADM1_PCODE")
    assert found.names == (NameColumn("ADM2_EN", "en"), NameColumn("ADM2_RU", "ru"))
    assert found.country_names == (NameColumn("ADM0_EN", "en"),)
    assert (found.valid_from, found.valid_to) == ("validOn", "validTo")


def test_the_older_camel_case() -> None:
    found = area_columns.guess(
        table(admin2Name_en="Goris", admin2Pcode="AM0901", admin1Pcode="AM09")
    )
    assert (found.level, found.pcode, found.parent) == (2, "admin2Pcode", "admin1Pcode")
    assert found.names == (NameColumn("admin2Name_en", "en"),)


def test_the_new_draft_takes_languages_from_columns() -> None:
    found = area_columns.guess(
        table(
            adm1_name="Syunik",
            adm1_name1="Սյունիք",
            adm1_pcode="AM09",
            adm0_name="Armenia",
            adm0_pcode="AM",
            lang="en",
            lang1="hy",
            valid_on="2014-10-01",
            valid_to=None,
            version="v02",
        )
    )
    assert found.names == (NameColumn("adm1_name", "=lang"), NameColumn("adm1_name1", "=lang1"))
    assert (found.country, found.valid_from, found.valid_to) == (
        "adm0_pcode",
        "valid_on",
        "valid_to",
    )


def test_the_global_list_of_pcodes() -> None:
    cells = {
        "Location": "AFG",
        "Admin Level": "1",
        "P-Code": "AF01",
        "Name": "Kabul",
        "Parent P-Code": "AFG",
        "Valid from date": "2021-11-17",
    }
    found = area_columns.guess(Table(columns=list(cells), rows=[Row(2, dict(cells))]))
    assert (found.pcode, found.parent, found.level_column) == (
        "P-Code",
        "Parent P-Code",
        "Admin Level",
    )
    assert (found.names, found.country) == ((NameColumn("Name"),), "Location")


def test_a_wanted_level_that_is_not_the_finest() -> None:
    cells = {"ADM2_PCODE": "AM0901", "ADM1_PCODE": "AM09", "ADM1_EN": "Syunik", "ADM2_EN": "Goris"}
    found = area_columns.guess(table(**cells), level=1)
    assert (found.pcode, found.parent, found.names) == (
        "ADM1_PCODE",
        "",
        (NameColumn("ADM1_EN", "en"),),
    )


def test_codes_are_no_names() -> None:
    cells = {"ADM1_PCODE": "AM09", "ADM1_EN": "Syunik", "ADM1_ISO": "AMSYU", "ADM1_ID": 17}
    assert area_columns.guess(table(**cells)).names == (NameColumn("ADM1_EN", "en"),)


def test_a_mapping_survives_its_storage() -> None:
    found = area_columns.guess(table(ADM1_PCODE="AM09", ADM1_EN="Syunik", ADM0_PCODE="AM"))
    assert area_columns.Mapping.from_json(found.as_json()) == found
