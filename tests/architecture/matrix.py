"""The product's matrix as the tests know it: who of the cast may do which verb with which object.

Written by hand from the product's description, on purpose without the code's own tables.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from assessments.models import AppUser, Assignment, Condition, Device, RecordImport, SubmissionFile
from convoys.models import Claim, Convoy
from core.models import (
    ApiToken,
    Area,
    AreaImport,
    Invitation,
    Job,
    Membership,
    PopulationFigure,
    TableImport,
)
from situation.models import Report
from tests.architecture import cargo
from tests.cast import PARTS, Cast
from tests.factories.access import (
    ClearanceFactory,
    ConstraintFactory,
    MovementFactory,
    NoticeFactory,
    ObservationFactory,
    OutcomeFactory,
    RequirementFactory,
    ScoreFactory,
    SegmentFactory,
    SiteFactory,
    WindowFactory,
)
from tests.factories.assessments import (
    AssessmentFactory,
    EntityFactory,
    FormFactory,
    FormVersionFactory,
    SubmissionFactory,
)
from tests.factories.core import AreaFactory, UserFactory

MEMBERS = frozenset(PARTS)
EVERYONE = MEMBERS | {"adam"}
ANALYSTS = frozenset({"anna", "nils"})
PLANNERS = ANALYSTS | {"carmen"}
REVIEWERS = PLANNERS | {"tigran", "leyla"}
MANAGERS = frozenset({"carmen", "adam"})
COLLECTORS = frozenset({"olga", "tigran", "farid", "leyla"})
RAW_OF_OLGA = frozenset({"olga", "tigran", "anna", "carmen"})
INSIDERS = MEMBERS - {"paula", "oscar"}
ACCESS = frozenset({"aida", "carmen"})
WRITERS = frozenset({"anna", "nils", "lars", "aida", "carmen"})

# verb -> (the object it is tried on, who may)
MATRIX: dict[str, tuple[str, frozenset[str]]] = {
    "operation.read": ("operation", EVERYONE),
    "operation.manage": ("operation", MANAGERS),
    "member.read": ("membership", MANAGERS),
    "member.manage": ("operation", MANAGERS),
    "area.read": ("area", EVERYONE),
    "area.manage": ("operation", PLANNERS | {"adam"}),
    "area_import.read": ("area_import", PLANNERS | {"adam"}),
    "area_import.manage": ("area_import", PLANNERS | {"adam"}),
    "population.read": ("population", EVERYONE),
    "site.read": ("site", EVERYONE),
    "segment.read": ("segment", EVERYONE),
    "route.manage": ("operation", frozenset({"lars", "aida", "carmen"})),
    "access.read": ("operation", MEMBERS),
    "access.report": ("operation", COLLECTORS | {"lars", "aida", "carmen"}),
    "access.manage": ("operation", ACCESS),
    "constraint.read": ("constraint", INSIDERS),
    "constraint.manage": ("constraint", ACCESS),
    "score.read": ("score", INSIDERS),
    "score.adopt": ("score", ACCESS),
    "observation.read": ("observation", INSIDERS),
    "observation.adopt": ("observation", ACCESS),
    "window.read": ("window", INSIDERS),
    "window.manage": ("window", ACCESS),
    "window.by_clock": ("window", frozenset()),
    "requirement.read": ("requirement", INSIDERS),
    "requirement.manage": ("requirement", ACCESS),
    "clearance.read": ("clearance", INSIDERS),
    "clearance.manage": ("clearance", ACCESS),
    "clearance.decide": ("clearance", ACCESS),
    "clearance.by_clock": ("clearance", frozenset()),
    "notice.read": ("notice", INSIDERS),
    "notice.manage": ("notice", ACCESS),
    "notice.by_clock": ("notice", frozenset()),
    "movement.read": ("movement", INSIDERS),
    "movement.manage": ("movement", ACCESS),
    "outcome.read": ("outcome", INSIDERS),
    "table_import.read": ("table_import", frozenset({"lars"})),
    "table_import.confirm": ("table_import", frozenset({"lars"})),
    "job.read": ("job", frozenset({"nils", "carmen", "adam"})),
    "job.retry": ("job", frozenset({"nils", "carmen", "adam"})),
    "token.read": ("token", frozenset({"paula", "carmen", "adam"})),
    "token.revoke": ("token", frozenset({"paula", "carmen", "adam"})),
    "token.make": ("operation", MEMBERS),
    "user.recover": ("user", frozenset({"adam"})),
    "user.edit": ("user", frozenset({"olga"})),
    "operation.create": ("user", frozenset({"adam"})),
    "organisation.manage": ("organisation", MANAGERS | {"outsider"}),
    "assessment.read": ("assessment", MEMBERS),
    "assessment.create": ("operation", PLANNERS),
    "assessment.plan": ("assessment", PLANNERS),
    "assessment.schedule": ("assessment", frozenset({"carmen"})),
    "assessment.publish": ("assessment", frozenset({"carmen"})),
    "form.read": ("form", MEMBERS),
    "form_version.read": ("form_version", MEMBERS),
    "form.upload": ("operation", PLANNERS),
    "form.manage": ("form_version", PLANNERS),
    "form.publish": ("form_version", PLANNERS),
    "form.fill": ("form_version", COLLECTORS),
    "form.try": ("form_version", COLLECTORS | PLANNERS),
    "entity_list.read": ("entity_list", REVIEWERS),
    "entity.read": ("entity", REVIEWERS),
    "entity.manage": ("entity", PLANNERS),
    "submission.read": ("submission", RAW_OF_OLGA),
    "submission.raw": ("submission", RAW_OF_OLGA),
    "submission.amend": ("submission", frozenset({"olga"})),
    "submission.review": ("submission", RAW_OF_OLGA - {"olga"}),
    "app_user.read": ("app_user", MANAGERS),
    "app_user.revoke": ("app_user", MANAGERS),
    "device.read": ("device", MANAGERS),
    "device.revoke": ("device", MANAGERS),
    "record_import.read": ("record_import", frozenset({"carmen"})),
    "records.import": ("operation", frozenset({"carmen"})),
    "convoy.read": ("convoy", MEMBERS),
    "convoy.report": ("operation", frozenset({"lars", "aida", "carmen"})),
    "claim.read": ("claim", MEMBERS),
    "claim.withdraw": ("claim", frozenset({"lars", "aida", "carmen"})),
    "claim.adopt": ("claim", frozenset({"carmen"})),
    "figures.read": ("operation", MEMBERS),
    "report.read": ("report", MEMBERS - {"oscar"}),
    "report.make": ("assessment", WRITERS),
    "convoy_report.make": ("operation", WRITERS),
    "report.retry": ("report", WRITERS),
    "report.publish": ("report", frozenset({"carmen"})),
} | cargo.MATRIX


PARAMETER = re.compile(r"<[^>]+>")
# A part of a route's address -> the object that is put into it, and by which attribute
ADDRESSES: dict[str, tuple[str, str]] = {
    "movement-requests/<uuid:pk>": ("movement", "pk"),
    **cargo.ADDRESSES,
    "constraints/<uuid:pk>": ("constraint", "pk"),
    "observations/<uuid:pk>": ("observation", "pk"),
    "scores/<uuid:pk>": ("score", "pk"),
    "roads/<int:pk>": ("segment", "pk"),
    "access/sites/<int:pk>": ("site", "pk"),
    "windows/<uuid:pk>": ("window", "pk"),
    "clearances/<uuid:pk>": ("clearance", "pk"),
    "notices/<uuid:pk>": ("notice", "pk"),
    "movements/<uuid:pk>": ("movement", "pk"),
    "requirements/<int:pk>": ("requirement", "pk"),
    "caucasus/files/<int:pk>": ("table_import", "pk"),
    "collect/<int:pk>": ("app_user", "pk"),
    "devices/<int:pk>": ("device", "pk"),
    "devices/imports/<int:pk>": ("record_import", "pk"),
    "convoys/<int:pk>": ("convoy", "pk"),
    "claims/<uuid:pk>": ("claim", "pk"),
    "jobs/<uuid:pk>": ("job", "pk"),
    "o/caucasus/tokens/<int:pk>": ("token", "pk"),
    "people/<int:pk>": ("user", "pk"),
    "members/<int:pk>": ("membership", "pk"),
    "administration/invitations/<int:pk>": ("invitation", "pk"),
    "organisations/<int:pk>": ("organisation", "pk"),
    "api/forms/<int:pk>": ("form_version", "pk"),
    "openrosa/forms/<int:pk>": ("form_version", "pk"),
    "nobodys/forms/<int:pk>": ("form_version", "pk"),
    "imports/<int:pk>": ("area_import", "pk"),
    "areas/<str:pcode>": ("area", "pcode"),
    "conditions/<int:condition>": ("condition", "pk"),
    "assignments/<int:assignment>": ("assignment", "pk"),
    "assessments/<int:pk>": ("assessment", "pk"),
    "versions/<int:pk>": ("form_version", "pk"),
    "o/caucasus/forms/<int:pk>": ("form", "pk"),
    "entities/lists/<int:pk>": ("entity_list", "pk"),
    "entities/<int:pk>": ("entity", "pk"),
    "submissions/<int:pk>": ("submission", "pk"),
    "files/<int:file>": ("submission_file", "pk"),
    "reports/<int:pk>": ("report", "pk"),
    "api/v1/submissions/<uuid:uid>": ("submission", "uid"),
    "api/v1/assessments/<int:key>": ("assessment", "pk"),
    "api/v1/operations/<slug:key>": ("operation", "slug"),
    "api/v1/areas/<str:key>": ("area", "pcode"),
}
# Parameters that choose no object of anybody's
CHOICES = {
    **cargo.CHOICES,
    "steps/<int:step>": "steps/1",
    "history/<str:label>/<str:pk>": "history/core.operation/{operation}",
    "export/<slug:dataset>.<slug:fmt>": "export/areas.csv",
    "charts/<slug:name>": "charts/days",
    "overview/<slug:table>.<slug:fmt>": "overview/areas.csv",
    "move/<slug:step>": "move/plan",
    "decisions/<uuid:batch>": "decisions/00000000-0000-4000-8000-000000000000",
    "review/<uuid:batch>": "review/00000000-0000-4000-8000-000000000000",
    "attachments/<str:name>": "attachments/none.csv",
    "openrosa/<str:token>": "openrosa/nobodys",
    "files/<str:name>": "files/none.csv",
}
# Where a route asks for more, or less, than the verb on its door: the verb that decides
DECIDED_BY = {
    **cargo.DECIDED_BY,
    "assessments/<int:pk>/move/<slug:step>/": "assessment.plan",
}


@dataclass(frozen=True)
class World:
    """One object of each kind in the cast's operation; Olga of OCHA sent the submission."""

    cast: Cast
    objects: dict[str, Any]

    secret = "words-that-only-readers-may-see"

    def path(self, address: str) -> tuple[str, bool]:
        """Return a route's address with the world's objects in it, and whether it names any.

        Raises KeyError for a route with a parameter that ADDRESSES does not know.
        """
        address = address.replace("<slug:slug>", self.cast.operation.slug)
        for part, chosen in CHOICES.items():
            address = address.replace(part, chosen.format(operation=self.cast.operation.pk))
        has_object = "<" in address
        for part, (name, attribute) in ADDRESSES.items():
            if part in address:
                value = str(getattr(self.objects[name], attribute))
                address = address.replace(part, PARAMETER.sub(value, part))
        if "<" in address:
            raise KeyError(f"{address}: say in ADDRESSES which object stands here")
        return f"/{address}", has_object

    def row(self, name: str) -> Model:
        """Return the object that a verb is tried on."""
        row: Model = self.objects[name]
        return row


