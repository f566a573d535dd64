"""The shell: ways in, navigation by role, languages, themes, and pages that say what is wrong."""

from typing import Any

import pytest
from django.contrib.gis.geos import Polygon
from django.db import OperationalError
from django.test import Client, override_settings

from core import navigation
from core.models import Operation, Organisation, User
from core.paging import page
from tests.cast import Cast
from tests.factories.core import OrganisationFactory, UserFactory

FACTS = {
    "name": "Winter response",
    "slug": "winter",
    "glide": "CE-2020-000220-AZE",
    "countries": "arm, AZE",
    "languages": ["en", "hy"],
    "starts_on": "2020-11-23",
    "ends_on": "",
    "status": "active",
    "map_view": "44, 38, 51, 42",
}


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")


def test_with_one_operation_one_lands_in_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga)
    assert client.get("/")["Location"].startswith("/o/caucasus/")


def test_with_several_one_chooses(cast: Cast, client: Client) -> None:
    cast.olga.memberships.create(
        operation=cast.elsewhere, organisation=cast.organisations["OCHA"], role="observer"
    )
    client.force_login(cast.olga)
    shown = client.get("/").content.decode()
    assert "Caucasus 2020" in shown
    assert "Elsewhere" in shown
    assert "Field officer (OCHA)" in shown


def test_without_any_one_is_told_what_to_do(client: Client, db: None) -> None:
    client.force_login(UserFactory(username="new"))
    assert "invitation link" in client.get("/").content.decode()


def test_the_first_administrator_is_shown_how_to_begin(client: Client, db: None) -> None:
    client.force_login(UserFactory(username="root", is_superuser=True))
    assert "Open an operation" in client.get("/").content.decode()


def test_an_administrator_opens_an_operation(cast: Cast, client: Client) -> None:
    client.force_login(cast.adam)
    assert client.post("/operations/new/", FACTS).status_code == 302
    made = Operation.objects.get(slug="winter")
    assert made.countries == ["ARM", "AZE"]
    assert made.map_view.extent == (44, 38, 51, 42)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("slug", "caucasus", "already exists"),
        ("glide", "wrong", "valid value"),
        ("countries", "Armenia", "did not validate"),
        ("ends_on", "2020-11-01", "cannot be before the start"),
        ("map_view", "51, 38, 44, 42", "West must be below east"),
        ("map_view", "here", "four numbers"),
        ("name", "", "required"),
    ],
)
def test_a_wrong_fact_is_named_and_nothing_typed_is_lost(
    field: str, typed: str, said: str, cast: Cast, client: Client
) -> None:
    client.force_login(cast.adam)
    answer = client.post("/operations/new/", FACTS | {field: typed})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert said in shown
    assert "Nothing was saved" in shown
    if field != "name":
        assert 'value="Winter response"' in shown
    assert not Operation.objects.filter(slug="winter").exists()


def test_a_coordinator_edits_the_own_operation(cast: Cast, client: Client) -> None:
    Operation.objects.filter(pk=cast.operation.pk).update(
        map_view=Polygon.from_bbox((44, 38, 51, 42))
    )
    client.force_login(cast.carmen)
    shown = client.get("/o/caucasus/administration/operation/").content.decode()
    assert 'value="44, 38, 51, 42"' in shown
    client.post("/o/caucasus/administration/operation/", FACTS | {"slug": "caucasus"})
    assert Operation.objects.get(slug="caucasus").name == "Winter response"
    assert client.get("/o/elsewhere/administration/operation/").status_code == 404


def test_others_are_told_who_could_edit_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.anna)
    answer = client.get("/o/caucasus/administration/operation/")
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert "Carmen" in shown
    assert 'href="/o/caucasus/areas/"' in shown, "the way on, in the navigation"


def test_organisations_are_kept_by_coordinators_and_administrators(
    cast: Cast, client: Client
) -> None:
    form = {"acronym": "GFZ", "name": "Geo Fund", "kind": "other", "aliases": "Fund, The Fund"}
    client.force_login(cast.anna)
    new = "/o/caucasus/administration/organisations/new/"
    assert client.post(new, form).status_code == 404
    client.force_login(cast.carmen)
    client.post(new, form)
    made = Organisation.objects.get(acronym="GFZ")
    assert made.aliases == ["Fund", "The Fund"]
    twice = client.post(new, form).content.decode()
    assert "already exists" in twice
    client.post(
        f"/o/caucasus/administration/organisations/{made.pk}/", form | {"name": "Earth Fund"}
    )
    assert Organisation.objects.get(acronym="GFZ").name == "Earth Fund"
    found = client.get("/o/caucasus/administration/organisations/?q=the%20fund")
    assert "Earth Fund" in found.content.decode()


@pytest.mark.parametrize(
    ("who", "sees", "misses"),
    [
        ("carmen", {"Jobs", "Administration"}, set()),
        ("olga", {"Jobs"}, {"Administration"}),
        ("oscar", {"Jobs"}, {"Administration", "Submissions"}),
        ("adam", {"Jobs", "Administration"}, {"Assessments", "Submissions", "Reports"}),
    ],
)
def test_the_navigation_shows_what_the_role_may_open(
    who: str, sees: set[str], misses: set[str], cast: Cast, client: Client
) -> None:
    request: Any = client.request().wsgi_request
    request.operation, request.actor = cast.operation, cast.actor(who)
    labels = {str(place["label"]) for place in navigation.places(request)}
    assert sees <= labels
    assert not labels & misses


