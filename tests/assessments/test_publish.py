"""A form's way: draft, attachments, publication, versions that never change."""

import json

import pytest

from assessments import publish, tasks
from assessments.models import Form, FormVersion
from assessments.publish import Upload
from core.errors import Problem
from core.jobs import run
from core.models import Job
from tests.assessments.desk import PNG, Desk, add
from tests.assessments.workbooks import needs_form, workbook
from tests.cast import Cast
from tests.factories.assessments import AssessmentFactory

State = FormVersion.State
pytestmark = pytest.mark.usefixtures("media")
CAMPS = b"\xef\xbb\xbfname,label\nc1,Camp 1\nc2,Camp 2\n"
PLACES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "s1",
            "properties": {"title": "Site 1"},
            "geometry": {"type": "Point", "coordinates": [45, 39]},
        }
    ],
}


def with_files(version: str = "1") -> bytes:
    """Return a form that needs a CSV, a GeoJSON and a picture."""
    return workbook(
        survey=[
            ["type", "name", "label", "media::image"],
            ["select_one_from_file camps.csv", "camp", "Camp", "tap.png"],
            ["select_one_from_file sites.geojson", "site", "Site", ""],
        ],
        settings=[["form_id", "version", "form_title"], ["files", version, "Files"]],
    )


def refusal(code: str) -> "pytest.RaisesExc[Problem]":
    """Expect a Problem with a code."""
    return pytest.raises(Problem, match=f"^{code}")


def test_an_upload_is_converted_by_a_job(cast: Cast) -> None:
    version = publish.upload(
        cast.operation, actor=cast.actor("anna"), file=Upload("C:\\forms\\n.xlsx", needs_form())
    )
    assert version.state == State.UPLOADED
    assert version.source_name == "n.xlsx"
    job = Job.objects.get(pk=version.job_id)
    assert job.kind == tasks.publish.CONVERT_JOB
    run(str(job.pk))
    version = FormVersion.objects.get(pk=version.pk)
    job.refresh_from_db()
    assert (version.state, version.version, job.state) == (State.DRAFT, "1", Job.State.DONE)
    assert version.form == Form.objects.get(form_id="needs")
    assert version.questions.count() == 12
    assert version.choices.count() == 4


def test_a_form_with_errors_has_failed_and_cannot_be_published(cast: Cast) -> None:
    version = add(cast, workbook(survey=[["type", "name", "label"], ["txet", "a", "A"]]))
    assert version.state == State.FAILED
    assert version.report["errors"][0]["row"] == 2
    with refusal("wrong_state"):
        publish.publish(version, actor=cast.actor("anna"))


def test_who_may_not_plan_may_not_upload(cast: Cast) -> None:
    with refusal("forbidden"):
        publish.upload(cast.operation, actor=cast.actor("olga"), file=Upload("a", needs_form()))
    with refusal("not_found"):
        publish.upload(cast.operation, actor=cast.actor("outsider"), file=Upload("a", b""))


def test_publishing_waits_for_every_file(cast: Cast) -> None:
    actor = cast.actor("anna")
    version = add(cast, with_files(), Upload("camps.csv", CAMPS), Upload("notes.txt", b"?"))
    assert version.state == State.DRAFT
    assert [one["message"] for one in version.report["warnings"]] == [
        "The form does not use the file “notes.txt”."
    ]
    with refusal("guard_failed") as waiting:
        publish.publish(version, actor=actor)
    assert "sites.geojson, tap.png" in waiting.value.detail
    publish.attach(version, actor=actor, file=Upload("tap.png", PNG))
    publish.attach(version, actor=actor, file=Upload("sites.geojson", json.dumps(PLACES).encode()))
    assert publish.publish(version, actor=actor).state == State.PUBLISHED
    labels = dict(version.choices.values_list("value", "labels"))
    assert labels == {
        "c1": {"default": "Camp 1"},
        "c2": {"default": "Camp 2"},
        "s1": {"default": "Site 1"},
    }


