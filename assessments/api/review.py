"""REST: decisions on submissions, for accounts and for tokens that may write."""

import uuid
from typing import Any

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers

from assessments import review, review_jobs
from assessments.api.submissions import readable
from assessments.models import ReviewDecision, Submission
from assessments.review import ACTIONS, Outcome
from core import policy
from core.api.base import ApiView, Request
from core.api.bodies import valid
from core.api.schema import DescribedSchema
from core.models import Job

MOST = 1000
OUTCOME = inline_serializer(
    "ReviewOutcome",
    {
        "batch": serializers.UUIDField(help_text="by which it is undone", allow_null=True),
        "decided": serializers.IntegerField(),
        "skipped": serializers.IntegerField(help_text="left as they are"),
    },
)


class DecisionSerializer(serializers.Serializer[Any]):
    """A decision; ``seen`` is what the record's document said when it was looked at."""

    action = serializers.ChoiceField(choices=ACTIONS)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    seen = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=2**62
    )


class DecisionsSerializer(DecisionSerializer):
    """A decision on several submissions, by their receipts."""

    uids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)


class SubmissionDecisionsView(ApiView):
    """Decisions on one submission."""

    verb = "submission.review"
    schema = DescribedSchema()

    @extend_schema(request=DecisionSerializer, responses=OUTCOME)
    def post(self, request: Request, uid: Any) -> HttpResponse:
        """Decide; 409 where somebody decided since `seen`, or the state does not allow it."""
        found = readable(request, uid)
        policy.check(request.actor, "submission.review", found)
        given = valid(DecisionSerializer(data=request.data))
        before = review.last_seen(found)
        review.decide(
            found, given["action"], actor=request.actor, reason=given["reason"], seen=given["seen"]
        )
        latest = ReviewDecision.objects.filter(submission=found, pk__gt=before).first()
        batch = latest.batch if latest else None
        decided = 1 if latest else 0
        return JsonResponse({"batch": batch, "decided": decided, "skipped": 1 - decided})


class DecisionsView(ApiView):
    """Decisions on many submissions."""

    verb = "submission.review"
    schema = DescribedSchema()

    @extend_schema(
        operation_id="submissions_decide_many", request=DecisionsSerializer, responses=OUTCOME
    )
    def post(self, request: Request) -> HttpResponse:
        """Decide on up to 1,000 submissions; those that cannot be moved stay as they are.

        `seen` is the highest `seen` of their documents: what was decided later is left alone.
        """
        given = valid(DecisionsSerializer(data=request.data))
        readable_ = policy.filter(request.actor, "submission.review", Submission.objects.all())
        ids = list(readable_.filter(uid__in=given["uids"]).values_list("pk", flat=True))
        outcome = review.decide_all(
            sorted(ids),
            given["action"],
            actor=request.actor,
            reason=given["reason"],
            as_of=given["seen"],
        )
        return answer(outcome, skipped=len(set(given["uids"])) - outcome.decided)


class UndoView(ApiView):
    """Undoing what was decided at once."""

    verb = "submission.review"
    schema = DescribedSchema()

    @extend_schema(request=None, responses=OUTCOME)
    def post(self, request: Request, batch: uuid.UUID) -> HttpResponse:
        """Take back the decisions of a batch that nobody has decided over since."""
        decided = review.batch_of(batch, actor=request.actor, submissions=Submission.objects.all())
        first = decided.select_related("submission__operation").latest("pk")
        operation = first.submission.operation
        result = review_jobs.undo_batch(batch, actor=request.actor, operation=operation)
        if isinstance(result, Job):
            return JsonResponse({"job": str(result.pk)}, status=202)
        return answer(result, skipped=result.skipped)


def answer(outcome: Outcome, *, skipped: int) -> JsonResponse:
    """Return what became of a decision on many."""
    return JsonResponse(
        {"batch": str(outcome.batch), "decided": outcome.decided, "skipped": skipped}
    )