def build(cast: Cast) -> World:
    """Make the objects."""
    area = AreaFactory(operation=cast.operation)
    made = shared(cast, area) | reached(cast) | sent(cast, area) | carried(cast) | told(cast)
    return World(cast, made | cargo.hauled(cast))


def shared(cast: Cast, area: Area) -> dict[str, Any]:
    """Make what core keeps."""
    return {
        "operation": cast.operation,
        "user": cast.olga,
        "organisation": cast.organisations["OCHA"],
        "membership": Membership.objects.get(user=cast.olga),
        "area": area,
        "area_import": AreaImport.objects.create(
            operation=cast.operation, file_name="areas.geojson", sha256="0" * 64
        ),
        "population": PopulationFigure.objects.create(
            area=area, people=10, source="invented for tests", dated=area.valid_from
        ),
        "site": SiteFactory(operation=cast.operation, area=area),
        "segment": SegmentFactory(operation=cast.operation),
        "job": Job.objects.create(
            kind="test", title="Test", operation=cast.operation, created_by=cast.nils
        ),
        "token": ApiToken.objects.create(
            user=cast.paula,
            operation=cast.operation,
            name="portal",
            prefix="tess_abc",
            token_hash="0" * 64,
            scopes=["read"],
            expires_at=timezone.now() + timedelta(days=1),
        ),
        "invitation": Invitation.objects.create(
            operation=cast.operation,
            organisation=cast.organisations["OCHA"],
            role="analyst",
            token_hash="1" * 64,
            created_by=cast.carmen,
            expires_at=timezone.now() + timedelta(days=1),
        ),
    }


