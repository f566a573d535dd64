"""The operation of the demonstration, its organisations, and one account for each role.

The organisations are real ones that could take part; the people are invented, and nothing says
what an organisation really did.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.gis.geos import Polygon

from core import members, operations
from core.models import Operation, Organisation, Role, User
from core.policy import Actor

SLUG = "demo"
PASSWORD = f"tessera-{SLUG}"
Kind = Organisation.Kind


@dataclass(frozen=True)
class Person:
    """Somebody invented; without ``signs_in`` the account has no password."""

    username: str
    name: str
    organisation: str
    role: Role
    language: str = "en"
    signs_in: bool = True


ORGANISATIONS = {
    "OCHA": ("United Nations Office for the Coordination of Humanitarian Affairs", Kind.UN),
    "UNHCR": ("United Nations High Commissioner for Refugees", Kind.UN),
    "IFRC": (
        "International Federation of Red Cross and Red Crescent Societies",
        Kind.RED_CROSS,
    ),
    "UNICEF": ("United Nations Children's Fund", Kind.UN),
    "WFP": ("World Food Programme", Kind.UN),
    "WHO": ("World Health Organization", Kind.UN),
    "UNDP": ("United Nations Development Programme", Kind.UN),
    "DLG": ("Donor liaison group (invented)", Kind.DONOR),
}
PEOPLE = (
    Person("administrator", "Ingrid Solberg", "", Role.ADMINISTRATOR),
    Person("coordinator", "Maria Okonkwo", "OCHA", Role.COORDINATOR),
    Person("analyst", "Tomás Herrera", "OCHA", Role.ANALYST),
    Person("lead", "Grace Mensah", "UNHCR", Role.TEAM_LEAD),
    Person("officer", "Samuel Otieno", "UNHCR", Role.FIELD_OFFICER),
    Person("logistics", "Lars Nyberg", "WFP", Role.LOGISTICS),
    Person("access", "Amina Diallo", "OCHA", Role.ACCESS, "ru"),
    Person("receiver", "Pavel Novák", "IFRC", Role.RECEIVER, "ru"),
    Person("partner", "Claire Dubois", "UNICEF", Role.PARTNER),
    Person("observer", "Kenji Mori", "DLG", Role.OBSERVER),
    Person("officer2", "Rasa Petrauskaitė", "IFRC", Role.FIELD_OFFICER, "hy"),
    Person("lead2", "Jonas Weber", "IFRC", Role.TEAM_LEAD, "az"),
    Person("collector-unicef", "Leila Haddad", "UNICEF", Role.FIELD_OFFICER, signs_in=False),
    Person("collector-wfp", "Marco Rossi", "WFP", Role.FIELD_OFFICER, signs_in=False),
    Person("collector-undp", "Sofia Almeida", "UNDP", Role.FIELD_OFFICER, signs_in=False),
)


def accounts() -> dict[str, Actor]:
    """Make the accounts; return who acts for each user name.

    Made directly, as invitations are for real people; the password is hashed once for all.
    """
    known = make_password(PASSWORD)
    actors = {}
    for person in PEOPLE:
        user, _made = User.objects.get_or_create(
            username=person.username,
            defaults={
                "name": person.name,
                "email": f"{person.username}@demo.invalid",
                "password": known if person.signs_in else make_password(None),
                "language": person.language,
                "time_zone": "Asia/Tbilisi",
                "is_superuser": person.role == Role.ADMINISTRATOR,
            },
        )
        actors[person.username] = Actor(user=user)
    return actors


def operation(administrator: Actor) -> Operation:
    """Open the operation."""
    return operations.open_operation(
        actor=administrator,
        slug=SLUG,
        name="Nagorno-Karabakh and surrounding areas 2020 (demonstration)",
        countries=["ARM", "AZE"],
        languages=["en", "ru", "hy", "az"],
        starts_on=date(2020, 9, 27),
        is_demo=True,
        map_view=Polygon.from_bbox((43.4, 38.3, 50.6, 41.95)),
    )


def organisations(administrator: Actor) -> dict[str, Organisation]:
    """Return the organisations by acronym; those that are known already stay as they are."""
    known = {one.acronym: one for one in Organisation.objects.filter(acronym__in=ORGANISATIONS)}
    for acronym, (name, kind) in ORGANISATIONS.items():
        if acronym not in known:
            known[acronym] = operations.keep_organisation(
                Organisation(), actor=administrator, acronym=acronym, name=name, kind=kind
            )
    return known


def give_roles(
    operation: Operation, actors: dict[str, Actor], organisations: dict[str, Organisation]
) -> None:
    """Make everybody but the administrator a member, as the administrator would."""
    for person in PEOPLE:
        user = actors[person.username].user
        if person.organisation and user:
            members.add(
                operation,
                actor=actors["administrator"],
                user=user,
                organisation=organisations[person.organisation],
                role=person.role,
            )
