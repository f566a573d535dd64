"""Entity lists as devices get them: OpenRosa's manifest and integrity, and the field client."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from assessments import entities, publish
from tests.assessments.desk import add
from tests.assessments.households import ARAM, Households, registration, visit, visit_form
from tests.assessments.test_openrosa import MANIFEST, App, app, read

__all__ = ["app"]
FILE = "households.csv"


def md5(content: bytes) -> str:
    """Return a hash as OpenRosa writes it."""
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"


def listed(app: App, households: Households) -> tuple[dict[str, str], dict[str, str]]:
    """Return the attributes and the parts of the one file in the manifest of the visits' form."""
    (entry,) = read(app.ask("GET", f"forms/{households.visits.pk}/manifest"))
    return dict(entry.attrib), {part.tag.removeprefix(MANIFEST): part.text for part in entry}


def gone(app: App, url: str, *uids: object) -> dict[str, str]:
    """Ask whether entities are gone."""
    root = read(app.ask("GET", f"{url}?id={','.join(map(str, uids))}"))
    assert (root.tag, [part.tag for part in root]) == ("data", ["entities"])
    return {one.attrib["id"]: one.findtext("deleted") or "" for one in root[0]}


def test_a_household_registered_by_one_form_is_chosen_in_the_other(
    app: App, households: Households
) -> None:
    assert app.send(registration()).status_code == 201
    kind, parts = listed(app, households)
    assert kind == {"type": "entityList"}
    base = f"http://testserver{app.base}/forms/{households.visits.pk}/files/{FILE}"
    table = app.ask("GET", base)
    assert table.content.decode() == f"name,label,__version,size\n{ARAM},Aram,1,4\n"
    assert parts == {
        "filename": FILE,
        "hash": md5(table.content),
        "downloadUrl": base,
        "integrityUrl": f"{base}/integrity",
    }
    chosen, _label, version, _size = table.content.decode().splitlines()[1].split(",")
    assert app.send(visit(chosen, people="9", base=version)).status_code == 201
    assert app.send(visit(uuid4())).status_code == 201  # nothing that was collected is lost
    assert (households.one().properties, households.one().version) == ({"size": "9"}, 2)
    after = listed(app, households)[1]["hash"]
    assert after == md5(app.ask("GET", base).content) != parts["hash"]
    page = Client()
    page.force_login(households.desk.cast.anna)
    newest = households.one().changed_by
    answers = page.get(f"/o/caucasus/submissions/{newest.pk}/").content.decode()
    assert "Aram" in answers


def test_the_form_list_names_a_manifest_where_a_list_is_all_that_a_form_needs(
    app: App, households: Households
) -> None:
    body = app.ask("GET", "formList?formID=household_visit").content.decode()
    assert f"/forms/{households.visits.pk}/manifest</manifestUrl>" in body


def test_integrity_tells_which_entities_are_gone(app: App, households: Households) -> None:
    households.registered()
    households.registered(registration(kept := uuid4()))
    url = listed(app, households)[1]["integrityUrl"]
    assert gone(app, url, ARAM, kept) == {str(ARAM): "false", str(kept): "false"}
    anna = households.desk.cast.actor("anna")
    entities.set_archived(households.one(), actor=anna, is_archived=True)
    asked = gone(app, url, ARAM, kept, never := uuid4(), "<odd>")
    gone_now = {str(ARAM): "true", str(never): "true", "<odd>": "true"}
    assert asked == gone_now | {str(kept): "false"}
    assert gone(app, url) == {}


@pytest.mark.parametrize("address", ["files/none.csv/integrity", "files/none.csv"])
def test_what_no_list_is_behind_is_not_found(
    app: App, households: Households, address: str
) -> None:
    assert app.ask("GET", f"forms/{households.visits.pk}/{address}").status_code == 404


def described(client: Client, households: Households) -> dict[str, Any]:
    """Return the one attachment as the field client's list of forms has it."""
    forms = client.get("/field/api/forms").json()["forms"]
    (form,) = (one for one in forms if one["id"] == households.visits.pk)
    (attachment,) = form["attachments"]
    return dict(attachment)


def test_the_field_client_fetches_a_list_again_when_it_has_changed(
    client: Client, households: Households
) -> None:
    households.registered()
    client.force_login(households.desk.cast.olga)
    before = described(client, households)
    assert before["filename"] == FILE
    answer = client.get(before["url"])
    assert answer.content.decode().splitlines()[1:] == [f"{ARAM},Aram,1,4"]
    assert (answer["Content-Type"], md5(answer.content)) == (before["type"], before["hash"])
    etag = answer["ETag"]
    assert f"md5:{etag.strip(chr(34))}" == before["hash"]
    assert client.get(before["url"], headers={"If-None-Match": etag}).status_code == 304
    households.visited()
    after = described(client, households)
    assert after["hash"] != before["hash"]
    assert after["url"] != before["url"]  # devices keep files by their address
    again = client.get(before["url"], headers={"If-None-Match": etag})
    assert (again.status_code, again.content.decode().splitlines()[1:]) == (
        200,
        [f"{ARAM},Aram,2,5"],
    )


def test_a_draft_is_tried_with_the_list_as_it_is(client: Client, households: Households) -> None:
    households.registered()
    draft = add(households.desk.cast, visit_form("2"))
    client.force_login(households.desk.cast.anna)
    answer = client.get(f"/field/api/forms/{draft.pk}/attachments/{FILE}")
    assert answer.content.decode().splitlines()[1:] == [f"{ARAM},Aram,1,4"]
    assert entities.live(draft)[FILE] == households.list
    publish.publish(draft, actor=households.desk.cast.actor("anna"))
