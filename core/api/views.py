"""REST tables of core: operations."""

from core.api.tables import Filter, TableView, exact
from core.operation_datasets import OPERATIONS

BY_OPERATION = exact("operation", "operation__slug", "the short name of an operation")


class OperationsView(TableView):
    """Operations that the token or account belongs to."""

    verb = "operation.read"
    table = OPERATIONS
    filters: tuple[Filter, ...] = (
        exact("slug", "slug", "the short name of an operation"),
        exact("status", "status", "preparing, active or closed"),
    )