def reached(cast: Cast) -> dict[str, Any]:
    """Make one of each fact about access."""
    makers: dict[str, Any] = {
        "constraint": ConstraintFactory,
        "score": ScoreFactory,
        "observation": ObservationFactory,
        "window": WindowFactory,
        "requirement": RequirementFactory,
        "clearance": ClearanceFactory,
        "notice": NoticeFactory,
        "movement": MovementFactory,
        "outcome": OutcomeFactory,
    }
    made = {name: maker(operation=cast.operation) for name, maker in makers.items()}
    made["clearance"].steps.create(number=1, office="Governor")
    uploaded = TableImport.objects.create(
        operation=cast.operation, kind="access", file_name="events.csv", created_by=cast.lars
    )
    return made | {"table_import": uploaded}


def sent(cast: Cast, area: Area) -> dict[str, Any]:
    """Make an assessment, its form, one submission and a report."""
    assessment = AssessmentFactory(operation=cast.operation, lead=cast.organisations["OCHA"])
    form = FormFactory(assessment=assessment)
    version = FormVersionFactory(form=form)
    submission = SubmissionFactory(
        version=version,
        submitted_by=cast.olga,
        organisation=cast.organisations["OCHA"],
        area=area,
        answers={"household": World.secret},
        search=World.secret,
        xml=f"<data>{World.secret}</data>".encode(),
    )
    entity = EntityFactory(made_by=submission)
    return {
        "entity": entity,
        "entity_list": entity.entity_list,
        "assessment": assessment,
        "form": form,
        "form_version": version,
        "submission": submission,
        "submission_file": SubmissionFile.objects.create(
            submission=submission, file_name="photo.jpg"
        ),
        "assignment": Assignment.objects.create(
            assessment=assessment,
            organisation=cast.organisations["OCHA"],
            form=form,
            area=area,
            target=5,
        ),
        "condition": Condition.objects.create(
            assessment=assessment, kind="access", text="Access given"
        ),
        "report": Report.objects.create(
            operation=cast.operation,
            assessment=assessment,
            title="Report",
            language="en",
            created_by=cast.anna,
        ),
    }


def carried(cast: Cast) -> dict[str, Any]:
    """Make Olga's browser, the file that it exported and an account for Collect."""
    return {
        "record_import": RecordImport.objects.create(
            operation=cast.operation,
            file_name="olga.tessera.json",
            user=cast.olga,
            created_by=cast.carmen,
        ),
        "device": Device.objects.create(
            user=cast.olga, device_id="tessera:1", last_seen=timezone.now()
        ),
        "app_user": AppUser.objects.create(
            user=UserFactory(username="app-1"),
            operation=cast.operation,
            organisation=cast.organisations["OCHA"],
            token_hash="2" * 64,
        ),
    }


def told(cast: Cast) -> dict[str, Any]:
    """Make a convoy and a claim."""
    return {
        "convoy": Convoy.objects.create(
            operation=cast.operation, origin=Convoy.Origin.REPORTED, name="Convoy"
        ),
        "claim": Claim.objects.create(
            operation=cast.operation, attribute="staff", low=1, high=1, source="Agency"
        ),
    }
