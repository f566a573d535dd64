"""Fills an operation with a great many submissions, for what must stay fast with them."""

from dataclasses import dataclass

import pgtrigger
from django.contrib.gis.geos import Point
from django.db import connection, transaction

from assessments.models import Choice, Form, FormVersion, Question
from core.models import Area, Membership, Operation, Organisation, Role, User
from tests.factories.assessments import AssessmentFactory, FormFactory, FormVersionFactory
from tests.factories.core import (
    AreaFactory,
    MembershipFactory,
    OperationFactory,
    OrganisationFactory,
    UserFactory,
)

ORGANISATIONS = 12
SUBMITTERS = 150
AREAS = 240
FORMS = 3
LANGUAGE = "English (en)"
KINDS = ("text", "integer", "select_one", "decimal", "date")

FILL = """
INSERT INTO assessments_submission (
    uid, operation_id, form_id, version_id, organisation_id, submitted_by_id, instance_id, is_test,
    state, area_id, area_name, area_flag, location, answers, search, xml, xml_sha256, device_id,
    received_at
)
SELECT gen_random_uuid(), %(operation)s, chosen.form, chosen.version, chosen.organisation,
    chosen.submitter, 'uuid:' || gen_random_uuid(), false,
    (ARRAY['received', 'received', 'in_review', 'approved', 'approved', 'approved', 'has_issues',
        'rejected'])[1 + mod(n, 8)],
    area.id, area.name, CASE WHEN mod(n, 50) = 0 THEN 'disagrees' ELSE '' END,
    ST_SetSRID(ST_MakePoint(45 + random() * 3, 38 + random() * 3), 4326),
    answers.content, lower(said.words || ' ' || area.name || ' ' || n),
    convert_to('<data>' || answers.content::text || said.words || '</data>', 'UTF8'),
    md5(n::text) || md5(n::text),
    'device-' || mod(n, 300),
    timestamptz '2020-11-01' + n * interval '1 minute' + random() * interval '30 seconds'
FROM generate_series(1, %(count)s) AS n
CROSS JOIN (
    SELECT %(forms)s::bigint[] AS forms, %(versions)s::bigint[] AS versions,
        %(organisations)s::bigint[] AS organisations, %(submitters)s::bigint[] AS submitters,
        %(areas)s::bigint[] AS areas
) AS given
CROSS JOIN LATERAL (
    SELECT
        given.forms[1 + mod(n, cardinality(given.forms))] AS form,
        given.versions[1 + mod(n, cardinality(given.versions))] AS version,
        given.organisations[1 + mod(n::bigint * 7919, cardinality(given.organisations))]
            AS organisation,
        given.submitters[1 + mod(n::bigint * 104729, cardinality(given.submitters))] AS submitter,
        given.areas[1 + mod(n::bigint * 1299709, cardinality(given.areas))] AS area
) AS chosen
JOIN core_area AS area ON area.id = chosen.area
CROSS JOIN LATERAL (
    SELECT concat_ws(' ', 'household', CASE WHEN mod(n, 5) < 3 THEN 'displaced' END,
        CASE WHEN mod(n, 10) < 3 THEN 'shelter' END, CASE WHEN mod(n, 20) = 0 THEN 'stove' END,
        CASE WHEN mod(n, 200) = 0 THEN 'insulin' END,
        CASE WHEN mod(n, 9973) = 0 THEN 'xylophone' END,
        (SELECT string_agg(md5((n * 10 + part)::text), ' ') FROM generate_series(1, 10) AS part)
    ) AS words
) AS said
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(
        'part_' || q / 10 || '/q' || q,
        CASE mod(q, 5) WHEN 0 THEN to_jsonb('household ' || md5((n + q)::text))
            WHEN 1 THEN to_jsonb(mod(n, 97)) WHEN 2 THEN to_jsonb('choice_' || mod(n, 7))
            WHEN 3 THEN to_jsonb(n / 7.0)
            ELSE to_jsonb((date '2020-11-01' + mod(n, 60))::text) END) AS content
    FROM generate_series(0, %(questions)s - 1) AS q
) AS answers
ORDER BY n
"""


@dataclass(frozen=True)
class Crowd:
    """What was made: the operation, one coordinator who sees all, the first form."""

    operation: Operation
    coordinator: User
    form: Form


def fill(count: int, *, slug: str = "many", questions: int = 40) -> Crowd:
    """Make an operation with ``count`` submissions of ``questions`` answers; a second call adds."""
    operation = OperationFactory(slug=slug, name="Many submissions")
    lead = OrganisationFactory(acronym="LEAD")
    coordinator = UserFactory(username=f"{slug}-coordinator")
    _member(coordinator, operation, lead, Role.COORDINATOR)
    organisations = [OrganisationFactory(acronym=f"MANY{n}") for n in range(ORGANISATIONS)]
    submitters = [UserFactory(username=f"{slug}-{n}") for n in range(SUBMITTERS)]
    for n, submitter in enumerate(submitters):
        _member(submitter, operation, organisations[n % ORGANISATIONS], Role.FIELD_OFFICER)
    versions = list(FormVersion.objects.filter(operation=operation)) or _forms(
        operation, lead, questions
    )
    areas = list(Area.objects.filter(operation=operation, level=2)) or _areas(operation)
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        # Composed first: what switches triggers off adds positional parameters of its own.
        fill_rows = connection.ops.compose_sql(
            FILL,
            {
                "operation": operation.pk,
                "count": count,
                "questions": questions,
                "forms": [version.form_id for version in versions],
                "versions": [version.pk for version in versions],
                "organisations": [one.pk for one in organisations],
                "submitters": [one.pk for one in submitters],
                "areas": [one.pk for one in areas],
            },
        )
        cursor.execute(fill_rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assessments_submission")
    return Crowd(operation, coordinator, Form.objects.filter(operation=operation).earliest("pk"))


def _member(user: User, operation: Operation, organisation: Organisation, role: Role) -> None:
    if not Membership.objects.filter(user=user, operation=operation, role=role).exists():
        MembershipFactory(user=user, operation=operation, organisation=organisation, role=role)


def _forms(operation: Operation, lead: Organisation, questions: int) -> list[FormVersion]:
    assessment = AssessmentFactory(operation=operation, lead=lead, title="Rapid assessment")
    made = []
    for number in range(FORMS):
        form = FormFactory(assessment=assessment, form_id=f"form_{number}", title=f"Form {number}")
        version = FormVersionFactory(form=form, default_language=LANGUAGE)
        Question.objects.bulk_create(
            Question(
                version=version,
                position=q,
                path=f"part_{q // 10}/q{q}",
                name=f"q{q}",
                kind=KINDS[q % 5],
                labels={LANGUAGE: f"Question {q}"},
                choice_list="choices" if q % 5 == 2 else "",
            )
            for q in range(questions)
        )
        Choice.objects.bulk_create(
            Choice(
                version=version,
                list_name="choices",
                position=n,
                value=f"choice_{n}",
                labels={LANGUAGE: f"Choice {n}"},
            )
            for n in range(7)
        )
        made.append(version)
    return made


def _areas(operation: Operation) -> list[Area]:
    tops = [
        AreaFactory(operation=operation, pcode=f"MA{n:02}", name=f"Province {n}") for n in range(12)
    ]
    return [
        AreaFactory(
            operation=operation,
            pcode=f"{tops[n % 12].pcode}{n:03}",
            name=f"District {n}",
            level=2,
            parent=tops[n % 12],
            geometry=None,
            centre=Point(46, 39, srid=4326),
        )
        for n in range(AREAS)
    ]
