"""Loads the demonstration in one transaction: all of it is there, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from convoys.models import Convoy
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


@dataclass(frozen=True)
class Loaded:
    """What loading did: ``added`` and ``left_out`` name parts, of an older demonstration alone."""

    operation: Operation
    is_new: bool = False
    added: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def load() -> Loaded:
    """Load the demonstration; give an older one the parts of the story that it does not tell yet.

    Raises Problem ``no_demonstration`` unless the installation is one.
    """
    if not settings.DEMO:
        raise Problem("no_demonstration")
    known = Operation.objects.filter(slug=people.SLUG).first()
    with transaction.atomic(), translation.override("en"):
        return _complete(known) if known else Loaded(_tell_the_story(), is_new=True)


def _complete(operation: Operation) -> Loaded:
    """Add what is missing, part by part; what an altered demonstration refuses is left out."""
    actors = people.accounts()
    organisations = people.organisations(actors["administrator"])
    parts: tuple[tuple[str, str, Callable[[], Any]], ...] = (
        ("the reported convoys", convoys.FIRST, lambda: convoys.reported(operation, actors)),
        (
            "the convoy with every step",
            carriage.NAME,
            lambda: carriage.operated(operation, actors, organisations),
        ),
    )
    added, left_out = [], []
    for name, convoy, tell in parts:
        if not Convoy.objects.filter(operation=operation, name=convoy).exists():
            try:
                with transaction.atomic():
                    tell()
                added.append(name)
            except (Problem, ObjectDoesNotExist) as error:
                left_out.append(f"{name} ({_words(error)})")
    return Loaded(operation, added=tuple(added), left_out=tuple(left_out))


def _words(error: Exception) -> str:
    found = getattr(error, "errors", None) or [{"message": str(error)}]
    return " ".join(str(one["message"]) for one in found)


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
