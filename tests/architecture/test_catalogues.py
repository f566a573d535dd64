"""Every string of the pages is translated, with its placeholders, in every language we ship."""

import re
import shutil
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.utils import dates, translation

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("ru", "hy", "az")
SOURCES = ("core", "assessments", "convoys", "situation", "templates", "locale")
PLACEHOLDER = re.compile(r"%\([a-zA-Z_]+\)[a-z]|\{[a-zA-Z_]*\}")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the sources with catalogues brought up to date by makemessages."""
    folder = tmp_path_factory.mktemp("sources")
    for source in SOURCES:
        skip = shutil.ignore_patterns("__pycache__", "migrations", "*.mo")
        shutil.copytree(ROOT / source, folder / source, ignore=skip)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("django.conf.settings.LOCALE_PATHS", [folder / "locale"])
        call_command("makemessages", locale=list(LANGUAGES), verbosity=0)
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated(language: str, extracted: Path) -> None:
    catalogue = polib.pofile(str(extracted / "locale" / language / "LC_MESSAGES" / "django.po"))
    assert len(catalogue) > 0
    missing = [entry.msgid for entry in catalogue.untranslated_entries()]
    unsure = [entry.msgid for entry in catalogue.fuzzy_entries()]
    assert (missing, unsure) == ([], [])


def test_no_string_hides_behind_a_name_that_makemessages_does_not_know() -> None:
    sources = [path for one in SOURCES[:4] for path in (ROOT / one).rglob("*.py")]
    unknown = re.compile(r"gettext\w* as (?!_$)", re.MULTILINE)
    assert [str(path) for path in sources if unknown.search(path.read_text())] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language: str) -> None:
    catalogue = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
    broken = []
    for entry in catalogue.translated_entries():
        for text in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            source, target = holders(entry.msgid), holders(text)
            invented = target - source - holders(entry.msgid_plural)
            lost = set() if entry.msgid_plural else source - target
            if invented or lost:
                broken.append(entry.msgid)
    assert broken == []


def test_no_word_of_ours_takes_the_place_of_a_month_or_day(extracted: Path) -> None:
    catalogue = polib.pofile(str(extracted / "locale" / "ru" / "LC_MESSAGES" / "django.po"))
    ours = {entry.msgid for entry in catalogue if not entry.obsolete and entry.msgctxt is None}
    words = (dates.MONTHS, dates.MONTHS_3, dates.WEEKDAYS, dates.WEEKDAYS_ABBR)
    with translation.override("en"):
        theirs = {str(one) for named in words for one in named.values()}
    assert ours & theirs == set()


def holders(text: str) -> set[str]:
    """Return the placeholders in a message."""
    return set(PLACEHOLDER.findall(text))
