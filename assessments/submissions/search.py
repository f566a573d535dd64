"""Finds submissions by text and says how many there are, within bounds, however many exist.

A common word is met soon in the order of any index; a rare one has an index of its own. Which of
both a word is shows in a sample of the newest submissions. Nothing is counted to the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.expressions import RawSQL

from assessments.models import Submission
from assessments.models.submissions import folded

FEW = 5_000
SAMPLE = 4_000
COMMON = 0.05
SHORTEST_INSIDE_WORDS = 3


@dataclass(frozen=True)
class Extent:
    """What a search finds: ``rows`` selects it; there are ``count``, or more if not ``exact``.

    What was counted exactly is little enough to be sorted at once.
    """

    rows: QuerySet[Submission]
    count: int
    exact: bool


def containing(text: str) -> Q:
    """Return the condition that all words of ``text`` are in a submission.

    A word of one or two letters must begin a word there: the index knows nothing smaller.
    """
    found = Q()
    for word in folded(text).split():
        if len(word) >= SHORTEST_INSIDE_WORDS:
            found &= Q(search__contains=word)
        else:
            found &= Q(search__startswith=word) | Q(search__contains=f" {word}")
    return found


def measure(rows: QuerySet[Submission], text: str = "") -> Extent:
    """Return what is found among ``rows`` (a queryset without order), by ``text`` if given."""
    if not text.strip():
        count = rows[: FEW + 1].count()
        return Extent(rows, min(count, FEW), exact=count <= FEW)
    condition = containing(text)
    found = rows.filter(condition)
    hit = ExpressionWrapper(condition, BooleanField())
    newest = rows.annotate(hit=hit).order_by("-id")[:SAMPLE]
    sample = newest.aggregate(seen=Count("pk"), hits=Count("pk", filter=Q(hit=True)))
    if sample["seen"] < SAMPLE:
        return Extent(found, sample["hits"], exact=True)
    if sample["hits"] >= SAMPLE * COMMON:
        return Extent(found, sample["hits"], exact=False)
    ids = _by_index(found)
    if len(ids) > FEW:
        return Extent(found, FEW, exact=False)
    return Extent(among(Submission.objects.order_by(), ids), len(ids), exact=True)


def among(rows: QuerySet[Submission], ids: Sequence[int]) -> QuerySet[Submission]:
    """Keep the rows with these primary keys; thousands of them go as one parameter."""
    return rows.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))


@transaction.atomic
def _by_index(found: QuerySet[Submission]) -> list[int]:
    """Return up to ``FEW`` + 1 keys by the index of words, whatever the planner expects."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        ids = list(found.values_list("pk", flat=True)[: FEW + 1])
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on")
    return ids
