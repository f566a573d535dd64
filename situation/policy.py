"""Who may read and make reports (the matrix of product.md)."""

from core.models import Role
from core.policy import MEMBERS
from core.verbs import verb

WRITERS = (Role.ANALYST, Role.LOGISTICS, Role.ACCESS, Role.COORDINATOR)

verb("figures.read", "core.Operation", "pk", MEMBERS, "figures.read")
verb("report.read", "situation.Report", "operation", MEMBERS, "report.read")
verb("report.make", "assessments.Assessment", "operation", WRITERS, "assessment.read")
