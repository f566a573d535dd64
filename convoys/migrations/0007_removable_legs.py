"""A leg that was planned by mistake can be removed; its balance goes with it."""

from django.db import migrations

REMOVE = """
CREATE FUNCTION convoys_gone_leg() RETURNS trigger AS $$
BEGIN
    DELETE FROM convoys_legbalance WHERE leg_id = OLD.id AND kg = 0;
    RETURN OLD;
END $$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp;
CREATE TRIGGER convoys_gone_leg BEFORE DELETE ON convoys_leg
FOR EACH ROW EXECUTE FUNCTION convoys_gone_leg();
"""


class Migration(migrations.Migration):
    dependencies = [("convoys", "0006_closed_lines_and_delegates")]

    operations = [
        migrations.RunSQL(
            REMOVE,
            "DROP TRIGGER convoys_gone_leg ON convoys_leg; DROP FUNCTION convoys_gone_leg();",
        )
    ]
