"""The two assessments of the demonstration: one that waits for its conditions, one in the field."""

from collections.abc import Mapping
from datetime import date

from assessments import conditions, lifecycle, planning, publish
from assessments.models import Assessment, Condition, FormVersion
from assessments.planning import Plan
from assessments.publish import Upload
from core.models import AccessConstraint, Area, Operation, Organisation
from core.policy import Actor
from situation.demo import sources
from situation.demo.field_work import SCOPE

Kind = Condition.Kind
Method = Assessment.Method
WAITING_FOR = (
    (
        Kind.MODALITIES,
        "Role and operating modalities of the inter-agency Humanitarian Response Centre agreed",
    ),
    (Kind.ACCESS, "Access to all people in need, displaced people included"),
    (Kind.SECURITY, "Security clearance of routes and teams, mine risk included"),
)
# Nagorno-Karabakh and surrounding areas, as units of the boundary file.
WAITING_SCOPE = (
    "AZ60100001",
    "AZ60200001",
    "AZ60300001",
    "AZ60400001",
    "AZ60500001",
    "AZ60600001",
    "AZ60900001",
    "AZ61100001",
    "AZ70100001",
    "AZ70200001",
    "AZ70300001",
    "AZ70400002",
)
PLANNED_EACH = 20


def initial(
    operation: Operation,
    actors: dict[str, Actor],
    organisations: dict[str, Organisation],
    areas: Mapping[str, Area],
    obstacle: AccessConstraint,
) -> Assessment:
    """Plan the initial inter-agency assessment, which waits for its conditions."""
    plan = Plan(
        title="Initial inter-agency assessment in Nagorno-Karabakh and surrounding areas",
        description=(
            "An initial independent inter-agency assessment, as soon as conditions permit, to "
            "obtain a comprehensive picture of the humanitarian needs on the ground. Details are "
            "invented for demonstration."
        ),
        method=Method.MIRA,
        lead=organisations["OCHA"],
        members=[organisations[one] for one in ("UNHCR", "UNICEF", "WFP", "WHO", "UNDP", "IFRC")],
        observers=[organisations["DLG"]],
        requested_by="A Member State",
        requested_on=date(2020, 11, 23),
        is_demo=True,
        targets={areas[pcode]: PLANNED_EACH for pcode in WAITING_SCOPE},
    )
    assessment = planning.create(operation, plan, actor=actors["analyst"])
    for kind, text in WAITING_FOR:
        awaited = obstacle if kind == Kind.ACCESS else None
        conditions.add(
            assessment, actor=actors["analyst"], kind=kind, text=text, constraint=awaited
        )
    for step in ("plan", "await_conditions"):
        assessment = lifecycle.move(assessment, step, actor=actors["coordinator"])
    return assessment


def displaced(
    operation: Operation,
    actors: dict[str, Actor],
    organisations: dict[str, Organisation],
    areas: Mapping[str, Area],
) -> Assessment:
    """Plan the assessment of displaced households and take it to the field."""
    plan = Plan(
        title="Rapid assessment of displaced households and host communities",
        description=(
            "Needs of households displaced since 27 September 2020 and of those who host them, in "
            "provinces of Armenia and districts of Azerbaijan, before the winter. All submissions "
            "are invented for demonstration."
        ),
        method=Method.HOUSEHOLD,
        lead=organisations["OCHA"],
        members=[organisations[one] for one in ("UNHCR", "IFRC", "UNICEF", "WFP", "UNDP")],
        observers=[organisations["DLG"]],
        requested_by="Organisations of the response",
        requested_on=date(2020, 11, 5),
        starts_on=date(2020, 11, 12),
        ends_on=date(2020, 12, 4),
        is_demo=True,
        targets={areas[pcode]: target for pcode, (target, _done) in SCOPE.items()},
    )
    assessment = planning.create(operation, plan, actor=actors["analyst"])
    for kind, text, day in (
        (Kind.ACCESS, "Local authorities inform the teams of no objection", 9),
        (Kind.STAFF, "Five teams trained, COVID-19 protection at hand", 10),
    ):
        condition = conditions.add(assessment, actor=actors["analyst"], kind=kind, text=text)
        conditions.record_met(
            condition,
            actor=actors["coordinator"],
            on=date(2020, 11, day),
            evidence="Invented for demonstration",
        )
    for step in ("plan", "schedule", "start_field_work"):
        assessment = lifecycle.move(assessment, step, actor=actors["coordinator"])
    return assessment


def questionnaire(assessment: Assessment, analyst: Actor) -> FormVersion:
    """Convert our own questionnaire and publish it for the assessment."""
    version = publish.add(
        assessment.operation,
        actor=analyst,
        file=Upload(sources.FORM_FILE, sources.workbook()),
        assessment=assessment,
    )
    published = publish.publish(version, actor=analyst)
    return FormVersion.objects.select_related("form__assessment", "operation").get(pk=published.pk)
