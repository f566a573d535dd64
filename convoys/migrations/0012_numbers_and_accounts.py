"""Quantities are numbers, a leg stays with its convoy, and a discrepancy as it was opened."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('convoys', '0011_reconstructed_waybills'),
        ('core', '0013_what_files_left_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='discrepancy',
            trigger=pgtrigger.compiler.Trigger(name='kept_as_opened', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."operation_id" IS DISTINCT FROM (NEW."operation_id") OR OLD."load_id" IS DISTINCT FROM (NEW."load_id") OR OLD."qty" IS DISTINCT FROM (NEW."qty") OR OLD."kg" IS DISTINCT FROM (NEW."kg") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fd743acdb5397a3fdb20093262701faa6c7189a7', operation='UPDATE', pgid='pgtrigger_kept_as_opened_1dc45', table='convoys_discrepancy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='discrepancy',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='7c5b2e0895b784feeb1339d8feadf9c3169cb10e', operation='DELETE', pgid='pgtrigger_never_removed_25e3f', table='convoys_discrepancy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leg',
            trigger=pgtrigger.compiler.Trigger(name='of_one_convoy', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."convoy_id" IS DISTINCT FROM (NEW."convoy_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6fc081a5a42a4ee4a040b2c196906a9f5e027e78', operation='UPDATE', pgid='pgtrigger_of_one_convoy_ffc2c', table='convoys_leg', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='consignmentline',
            constraint=models.CheckConstraint(condition=models.Q(('gross_kg__lt', 100000000000), ('qty__lt', 100000000000), ('volume_m3__lt', 100000000000)), name='line_in_numbers'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('kg__lt', 100000000000), ('qty__lt', 100000000000)), name='entry_in_numbers'),
        ),
        migrations.AddConstraint(
            model_name='loadline',
            constraint=models.CheckConstraint(condition=models.Q(('kg__lt', 100000000000), ('m3__lt', 100000000000), ('qty__lt', 100000000000)), name='load_in_numbers'),
        ),
        migrations.AddConstraint(
            model_name='stockmove',
            constraint=models.CheckConstraint(condition=models.Q(('qty__lt', 100000000000)), name='move_in_numbers'),
        ),
    ]
