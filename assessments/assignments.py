"""Assignments: which organisation's team fills which form where, and how far it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from assessments.models import Assignment, Submission


def progress(assignments: Iterable[Assignment]) -> dict[int, int]:
    """Return by assignment how many submissions have come: its organisation's, form's and area's.

    Tests do not count; areas below the assigned one do.
    """
    asked = list(assignments)
    counts: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    rows = Submission.objects.filter(
        form__in={one.form_id for one in asked},
        organisation__in={one.organisation_id for one in asked},
        area__isnull=False,
        is_test=False,
    )
    for form, organisation, path, count in (
        rows.order_by().values_list("form", "organisation", "area__path").annotate(Count("pk"))
    ):
        counts[form, organisation][path] += count
    return {
        one.pk: sum(
            count
            for path, count in counts[one.form_id, one.organisation_id].items()
            if path.startswith(one.area.path)
        )
        for one in asked
    }


def by_form(organisations: Iterable[int], forms: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the assignments of organisations as the field client shows them, by form."""
    found = Assignment.objects.filter(organisation__in=organisations, form__in=forms)
    asked = list(found.select_related("area", "organisation").order_by("starts_on", "area__name"))
    received = progress(asked)
    described: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in asked:
        described[one.form_id].append(
            {
                "area": {"pcode": one.area.pcode, "name": one.area.name},
                "organisation": one.organisation.acronym,
                "team": one.team,
                "target": one.target,
                "received": received[one.pk],
                "starts": one.starts_on.isoformat() if one.starts_on else None,
                "ends": one.ends_on.isoformat() if one.ends_on else None,
            }
        )
    return described