def test_the_navigation_knows_what_belongs_to_a_place(cast: Cast, client: Client) -> None:
    client.force_login(cast.carmen)
    for address, place in (("cargo/items/", "convoys/"), ("tokens/", "administration/")):
        shown = client.get(f"/o/caucasus/{address}").content.decode()
        assert f'<a href="/o/caucasus/{place}" aria-current="page">' in shown


def test_the_field_client_is_offered_to_those_who_fill(cast: Cast, client: Client) -> None:
    for who, offered in (("olga", True), ("oscar", False)):
        client.force_login(cast.people[who])
        assert ("/field/" in client.get("/o/caucasus/jobs/").content.decode()) is offered


def test_the_demonstration_says_so_on_every_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.carmen)
    assert "invented data" not in client.get("/o/caucasus/jobs/").content.decode()
    Operation.objects.update(is_demo=True)
    assert "Demonstration: invented data" in client.get("/o/caucasus/jobs/").content.decode()


def test_a_stranger_chooses_a_language_that_stays(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "ar", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    shown = client.get("/accounts/login/").content.decode()
    assert 'dir="rtl"' in shown
    assert "bootstrap.rtl.min.css" in shown


def test_a_person_keeps_the_chosen_language(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga)
    client.post("/language/", {"language": "hy", "next": "//evil.example/"})
    assert User.objects.get(pk=cast.olga.pk).language == "hy"
    assert 'lang="hy"' in client.get("/profile/").content.decode()


@pytest.mark.parametrize("form", [{"language": "xx"}, {}, {"language": "hy", "next": "//a.b/"}])
def test_the_language_switch_never_leads_elsewhere(
    form: dict[str, str], client: Client, db: None
) -> None:
    assert client.post("/language/", form)["Location"] == "/"


def test_the_profile_keeps_name_language_and_zone(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga)
    form = {
        "name": "Olga P.",
        "email": "olga@example.org",
        "language": "ru",
        "time_zone": "Asia/Yerevan",
    }
    client.post("/profile/", form)
    olga = User.objects.get(pk=cast.olga.pk)
    assert (olga.name, olga.language, olga.time_zone) == ("Olga P.", "ru", "Asia/Yerevan")


def test_the_profile_refuses_an_email_that_another_has(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.anna.pk).update(email="a@example.org")
    client.force_login(cast.olga)
    form = {"name": "Olga", "email": "A@example.org", "language": "en", "time_zone": "UTC"}
    assert "Another account has this email" in client.post("/profile/", form).content.decode()


@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
def test_the_chosen_theme_is_there_from_the_first_byte(
    theme: str, client: Client, db: None
) -> None:
    client.cookies["theme"] = theme
    shown = client.get("/accounts/login/").content.decode()
    assert f'data-theme="{theme}"' in shown
    assert f'data-bs-theme="{"dark" if theme == "dark" else "light"}"' in shown


def test_a_theme_from_elsewhere_is_not_written_into_the_page(client: Client, db: None) -> None:
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/accounts/login/").content.decode()


@override_settings(DEBUG=False)
def test_an_unknown_address_says_so_in_the_shell(client: Client, db: None) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here that you may see" in answer.content.decode()


def test_pages_have_no_inline_script_style_or_handler(cast: Cast, client: Client) -> None:
    client.force_login(cast.adam)
    for address in ("/?all", "/profile/", "/people/", "/o/caucasus/administration/"):
        shown = client.get(address).content.decode()
        assert " style=" not in shown, address
        assert "<style" not in shown, address
        assert " onclick=" not in shown, address
        assert "<script>" not in shown, address


def test_keyset_pages_join_without_gap_or_overlap(client: Client, db: None) -> None:
    for number in range(7):
        OrganisationFactory(acronym=f"ORG{number}")
    seen: list[list[str]] = []
    request: Any = client.request().wsgi_request
    query = ""
    for _page in range(3):
        request.GET = request.GET.__class__(query)
        got = page(request, Organisation.objects.all(), field="acronym", size=3)
        seen.append([row.acronym for row in got.rows])
        query = (got.next or "?")[1:]
    assert seen == [["ORG0", "ORG1", "ORG2"], ["ORG3", "ORG4", "ORG5"], ["ORG6"]]
    assert got.next is None
    request.GET = request.GET.__class__((got.previous or "?")[1:])
    back = page(request, Organisation.objects.all(), field="acronym", size=3)
    assert [row.acronym for row in back.rows] == ["ORG3", "ORG4", "ORG5"]
    assert back.count == 7


def test_a_mark_that_cannot_be_read_gives_the_first_page(client: Client, db: None) -> None:
    OrganisationFactory(acronym="ORG0")
    request: Any = client.request().wsgi_request
    request.GET = request.GET.__class__("after=nonsense~x")
    assert page(request, Organisation.objects.all(), field="acronym").count == 1


def lost(*args: Any, **options: Any) -> None:
    """Stand in for a database that has gone away."""
    raise OperationalError("server closed the connection unexpectedly")


def test_a_lost_database_is_said_without_asking_it(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.olga)
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", lost)
    answer = client.get("/o/caucasus/jobs/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "The database cannot be reached" in answer.content.decode()
    document = client.get("/api/v1/operations/")
    assert document.json()["code"] == "unavailable"


def test_an_error_in_a_view_shows_a_number_and_no_secrets(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: Any, **options: Any) -> None:
        raise RuntimeError("a secret of the database")

    client.force_login(cast.olga)
    client.raise_request_exception = False
    monkeypatch.setattr("core.views.jobs.readable", breaks)
    answer = client.get("/o/caucasus/jobs/")
    shown = answer.content.decode()
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in shown
    assert "secret" not in shown
