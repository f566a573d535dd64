"""Consignment lines close with the last convoy that carries them; what is left can be taken out.

Besides: delegates, whom a coordinator names where a team is too small for two to decide.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

# Before, a withdrawal took all of a line.
WHOLE_LINES = """
ALTER TABLE convoys_linewithdrawal DISABLE TRIGGER USER;
UPDATE convoys_linewithdrawal w SET qty = l.qty
FROM convoys_consignmentline l WHERE l.id = w.line_id;
ALTER TABLE convoys_linewithdrawal ENABLE TRIGGER USER;
"""

CLOSE_LINES = f"""
CREATE OR REPLACE FUNCTION convoys_close_lines(lines uuid[]) RETURNS void AS $$
BEGIN
    UPDATE convoys_linebalance b SET closed = b.free_qty = 0 AND NOT EXISTS (
        SELECT 1 FROM convoys_loadline l JOIN convoys_waybill w ON w.id = l.waybill_id
        JOIN convoys_leg g ON g.id = w.leg_id
        JOIN convoys_operatedconvoy c ON c.convoy_id = g.convoy_id
        WHERE l.line_id = b.line_id AND c.state <> 'closed'
        AND NOT EXISTS (SELECT 1 FROM convoys_unload u WHERE u.load_id = l.id)
    ) WHERE b.line_id = ANY(lines);
END $$ {DEFINER};
"""

WITHDRAWALS = f"""
CREATE OR REPLACE FUNCTION convoys_new_withdrawals() RETURNS trigger AS $$
BEGIN
    PERFORM 1 FROM convoys_linebalance
    WHERE line_id IN (SELECT line_id FROM added) ORDER BY line_id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM convoys_linebalance b JOIN added a USING (line_id)
        WHERE a.qty <> b.free_qty OR b.reserved > 0
        OR b.from_stock AND b.picked + b.released > b.qty - b.free_qty
    ) THEN
        PERFORM convoys_refuse('line_in_use', 'another quantity is left, or it is set aside');
    END IF;
    UPDATE convoys_linebalance SET
        qty = qty - free_qty, free_qty = 0, free_kg = 0, free_m3 = 0
    WHERE line_id IN (SELECT line_id FROM added);
    PERFORM convoys_close_lines(ARRAY(SELECT line_id FROM added));
    RETURN NULL;
END $$ {DEFINER};
"""

CLOSE = f"""
CREATE OR REPLACE FUNCTION convoys_close_balances() RETURNS trigger AS $$
DECLARE
    shut boolean := NEW.state = 'closed';
    loads uuid[] := ARRAY(
        SELECT l.id FROM convoys_loadline l JOIN convoys_waybill w ON w.id = l.waybill_id
        JOIN convoys_leg g ON g.id = w.leg_id WHERE g.convoy_id = NEW.convoy_id);
    lines uuid[] := ARRAY(
        SELECT DISTINCT line_id FROM convoys_loadline WHERE id = ANY(loads) AND line_id IS NOT NULL);
BEGIN
    PERFORM 1 FROM convoys_loadbalance WHERE load_id = ANY(loads) ORDER BY load_id FOR UPDATE;
    PERFORM 1 FROM convoys_linebalance WHERE line_id = ANY(lines) ORDER BY line_id FOR UPDATE;
    UPDATE convoys_loadbalance SET closed = shut WHERE load_id = ANY(loads);
    PERFORM convoys_close_lines(lines);
    UPDATE convoys_forwardbalance b SET closed = shut
    FROM convoys_entry e WHERE b.entry_id = e.id AND e.load_id = ANY(loads);
    UPDATE convoys_legbalance b SET closed = shut
    FROM convoys_leg g WHERE b.leg_id = g.id AND g.convoy_id = NEW.convoy_id;
    UPDATE convoys_waybillbalance b SET closed = shut
    FROM convoys_waybill w JOIN convoys_leg g ON g.id = w.leg_id
    WHERE b.waybill_id = w.id AND g.convoy_id = NEW.convoy_id;
    RETURN NULL;
