"""One submission as it is read: the form's order and groups, repeats within repeats, quotations."""

from typing import Any

from assessments.models import Question, RepeatRow
from assessments.submissions.reading import Answer, Part, Reader
from assessments.wording import Wording
from tests.assessments.records import ENGLISH, Records


def read(records: Records, **options: Any) -> list[Part | Answer]:
    """Return the entries of Olga's submission."""
    return Reader(records.olgas, Wording(ENGLISH), whole=True, **options).read()


def test_groups_and_repeats_stand_in_the_forms_order(records: Records) -> None:
    house, members = read(records)
    assert isinstance(house, Part)
    assert isinstance(members, Part)
    answers = [one for one in house.entries if isinstance(one, Answer)]
    assert [(one.label, one.text) for one in answers] == [
        ("Damage", "Heavy damage"),
        ("People", "4"),
        ("remarks", "no stove"),
    ]
    assert answers[0].code == "heavy"
    assert members.heads == ["Age", "sex"]
    assert [[cell and cell.text for cell in row] for row in members.rows] == [
        ["34", "Female"],
        ["5", "Male"],
    ]


def test_what_was_not_answered_is_shown_on_demand(records: Records) -> None:
    house = read(records, unanswered=True)[0]
    assert isinstance(house, Part)
    assert [one.text for one in house.entries if isinstance(one, Answer)][-1] == ""


def test_an_outsider_reads_what_is_shared(records: Records) -> None:
    entries = Reader(records.olgas, Wording(ENGLISH), whole=False).read()
    (house,) = [one for one in entries if isinstance(one, Part) and one.entries]
    assert [one.label for one in house.entries if isinstance(one, Answer)] == ["Damage"]


def test_a_repeat_within_a_repeat_belongs_to_its_member(records: Records) -> None:
    path = "member/illness"
    for position, (name, kind) in enumerate((("", "begin_repeat"), ("/name", "text")), 20):
        Question.objects.create(
            version=records.version,
            position=position,
            path=f"{path}{name}",
            name=name or "illness",
            kind=kind,
            repeat=path if name else "member",
        )
    first = RepeatRow.objects.filter(submission=records.olgas).earliest("pk")
    RepeatRow.objects.create(
        submission=records.olgas,
        path=path,
        position=1,
        parent=first,
        answers={f"{path}/name": "cough"},
    )
    members = read(records)[1]
    assert isinstance(members, Part)
    assert not members.heads
    inside = [[one for one in member if isinstance(one, Part)] for member in members.members]
    assert [len(parts) for parts in inside] == [1, 0]
    assert inside[0][0].rows[0][0] is not None


def test_a_label_quotes_the_answer_that_it_names(records: Records) -> None:
    Question.objects.filter(version=records.version, path="house/remarks").update(
        labels={ENGLISH: "What do the ${people} people lack, ${nobody}?"}
    )
    house = read(records)[0]
    assert isinstance(house, Part)
    assert house.entries[-1].label == "What do the 4 people lack, …?"
