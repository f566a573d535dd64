"""Who may read, report and settle what is said of convoys (the matrix of product.md)."""

from core.models import Role
from core.policy import MEMBERS
from core.verbs import verb

REPORTERS = (Role.LOGISTICS, Role.ACCESS, Role.COORDINATOR)

verb("convoy.read", "convoys.Convoy", "operation", MEMBERS, "convoy.read")
verb("convoy.report", "core.Operation", "pk", REPORTERS, "operation.read")
verb("claim.read", "convoys.Claim", "operation", MEMBERS, "claim.read")
verb("claim.withdraw", "convoys.Claim", "operation", REPORTERS, "claim.read")
verb("claim.adopt", "convoys.Claim", "operation", (Role.COORDINATOR,), "claim.read")
