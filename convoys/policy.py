"""Who may do what with convoys, cargo and receipts (the matrix of product.md)."""

from django.db.models import Q

from convoys.models import Claim, Convoy, Delegate
from core import afield
from core.models import Role
from core.policy import MEMBERS, NOTHING, Actor, Rule, Verb, declare, in_operation
from core.verbs import PLANNERS, verb

REPORTERS = (Role.LOGISTICS, Role.ACCESS, Role.COORDINATOR)
DECIDERS = (Role.COORDINATOR,)
RECEIVERS = (Role.RECEIVER, Role.COORDINATOR)
afield.WORK["receipts"] = (Role.RECEIVER,)
CLEARERS = (Role.ACCESS, Role.COORDINATOR)
# Who sees a waybill's paper, which names plate and driver
CARRIERS = (*REPORTERS, Role.RECEIVER)
# The operation's own staff: plans, routes, plates and names are theirs alone.
OUTSIDERS = (Role.PARTNER, Role.OBSERVER)
STAFF = tuple(role for role in MEMBERS if role not in OUTSIDERS)


def as_consignee(path: str, *roles: Role) -> Rule:
    """Give partners, or ``roles``, what is consigned to their organisation.

    ``path`` leads to the waybill.
    """

    def rule(actor: Actor) -> Q:
        found = NOTHING
        for held in actor.holding(roles or (Role.PARTNER,)):
            consigned = {f"{path}consignee": held.organisation_id}
            found |= Q(operation=held.operation_id, **consigned)
        return found

    return rule


def as_delegate(duty: str) -> Rule:
    """Give staff what a coordinator has named them for, in the operations where that holds."""

    def rule(actor: Actor) -> Q:
        held = {one.operation_id for one in actor.holding(STAFF)}
        if not held:
            return NOTHING
        named = Delegate.objects.filter(
            user=actor.user, duty=duty, ended_at=None, operation__in=held
        )
        return Q(operation__in=named.values("operation"))

    return rule


def released_claims(actor: Actor) -> Q:
    """Give claims; those about a convoy of our own to its staff alone until the release."""
    unreleased = Claim.convoys.through.objects.filter(
        convoy__origin=Convoy.Origin.OPERATED, convoy__operated__released_at=None
    )
    outside = in_operation("operation", OUTSIDERS)(actor)
    return in_operation("operation", STAFF)(actor) | (
        outside & ~Q(pk__in=unreleased.values("claim"))
    )


verb("convoy.read", "convoys.Convoy", "operation", MEMBERS, "convoy.read")
verb("convoy.report", "core.Operation", "pk", REPORTERS, "operation.read")
declare(Verb("claim.read", "convoys.Claim", released_claims, MEMBERS, "claim.read", writes=False))
verb("claim.withdraw", "convoys.Claim", "operation", REPORTERS, "claim.read")
verb("claim.adopt", "convoys.Claim", "operation", DECIDERS, "claim.read")

# Stock, requests, consignments, vehicles and convoys of our own: who may add one
verb("cargo.plan", "core.Operation", "pk", PLANNERS, "operation.read")
verb("cargo.read", "core.Operation", "pk", STAFF, "operation.read")
verb("stock.read", "convoys.StockLot", "operation", STAFF, "stock.read")
verb("stock.move", "convoys.StockLot", "operation", PLANNERS, "stock.read")
verb("request.read", "convoys.ServiceRequest", "operation", STAFF, "request.read")
verb("request.plan", "convoys.ServiceRequest", "operation", PLANNERS, "request.read")
verb("request.decide", "convoys.ServiceRequest", "operation", DECIDERS, "request.read")
verb("consignment.read", "convoys.Consignment", "operation", STAFF, "consignment.read")
verb("consignment.plan", "convoys.Consignment", "operation", PLANNERS, "consignment.read")
verb("vehicle.read", "convoys.Vehicle", "operation", REPORTERS, "vehicle.read")
verb("vehicle.manage", "convoys.Vehicle", "operation", PLANNERS, "vehicle.read")

verb("run.read", "convoys.OperatedConvoy", "operation", STAFF, "run.read")
verb("run.plan", "convoys.OperatedConvoy", "operation", PLANNERS, "run.read")
verb(
    "run.clear",
    "convoys.OperatedConvoy",
    "operation",
    CLEARERS,
    "run.read",
    as_delegate(Delegate.Duty.CLEAR),
)
verb(
    "run.write_off",
    "convoys.OperatedConvoy",
    "operation",
    DECIDERS,
    "run.read",
    as_delegate(Delegate.Duty.WRITE_OFF),
)
verb("run.dispatch", "convoys.OperatedConvoy", "operation", DECIDERS, "run.read")
verb("run.move", "convoys.OperatedConvoy", "operation", REPORTERS, "run.read")
verb("run.receive", "convoys.OperatedConvoy", "operation", RECEIVERS, "run.read")

verb("waybill.read", "convoys.Waybill", "operation", STAFF, "waybill.read", as_consignee(""))
# Its history tells when it left and who drove
verb("waybill.raw", "convoys.Waybill", "operation", STAFF, "waybill.read")
verb("waybill.print", "convoys.Waybill", "operation", CARRIERS, "waybill.read")
verb("waybill.load", "convoys.Waybill", "operation", PLANNERS, "waybill.read")
verb("waybill.move", "convoys.Waybill", "operation", REPORTERS, "waybill.read")
verb("waybill.receive", "convoys.Waybill", "operation", RECEIVERS, "waybill.read", as_consignee(""))
verb(
    "receipt.read", "convoys.Receipt", "operation", STAFF, "receipt.read", as_consignee("waybill__")
)
# From other programs and devices in the field: by the consignee alone
verb(
    "receipt.send",
    "convoys.Waybill",
    "operation",
    (),
    "waybill.read",
    as_consignee("", Role.PARTNER, Role.RECEIVER),
)
verb("receipt.post", "convoys.Receipt", "operation", RECEIVERS, "receipt.read")
verb("discrepancy.read", "convoys.Discrepancy", "operation", STAFF, "discrepancy.read")
verb("discrepancy.investigate", "convoys.Discrepancy", "operation", PLANNERS, "discrepancy.read")
verb(
    "discrepancy.write_off",
    "convoys.Discrepancy",
    "operation",
    DECIDERS,
    "discrepancy.read",
    as_delegate(Delegate.Duty.WRITE_OFF),
)
verb("delegate.read", "convoys.Delegate", "operation", STAFF, "delegate.read")
verb("delegate.name", "core.Operation", "pk", DECIDERS, "operation.read")
verb("delegate.end", "convoys.Delegate", "operation", DECIDERS, "delegate.read")
