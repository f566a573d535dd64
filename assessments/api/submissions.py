"""REST: submissions as pages of JSON and as files by form; one record; its repeat members."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from assessments.models import RepeatRow, Submission, SubmissionFile
from assessments.review import last_seen
from assessments.submissions import datasets
from assessments.submissions.datasets import Style, with_answers
from assessments.submissions.filters import SubmissionFilter
from assessments.submissions.rows import SHARED
from core import policy
from core.api.base import ApiView, Request, conditional, operation_of
from core.api.schema import DescribedSchema, RowSchema
from core.api.tables import Filter, TableView, documents
from core.api.views import changed_since
from core.datasets import Dataset
from core.errors import Problem

STYLE = ("language", "heads")


def expected(name: str, text: str) -> Filter:
    """Return a filter for the documentation; SubmissionFilter applies it."""
    return Filter(name, lambda rows, given: rows, text)


TABLE_FILTERS = (
    expected("operation", "the short name of an operation, where you belong to several"),
    expected("form", "a form ID"),
    expected("version", "a version of the form"),
    expected("area", "a P-code: this area and all below it"),
    expected("organisation", "an acronym"),
    expected("state", "received, in_review, has_issues, approved, rejected, or waiting"),
    expected("since", "received on this day or later"),
    expected("until", "received on this day or earlier"),
    expected("q", "words that the answers contain"),
    expected("flag", "area, no_area, files or conflict"),
    expected("mine", "on: sent by yourself"),
    expected("test", "on: test submissions, which are kept apart"),
)


def asked(request: Request) -> SubmissionFilter:
    """Return the filters of the query; raise Problem ``invalid`` where one cannot be used."""
    filters = SubmissionFilter(
        request.query_params, operation=operation_of(request), actor=request.actor
    )
    if filters.errors:
        raise Problem("invalid", errors=filters.problems())
    return filters


def style_of(request: Request) -> Style:
    """Return how a form's table is to be written."""
    heads = request.query_params.get("heads", "codes")
    if heads not in {"codes", "labels"}:
        raise Problem("bad_parameter", name="heads", value=heads, expected="codes, labels")
    return Style(request.query_params.get("language", ""), heads == "labels")


class SubmissionsView(TableView):
    """Submissions one may read, whole or as far as they were released.

    A page of JSON has the answers by question path. A file of one form (`form=…&format=csv`) has a
    column for each question outside repeats; without `form` a file has no answers.
    """

    verb = "submission.read"
    table = with_answers()
    filters = (
        *TABLE_FILTERS,
        Filter("updated_since", changed_since, "a day or moment of ISO 8601"),
    )
    parameters = STYLE

    def dataset(self, request: Request) -> Dataset:
        """Return the records with their answers as an object, or a form's own table for a file."""
        if request.query_params.get("format", "json") == "json":
            return with_answers()
        form, style = asked(request).chosen_form, style_of(request)
        if form is None:
            return datasets.SUBMISSIONS
        return datasets.of_form(form, style)

    def narrowed(self, request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return what the table's filters find."""
        return super().narrowed(request, asked(request).extent().rows)


class MembersView(TableView):
    """Members of a repeat of one form, each with the receipt of its submission."""

    verb = "submission.read"
    filters = TABLE_FILTERS
    parameters = ("repeat", *STYLE)

    def documented(self) -> Dataset:
        """Return the columns that every repeat has."""
        return datasets.MEMBERS

    def dataset(self, request: Request) -> Dataset:
        """Return the table of the repeat that is asked for."""
        form = asked(request).chosen_form
        path = request.query_params.get("repeat", "")
        paths = [one.path for one in datasets.repeats_of(form)] if form else []
        if form is None:
            raise Problem("bad_parameter", name="form", value="", expected="a form ID")
        if path not in paths:
            known = ", ".join(paths)
            raise Problem("bad_parameter", name="repeat", value=path, expected=known)
        return datasets.of_repeat(form, path, style_of(request))

    def narrowed(self, request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the members of what the table's filters find."""
        return rows.filter(submission__in=asked(request).extent().rows.values("pk"))


def readable(request: Request, uid: Any) -> Submission:
    """Return a submission by its receipt, or raise Problem ``not_found``."""
    light = Submission.objects.select_related("operation", "form").defer("xml", "search", "answers")
    return policy.get(request.actor, "submission.read", light, uid=uid)


class SubmissionView(ApiView):
    """One submission: its answers, the members of its repeats, its files and its decisions."""

    verb = "submission.read"
    schema = RowSchema()

    def documented(self) -> Dataset:
        """Return the dataset that the documentation describes."""
        return with_answers()

    def get(self, request: Request, uid: Any) -> HttpResponseBase:
        """Answer with the record, whole or as far as it was released."""
        found = readable(request, uid)
        dataset = with_answers().for_actor(request.actor)
        rows = dataset.queryset(request.actor).filter(pk=found.pk)
        document = documents(dataset, request, rows)[0]
        whole = policy.can(request.actor, "submission.raw", found)
        document["repeats"] = members(found, whole=whole)
        document["seen"] = last_seen(found)
        if whole:
            document["files"] = [file_document(one) for one in found.files.current()]
            document["decisions"] = decisions(found)
        return conditional(request, document)


def members(found: Submission, *, whole: bool) -> list[dict[str, Any]]:
    """Return the members of all repeats, with the answers that the reader may see."""
    asked_ = found.version.questions.all()
    shown = {one.path for one in asked_ if whole or one.sensitivity in SHARED}
    return [
        {
            "member": row.pk,
            "path": row.path,
            "position": row.position,
            "parent": row.parent_id,
            "answers": {path: value for path, value in row.answers.items() if path in shown},
        }
        for row in RepeatRow.objects.filter(submission=found).order_by("pk")
    ]


def file_document(one: SubmissionFile) -> dict[str, Any]:
    """Return what is known of a file that a submission names."""
    return {
        "name": one.file_name,
        "question": one.question_path,
        "sha256": one.sha256,
        "size": one.size,
        "content_type": one.content_type,
        "received": bool(one.file),
    }


def decisions(found: Submission) -> list[dict[str, Any]]:
    """Return the decisions on a submission, the newest first."""
    return [
        {
            "id": one.pk,
            "batch": str(one.batch),
            "action": one.action,
            "from": one.from_state,
            "to": one.to_state,
            "reason": one.reason,
            "by": one.decided_by.username,
            "at": one.decided_at.isoformat(),
            "undone": one.undone_at is not None,
        }
        for one in found.decisions.select_related("decided_by")
    ]


class RecordView(ApiView):
    """The record's XML, byte for byte as it came."""

    verb = "submission.raw"
    schema = DescribedSchema()

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, uid: Any) -> HttpResponse:
        """Answer with the XML; its SHA-256 is the one of the receipt."""
        found = policy.get(request.actor, "submission.raw", Submission.objects.all(), uid=uid)
        return HttpResponse(bytes(found.xml), content_type="application/xml")
