"""Recording, withdrawing and adopting claims about reported convoys."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys.models import Adoption, Claim, Convoy
from convoys.models.reported import AMOUNTS, DAYS, WEIGHTS, WORDS
from core import policy
from core.errors import Problem, declare
from core.models import RouteSegment
from core.policy import Actor

LONGEST = 300
# Kilograms, or a count, that no convoy reaches
MOST = Decimal(10) ** 10

declare(
    "claim_conflict",
    409,
    gettext_lazy("This claim was recorded already, with other content"),
    gettext_lazy("A claim with the id {id} stands in the records and says something else."),
    gettext_lazy("Send a new claim under a new id; withdraw the wrong one."),
)
declare(
    "claim_known",
    409,
    gettext_lazy("This claim is on record already"),
    gettext_lazy("“{source}” stands there with the same words on the same convoys."),
    gettext_lazy("Leave it out, or write what is different about it, such as its day."),
)


def named(operation: Any, name: str) -> Convoy | None:
    """Return the operation's convoy of a name, in whatever case and with whatever blanks."""
    same = Convoy.objects.filter(operation=operation, name__iexact=" ".join(name.split()))
    return same.order_by("pk").first()


@transaction.atomic
def report(operation: Any, *, actor: Actor, name: str, **facts: Any) -> Convoy:
    """Add a convoy that others report, or return the one of that name; facts stay as they were."""
    policy.check(actor, "convoy.report", operation)
    if known := named(operation, name):
        return known
    convoy, _made = Convoy.objects.get_or_create(
        operation=operation,
        name=" ".join(name.split()),
        defaults={"origin": Convoy.Origin.REPORTED, "created_by": actor.user, **facts},
    )
    return convoy


@transaction.atomic
def record(
    convoys: Sequence[Convoy],
    *,
    actor: Actor,
    attribute: str,
    value: Any,
    upper: Any = None,
    segments: Iterable[RouteSegment] = (),
    client_id: UUID | None = None,
    **facts: Any,
) -> Claim:
    """Keep what a source says; ``upper`` makes a range of ``value``.

    ``value`` is kilograms, a count, a date or text, by the attribute; of a route it can be left
    out where ``segments`` say which roads are meant. The same ``client_id`` with the same content
    again returns the claim that is there. Raises Problem ``invalid``, ``claim_conflict``,
    ``forbidden`` or ``not_found``.
    """
    operation = convoys[0].operation
    policy.check(actor, "convoy.report", operation)
    if any(convoy.operation_id != operation.pk for convoy in convoys):
        raise Problem("not_found")
    roads = list(segments)
    _check_roads(operation, attribute, roads, convoys)
    if roads and value in (None, ""):
        value = "; ".join(map(str, roads))[:LONGEST]
    values = _values(attribute, value, upper) | facts
    known = Claim.objects.filter(pk=client_id).first() if client_id else None
    if known:
        return _same(known, convoys, attribute, roads, values)
    _refuse_again(convoys, attribute, roads, values)
    claim = Claim(operation=operation, attribute=attribute, recorded_by=actor.user, **values)
    if client_id:
        claim.pk = client_id
    claim.save(force_insert=True)
    claim.convoys.set(convoys)
    claim.segments.set(roads)
    return claim


def _check_roads(
    operation: Any, attribute: str, roads: list[RouteSegment], convoys: Sequence[Convoy]
) -> None:
    """Refuse roads of another operation, of another claim, or of a convoy that has a plan."""
    if any(one.operation_id != operation.pk for one in roads):
        raise Problem("not_found")
    is_route = attribute == Claim.Attribute.ROUTE
    if roads and not is_route:
        message = _("Roads belong to a claim on the road that it took.")
        raise Problem("invalid", errors=[{"where": "segments", "message": message}])
    ours = [one.name for one in convoys if one.origin == Convoy.Origin.OPERATED]
    if is_route and ours:
        message = _("The road of our own convoy “{name}” is in its plan.").format(name=ours[0])
        raise Problem("invalid", errors=[{"where": "convoys", "message": message}])


