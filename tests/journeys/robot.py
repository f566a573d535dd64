"""Fills any form in the field client as a patient person would: every question that shows."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

WORDS = Path(__file__).resolve().parents[2] / "static" / "field" / "i18n"
ROUNDS = 40
MOST_CHOICES = 3
HERE = ("40.18", "44.51")
CORNERS = (HERE, ("40.19", "44.51"), ("40.19", "44.52"))
# Tried in turn until the form has nothing to say against one.
NUMBERS = ("2", "30", "1", "0", "2020")
# Answers by the type of the control; a question named in ``wanted`` gets its own.
TYPED = {
    "date": "2020-11-20",
    "time": "10:15",
    "datetime-local": "2020-11-20T10:15",
    "month": "2020-11",
    "tel": "1",
    "email": "name@example.org",
    "url": "https://example.org",
}


class Robot:
    """Answers what is on the page; ``wanted`` maps the end of a question's path to its answer.

    ``language`` is the one in which the field client speaks; ``files`` maps the first half of a
    media type to a file of it, and ``*`` to one of any.
    """

    def __init__(
        self,
        page: Page,
        *,
        photo: Path,
        wanted: dict[str, str] | None = None,
        language: str = "en",
        files: dict[str, Path] | None = None,
    ):
        self.page = page
        self.words: dict[str, str] = json.loads((WORDS / f"{language}.json").read_text())
        self.files = {"image": photo} | (files or {})
        self.wanted = wanted or {}
        self.answered: set[str] = set()

    def fill(self) -> None:
        """Go through all sections; leave with the last one filled."""
        for _ in range(ROUNDS):
            self.answer_section()
            onward = self.page.get_by_role("button", name=self.words["fill.next"], exact=True)
            if not onward.is_visible():
                return
            onward.click()
            self.page.wait_for_timeout(150)
        raise AssertionError("the form has no end")

    def answer_section(self) -> None:
        """Answer every question of the section, those that appear meanwhile included."""
        for _ in range(ROUNDS):
            fresh = [one for one in self.references() if one not in self.answered]
            if not fresh:
                return
            for reference in fresh:
                self.answered.add(reference)
                self.answer(reference)
        raise AssertionError("questions keep appearing")

    def references(self) -> list[str]:
        """Return the paths of the questions that show now."""
        found: list[str] = self.page.eval_on_selector_all(
            ".question[data-reference]", "all => all.map(one => one.dataset.reference)"
        )
        return found

    def answer(self, reference: str) -> None:
        """Answer one question, unless it has gone meanwhile."""
        box = self.page.locator(f'.question[data-reference="{reference}"]')
        if box.count() != 1:
            return
        ending = reference.rsplit("/", 1)[-1]
        self._choose(box, self.wanted.get(ending))

    def _choose(self, box: Locator, wanted: str | None) -> None:
        for selector, act in (
            (".coordinates__add", self._corners),
            (".coordinates input", self._place),
            (".folded__button", self._unfold),
            (".rank > button", self._press),
            ("input[type=password]", self._type),
            ("input[type=radio]", self._radio),
            ("input[type=checkbox]", self._check),
            ("select", self._select),
            ("input[type=range]", self._slide),
            ("input[type=file]", self._file),
            ("textarea", self._type),
            ("input:not([type=hidden])", self._type),
        ):
            control = box.locator(selector).first
            if control.count() and control.is_enabled():
                act(box, control, wanted)
                return

    def _radio(self, box: Locator, control: Locator, wanted: str | None) -> None:
        chosen = box.get_by_label(wanted, exact=True).first if wanted else control
        chosen.check(force=True)

    def _check(self, box: Locator, control: Locator, wanted: str | None) -> None:
        if wanted:
            self._radio(box, control, wanted)
            return
        for choice in box.locator("input[type=checkbox]").all()[:MOST_CHOICES]:
            choice.check(force=True)
            if self._is_fine(box):
                return

    def _select(self, box: Locator, control: Locator, wanted: str | None) -> None:
        options: Any = control.locator("option")
        if wanted:
            control.select_option(label=wanted)
        elif options.count() > 1:
            control.select_option(index=1)
        for year in box.locator(".pair input").all():
            year.fill("2020")
            year.blur()

    def _place(
        self, box: Locator, control: Locator, wanted: str | None, place: tuple[str, str] = HERE
    ) -> None:
        for part, value in zip(box.locator(".coordinates input").all(), place, strict=False):
            part.fill(value)
            part.blur()

    def _corners(self, box: Locator, control: Locator, wanted: str | None) -> None:
        for corner in CORNERS:
            self._place(box, control, wanted, corner)
            control.click()

    def _unfold(self, box: Locator, control: Locator, wanted: str | None) -> None:
        control.click()
        self._check(box, control, wanted)

    def _press(self, box: Locator, control: Locator, wanted: str | None) -> None:
        control.click()

    def _slide(self, box: Locator, control: Locator, wanted: str | None) -> None:
        control.focus()
        control.press("ArrowRight")

    def _file(self, box: Locator, control: Locator, wanted: str | None) -> None:
        kind = (control.get_attribute("accept") or "").partition("/")[0]
        if kind in self.files:
            control.set_input_files(self.files[kind])

    def _type(self, box: Locator, control: Locator, wanted: str | None) -> None:
        kind = control.get_attribute("type") or "text"
        mode = control.get_attribute("inputmode") or ""
        is_number = kind == "number" or mode in {"numeric", "decimal"}
        usual = NUMBERS if is_number else (TYPED.get(kind, "Answer"),)
        for value in (wanted,) if wanted else usual:
            control.fill(value)
            control.blur()
            if self._is_fine(box):
                return

    def _is_fine(self, box: Locator) -> bool:
        """Return whether the form has nothing to say against the answer."""
        box.locator("input, textarea").first.blur()
        self.page.wait_for_timeout(40)
        return box.locator(".question__problem svg").count() == 0
