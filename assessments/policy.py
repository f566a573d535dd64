"""Who may do what with assessments, forms and submissions (the matrix of product.md)."""

from django.db.models import Q

from assessments.models import Form, Handover
from core import afield
from core.models import Membership, Role
from core.policy import EVERYTHING, MEMBERS, NOTHING, Actor, Known, Rule, Verb, declare, either
from core.verbs import MANAGERS, own, verb

PLANNERS = (Role.ANALYST, Role.COORDINATOR)
COLLECTORS = (Role.FIELD_OFFICER, Role.TEAM_LEAD)
REVIEWERS = (Role.TEAM_LEAD, Role.ANALYST, Role.COORDINATOR)
afield.WORK["forms"] = (*COLLECTORS, *PLANNERS)


def of_own_organisation(*roles: Role) -> Rule:
    """Give submissions collected by organisations in which the actor holds one of ``roles``."""

    def rule(actor: Actor) -> Q:
        found = NOTHING
        for held in actor.holding(roles):
            found |= Q(operation=held.operation_id, organisation=held.organisation_id)
        return found

    return rule


def of_led_assessment(*roles: Role) -> Rule:
    """Give submissions of assessments that the actor's organisation leads.

    The few forms of those are looked up first: with a join in its place PostgreSQL expects far
    fewer submissions than there are, and reads them all to sort them.
    """

    def rule(actor: Actor) -> Q:
        found = NOTHING
        for held in actor.holding(roles):
            forms = Form.objects.filter(
                operation=held.operation_id, assessment__lead=held.organisation_id
            )
            keys = forms.order_by().values_list("pk", flat=True)
            led = Known("led by own organisation", keys.all)
            found |= Q(operation=held.operation_id, form__in=led)
        return found

    return rule


def handed_over_to(*roles: Role) -> Rule:
    """Give what colleagues sent who have left, where the actor was asked to look after it."""

    def rule(actor: Actor) -> Q:
        found = NOTHING
        for held in actor.holding(roles):
            handed = Handover.objects.filter(
                operation=held.operation_id,
                organisation=held.organisation_id,
                successor=held.user_id,
            )
            keys = handed.order_by().values_list("sender", flat=True)
            left = Known("handed over", keys.all)
            found |= Q(
                operation=held.operation_id,
                organisation=held.organisation_id,
                submitted_by__in=left,
            )
        return found

    return rule


def released_to(*roles: Role) -> Rule:
    """Give submissions that were released to partners."""

    def rule(actor: Actor) -> Q:
        held = {membership.operation_id for membership in actor.holding(roles)}
        return Q(operation__in=held, released_at__isnull=False, is_test=False) if held else NOTHING

    return rule


def in_role(rule: Rule, *roles: Role) -> Rule:
    """Narrow a rule to operations where the actor holds one of ``roles``."""

    def narrowed(actor: Actor) -> Q:
        held = {membership.operation_id for membership in actor.holding(roles)}
        return rule(actor) & Q(operation__in=held) if held else NOTHING

    return narrowed


# What a field officer sent, or was asked to look after.
OWN = either(in_role(own("submitted_by"), *COLLECTORS), handed_over_to(*COLLECTORS))
RAW = either(
    OWN,
    of_own_organisation(Role.TEAM_LEAD, Role.ANALYST),
    of_led_assessment(Role.ANALYST, Role.COORDINATOR),
)
READING = either(RAW, released_to(Role.PARTNER))
REVIEWING = either(
    of_own_organisation(Role.TEAM_LEAD, Role.ANALYST),
    of_led_assessment(Role.ANALYST, Role.COORDINATOR),
)

verb("assessment.read", "assessments.Assessment", "operation", MEMBERS, "assessment.read")
verb("assessment.create", "core.Operation", "pk", PLANNERS, "operation.read")
verb("assessment.plan", "assessments.Assessment", "operation", PLANNERS, "assessment.read")
verb(
    "assessment.schedule",
    "assessments.Assessment",
    "operation",
    (Role.COORDINATOR,),
    "assessment.read",
)
verb(
    "assessment.publish",
    "assessments.Assessment",
    "operation",
    (Role.COORDINATOR,),
    "assessment.read",
)
verb("form.read", "assessments.Form", "operation", MEMBERS, "form.read")
verb("form_version.read", "assessments.FormVersion", "operation", MEMBERS, "form_version.read")
verb("form.upload", "core.Operation", "pk", PLANNERS, "operation.read")
verb("form.manage", "assessments.FormVersion", "operation", PLANNERS, "form_version.read")
verb("form.publish", "assessments.FormVersion", "operation", PLANNERS, "form_version.read")
verb("form.fill", "assessments.FormVersion", "operation", COLLECTORS, "form_version.read")
verb(
    "form.try",
    "assessments.FormVersion",
    "operation",
    (*COLLECTORS, *PLANNERS),
    "form_version.read",
)
declare(
    Verb(
        "submission.read",
        "assessments.Submission",
        READING,
        REVIEWERS,
        "submission.read",
        writes=False,
    )
)
# All of it: restricted answers, files, XML, the exact place. Others see what is released.
declare(
    Verb(
        "submission.raw",
        "assessments.Submission",
        RAW,
        (*COLLECTORS, Role.ANALYST, Role.COORDINATOR),
        "submission.read",
        writes=False,
    )
)
declare(
    Verb("submission.review", "assessments.Submission", REVIEWING, REVIEWERS, "submission.read")
)
declare(
    Verb(
        "submission.amend",
        "assessments.Submission",
        either(own("submitted_by"), handed_over_to(*COLLECTORS)),
        (*COLLECTORS, *PLANNERS),
        "submission.read",
    )
)
# Devices get the lists with the forms that read them, whoever fills those in.
verb("entity_list.read", "assessments.EntityList", "operation", REVIEWERS, "entity_list.read")
verb("entity.read", "assessments.Entity", "entity_list__operation", REVIEWERS, "entity.read")
verb("entity.manage", "assessments.Entity", "entity_list__operation", PLANNERS, "entity.read")
verb("app_user.read", "assessments.AppUser", "operation", MANAGERS, "app_user.read")
verb("app_user.revoke", "assessments.AppUser", "operation", MANAGERS, "app_user.read")
verb(
    "record_import.read",
    "assessments.RecordImport",
    "operation",
    (Role.COORDINATOR,),
    "record_import.read",
)
verb("records.import", "core.Operation", "pk", (Role.COORDINATOR,), "operation.read")


def of_managed_people(actor: Actor) -> Q:
    """Give what belongs to the members of the operations that the actor manages."""
    if actor.is_administrator:
        return EVERYTHING
    held = {one.operation_id for one in actor.holding(MANAGERS)}
    people = Membership.objects.filter(operation__in=held)
    return Q(user__in=people.values("user")) if held else NOTHING


for name in ("device.read", "device.revoke"):
    declare(
        Verb(
            name,
            "assessments.Device",
            of_managed_people,
            MANAGERS,
            "device.read",
            "pk",
            writes=name != "device.read",
        )
    )