def _values(attribute: str, value: Any, upper: Any) -> dict[str, Any]:
    upper = value if upper in (None, "") else upper
    message = _("Give a value of its kind; the upper end of a range may not lie below the lower.")
    if attribute in AMOUNTS and isinstance(value, Decimal | int) and 0 <= value <= upper:
        low, high = Decimal(value), Decimal(upper)
        if attribute in WEIGHTS or not (low % 1 or high % 1):
            if high < MOST:
                return {"low": low, "high": high}
            message = _("This is more than can be meant.")
        else:
            message = _("Write a whole number, for example 30.")
    elif attribute in DAYS and isinstance(value, date) and value <= upper:
        return {"first_day": value, "last_day": upper}
    elif attribute in WORDS and isinstance(value, str) and value.strip():
        return {"text": value.strip()}
    where = str(dict(Claim.Attribute.choices).get(attribute, attribute))
    raise Problem("invalid", errors=[{"where": where, "message": message}])


def _refuse_again(
    convoys: Sequence[Convoy], attribute: str, roads: list[RouteSegment], said: dict[str, Any]
) -> None:
    """Refuse what the same source is on record with already, word for word."""
    twins = Claim.objects.filter(
        operation=convoys[0].operation, attribute=attribute, withdrawn_at=None, **said
    )
    subjects, meant = {one.pk for one in convoys}, {one.pk for one in roads}
    for one in twins.prefetch_related("convoys", "segments"):
        if subjects == _keys(one.convoys) and meant == _keys(one.segments):
            raise Problem("claim_known", source=one.source)


def _keys(related: Any) -> set[Any]:
    return {one.pk for one in related.all()}


def _same(
    known: Claim,
    convoys: Sequence[Convoy],
    attribute: str,
    roads: list[RouteSegment],
    values: dict[str, Any],
) -> Claim:
    subjects = {convoy.pk for convoy in convoys}
    equal = (
        known.attribute == attribute
        and {convoy.pk for convoy in known.convoys.all()} == subjects
        and known.roads == {one.pk for one in roads}
        and all(getattr(known, key) == value for key, value in values.items())
    )
    if not equal:
        raise Problem("claim_conflict", id=known.pk)
    return known


@transaction.atomic
def adopt(claim: Claim, *, actor: Actor, reason: str) -> Adoption:
    """Go by ``claim``; the former adoption stays on record as superseded.

    A claim about several convoys together cannot be adopted: it would be counted beside theirs.
    """
    policy.check(actor, "claim.adopt", claim)
    convoys = list(claim.convoys.select_for_update())
    _settleable(claim, convoys, reason)
    live = Adoption.objects.filter(convoy=convoys[0], attribute=claim.attribute, superseded_at=None)
    if standing := live.filter(claim=claim).first():
        return standing
    live.update(superseded_at=timezone.now())
    return Adoption.objects.create(
        convoy=convoys[0],
        claim=claim,
        attribute=claim.attribute,
        reason=reason.strip(),
        adopted_by=actor.user,
    )


def _settleable(claim: Claim, convoys: list[Convoy], reason: str) -> None:
    if not reason.strip():
        wanted = _("Say why the operation goes by this claim.")
        raise Problem("invalid", errors=[{"where": _("Reason"), "message": wanted}])
    if len(convoys) != 1:
        raise Problem(
            "guard_failed",
            reason=_("This claim is about {count} convoys together.").format(count=len(convoys)),
            fix=_("Adopt claims about each convoy; the joint one stays beside them as a check."),
        )
    if claim.withdrawn_at:
        raise Problem(
            "guard_failed",
            reason=_("This claim was withdrawn."),
            fix=_("Adopt another one, or record it again."),
        )


@transaction.atomic
def withdraw(claim: Claim, *, actor: Actor, reason: str) -> Claim:
    """Take a wrong claim out of the picture; it stays on record, its adoption ends."""
    policy.check(actor, "claim.withdraw", claim)
    if not reason.strip():
        wanted = _("Say what was wrong with the claim.")
        raise Problem("invalid", errors=[{"where": _("Reason"), "message": wanted}])
    if claim.withdrawn_at:
        return claim
    now = timezone.now()
    Adoption.objects.filter(claim=claim, superseded_at=None).update(superseded_at=now)
    claim.withdrawn_at, claim.withdrawn_reason = now, reason.strip()
    claim.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return claim
