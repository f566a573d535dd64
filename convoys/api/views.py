"""REST tables of reported convoys and claims."""

from convoys.datasets import CLAIMS, CONVOYS
from core.api.tables import TableView, exact
from core.api.views import BY_OPERATION


class ConvoysView(TableView):
    """Convoys with their adopted figures; reported ones are no receipts."""

    verb = "convoy.read"
    table = CONVOYS
    filters = (BY_OPERATION, exact("origin", "origin", "reported or operated"))


class ClaimsView(TableView):
    """Every claim, side by side, withdrawn ones included."""

    verb = "claim.read"
    table = CLAIMS
    filters = (
        BY_OPERATION,
        exact("attribute", "attribute", "cargo, vehicles, staff, departed, arrived, …"),
    )
