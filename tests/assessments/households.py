"""Two questionnaires about households: one registers them, one is asked again on each visit."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from assessments import publish
from assessments.models import Entity, EntityList, FormVersion
from assessments.receipts import Receipt
from tests.assessments.desk import Desk, add
from tests.assessments.workbooks import workbook

ARAM = UUID("11111111-2222-4333-8444-555555555555")


def register_form(version: str = "1", *properties: str) -> bytes:
    """Return the form that makes a household; it saves ``size`` and what else is named."""
    return workbook(
        survey=[
            ["type", "name", "label", "save_to"],
            ["text", "head", "Head of household", ""],
            ["integer", "size", "People", "size"],
            *(["text", name, name, name] for name in properties),
        ],
        entities=[["list_name", "label"], ["households", "${head}"]],
        settings=[["form_id", "version", "form_title"], ["register", version, "Register"]],
    )


def visit_form(version: str = "1") -> bytes:
    """Return the form that chooses a household, and says how many people there are now."""
    return workbook(
        survey=[
            ["type", "name", "label", "save_to"],
            ["select_one_from_file households.csv", "household", "Household", ""],
            ["integer", "people", "People now", "size"],
        ],
        entities=[["list_name", "entity_id"], ["households", "${household}"]],
        settings=[["form_id", "version", "form_title"], ["household_visit", version, "Visit"]],
    )


def registration(
    uid: UUID | str = ARAM,
    *,
    head: str = "Aram",
    size: str = "4",
    instance: str = "",
    meta: str = "",
    version: str = "1",
) -> bytes:
    """Return a record that registers a household."""
    return (
        f'<data id="register" version="{version}"><head>{head}</head><size>{size}</size><meta>'
        f'<entity dataset="households" create="1" id="{uid}"><label>{head}</label></entity>'
        f"<instanceID>uuid:{instance or uuid4()}</instanceID>{meta}</meta></data>"
    ).encode()


def visit(
    uid: UUID | str = ARAM,
    *,
    people: str = "5",
    base: int | str = 1,
    instance: str = "",
    meta: str = "",
) -> bytes:
    """Return a record of a visit, made with the household at version ``base``."""
    return (
        f'<data id="household_visit" version="1"><household>{uid}</household>'
        f"<people>{people}</people><meta>"
        f'<entity dataset="households" update="1" baseVersion="{base}" trunkVersion="" branchId=""'
        f' id="{uid}"/><instanceID>uuid:{instance or uuid4()}</instanceID>{meta}</meta></data>'
    ).encode()


def replacing(instance: str) -> str:
    """Return what an edit says of the record that it replaces."""
    return f"<deprecatedID>uuid:{instance}</deprecatedID>"


@dataclass
class Households:
    """Both forms, published, and those who fill them."""

    desk: Desk
    register: FormVersion
    visits: FormVersion

    @property
    def list(self) -> EntityList:
        """Return the list as it is now."""
        return EntityList.objects.get(name="households")

    def one(self, uid: UUID = ARAM) -> Entity:
        """Return a household as it is now."""
        return Entity.objects.get(uid=uid)

    def registered(self, content: bytes | None = None, **options: bool) -> Receipt:
        """Send a record of the first form."""
        desk = Desk(self.desk.cast, self.register)
        return desk.send(registration() if content is None else content, **options)

    def visited(self, content: bytes | None = None) -> Receipt:
        """Send a record of the second form."""
        return Desk(self.desk.cast, self.visits).send(visit() if content is None else content)


@pytest.fixture
def households(desk: Desk) -> Households:
    """Publish both forms."""
    anna = desk.cast.actor("anna")
    register = publish.publish(add(desk.cast, register_form()), actor=anna)
    return Households(desk, register, publish.publish(add(desk.cast, visit_form()), actor=anna))
