"""Loads the demonstration in one transaction: all of it is there, or nothing."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.errors import Problem, declare
from core.models import Operation
from situation.demo import (
    access,
    carriage,
    clock,
    convoys,
    exercises,
    field_work,
    people,
    places,
    reporting,
    reviewing,
)
from situation.demo.instances import Blank

declare(
    "no_demonstration",
    409,
    _("This is no demonstration"),
    _("Invented data must not come among real data."),
    _("Set TESSERA_DEMO=1 on an installation that is only for demonstration."),
)


def load() -> Operation | None:
    """Load the demonstration and return its operation; None when it is there already.

    Raises Problem ``no_demonstration`` unless the installation is one.
    """
    if not settings.DEMO:
        raise Problem("no_demonstration")
    if Operation.objects.filter(slug=people.SLUG).exists():
        return None
    with transaction.atomic(), translation.override("en"):
        return _tell_the_story()


def _tell_the_story() -> Operation:
    actors = people.accounts()
    administrator, analyst = actors["administrator"], actors["analyst"]
    operation = people.operation(administrator)
    organisations = people.organisations(administrator)
    people.give_roles(operation, actors, organisations)
    areas = places.areas(operation, analyst)
    places.population(operation, analyst)
    obstacle = access.known(operation, actors, areas)
    exercises.initial(operation, actors, organisations, areas, obstacle)
    displaced = exercises.displaced(operation, actors, organisations, areas)
    convoys.reported(operation, actors)
    carriage.operated(operation, actors, organisations)
    version = exercises.questionnaire(displaced, analyst)
    blank = Blank(version.xform)
    scope = {pcode: areas[pcode] for pcode in field_work.SCOPE}
    sent = [
        (visit, field_work.send(version, visit, blank, actors[visit.collector]))
        for visit in field_work.visits(scope)
    ]
    reviewing.review_all(sent, actors)
    clock.set_back(operation, sent)
    reporting.report_on(displaced, actors)
    return operation
