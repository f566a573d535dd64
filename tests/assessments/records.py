"""A form with a repeat, and submissions of two organisations, for tests that read and review."""

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone

from assessments.models import Choice, Form, FormVersion, Question, RepeatRow, Submission
from assessments.models.submissions import folded
from core.models import Area
from tests.cast import Cast
from tests.factories.assessments import (
    AssessmentFactory,
    FormFactory,
    FormVersionFactory,
    SubmissionFactory,
)
from tests.factories.core import AreaFactory

ENGLISH, RUSSIAN = "English (en)", "Русский (ru)"
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"path": "house", "kind": "begin_group", "labels": {ENGLISH: "The house", RUSSIAN: "Дом"}},
    {
        "path": "house/damage",
        "kind": "select_one",
        "choice_list": "damage",
        "labels": {ENGLISH: "Damage", RUSSIAN: "Ущерб"},
        "sensitivity": "partner",
        "hxl": "#indicator+damage",
    },
    {"path": "house/people", "kind": "integer", "labels": {ENGLISH: "People"}},
    {"path": "house/remarks", "kind": "text", "sensitivity": "restricted"},
    {"path": "house/place", "kind": "geopoint", "sensitivity": "restricted"},
    {"path": "member", "kind": "begin_repeat", "labels": {ENGLISH: "Members"}},
    {"path": "member/age", "kind": "integer", "repeat": "member", "labels": {ENGLISH: "Age"}},
    {"path": "member/sex", "kind": "select_one", "repeat": "member", "choice_list": "sex"},
)
CHOICES = {
    "damage": {"none": "No damage", "heavy": "Heavy damage"},
    "sex": {"f": "Female", "m": "Male"},
}


@dataclass(frozen=True)
class Records:
    """OCHA leads the assessment; Olga of OCHA and Farid of IFRC have sent one each."""

    cast: Cast
    form: Form
    version: FormVersion
    area: Area
    olgas: Submission
    farids: Submission

    def send(self, who: str, organisation: str, **changes: Any) -> Submission:
        """Make one more submission."""
        return send(self.cast, self.version, who, organisation, **changes)

    def url(self, name: str = "") -> str:
        """Return an address below the operation's submissions."""
        return f"/o/{self.cast.operation.slug}/submissions/{name}"


def send(
    cast: Cast, version: FormVersion, who: str, organisation: str, **changes: Any
) -> Submission:
    """Make a submission of somebody for an organisation."""
    answers = {"house/damage": "heavy", "house/people": 4, "house/remarks": "no stove"}
    given = answers | changes.pop("answers", {})
    area = changes.pop("area", None)
    words = " ".join(map(str, given.values()))
    row: Submission = SubmissionFactory(
        version=version,
        submitted_by=cast.people[who],
        organisation=cast.organisations[organisation],
        answers=given,
        area=area,
        area_name=area.name if area else "",
        search=folded(words),
        **changes,
    )
    return row


def build(cast: Cast) -> Records:
    """Make the form, its questions and the two submissions."""
    assessment = AssessmentFactory(operation=cast.operation, lead=cast.organisations["OCHA"])
    form = FormFactory(assessment=assessment, form_id="rapid", title="Rapid assessment")
    version = FormVersionFactory(
        form=form, languages=[ENGLISH, RUSSIAN], default_language=ENGLISH, version="1"
    )
    for position, question in enumerate(QUESTIONS):
        name = question["path"].rpartition("/")[2]
        Question.objects.create(version=version, position=position, name=name, **question)
    for list_name, choices in CHOICES.items():
        for position, (value, label) in enumerate(choices.items()):
            Choice.objects.create(
                version=version,
                list_name=list_name,
                position=position,
                value=value,
                labels={ENGLISH: label},
            )
    area = AreaFactory(operation=cast.operation, pcode="AZ01", name="Agdam")
    olgas = send(
        cast, version, "olga", "OCHA", area=area, location=Point(46.1234, 39.5678, srid=4326)
    )
    for position, (age, sex) in enumerate(((34, "f"), (5, "m")), 1):
        RepeatRow.objects.create(
            submission=olgas,
            path="member",
            position=position,
            answers={"member/age": age, "member/sex": sex},
        )
    farids = send(cast, version, "farid", "IFRC", answers={"house/damage": "none"})
    return Records(cast, form, version, area, olgas, farids)


def release(row: Submission) -> None:
    """Release a submission to partners."""
    Submission.objects.filter(pk=row.pk).update(released_at=timezone.now())