END $$ {DEFINER};
"""

# Convoys that were closed before close their lines now.
CLOSED_BEFORE = """
SELECT convoys_close_lines(ARRAY(
    SELECT DISTINCT l.line_id FROM convoys_loadline l
    JOIN convoys_waybill w ON w.id = l.waybill_id JOIN convoys_leg g ON g.id = w.leg_id
    JOIN convoys_operatedconvoy c ON c.convoy_id = g.convoy_id
    WHERE c.state = 'closed' AND l.line_id IS NOT NULL));
"""


class Migration(migrations.Migration):

    dependencies = [
        ('convoys', '0005_receipt_pictures'),
        ('core', '0010_restorable_triggers'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Delegate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(choices=[('clear', 'Clear convoys'), ('write_off', 'Write off what is missing')], max_length=10, verbose_name='duty')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('named_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-named_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='DelegateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('duty', models.CharField(choices=[('clear', 'Clear convoys'), ('write_off', 'Write off what is missing')], max_length=10, verbose_name='duty')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('named_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='linebalance',
            name='closed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='linewithdrawal',
            name='qty',
            field=models.DecimalField(decimal_places=3, default=0, max_digits=14, verbose_name='quantity'),
            preserve_default=False,
        ),
        migrations.RunSQL(WHOLE_LINES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='linewithdrawal',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='convoys.consignmentline'),
        ),
        migrations.AddConstraint(
            model_name='linebalance',
            constraint=models.CheckConstraint(condition=models.Q(('closed', False), ('free_qty', 0), _connector='OR'), name='line_closed_with_nothing_left'),
        ),
        migrations.AddConstraint(
            model_name='linewithdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('qty__gt', 0)), name='withdrawal_of_something'),
        ),
        migrations.AddField(
            model_name='delegate',
            name='named_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegate',
            name='operation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegates', to='core.operation'),
        ),
        migrations.AddField(
            model_name='delegate',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='delegate'),
        ),
        migrations.AddField(
            model_name='delegateevent',
            name='named_by',
            field=models.ForeignKey(null=True, db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegateevent',
            name='operation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.operation'),
        ),
        migrations.AddField(
            model_name='delegateevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='delegateevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='convoys.delegate'),
        ),
        migrations.AddField(
            model_name='delegateevent',
            name='user',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='delegate'),
        ),
        migrations.AddConstraint(
            model_name='delegate',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('operation', 'duty', 'user'), name='delegate_named_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegate',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "convoys_delegateevent" ("duty", "ended_at", "id", "named_at", "named_by_id", "operation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id") VALUES (NEW."duty", NEW."ended_at", NEW."id", NEW."named_at", NEW."named_by_id", NEW."operation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."user_id"); RETURN NULL;', hash='b77f8857d943f94f9acdc067afe615f9f2e9e749', operation='INSERT', pgid='pgtrigger_insert_insert_eba31', table='convoys_delegate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegate',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "convoys_delegateevent" ("duty", "ended_at", "id", "named_at", "named_by_id", "operation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id") VALUES (NEW."duty", NEW."ended_at", NEW."id", NEW."named_at", NEW."named_by_id", NEW."operation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."user_id"); RETURN NULL;', hash='359f45daf5b922ec93eff716ec4d840c2abf38fa', operation='UPDATE', pgid='pgtrigger_update_update_9dc6c', table='convoys_delegate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegate',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "convoys_delegateevent" ("duty", "ended_at", "id", "named_at", "named_by_id", "operation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id") VALUES (OLD."duty", OLD."ended_at", OLD."id", OLD."named_at", OLD."named_by_id", OLD."operation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."user_id"); RETURN NULL;', hash='2717954df5d61731fcf04c9dc1e725ad899fbbe9', operation='DELETE', pgid='pgtrigger_delete_delete_ca733', table='convoys_delegate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegateevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2c29c11bb18439b0c56217254227dbb72625d799', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0d768', table='convoys_delegateevent', when='BEFORE')),
        ),
        *(
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (CLOSE_LINES, WITHDRAWALS, CLOSE, CLOSED_BEFORE)
        ),
    ]
