"""Balances of loads keep what arrived damaged and what was lost, so that sums read no entries."""

from django.db import migrations, models

KINDS = (
    "received_damaged",
    "short_missing",
    "intercepted_unforced",
    "intercepted_forced",
    "removed_by_authority",
    "destroyed",
    "spoiled",
)
COLUMNS = {f"{kind}_{unit}": (kind, unit) for kind in KINDS for unit in ("qty", "kg")}
ADDED = ", ".join(f"{name} = b.{name} + s.{name}" for name in COLUMNS)
SUMS = ", ".join(
    f"COALESCE(SUM(sign * {unit}) FILTER (WHERE kind = '{kind}'), 0) AS {name}"
    for name, (kind, unit) in COLUMNS.items()
)
LOST = ", ".join(f"'{kind}'" for kind in KINDS)


def add(table: str) -> str:
    """Return the statement that adds the entries in a table to the balances of their loads."""
    return f"""
    UPDATE convoys_loadbalance b SET {ADDED} FROM (
        SELECT load_id, {SUMS} FROM {table} WHERE kind IN ({LOST}) GROUP BY load_id
    ) s WHERE b.load_id = s.load_id;
    """


# Runs after convoys_new_entries (triggers do in the order of their names), which holds the locks.
KEEP = f"""
CREATE FUNCTION convoys_new_losses() RETURNS trigger AS $$
BEGIN {add("added")} RETURN NULL; END
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp;
CREATE TRIGGER convoys_new_losses AFTER INSERT ON convoys_entry REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION convoys_new_losses();
"""


class Migration(migrations.Migration):
    dependencies = [("convoys", "0007_removable_legs")]

    operations = [
        *(
            migrations.AddField(
                "loadbalance",
                name,
                models.DecimalField(max_digits=14, decimal_places=3, db_default=0),
            )
            for name in COLUMNS
        ),
        migrations.RunSQL(
            KEEP,
            "DROP TRIGGER convoys_new_losses ON convoys_entry; DROP FUNCTION convoys_new_losses();",
        ),
        migrations.RunSQL(add("convoys_entry"), migrations.RunSQL.noop),
    ]
