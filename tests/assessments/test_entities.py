"""Entities: records make and change them, and nothing that a record asks makes intake refuse it."""

from uuid import uuid4

import pytest

from assessments import entities, publish
from assessments.models import EntityList, EntityNote, Submission
from assessments.publish import Upload
from core.errors import Problem
from tests.assessments.desk import Desk, add
from tests.assessments.households import (
    ARAM,
    Households,
    register_form,
    registration,
    replacing,
    visit,
    visit_form,
)
from tests.assessments.workbooks import workbook

FIRST, SECOND = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"


def noted(submission: Submission) -> list[str]:
    """Return what was noted of a submission."""
    return list(submission.entity_notes.values_list("problem", flat=True))


def test_publishing_makes_the_list_and_a_draft_does_not(desk: Desk) -> None:
    draft = add(desk.cast, register_form())
    assert draft.entities == [
        {
            "container": "",
            "list": "households",
            "creates": True,
            "updates": False,
            "properties": {"size": "size"},
        }
    ]
    assert not EntityList.objects.exists()
    publish.publish(draft, actor=desk.cast.actor("anna"))
    assert EntityList.objects.get().properties == ["size"]


def test_a_new_version_adds_its_properties_and_takes_none_away(households: Households) -> None:
    anna = households.desk.cast.actor("anna")
    for version, names in (("2", ("floor", "roof")), ("3", ("water",))):
        publish.publish(add(households.desk.cast, register_form(version, *names)), actor=anna)
    assert households.list.properties == ["size", "floor", "roof", "water"]


def test_a_record_makes_an_entity(households: Households) -> None:
    submission = households.registered().submission
    made = households.one()
    assert (made.label, made.properties, made.version) == ("Aram", {"size": "4"}, 1)
    assert (made.made_by, made.changed_by) == (submission, submission)
    assert noted(submission) == []


def test_a_test_record_makes_none(households: Households) -> None:
    households.registered(is_test=True)
    assert not households.list.entities.exists()


def test_a_record_updates_an_entity(households: Households) -> None:
    households.registered()
    submission = households.visited().submission
    changed = households.one()
    assert (changed.label, changed.properties, changed.version) == ("Aram", {"size": "5"}, 2)
    assert changed.changed_by == submission
    assert noted(submission) == []


def test_a_replay_changes_nothing(households: Households) -> None:
    first, second = registration(), visit()
    for content in (first, first):
        households.registered(content)
    for content in (second, second):
        households.visited(content)
    households.registered(first)
    assert (households.one().properties, households.one().version) == ({"size": "5"}, 2)
    assert not EntityNote.objects.exists()


def test_what_its_sender_had_not_seen_is_changed_and_noted(households: Households) -> None:
    households.registered()
    households.visited(visit(people="5", base=1))
    late = households.visited(visit(people="6", base=1)).submission
    assert (households.one().properties, households.one().version) == ({"size": "6"}, 3)
    assert noted(late) == ["changed"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (registration("no id"), "no_id"),
        (registration(""), "no_id"),
        (registration(head=""), "no_label"),
    ],
)
def test_a_bad_entity_is_noted_and_its_record_kept(
    households: Households, content: bytes, problem: str
) -> None:
    submission = households.registered(content).submission
    assert submission.answers["size"] == 4
    assert noted(submission) == [problem]
    assert not households.list.entities.exists()


def test_an_unknown_or_taken_id_is_noted_and_its_record_kept(households: Households) -> None:
    unknown = households.visited(visit(uuid4())).submission
    households.registered()
    taken = households.registered(registration(head="Another")).submission
    assert (noted(unknown), noted(taken)) == (["unknown"], ["repeated"])
    assert households.one().label == "Aram"


def test_an_edit_changes_what_its_record_made(households: Households) -> None:
    households.registered(registration(instance=FIRST))
    edit = registration(head="Armen", size="7", instance=SECOND, meta=replacing(FIRST))
    submission = households.registered(edit).submission
    changed = households.one()
    assert (changed.label, changed.properties, changed.version) == ("Armen", {"size": "7"}, 2)
    assert noted(submission) == []


def test_an_edit_puts_right_what_could_not_be_made(households: Households) -> None:
    first = households.registered(registration(head="", instance=FIRST)).submission
    assert noted(first) == ["no_label"]
    households.registered(registration(instance=SECOND, meta=replacing(FIRST)))
    assert noted(first) == []
    assert households.one().label == "Aram"


def test_an_edit_of_an_update_is_no_conflict_with_itself(households: Households) -> None:
    households.registered()
    households.visited(visit(people="5", instance=FIRST))
    edit = visit(people="6", instance=SECOND, meta=replacing(FIRST))
    submission = households.visited(edit).submission
    assert (households.one().properties, households.one().version) == ({"size": "6"}, 3)
    assert noted(submission) == []


