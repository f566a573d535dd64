"""Vehicles that go on by themselves: let go by the gate, on the road until they arrive.

Besides: no leg or waybill is added to a closed convoy, and entries are of known kinds only.
"""

import django.contrib.postgres.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

LET_GO_BEFORE = """
UPDATE convoys_leg g SET dispatched_at = COALESCE(c.dispatched_at, g.departed_at)
FROM convoys_operatedconvoy c, convoys_stop s
WHERE c.convoy_id = g.convoy_id AND s.id = g.from_stop_id AND (
    g.departed_at IS NOT NULL
    OR c.state = 'dispatched' AND s.position = (
        SELECT min(position) FROM convoys_stop WHERE convoy_id = c.convoy_id)
);
"""

# The convoy's row is held against its closing; the foreign key's own lock does not do that.
NEW_LEGS = f"""
CREATE OR REPLACE FUNCTION convoys_new_legs() RETURNS trigger AS $$
BEGIN
    PERFORM 1 FROM convoys_operatedconvoy
    WHERE convoy_id IN (SELECT convoy_id FROM added) ORDER BY convoy_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM convoys_operatedconvoy
        WHERE state = 'closed' AND convoy_id IN (SELECT convoy_id FROM added)
    ) THEN
        PERFORM convoys_refuse('convoy_is_closed', 'the convoy is closed');
    END IF;
    INSERT INTO convoys_legbalance (leg_id, kg, m3, max_kg, max_m3, closed)
    SELECT a.id, 0, 0, v.payload_kg, v.volume_m3, false
    FROM added a JOIN convoys_vehicle v ON v.id = a.vehicle_id;
    RETURN NULL;
END $$ {DEFINER};
"""

NEW_WAYBILLS = f"""
CREATE OR REPLACE FUNCTION convoys_new_waybills() RETURNS trigger AS $$
BEGIN
    PERFORM 1 FROM convoys_legbalance
    WHERE leg_id IN (SELECT leg_id FROM added) ORDER BY leg_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM convoys_legbalance WHERE closed AND leg_id IN (SELECT leg_id FROM added)
    ) THEN
        PERFORM convoys_refuse('convoy_is_closed', 'the convoy is closed');
    END IF;
    INSERT INTO convoys_waybillbalance (waybill_id, kg, m3, lines, frozen, closed)
    SELECT id, 0, 0, 0, false, false FROM added;
    RETURN NULL;
END $$ {DEFINER};
"""


class Migration(migrations.Migration):

    dependencies = [
        ('convoys', '0009_road_of_a_reported_convoy'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='leg',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='leg',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='leg',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='operatedconvoy',
            name='state_moves',
        ),
        migrations.RemoveConstraint(
            model_name='leg',
            name='vehicle_on_one_leg_at_a_time',
        ),
        migrations.RemoveConstraint(
            model_name='leg',
            name='driver_on_one_leg_at_a_time',
        ),
        migrations.AddField(
            model_name='gaterecord',
            name='leg',
            field=models.ForeignKey(blank=True, null=True, db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='gate_records', to='convoys.leg'),
        ),
        migrations.AddField(
            model_name='leg',
            name='dispatched_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='legevent',
            name='dispatched_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(LET_GO_BEFORE, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (NEW_LEGS, NEW_WAYBILLS)
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leg',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "convoys_legevent" ("arrived_at", "convoy_id", "departed_at", "dispatched_at", "driver_id", "from_stop_id", "id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_stop_id", "vehicle_id") VALUES (NEW."arrived_at", NEW."convoy_id", NEW."departed_at", NEW."dispatched_at", NEW."driver_id", NEW."from_stop_id", NEW."id", NEW."period", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."to_stop_id", NEW."vehicle_id"); RETURN NULL;', hash='34f50dd9c0c00cce6098ec84be187e23d86028f0', operation='INSERT', pgid='pgtrigger_insert_insert_f659e', table='convoys_leg', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leg',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "convoys_legevent" ("arrived_at", "convoy_id", "departed_at", "dispatched_at", "driver_id", "from_stop_id", "id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_stop_id", "vehicle_id") VALUES (NEW."arrived_at", NEW."convoy_id", NEW."departed_at", NEW."dispatched_at", NEW."driver_id", NEW."from_stop_id", NEW."id", NEW."period", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."to_stop_id", NEW."vehicle_id"); RETURN NULL;', hash='dba9d1963e6b6e5eae9fd6571f017c557c7e65ae', operation='UPDATE', pgid='pgtrigger_update_update_0089d', table='convoys_leg', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leg',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "convoys_legevent" ("arrived_at", "convoy_id", "departed_at", "dispatched_at", "driver_id", "from_stop_id", "id", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_stop_id", "vehicle_id") VALUES (OLD."arrived_at", OLD."convoy_id", OLD."departed_at", OLD."dispatched_at", OLD."driver_id", OLD."from_stop_id", OLD."id", OLD."period", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."to_stop_id", OLD."vehicle_id"); RETURN NULL;', hash='abef1e266cad5ec59798f039ca4ec48459f810b8', operation='DELETE', pgid='pgtrigger_delete_delete_31f92', table='convoys_leg', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='operatedconvoy',
            trigger=pgtrigger.compiler.Trigger(name='state_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{aborted:returning,access_pending:cancelled,access_pending:cleared,arrived:part_arrived,arrived:receiving,cleared:access_pending,cleared:cancelled,cleared:loading,closed:reopened,dispatched:in_transit,diverted:in_transit,draft:cancelled,draft:planned,held:aborted,held:arrived,held:diverted,held:in_transit,held:part_arrived,in_transit:aborted,in_transit:arrived,in_transit:diverted,in_transit:held,in_transit:lost,in_transit:part_arrived,loaded:cancelled,loaded:dispatched,loaded:loading,loading:cancelled,loading:loaded,lost:reconciled,part_arrived:arrived,planned:access_pending,planned:cancelled,received:part_arrived,received:reconciled,receiving:part_arrived,receiving:received,reconciled:closed,reopened:closed,returned:reconciled,returning:returned}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='2a83c7e3cbdcb47c1b31b06e079767a9c5ac0bf7', operation='UPDATE', pgid='pgtrigger_state_moves_eae73', table='convoys_operatedconvoy', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['received_good', 'received_damaged', 'short_missing', 'intercepted_unforced', 'intercepted_forced', 'removed_by_authority', 'destroyed', 'spoiled', 'returned', 'redirected', 'forwarded', 'overage'])), name='entry_of_a_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='leg',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('arrived_at', None), ('departed_at__isnull', False)), expressions=[('vehicle', '='), ('period', '&&')], name='vehicle_on_one_leg_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='leg',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('arrived_at', None), ('departed_at__isnull', False)), expressions=[('driver', '='), ('period', '&&')], name='driver_on_one_leg_at_a_time'),
        ),
    ]
