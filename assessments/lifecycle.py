"""The life cycle of an assessment as people walk it: which steps there are now, and taking one."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment
from core import policy
from core.errors import Problem
from core.policy import VERBS, Actor
from core.transitions import MACHINES, advance, obstacle

State = Assessment.State
ROAD = (
    State.DRAFT,
    State.PLANNED,
    State.AWAITING_CONDITIONS,
    State.SCHEDULED,
    State.IN_FIELD,
    State.IN_ANALYSIS,
    State.PUBLISHED,
    State.ARCHIVED,
)


@dataclass(frozen=True)
class Step:
    """A transition in words: the button, what it means, and whether it wants a reason."""

    label: str | Promise
    meaning: str | Promise
    wants_reason: bool = False


STEPS = {
    "plan": Step(
        gettext_lazy("Mark as planned"),
        gettext_lazy("The plan is complete: areas, organisations and conditions are written down."),
    ),
    "await_conditions": Step(
        gettext_lazy("Wait for conditions"),
        gettext_lazy("Everybody sees that the assessment waits, and for what."),
    ),
    "schedule": Step(
        gettext_lazy("Schedule"),
        gettext_lazy("All conditions hold: teams can prepare to go to the field."),
    ),
    "start_field_work": Step(
        gettext_lazy("Start field work"),
        gettext_lazy(
            "Teams are on their way; areas count as assessed once submissions are approved."
        ),
    ),
    "suspend": Step(
        gettext_lazy("Suspend"),
        gettext_lazy("Field work stops and the assessment waits for its conditions again."),
        wants_reason=True,
    ),
    "analyse": Step(
        gettext_lazy("End field work"),
        gettext_lazy("Collection is over; what is still to be reviewed stays visible."),
    ),
    "resume_field_work": Step(
        gettext_lazy("Go back to the field"),
        gettext_lazy("More has to be collected before findings can be published."),
        wants_reason=True,
    ),
    "publish": Step(
        gettext_lazy("Publish findings"),
        gettext_lazy("The findings are final: the plan is closed and can no longer be changed."),
    ),
    "archive": Step(
        gettext_lazy("Archive"),
        gettext_lazy("The assessment is history: it stays readable and nothing follows it."),
    ),
    "cancel": Step(
        gettext_lazy("Cancel the assessment"),
        gettext_lazy(
            "It will not take place and cannot be taken up again; what was collected stays."
        ),
        wants_reason=True,
    ),
}


@dataclass(frozen=True)
class Offer:
    """A step that the state allows: ``refusal`` says why it is not possible now, if it is not."""

    name: str
    step: Step
    target: str
    refusal: Problem | None


def facts(actor: Actor) -> dict[str, int | None]:
    """Return what the guards need to know: who would publish."""
    return {"publisher": actor.user.pk if actor.user else None}


def offers(assessment: Assessment, actor: Actor) -> list[Offer]:
    """Return the steps that the state allows and the actor may take, those forward first."""
    found = []
    for transition in MACHINES[Assessment].leaving(assessment.state):
        if not policy.can(actor, transition.verb, assessment):
            continue
        refusal = obstacle(assessment, transition.name, facts(actor))
        target = str(State(transition.target).label)
        found.append(Offer(transition.name, STEPS[transition.name], target, refusal))
    return sorted(found, key=lambda offer: offer.step.wants_reason)


def people_for_next(assessment: Assessment) -> str:
    """Return the names of those who can take the next step, for a reader who cannot."""
    transitions = MACHINES[Assessment].leaving(assessment.state)
    if not transitions:
        return ""
    return str(policy.who_could(VERBS[transitions[0].verb], assessment)["people"])


def move(assessment: Assessment, name: str, *, actor: Actor, reason: str = "") -> Assessment:
    """Take a step; raise ``bad_request`` for an unknown one, ``invalid`` without a wanted reason.

    Also raises what ``core.transitions.advance`` raises.
    """
    if name not in STEPS:
        raise Problem("bad_request", message=_("There is no such step."))
    if STEPS[name].wants_reason and not reason.strip():
        message = _("Say why, so that everybody who waits for this assessment knows.")
        raise Problem("invalid", errors=[{"where": "reason", "message": message}])
    return advance(
        assessment, name, actor=actor, facts=facts(actor), state_reason=reason.strip()[:300]
    )


@dataclass(frozen=True)
class Stop:
    """A state on the road from draft to archive; ``when`` is done, now, next or skipped."""

    state: str
    label: str
    when: str


def road(assessment: Assessment) -> list[Stop]:
    """Return the states from draft to archive, with where the assessment is.

    Waiting for conditions stands on the road only while there is something to wait for.
    """
    states = [
        state
        for state in ROAD
        if state != State.AWAITING_CONDITIONS
        or assessment.state == state
        or (ahead_of_schedule(assessment) and assessment.open_conditions().exists())
    ]
    here = states.index(State(assessment.state)) if assessment.state in states else -1
    return [
        Stop(
            state.value,
            str(state.label),
            "now" if number == here else "done" if number < here else "next",
        )
        for number, state in enumerate(states)
    ]


def ahead_of_schedule(assessment: Assessment) -> bool:
    """Return whether the assessment has not been scheduled yet."""
    return assessment.state in {State.DRAFT, State.PLANNED, State.AWAITING_CONDITIONS}
