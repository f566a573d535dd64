"""Links from a figure to the records behind it: the submissions list with the same selection.

A page has hundreds of them with the same words, so that what was made for one serves the others.
"""

from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from django.urls import reverse

from assessments.coverage import Selection


class Links:
    """Addresses of records of a selection."""

    def __init__(self, selection: Selection):
        self.selection = selection
        self.slug = selection.operation.slug
        self._places: dict[tuple[str, ...], str] = {}
        self._pairs: dict[tuple[str, Any], str] = {}

    def submissions(self, **narrower: Any) -> str:
        """Return the address of the submissions that a figure counts.

        ``narrower`` are further filters of that page: state, area, organisation, since, until.
        """
        return self._address("submissions", self.filters | narrower)

    def overview(self, **changed: Any) -> str:
        """Return the overview of the same selection with some filters changed (None drops one)."""
        return self._address("overview", self.filters | changed)

    def part(self, anchor: str) -> str:
        """Return the address of a part of the overview of the same selection."""
        return f"{self.overview()}#{anchor}"

    def route(self, view: str, /, **parts: str) -> str:
        """Return the address of another route of the operation, with the same selection."""
        return self._address(view, self.filters, **parts)

    @cached_property
    def filters(self) -> dict[str, Any]:
        """Return the selection as the parameters that addresses carry."""
        chosen = self.selection
        return {
            "assessment": chosen.assessment.pk if chosen.assessment else None,
            "since": chosen.since,
            "until": chosen.until,
            "organisation": chosen.organisation.acronym if chosen.organisation else None,
            "area": chosen.area.pcode if chosen.area else None,
        }

    def _address(self, view: str, parameters: dict[str, Any], /, **parts: str) -> str:
        place = (view, *parts.values())
        if place not in self._places:
            self._places[place] = reverse(view, kwargs={"slug": self.slug} | parts)
        pairs = [self._pair(*one) for one in parameters.items() if one[1] not in (None, "")]
        return f"{self._places[place]}?{'&'.join(pairs)}" if pairs else self._places[place]

    def _pair(self, key: str, value: Any) -> str:
        if (key, value) not in self._pairs:
            self._pairs[key, value] = f"{key}={quote_plus(str(value))}"
        return self._pairs[key, value]
