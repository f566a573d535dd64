"""The named cast: people of two organisations in one operation, and of another operation.

OCHA leads the assessment. Olga collects for OCHA and Tigran leads her team; Farid and Leyla do the
same for the Red Cross (IFRC). Outsiders belong to another operation.
"""

from dataclasses import dataclass

from core.models import Operation, Organisation, Role, User
from core.policy import Actor
from tests.factories.core import (
    MembershipFactory,
    OperationFactory,
    OrganisationFactory,
    UserFactory,
)

PARTS = {
    "olga": ("OCHA", Role.FIELD_OFFICER),
    "tigran": ("OCHA", Role.TEAM_LEAD),
    "anna": ("OCHA", Role.ANALYST),
    "carmen": ("OCHA", Role.COORDINATOR),
    "lars": ("WFP", Role.LOGISTICS),
    "aida": ("OCHA", Role.ACCESS),
    "rauf": ("WFP", Role.RECEIVER),
    "farid": ("IFRC", Role.FIELD_OFFICER),
    "leyla": ("IFRC", Role.TEAM_LEAD),
    "nils": ("IFRC", Role.ANALYST),
    "paula": ("UNHCR", Role.PARTNER),
    "oscar": ("DONOR", Role.OBSERVER),
}


@dataclass(frozen=True)
class Cast:
    """The people by name; ``outsider`` coordinates another operation, ``adam`` administers."""

    operation: Operation
    elsewhere: Operation
    organisations: dict[str, Organisation]
    people: dict[str, User]

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, name: str) -> Actor:
        """Return a fresh actor for a person."""
        return Actor(user=User.objects.get(pk=self.people[name].pk))


def assemble() -> Cast:
    """Put the cast into the database."""
    operation = OperationFactory(slug="caucasus", name="Caucasus 2020")
    elsewhere = OperationFactory(slug="elsewhere", name="Elsewhere")
    acronyms = {acronym for acronym, _ in PARTS.values()} | {"AWAY"}
    organisations = {acronym: OrganisationFactory(acronym=acronym) for acronym in acronyms}
    people = {"adam": UserFactory(username="adam", is_superuser=True)}
    for name, (acronym, role) in PARTS.items():
        people[name] = UserFactory(username=name)
        MembershipFactory(
            user=people[name],
            operation=operation,
            organisation=organisations[acronym],
            role=role,
        )
    people["outsider"] = UserFactory(username="outsider")
    MembershipFactory(
        user=people["outsider"],
        operation=elsewhere,
        organisation=organisations["AWAY"],
        role=Role.COORDINATOR,
    )
    return Cast(operation, elsewhere, organisations, people)
