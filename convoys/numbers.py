"""Numbers that people say aloud: a prefix and the next one in the operation."""

from typing import Any

from django.db import connection


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
