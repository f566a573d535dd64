"""Makers of assessments, forms, versions and submissions, without the rules in between."""

import hashlib
from uuid import uuid4

import factory

from assessments.models import (
    Assessment,
    Entity,
    EntityList,
    Form,
    FormVersion,
    Question,
    Submission,
)
from tests.factories.core import OperationFactory, OrganisationFactory, UserFactory


class AssessmentFactory(factory.django.DjangoModelFactory[Assessment]):
    """An assessment in draft."""

    class Meta:
        model = Assessment

    operation = factory.SubFactory(OperationFactory)
    title = factory.Sequence(lambda n: f"Assessment {n}")
    method = "household"
    lead = factory.SubFactory(OrganisationFactory)


class FormFactory(factory.django.DjangoModelFactory[Form]):
    """A form of an assessment of the same operation."""

    class Meta:
        model = Form

    assessment = factory.SubFactory(AssessmentFactory)
    operation = factory.SelfAttribute("assessment.operation")
    form_id = factory.Sequence(lambda n: f"form_{n}")
    title = factory.LazyAttribute(lambda one: f"Form {one.form_id}")


class FormVersionFactory(factory.django.DjangoModelFactory[FormVersion]):
    """A published version without questions."""

    class Meta:
        model = FormVersion

    form = factory.SubFactory(FormFactory)
    operation = factory.SelfAttribute("form.operation")
    assessment = factory.SelfAttribute("form.assessment")
    state = "published"
    version = factory.Sequence(lambda n: f"v{n}")
    title = factory.SelfAttribute("form.title")
    source_name = "form.xlsx"
    source_sha256 = "0" * 64
    xform = "<h:html/>"
    languages = ("English (en)",)


class QuestionFactory(factory.django.DjangoModelFactory[Question]):
    """A text question."""

    class Meta:
        model = Question

    position = factory.Sequence(lambda n: n)
    path = factory.SelfAttribute("name")
    name = factory.Sequence(lambda n: f"q{n}")
    kind = "text"


class SubmissionFactory(factory.django.DjangoModelFactory[Submission]):
    """A received submission."""

    class Meta:
        model = Submission

    version = factory.SubFactory(FormVersionFactory)
    form = factory.SelfAttribute("version.form")
    operation = factory.SelfAttribute("version.operation")
    organisation = factory.SubFactory(OrganisationFactory)
    submitted_by = factory.SubFactory(UserFactory)
    instance_id = factory.Sequence(lambda n: f"uuid:{n}")
    xml = b"<data/>"
    xml_sha256 = factory.LazyAttribute(lambda one: hashlib.sha256(one.xml).hexdigest())


class EntityListFactory(factory.django.DjangoModelFactory[EntityList]):
    """An entity list."""

    class Meta:
        model = EntityList

    operation = factory.SubFactory(OperationFactory)
    name = "households"


class EntityFactory(factory.django.DjangoModelFactory[Entity]):
    """An entity that a submission of its operation made."""

    class Meta:
        model = Entity

    entity_list = factory.SubFactory(
        EntityListFactory, operation=factory.SelfAttribute("..made_by.operation")
    )
    uid = factory.LazyFunction(uuid4)
    label = factory.Sequence(lambda n: f"Household {n}")
    made_by = factory.SubFactory(SubmissionFactory)
    changed_by = factory.SelfAttribute("made_by")
