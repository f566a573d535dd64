"""Handing over: the submissions of somebody who leaves find a colleague who looks after them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Handover, Submission
from assessments.policy import COLLECTORS
from core import policy
from core.errors import Problem, declare
from core.models import Membership, Operation, Organisation, User
from core.policy import Actor

declare(
    "no_successor",
    409,
    _("This person cannot take the submissions over"),
    _("{person} is neither field officer nor team lead of {organisation} in this operation."),
    _("Choose somebody who is, or give the role first."),
)


@dataclass
class Share:
    """What one person sent for one organisation, and who looks after it now, if handed over."""

    organisation: Organisation
    records: int
    returned: int
    successor: User | None = None
    candidates: list[User] = field(default_factory=list)


def senders(operation: Operation, *, only_left: bool = False) -> QuerySet[User]:
    """Return who has sent something in an operation; ``has_left`` says who collects no more."""
    sent = Submission.objects.filter(
        operation=operation, is_test=False, submitted_by=OuterRef("pk")
    )
    collects = Membership.objects.filter(
        operation=operation, user=OuterRef("pk"), role__in=COLLECTORS
    )
    left = ~Q(Exists(collects)) | Q(is_active=False)
    found = User.objects.filter(Exists(sent))
    return (found.filter(left) if only_left else found).annotate(has_left=left)


def unattended(operation: Operation) -> QuerySet[User]:
    """Return those who left while nobody has been asked to look after what they sent."""
    handed = Handover.objects.filter(operation=operation, sender=OuterRef("pk"))
    return senders(operation, only_left=True).filter(~Exists(handed))


def shares(operation: Operation, people: Iterable[User]) -> dict[int, list[Share]]:
    """Return what each of ``people`` sent, by their keys, one share for each organisation."""
    sent = Submission.objects.filter(operation=operation, is_test=False, submitted_by__in=people)
    issues = Q(state=Submission.State.HAS_ISSUES)
    counted = sent.order_by("submitted_by", "organisation").values("submitted_by", "organisation")
    rows = counted.annotate(records=Count("pk"), returned=Count("pk", filter=issues)).values_list(
        "submitted_by", "organisation", "records", "returned"
    )
    organisations = Organisation.objects.in_bulk({row[1] for row in rows})
    able = _collectors(operation)
    handed = {
        (one.sender_id, one.organisation_id): one.successor
        for one in Handover.objects.filter(operation=operation).select_related("successor")
    }
    found: dict[int, list[Share]] = {}
    for sender, organisation, records, returned in rows:
        candidates = [one for one in able.get(organisation, []) if one.pk != sender]
        share = Share(
            organisations[organisation],
            records,
            returned,
            handed.get((sender, organisation)),
            candidates,
        )
        found.setdefault(sender, []).append(share)
    return found


def _collectors(operation: Operation) -> dict[int, list[User]]:
    held = Membership.objects.filter(
        operation=operation, role__in=COLLECTORS, user__is_active=True
    ).select_related("user")
    able: dict[int, list[User]] = {}
    for one in held.order_by("user__name", "user__username"):
        people = able.setdefault(one.organisation_id, [])
        if one.user not in people:
            people.append(one.user)
    return able


@transaction.atomic
def hand_over(
    operation: Operation,
    *,
    actor: Actor,
    sender: User,
    organisation: Organisation,
    successor: User,
) -> Handover:
    """Let ``successor`` look after what ``sender`` sent, and after what ``sender`` looked after.

    Raises Problem ``no_successor``, or what the policy raises.
    """
    policy.check(actor, "member.manage", operation)
    if actor.user is None:
        raise Problem("sign_in")
    if sender == successor or successor not in _collectors(operation).get(organisation.pk, []):
        raise Problem("no_successor", person=successor, organisation=organisation)
    inside = Handover.objects.filter(operation=operation, organisation=organisation)
    inside.filter(sender=successor, successor=sender).delete()
    inside.filter(successor=sender).update(successor=successor)
    made, _new = inside.update_or_create(
        operation=operation,
        organisation=organisation,
        sender=sender,
        defaults={"successor": successor, "created_by": actor.user},
    )
    return made


def take_back(
    operation: Operation, *, actor: Actor, sender: User, organisation: Organisation
) -> None:
    """End a handover; what was sent is the sender's own again."""
    policy.check(actor, "member.manage", operation)
    Handover.objects.filter(operation=operation, organisation=organisation, sender=sender).delete()
