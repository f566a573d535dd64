"""Assessments, forms and their data dictionary over REST."""

from django.test import Client

from assessments.models import FormVersion
from tests.assessments.records import ENGLISH, Records


def test_members_read_forms_with_versions_questions_and_choices(
    records: Records, client: Client
) -> None:
    client.force_login(records.cast.oscar)
    (form,) = client.get("/api/v1/forms/").json()["results"]
    assert (form["form_id"], form["operation"]) == ("rapid", "caucasus")
    (version,) = client.get("/api/v1/forms/versions/?form=rapid").json()["results"]
    assert version["version"] == "1"
    questions = client.get("/api/v1/forms/questions/?form=rapid&version=1").json()["results"]
    (damage,) = [one for one in questions if one["path"] == "house/damage"]
    assert (damage["labels"][ENGLISH], damage["hxl"]) == ("Damage", "#indicator+damage")
    choices = client.get("/api/v1/forms/choices/?list_name=damage").json()["results"]
    assert [one["value"] for one in choices] == ["none", "heavy"]


def test_drafts_are_nobodys_dictionary(records: Records, client: Client) -> None:
    FormVersion.objects.filter(pk=records.version.pk).update(state="superseded")
    client.force_login(records.cast.oscar)
    assert client.get("/api/v1/forms/questions/").json()["results"]


def test_assessments_are_read_by_their_number(records: Records, client: Client) -> None:
    client.force_login(records.cast.paula)
    (listed,) = client.get("/api/v1/assessments/").json()["results"]
    assert client.get(f"/api/v1/assessments/{listed['id']}/").json() == listed
    client.force_login(records.cast.outsider)
    assert client.get(f"/api/v1/assessments/{listed['id']}/").status_code == 404
    assert client.get("/api/v1/forms/questions/").json()["results"] == []
