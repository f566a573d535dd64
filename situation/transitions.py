"""Binds the life cycle of reports to their model; only the system moves them, from its job."""

from core.transitions import register
from situation.models import Report
from situation.models.states import REPORT

register(Report, REPORT)
