"""The shared vocabulary's tables."""

from core.models.access_tokens import ApiToken
from core.models.areas import Area, AreaImport, PopulationFigure
from core.models.clearances import Clearance, ClearanceRequirement, ClearanceStep
from core.models.constraints import AccessConstraint, AccessScore, ScoreAdoption
from core.models.items import ReliefItem
from core.models.jobs import Job
from core.models.movements import DeconflictionNotice, MovementOutcome, MovementRequest
from core.models.operations import Operation
from core.models.organisations import Organisation
from core.models.sectors import PopulationGroup, Sector
from core.models.sites import RouteSegment, Site
from core.models.statuses import StatusAdoption, StatusObservation
from core.models.table_imports import TableImport
from core.models.users import Invitation, Membership, RecoveryLink, Role, User
from core.models.windows import AccessWindow

__all__ = [
    "AccessConstraint",
    "AccessScore",
    "AccessWindow",
    "ApiToken",
    "Area",
    "AreaImport",
    "Clearance",
    "ClearanceRequirement",
    "ClearanceStep",
    "DeconflictionNotice",
    "Invitation",
    "Job",
    "Membership",
    "MovementOutcome",
    "MovementRequest",
    "Operation",
    "Organisation",
    "PopulationFigure",
    "PopulationGroup",
    "RecoveryLink",
    "ReliefItem",
    "Role",
    "RouteSegment",
    "ScoreAdoption",
    "Sector",
    "Site",
    "StatusAdoption",
    "StatusObservation",
    "TableImport",
    "User",
]
