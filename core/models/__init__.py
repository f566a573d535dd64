"""The shared vocabulary's tables."""

from core.models.access_tokens import ApiToken
from core.models.areas import Area, AreaImport, PopulationFigure
from core.models.jobs import Job
from core.models.operations import Operation
from core.models.organisations import Organisation
from core.models.sectors import PopulationGroup, Sector
from core.models.sites import RouteSegment, Site
from core.models.users import Invitation, Membership, RecoveryLink, Role, User

__all__ = [
    "ApiToken",
    "Area",
    "AreaImport",
    "Invitation",
    "Job",
    "Membership",
    "Operation",
    "Organisation",
    "PopulationFigure",
    "PopulationGroup",
    "RecoveryLink",
    "Role",
    "RouteSegment",
    "Sector",
    "Site",
    "User",
]