def test_members_of_a_repeat_are_entities_of_their_own(desk: Desk) -> None:
    form = workbook(
        survey=[
            ["type", "name", "label", "save_to"],
            ["begin repeat", "member", "Member", ""],
            ["text", "who", "Name", ""],
            ["begin group", "more", "More", ""],
            ["integer", "age", "Age", "age"],
            ["end group", "", "", ""],
            ["end repeat", "", "", ""],
        ],
        entities=[["list_name", "label"], ["people", "${who}"]],
        settings=[["form_id", "version"], ["members", "1"]],
    )
    version = publish.publish(add(desk.cast, form), actor=desk.cast.actor("anna"))
    asked = set(version.questions.values_list("path", flat=True))
    assert asked == {"member", "member/who", "member/more", "member/more/age"}
    one, two = uuid4(), uuid4()

    def member(uid: object, name: str, age: str) -> str:
        entity = f'<entity dataset="people" create="1" id="{uid}"><label>{name}</label></entity>'
        return f"<member><who>{name}</who><more>{age}<meta>{entity}</meta></more></member>"

    body = member(one, "Ani", "<age>3</age>") + member(two, "Eva", "") + member(two, "Lia", "")
    content = f'<data id="members" version="1">{body}<meta><instanceID>uuid:1</instanceID></meta>'
    submission = Desk(desk.cast, version).send(f"{content}</data>".encode()).submission
    people = EntityList.objects.get(name="people").entities
    assert dict(people.values_list("label", "properties")) == {"Ani": {"age": "3"}, "Eva": {}}
    assert noted(submission) == ["repeated"]


def test_a_form_that_reads_a_list_needs_no_file(households: Households) -> None:
    assert households.visits.state == "published"
    assert entities.missing(households.visits) == []
    assert list(entities.live(households.visits)) == ["households.csv"]


def test_a_form_that_pulls_data_from_a_list_needs_no_file(households: Households) -> None:
    pulled = "pulldata('households', 'size', 'name', ${id})"
    form = workbook(
        survey=[
            ["type", "name", "label", "calculation"],
            ["barcode", "id", "Household", ""],
            ["calculate", "size", "", pulled],
        ],
        settings=[["form_id", "version"], ["pull", "1"]],
    )
    draft = add(households.desk.cast, form)
    assert list(entities.live(draft)) == ["households.csv"]
    publish.publish(draft, actor=households.desk.cast.actor("anna"))


def test_a_form_that_reads_the_list_it_makes_needs_no_file(desk: Desk) -> None:
    draft = add(desk.cast, visit_form())
    (empty,) = entities.live(draft).values()
    assert entities.content(empty) == b"name,label,__version,size\n"
    publish.publish(draft, actor=desk.cast.actor("anna"))


def test_a_file_that_no_list_gives_is_still_missed(desk: Desk) -> None:
    form = workbook(
        survey=[["type", "name", "label"], ["select_one_from_file camps.csv", "camp", "Camp"]],
        settings=[["form_id", "version"], ["camps", "1"]],
    )
    with pytest.raises(Problem, match=r"^guard_failed"):
        publish.publish(add(desk.cast, form), actor=desk.cast.actor("anna"))


def test_an_attached_file_goes_before_the_list(households: Households) -> None:
    own = b"name,label,__version\nx,Own,1\n"
    draft = add(households.desk.cast, visit_form("2"), Upload("households.csv", own))
    assert entities.live(draft) == {}
    anna = households.desk.cast.actor("anna")
    publish.publish(draft, actor=anna)
    later = add(households.desk.cast, visit_form("3"))
    assert list(entities.live(later)) == ["households.csv"]


def test_the_table_is_as_devices_read_it(households: Households) -> None:
    households.registered(registration(head="Aram, “Sr”"))
    households.registered(registration(other := uuid4(), head="=1+1", size=""))
    households.visited(visit())
    table = entities.content(households.list).decode().splitlines()
    assert table == [
        "name,label,__version,size",
        f'{ARAM},"Aram, “Sr”",2,5',
        f"{other},=1+1,1,",
    ]


def test_an_archived_entity_is_kept_from_devices_until_it_is_given_back(
    households: Households,
) -> None:
    households.registered()
    before = entities.content(households.list)
    anna, one = households.desk.cast.actor("anna"), households.one()
    entities.set_archived(one, actor=anna, is_archived=True)
    assert entities.content(households.list) == b"name,label,__version,size\n"
    late = households.visited().submission
    assert (noted(late), households.one().properties) == (["archived"], {"size": "5"})
    entities.set_archived(one, actor=anna, is_archived=False)
    assert entities.content(households.list) not in {before, b""}
    assert households.one().version == 4


def test_a_field_officer_archives_nothing(households: Households) -> None:
    households.registered()
    olga = households.desk.cast.actor("olga")
    with pytest.raises(Problem, match=r"^not_found"):
        entities.set_archived(households.one(), actor=olga, is_archived=True)