def multi_polygon() -> bytes:
    """Return the one geometry that makes the field engine fail."""
    ring = [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]
    shape = {"type": "MultiPolygon", "coordinates": ring}
    feature = {"type": "Feature", "id": "s1", "properties": {"title": "Site"}, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("camps.csv", b"nam,label\nc1,Camp\n", "“name”"),
        ("camps.csv", b"name,label\nc1,Camp,more\n", "more cells"),
        ("camps.csv", b"name,label\nc1,\xe9\n", "UTF-8"),
        ("tap.png", b"<html><script>alert(1)</script>", "type image"),
        ("sites.geojson", b"[" * 100_000, "FeatureCollection"),
        ("sites.geojson", multi_polygon(), "MultiPolygon"),
    ],
    ids=["column", "ragged", "encoding", "disguise", "nesting", "multipolygon"],
)
def test_a_file_that_cannot_serve_is_refused_and_stays_missing(
    cast: Cast, name: str, content: bytes, said: str
) -> None:
    version = add(cast, with_files())
    with refusal("invalid") as wrong:
        publish.attach(version, actor=cast.actor("anna"), file=Upload(name, content))
    assert said in wrong.value.errors[0]["message"]
    assert version.attachments.filter(file="").count() == 3
    again = add(cast, with_files(), Upload(name, content))
    assert again.report["warnings"][-1]["sheet"] == name
    assert again.attachments.filter(file="").count() == 3


def test_a_new_version_takes_over_the_files_of_the_published_one(cast: Cast) -> None:
    actor = cast.actor("anna")
    places = Upload("sites.geojson", json.dumps(PLACES).encode())
    files = (Upload("camps.csv", CAMPS), Upload("tap.png", PNG), places)
    publish.publish(add(cast, with_files("1"), *files), actor=actor)
    changed = Upload("camps.csv", CAMPS + b"c3,Camp 3\n")
    second = add(cast, with_files("2"), changed)
    assert second.attachments.filter(file="").count() == 0
    assert len(second.report["warnings"]) == 2
    assert second.choices.filter(list_name="camps").count() == 3
    assert publish.publish(second, actor=actor).state == State.PUBLISHED


def test_a_file_that_no_question_names_is_refused(cast: Cast) -> None:
    with refusal("attachment_not_named") as wrong:
        publish.attach(
            add(cast, with_files()), actor=cast.actor("anna"), file=Upload("Camps.csv", CAMPS)
        )
    assert "camps.csv" in wrong.value.detail


def test_a_new_draft_takes_the_place_of_the_old_one(cast: Cast) -> None:
    first, second = add(cast, needs_form("1")), add(cast, needs_form("2"))
    first = FormVersion.objects.get(pk=first.pk)
    assert (first.state, second.state) == (State.DISCARDED, State.DRAFT)
    assert first.form == second.form


def test_publishing_supersedes_the_former_version(desk: Desk) -> None:
    actor = desk.cast.actor("anna")
    second = publish.publish(add(desk.cast, needs_form("2")), actor=actor)
    former = FormVersion.objects.get(pk=desk.version.pk)
    assert (former.state, second.state) == (State.SUPERSEDED, State.PUBLISHED)
    with refusal("form_version_older"):
        publish.publish(add(desk.cast, needs_form("1")), actor=actor)


def test_other_content_under_a_published_version_is_refused(desk: Desk) -> None:
    changed = add(desk.cast, needs_form("1", extra=[["text", "more", "More", "", ""]]))
    with refusal("form_version_taken") as taken:
        publish.publish(changed, actor=desk.cast.actor("anna"))
    assert "settings sheet" in taken.value.how


def test_publishing_the_same_again_changes_nothing(desk: Desk) -> None:
    again = publish.publish(add(desk.cast, needs_form("1")), actor=desk.cast.actor("anna"))
    assert again == desk.version
    assert FormVersion.objects.filter(state=State.PUBLISHED).count() == 1


def test_a_form_id_belongs_to_one_assessment(desk: Desk) -> None:
    other = AssessmentFactory(operation=desk.cast.operation)
    version = add(desk.cast, needs_form("2"), assessment=other)
    assert version.state == State.FAILED
    assert version.report["errors"][0]["column"] == "form_id"


def test_a_published_version_takes_no_files(desk: Desk) -> None:
    with refusal("form_immutable"):
        publish.attach(desk.version, actor=desk.cast.actor("anna"), file=Upload("a.csv", b""))


def test_a_conversion_that_is_done_twice_gives_the_same(cast: Cast) -> None:
    version = add(cast, with_files(), Upload("camps.csv", CAMPS))
    again = publish.convert_version(version)
    assert again.pk == version.pk
    assert again.questions.count() == 2
    assert again.choices.count() == 2


def test_a_broken_workbook_says_so_on_the_version(cast: Cast) -> None:
    version = add(cast, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert version.state == State.FAILED
    assert "cannot be read" in version.report["errors"][0]["message"]
