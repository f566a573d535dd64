"""Numbers of documents, one after the other, and of packages."""

from decimal import ROUND_CEILING
from typing import Any

from django.db import connection
from django.utils.formats import number_format


def next_number(model: Any, operation: Any, prefix: str) -> str:
    """Return the next free number of a kind, for example ``WB-0007``; the caller saves it.

    Writers take turns until their commit, so that none gets another's number.
    """
    with connection.cursor() as cursor:
        key = f"{model._meta.db_table}:{operation.pk}:{prefix}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    mine = model.objects.filter(operation=operation, number__regex=rf"^{prefix}-\d+$")
    taken = [int(number.rpartition("-")[2]) for number in mine.values_list("number", flat=True)]
    return f"{prefix}-{max(taken, default=0) + 1:04}"


def packages(load: Any) -> str:
    """Return how many handling units a load fills, with their kind; nothing where not known.

    Of a part of a line the last one counts though it may not be full: it is carried all the same.
    """
    line = load.root
    if not (line and line.hu_count):
        return ""
    count = (load.qty * line.hu_count / line.qty).to_integral_value(ROUND_CEILING)
    return f"{number_format(count, 0, force_grouping=True)} {line.hu_kind}".strip()
