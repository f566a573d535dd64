"""One submission: its answers, place, files, receipt, flags, history and decisions."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from assessments.models import Submission
from assessments.review import ACTIONS, last_seen
from assessments.submissions.filters import SubmissionFilter
from assessments.submissions.reading import Reader
from assessments.submissions.table import Table
from assessments.views.submission_review import take_batch
from assessments.views.submissions import sort_of
from assessments.wording import Wording, choose_language
from core import policy, transitions
from core.views.addresses import changed, kept
from core.views.doors import MemberRequest, opens

LONGEST_XML = 200_000
AROUND = 0.75  # degrees


def readable(request: MemberRequest, pk: int, verb: str = "submission.read") -> Submission:
    """Return a submission of the operation, or raise Problem ``not_found``."""
    inside = Submission.objects.filter(operation=request.operation)
    related = inside.select_related(
        "form", "version", "organisation", "submitted_by", "area", "operation"
    )
    return policy.get(request.actor, verb, related.defer("version__xform", "search"), pk=pk)


@opens("submission.read")
@require_GET
def submission(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one submission, and the way to its neighbours in the table that one came from."""
    found = readable(request, pk)
    whole = policy.can(request.actor, "submission.raw", found)
    version = found.version
    remembered = request.session.get(f"columns-{found.form_id}", {}).get("language", "")
    language = choose_language(
        version.languages, request.GET.get("language") or remembered, version.default_language
    )
    reader = Reader(
        found, Wording(language), whole=whole, unanswered=request.GET.get("answers") == "all"
    )
    previous, following = neighbours(request, found)
    places = points(found, whole=whole)
    offers = transitions.offers(found, request.actor) if not found.is_test else []
    context = {
        "submission": found,
        "whole": whole,
        "entries": reader.read(),
        "form_languages": version.languages,
        "form_language": language,
        "points": places,
        "bounds": ",".join(f"{one:.4f}" for one in around(places)),
        "kept": kept(request.GET, "language"),
        "files": found.files.current() if whole else [],
        "missing_files": found.files.current().filter(file="").count() if whole else 0,
        "conflicts": found.conflicts.count() if whole else 0,
        "entity_notes": found.entity_notes.all() if whole else [],
        "decisions": found.decisions.select_related("decided_by") if whole else [],
        "offers": [one for one in offers if one in ACTIONS],
        "edits": found.edits.defer("xml").select_related("submitted_by") if whole else [],
        "seen": last_seen(found),
        "batch": take_batch(request),
        "previous": previous and address(request, previous),
        "next": following and address(request, following),
        "next_pk": following,
        "query": changed(request.GET)[1:],
        "list_url": f"{reverse('submissions', args=(found.operation.slug,))}{changed(request.GET)}",
        "unanswered": reader.unanswered,
        "answers_url": changed(request.GET, answers=None if reader.unanswered else "all"),
    }
    return render(request, "assessments/submissions/detail.html", context)


def neighbours(request: MemberRequest, found: Submission) -> tuple[int | None, int | None]:
    """Return the keys before and after a submission in the table with the address's filters."""
    query = request.GET.copy()
    if found.is_test:
        query["test"] = "on"
    filters = SubmissionFilter(query, operation=request.operation, actor=request.actor)
    table = Table(filters.extent(), filters.scope, sort_of(request))
    return table.neighbours(found)


def address(request: MemberRequest, pk: int) -> str:
    """Return the page of another submission of the same table."""
    return f"{reverse('submission', args=(request.operation.slug, pk))}{changed(request.GET)}"


def points(found: Submission, *, whole: bool) -> list[dict[str, Any]]:
    """Return the place for the map: the exact one, or the area's centre for outsiders."""
    centre = found.area.centre if found.area else None
    place = found.location if whole else centre
    if place is None:
        return []
    return [{"lat": place.y, "lon": place.x, "label": found.area_name, "class": "seq-5"}]


def around(places: list[dict[str, Any]]) -> list[float]:
    """Return west, south, east and north of what the map shows around the places."""
    return [
        edge
        for place in places[:1]
        for edge in (
            place["lon"] - AROUND,
            place["lat"] - AROUND,
            place["lon"] + AROUND,
            place["lat"] + AROUND,
        )
    ]


@opens("submission.raw")
@require_GET
def submission_xml(request: MemberRequest, pk: int) -> HttpResponse:
    """Give the record, or an ``edit`` of it, byte for byte as it came, as its receipt says."""
    found = readable(request, pk, "submission.raw")
    edit = request.GET.get("edit", "")
    came = found.edits.filter(pk=edit).first() if edit.isdecimal() and len(edit) < 19 else None
    response = HttpResponse(bytes((came or found).xml), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{found.uid}.xml"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@opens("submission.raw")
@require_GET
def submission_raw(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the record's XML as text."""
    found = readable(request, pk, "submission.raw")
    text = bytes(found.xml).decode("utf-8", errors="replace")
    context = {"submission": found, "xml": text[:LONGEST_XML], "cut": len(text) > LONGEST_XML}
    return render(request, "assessments/submissions/xml.html", context)
