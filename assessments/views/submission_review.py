"""Decisions of reviewers on one submission or many, with an undo for each."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assessments import review, review_jobs
from assessments.models import ReviewDecision, Submission
from assessments.review import ACTIONS, REASONED, Outcome
from assessments.submissions.filters import SubmissionFilter
from core import policy
from core.errors import Problem
from core.models import Job
from core.views.addresses import kept
from core.views.doors import MemberRequest, opens

MOST_AT_A_TIME = 200_000
BATCH = "review-batch"


class DecisionForm(forms.Form):
    """A decision on submissions; ``seen`` and ``as_of`` say what was on the reviewer's screen."""

    action = forms.ChoiceField(choices=[(action, action) for action in ACTIONS])
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Whoever sent it reads this."),
    )
    seen = forms.IntegerField(required=False)
    as_of = forms.IntegerField(required=False)

    @property
    def lacks_reason(self) -> bool:
        """Return whether only the reason is missing."""
        given = self.cleaned_data
        return given["action"] in REASONED and not given["reason"].strip()


def asked(request: MemberRequest) -> DecisionForm:
    """Return the decision in the request; raise Problem ``invalid`` where it is none."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        errors = [
            {"where": key, "message": " ".join(map(str, form.errors[key]))} for key in form.errors
        ]
        raise Problem("invalid", errors=errors)
    return form


@opens("submission.review")
@require_POST
def submission_review(request: MemberRequest, pk: int) -> HttpResponse:
    """Decide on one submission and go on to the next."""
    found = Submission.objects.filter(operation=request.operation)
    submission = policy.get(request.actor, "submission.review", found, pk=pk)
    form = asked(request)
    if form.lacks_reason:
        return ask_reason(request, form, [pk])
    given = form.cleaned_data
    before = submission.state
    moved = review.decide(
        submission,
        given["action"],
        actor=request.actor,
        reason=given["reason"],
        seen=given["seen"],
    )
    if moved.state != before:
        latest = ReviewDecision.objects.filter(submission=moved).latest("pk")
        messages.success(request, review_jobs.done(given["action"], 1))
        request.session[BATCH] = str(latest.batch)
    return redirect(back(request, pk))


@opens("submission.review")
@require_POST
def submissions_review(request: MemberRequest) -> HttpResponse:
    """Decide on the chosen submissions, or on all that the filters find."""
    form = asked(request)
    ids = chosen(request)
    if not ids:
        messages.warning(request, _("No submission was chosen. Tick some rows first."))
        return redirect(back(request))
    if form.lacks_reason:
        return ask_reason(request, form, ids)
    given = form.cleaned_data
    result = review_jobs.decide_many(
        ids,
        given["action"],
        actor=request.actor,
        operation=request.operation,
        reason=given["reason"],
        as_of=given["as_of"],
    )
    if isinstance(result, Job):
        request.session[BATCH] = result.key
        return redirect("job", request.operation.slug, result.pk)
    tell(request, given["action"], result)
    return redirect(back(request))


def chosen(request: MemberRequest) -> list[int]:
    """Return the keys of the chosen submissions, in the order of their keys."""
    if request.POST.get("all") == "1":
        query = QueryDict(request.POST.get("query", ""))
        filters = SubmissionFilter(query, operation=request.operation, actor=request.actor)
        if filters.errors:
            raise Problem("invalid", errors=filters.problems())
        rows = policy.filter(request.actor, "submission.review", filters.extent().rows)
        return sorted(rows.filter(is_test=False).values_list("pk", flat=True)[:MOST_AT_A_TIME])
    ids = [int(one) for one in request.POST.getlist("id") if one.isascii() and one.isdecimal()]
    inside = Submission.objects.filter(operation=request.operation, is_test=False, pk__in=ids)
    rows = policy.filter(request.actor, "submission.review", inside)
    return sorted(rows.values_list("pk", flat=True))


def tell(request: MemberRequest, action: str, outcome: Outcome) -> None:
    """Say what was done and what was left, and offer to undo it."""
    if outcome.decided:
        messages.success(request, review_jobs.done(action, outcome.decided))
        request.session[BATCH] = str(outcome.batch)
    if outcome.skipped:
        text = _(
            "%d were left as they are: their state does not allow it, or somebody decided on them "
            "while you were looking."
        )
        messages.warning(request, text % outcome.skipped)


def ask_reason(request: MemberRequest, form: DecisionForm, ids: list[int]) -> HttpResponse:
    """Ask for the reason of a decision, and keep everything else that was given."""
    return render(
        request,
        "assessments/submissions/reason.html",
        {
            "form": form,
            "action": form.cleaned_data["action"],
            "count": len(ids),
            "title": review_jobs.title(form.cleaned_data["action"], len(ids)),
            "kept": kept(request.POST, "reason", "confirmed", "csrfmiddlewaretoken"),
            "back": back(request),
            "missing": "confirmed" in request.POST,
        },
    )


@opens("submission.review")
def review_batch(request: MemberRequest, batch: uuid.UUID) -> HttpResponse:
    """Show what was decided at once, and undo it."""
    inside = Submission.objects.filter(operation=request.operation)
    decisions = review.batch_of(batch, actor=request.actor, submissions=inside)
    first = decisions.select_related("decided_by").latest("pk")
    if request.method == "POST":
        result = review_jobs.undo_batch(batch, actor=request.actor, operation=request.operation)
        if isinstance(result, Job):
            return redirect("job", request.operation.slug, result.pk)
        messages.success(request, review_jobs.done("undo", result.decided))
        return redirect(back(request))
    context = {
        "first": first,
        "batch": batch,
        "title": review_jobs.title(first.action, decisions.count()),
        "count": decisions.count(),
        "standing": decisions.filter(undone_at__isnull=True).count(),
        "decisions": decisions.select_related("submission__form", "submission__submitted_by")[:100],
    }
    return render(request, "assessments/submissions/batch.html", context)


def back(request: MemberRequest, pk: int | None = None) -> str:
    """Return where the reviewer came from: the table as it was, or the next submission in it."""
    query = request.POST.get("query", "")
    target = request.POST.get("next", "")
    if target.isascii() and target.isdecimal():
        address = reverse("submission", args=(request.operation.slug, int(target)))
    elif pk and request.POST.get("stay"):
        address = reverse("submission", args=(request.operation.slug, pk))
    else:
        address = reverse("submissions", args=(request.operation.slug,))
    return f"{address}?{QueryDict(query).urlencode()}" if query else address


def take_batch(request: Any) -> str | None:
    """Return the batch decided last, once, for the offer to undo it."""
    batch: str | None = request.session.pop(BATCH, None)
    return batch
