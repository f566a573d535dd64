"""Two reports of the demonstration: one published, and one that waits for a coordinator."""

from assessments.models import Assessment
from core.policy import Actor
from situation import publication, reports
from situation.models import Report


def report_on(assessment: Assessment, actors: dict[str, Actor]) -> None:
    """Publish the analyst's report in English, and leave the one in Armenian a draft.

    They are made here and now; their jobs find nothing left to do.
    """
    english, _armenian = (_made(assessment, actors["analyst"], code) for code in ("en", "hy"))
    publication.publish(english, actor=actors["coordinator"])


def _made(assessment: Assessment, actor: Actor, language: str) -> Report:
    asked = reports.request(assessment, actor=actor, language=language)
    return reports.make(asked, tell=lambda *_: None)
