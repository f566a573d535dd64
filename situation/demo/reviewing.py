"""The review of the demonstration: who decided what, evening by evening, and why.

Older records are mostly approved, the newest still wait. Team leads review what their own
organisation collected; analyst and coordinator of the lead organisation review the rest.
"""

from collections import defaultdict
from collections.abc import Iterable

from assessments import review
from assessments.models import Submission
from core.policy import Actor
from situation.demo.dice import Dice
from situation.demo.field_work import DAYS, Visit, day_of

LEADS = {"officer": "lead", "officer2": "lead2"}
REASONS = {
    "elsewhere": "The position lies outside the district that was named. Which one is right?",
    "unfed": "The food questions are blank. Please complete them or say why they were not asked.",
    "photo_missing": "The photo has not arrived. Please send it from the device or remove it.",
    "no_place": "No position was recorded. Please name the nearest landmark in the remarks.",
}
UNSURE = (
    "Household size and the number of members listed differ too much from the roster of the host.",
    "Ten minutes is very short for this questionnaire. Was it filled in with the household?",
)
REJECTED = (
    "The same household was interviewed twice; the earlier record is kept.",
    "A practice interview from the training; not a household.",
)
REFUSED = "The household did not agree to take part."


def review_all(sent: Iterable[tuple[Visit, Submission]], actors: dict[str, Actor]) -> None:
    """Decide on what was sent, in bulk where the decision and its reason are the same."""
    batches: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for visit, submission in sent:
        action, reason = _decision(visit)
        if action:
            batches[_reviewer(visit), action, reason].append(submission.pk)
    for (reviewer, action, reason), ids in batches.items():
        review.decide_all(ids, action, actor=actors[reviewer], reason=reason)


def _reviewer(visit: Visit) -> str:
    if visit.collector in LEADS:
        return LEADS[visit.collector]
    return "analyst" if visit.number % 3 else "coordinator"


def _decision(visit: Visit) -> tuple[str, str]:
    """Return the action and its reason; both blank where nobody has looked yet."""
    dice = Dice("review", visit.number)
    age = (DAYS - 1 - day_of(visit.began)) / (DAYS - 1)
    if not dice.chance(0.35 + 0.9 * age):
        return ("start_review", "") if dice.chance(0.3) else ("", "")
    if visit.oddity == "refusal":
        return "reject", REFUSED
    if visit.oddity in REASONS and dice.chance(0.75):
        return "flag", REASONS[visit.oddity]
    found = dice.pick({"approve": 92, "flag": 3, "reject": 3, "start_review": 2})
    texts = {"flag": UNSURE, "reject": REJECTED}.get(found, ("",))
    return found, texts[dice.between(0, len(texts) - 1)]
