"""The quantity ledger's triggers: documents are added, balances follow, and CHECKs refuse the rest.

Each trigger runs after a whole statement, locks the balances that it touches in the order of
tables and ids (load, line, forward, leg, waybill, lot), and applies the net per row. They run with
the owner's rights, so that the application's role needs none on the balances.
"""

from django.db import migrations

DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"


def after_insert(table: str, function: str) -> str:
    """Return the statement trigger that hands a table's new rows to a function as ``added``."""
    return f"""
    CREATE TRIGGER {function} AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
    """


def gone(table: str, function: str) -> str:
    """Return what removes a trigger and its function."""
    return f"DROP TRIGGER {function} ON {table}; DROP FUNCTION {function}();"


MIRROR = """
ALTER TABLE convoys_entry ADD CONSTRAINT entry_mirrors_one
FOREIGN KEY (reverses_id, load_id, kind, qty, kg, reverses_sign)
REFERENCES convoys_entry (id, load_id, kind, qty, kg, sign);
"""

LOCK = f"""
CREATE FUNCTION convoys_lock(loads uuid[], lines uuid[], entries uuid[]) RETURNS void AS $$
BEGIN
    PERFORM 1 FROM convoys_loadbalance WHERE load_id = ANY(loads) ORDER BY load_id FOR UPDATE;
    PERFORM 1 FROM convoys_linebalance WHERE line_id = ANY(lines) ORDER BY line_id FOR UPDATE;
    PERFORM 1 FROM convoys_forwardbalance WHERE entry_id = ANY(entries)
    ORDER BY entry_id FOR UPDATE;
END $$ {DEFINER};
"""

REFUSE = """
CREATE FUNCTION convoys_refuse(named text, told text) RETURNS void AS $$
BEGIN
    RAISE EXCEPTION '%', told USING ERRCODE = 'check_violation', CONSTRAINT = named;
END $$ LANGUAGE plpgsql SET search_path = public, pg_temp;
"""

NEW_ROWS = {
    ("convoys_consignmentline", "convoys_new_lines"): """
        INSERT INTO convoys_linebalance
            (line_id, qty, free_qty, free_kg, free_m3, from_stock, reserved, picked, released)
        SELECT id, qty, qty, gross_kg, volume_m3, lot_id IS NOT NULL, 0, 0, 0 FROM added;
    """,
    ("convoys_stocklot", "convoys_new_lots"): """
        INSERT INTO convoys_lotbalance (lot_id, on_hand, reserved, picked)
        SELECT id, 0, 0, 0 FROM added;
    """,
    ("convoys_leg", "convoys_new_legs"): """
        INSERT INTO convoys_legbalance (leg_id, kg, m3, max_kg, max_m3, closed)
        SELECT a.id, 0, 0, v.payload_kg, v.volume_m3, false
        FROM added a JOIN convoys_vehicle v ON v.id = a.vehicle_id;
    """,
    ("convoys_waybill", "convoys_new_waybills"): """
        INSERT INTO convoys_waybillbalance (waybill_id, kg, m3, lines, frozen, closed)
        SELECT id, 0, 0, 0, false, false FROM added;
    """,
    ("convoys_linewithdrawal", "convoys_new_withdrawals"): """
        PERFORM 1 FROM convoys_linebalance
        WHERE line_id IN (SELECT line_id FROM added) ORDER BY line_id FOR UPDATE;
        IF EXISTS (
            SELECT 1 FROM convoys_linebalance b JOIN added a USING (line_id)
            WHERE b.free_qty <> b.qty OR b.reserved + b.picked + b.released > 0
        ) THEN
            PERFORM convoys_refuse('line_in_use', 'the line is loaded or set aside');
        END IF;
        UPDATE convoys_linebalance SET qty = 0, free_qty = 0, free_kg = 0, free_m3 = 0
        WHERE line_id IN (SELECT line_id FROM added);
    """,
    ("convoys_stockmove", "convoys_new_moves"): """
        PERFORM 1 FROM convoys_linebalance
        WHERE line_id IN (SELECT line_id FROM added) ORDER BY line_id FOR UPDATE;
        PERFORM 1 FROM convoys_lotbalance
        WHERE lot_id IN (SELECT lot_id FROM added) ORDER BY lot_id FOR UPDATE;
        IF EXISTS (
            SELECT 1 FROM added a JOIN convoys_consignmentline l ON l.id = a.line_id
            WHERE l.lot_id IS DISTINCT FROM a.lot_id
        ) THEN
            PERFORM convoys_refuse('move_of_the_lines_lot', 'the line is of another lot');
        END IF;
        UPDATE convoys_lotbalance b SET
            on_hand = b.on_hand + s.on_hand, reserved = b.reserved + s.reserved,
            picked = b.picked + s.picked
        FROM (
            SELECT lot_id,
                COALESCE(SUM(CASE WHEN kind IN ('received', 'returned', 'found') THEN qty
                    WHEN kind IN ('missing', 'released') THEN -qty END), 0) AS on_hand,
                COALESCE(SUM(CASE WHEN kind IN ('reserved', 'unpicked') THEN qty
                    WHEN kind IN ('unreserved', 'picked') THEN -qty END), 0) AS reserved,
                COALESCE(SUM(CASE WHEN kind = 'picked' THEN qty
                    WHEN kind IN ('unpicked', 'released') THEN -qty END), 0) AS picked
            FROM added GROUP BY lot_id
        ) s WHERE b.lot_id = s.lot_id;
        UPDATE convoys_linebalance b SET
            reserved = b.reserved + s.reserved, picked = b.picked + s.picked,
            released = b.released + s.released
        FROM (
            SELECT line_id,
                COALESCE(SUM(CASE WHEN kind IN ('reserved', 'unpicked') THEN qty
                    WHEN kind IN ('unreserved', 'picked') THEN -qty END), 0) AS reserved,
                COALESCE(SUM(CASE WHEN kind = 'picked' THEN qty
                    WHEN kind IN ('unpicked', 'released') THEN -qty END), 0) AS picked,
                COALESCE(SUM(qty) FILTER (WHERE kind = 'released'), 0) AS released
            FROM added WHERE line_id IS NOT NULL GROUP BY line_id
        ) s WHERE b.line_id = s.line_id;
    """,
    ("convoys_loadline", "convoys_new_loads"): """
        IF EXISTS (
            SELECT 1 FROM added a
            LEFT JOIN convoys_consignmentline l ON l.id = a.line_id
            LEFT JOIN convoys_entry e ON e.id = a.source_entry_id
            LEFT JOIN convoys_loadline p ON p.id = e.load_id
            WHERE (a.line_id IS NOT NULL AND (a.item_id <> l.item_id OR a.is_return))
            OR (a.source_entry_id IS NOT NULL AND (
                a.item_id <> p.item_id OR a.root_id IS DISTINCT FROM p.root_id
                OR a.is_return <> (p.is_return OR e.kind = 'returned')))
        ) THEN
            PERFORM convoys_refuse('load_of_its_source', 'the load is not what its source is');
        END IF;
        PERFORM 1 FROM convoys_linebalance
        WHERE line_id IN (SELECT line_id FROM added) ORDER BY line_id FOR UPDATE;
        PERFORM 1 FROM convoys_forwardbalance
        WHERE entry_id IN (SELECT source_entry_id FROM added) ORDER BY entry_id FOR UPDATE;
        PERFORM 1 FROM convoys_legbalance WHERE leg_id IN (
            SELECT w.leg_id FROM added a JOIN convoys_waybill w ON w.id = a.waybill_id
        ) ORDER BY leg_id FOR UPDATE;
        PERFORM 1 FROM convoys_waybillbalance
        WHERE waybill_id IN (SELECT waybill_id FROM added) ORDER BY waybill_id FOR UPDATE;
        IF EXISTS (
            SELECT 1 FROM convoys_waybillbalance WHERE closed
            AND waybill_id IN (SELECT waybill_id FROM added)
        ) OR EXISTS (
            SELECT 1 FROM convoys_forwardbalance WHERE closed
            AND entry_id IN (SELECT source_entry_id FROM added)
        ) THEN
            PERFORM convoys_refuse('convoy_is_closed', 'the convoy is closed');
        END IF;
        IF EXISTS (
            SELECT 1 FROM added a WHERE a.source_entry_id IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM convoys_forwardbalance b WHERE b.entry_id = a.source_entry_id)
        ) THEN
            PERFORM convoys_refuse('load_from_what_goes_on', 'nothing goes on from that entry');
        END IF;
        IF EXISTS (
            SELECT 1 FROM added a JOIN convoys_waybillbalance b USING (waybill_id)
            WHERE a.qty = 0 AND NOT b.frozen
        ) THEN
            PERFORM convoys_refuse('unmanifested_after_issue', 'the waybill is not issued');
        END IF;
        UPDATE convoys_linebalance b SET
            free_qty = free_qty - s.qty, free_kg = free_kg - s.kg, free_m3 = free_m3 - s.m3
        FROM (
            SELECT line_id, SUM(qty) AS qty, SUM(kg) AS kg, SUM(m3) AS m3
            FROM added WHERE line_id IS NOT NULL GROUP BY line_id
        ) s WHERE b.line_id = s.line_id;
        UPDATE convoys_forwardbalance b SET
            free_qty = free_qty - s.qty, free_kg = free_kg - s.kg, free_m3 = free_m3 - s.m3
        FROM (
            SELECT source_entry_id, SUM(qty) AS qty, SUM(kg) AS kg, SUM(m3) AS m3
            FROM added WHERE source_entry_id IS NOT NULL GROUP BY source_entry_id
        ) s WHERE b.entry_id = s.source_entry_id;
        UPDATE convoys_legbalance b SET kg = b.kg + s.kg, m3 = b.m3 + s.m3
        FROM (
            SELECT w.leg_id, SUM(a.kg) AS kg, SUM(a.m3) AS m3
            FROM added a JOIN convoys_waybill w ON w.id = a.waybill_id GROUP BY w.leg_id
        ) s WHERE b.leg_id = s.leg_id;
        UPDATE convoys_waybillbalance b SET
            kg = b.kg + s.kg, m3 = b.m3 + s.m3, lines = b.lines + s.lines
        FROM (
            SELECT waybill_id, SUM(kg) AS kg, SUM(m3) AS m3, COUNT(*) AS lines
            FROM added WHERE qty > 0 GROUP BY waybill_id
        ) s WHERE b.waybill_id = s.waybill_id;
        INSERT INTO convoys_loadbalance
            (load_id, loaded_qty, loaded_kg, over_qty, over_kg, good_qty, good_kg,
            disposed_qty, disposed_kg, outstanding_qty, outstanding_kg, closed)
        SELECT id, qty, kg, 0, 0, 0, 0, 0, 0, qty, kg, false FROM added;
    """,
    ("convoys_unload", "convoys_new_unloads"): """
        PERFORM 1 FROM convoys_loadbalance
        WHERE load_id IN (SELECT load_id FROM added) ORDER BY load_id FOR UPDATE;
        PERFORM 1 FROM convoys_linebalance WHERE line_id IN (
            SELECT l.line_id FROM added a JOIN convoys_loadline l ON l.id = a.load_id
        ) ORDER BY line_id FOR UPDATE;
        PERFORM 1 FROM convoys_forwardbalance WHERE entry_id IN (
            SELECT l.source_entry_id FROM added a JOIN convoys_loadline l ON l.id = a.load_id
        ) ORDER BY entry_id FOR UPDATE;
        PERFORM 1 FROM convoys_legbalance WHERE leg_id IN (
            SELECT w.leg_id FROM added a JOIN convoys_loadline l ON l.id = a.load_id
            JOIN convoys_waybill w ON w.id = l.waybill_id
        ) ORDER BY leg_id FOR UPDATE;
        PERFORM 1 FROM convoys_waybillbalance WHERE waybill_id IN (
            SELECT l.waybill_id FROM added a JOIN convoys_loadline l ON l.id = a.load_id
        ) ORDER BY waybill_id FOR UPDATE;
        IF EXISTS (
            SELECT 1 FROM convoys_loadbalance b JOIN added a USING (load_id)
            WHERE b.disposed_qty > 0 OR b.over_qty > 0 OR b.loaded_qty = 0
        ) THEN
            PERFORM convoys_refuse('load_has_entries', 'something has become of the load already');
        END IF;
        UPDATE convoys_loadbalance SET
            loaded_qty = 0, loaded_kg = 0, outstanding_qty = 0, outstanding_kg = 0
        WHERE load_id IN (SELECT load_id FROM added);
        UPDATE convoys_linebalance b SET
            free_qty = free_qty + s.qty, free_kg = free_kg + s.kg, free_m3 = free_m3 + s.m3
        FROM (
            SELECT l.line_id, SUM(l.qty) AS qty, SUM(l.kg) AS kg, SUM(l.m3) AS m3
            FROM added a JOIN convoys_loadline l ON l.id = a.load_id GROUP BY l.line_id
        ) s WHERE b.line_id = s.line_id;
        UPDATE convoys_forwardbalance b SET
            free_qty = free_qty + s.qty, free_kg = free_kg + s.kg, free_m3 = free_m3 + s.m3
        FROM (
            SELECT l.source_entry_id, SUM(l.qty) AS qty, SUM(l.kg) AS kg, SUM(l.m3) AS m3
            FROM added a JOIN convoys_loadline l ON l.id = a.load_id GROUP BY l.source_entry_id
        ) s WHERE b.entry_id = s.source_entry_id;
        UPDATE convoys_legbalance b SET kg = b.kg - s.kg, m3 = b.m3 - s.m3
        FROM (
            SELECT w.leg_id, SUM(l.kg) AS kg, SUM(l.m3) AS m3
            FROM added a JOIN convoys_loadline l ON l.id = a.load_id
            JOIN convoys_waybill w ON w.id = l.waybill_id GROUP BY w.leg_id
        ) s WHERE b.leg_id = s.leg_id;
        UPDATE convoys_waybillbalance b SET
            kg = b.kg - s.kg, m3 = b.m3 - s.m3, lines = b.lines - s.lines
        FROM (
            SELECT l.waybill_id, SUM(l.kg) AS kg, SUM(l.m3) AS m3, COUNT(*) AS lines
            FROM added a JOIN convoys_loadline l ON l.id = a.load_id GROUP BY l.waybill_id
        ) s WHERE b.waybill_id = s.waybill_id;
    """,
    ("convoys_entry", "convoys_new_entries"): """
        PERFORM 1 FROM convoys_loadbalance
        WHERE load_id IN (SELECT load_id FROM added) ORDER BY load_id FOR UPDATE;
        PERFORM 1 FROM convoys_forwardbalance
        WHERE entry_id IN (SELECT reverses_id FROM added) ORDER BY entry_id FOR UPDATE;
        IF EXISTS (
            SELECT 1 FROM convoys_loadbalance
            WHERE closed AND load_id IN (SELECT load_id FROM added)
        ) THEN
            PERFORM convoys_refuse('convoy_is_closed', 'the convoy is closed');
        END IF;
        IF EXISTS (
            SELECT 1 FROM added a JOIN convoys_loadline l ON l.id = a.load_id
            JOIN convoys_waybillbalance b USING (waybill_id) WHERE NOT b.frozen
        ) THEN
            PERFORM convoys_refuse('entry_after_issue', 'the waybill is not issued');
        END IF;
        UPDATE convoys_loadbalance b SET
            over_qty = b.over_qty + s.over_qty, over_kg = b.over_kg + s.over_kg,
            good_qty = b.good_qty + s.good_qty, good_kg = b.good_kg + s.good_kg,
            disposed_qty = disposed_qty + s.gone_qty, disposed_kg = disposed_kg + s.gone_kg,
            outstanding_qty = outstanding_qty + s.over_qty - s.gone_qty,
            outstanding_kg = outstanding_kg + s.over_kg - s.gone_kg
        FROM (
            SELECT load_id,
                COALESCE(SUM(sign * qty) FILTER (WHERE kind = 'overage'), 0) AS over_qty,
                COALESCE(SUM(sign * kg) FILTER (WHERE kind = 'overage'), 0) AS over_kg,
                COALESCE(SUM(sign * qty) FILTER (WHERE kind = 'received_good'), 0) AS good_qty,
                COALESCE(SUM(sign * kg) FILTER (WHERE kind = 'received_good'), 0) AS good_kg,
                COALESCE(SUM(sign * qty) FILTER (WHERE kind <> 'overage'), 0) AS gone_qty,
                COALESCE(SUM(sign * kg) FILTER (WHERE kind <> 'overage'), 0) AS gone_kg
            FROM added GROUP BY load_id
        ) s WHERE b.load_id = s.load_id;
        INSERT INTO convoys_forwardbalance
            (entry_id, is_return, free_qty, free_kg, free_m3, closed)
        SELECT a.id, a.kind = 'returned' OR l.is_return, a.qty, a.kg,
            round(COALESCE(l.m3 * a.qty / NULLIF(l.qty, 0), i.unit_m3 * a.qty), 3), false
        FROM added a JOIN convoys_loadline l ON l.id = a.load_id
        JOIN core_reliefitem i ON i.id = l.item_id
        WHERE a.sign = 1 AND a.kind IN ('returned', 'redirected', 'forwarded');
        UPDATE convoys_forwardbalance b SET
            free_qty = free_qty - a.qty, free_kg = free_kg - a.kg, free_m3 = 0
        FROM added a WHERE b.entry_id = a.reverses_id;
    """,
}

OVERAGE = f"""
CREATE FUNCTION convoys_overage_at_the_end() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM convoys_loadbalance WHERE load_id = NEW.load_id AND outstanding_qty > 0
    ) THEN
        PERFORM convoys_refuse('overage_while_outstanding', 'something is still outstanding');
    END IF;
    RETURN NULL;
END $$ {DEFINER};
CREATE CONSTRAINT TRIGGER convoys_overage_at_the_end AFTER INSERT ON convoys_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'overage' AND NEW.sign = 1)
EXECUTE FUNCTION convoys_overage_at_the_end();
"""

WAYBILL_STATE = f"""
CREATE FUNCTION convoys_waybill_state() RETURNS trigger AS $$
BEGIN
    IF NEW.state = 'issued' THEN
        UPDATE convoys_waybillbalance SET frozen = true, frozen_kg = kg, frozen_lines = lines
        WHERE waybill_id = NEW.id;
    ELSIF NEW.state = 'void' THEN
        PERFORM 1 FROM convoys_loadbalance b JOIN convoys_loadline l ON l.id = b.load_id
        WHERE l.waybill_id = NEW.id ORDER BY b.load_id FOR UPDATE OF b;
        UPDATE convoys_waybillbalance
        SET frozen = false, frozen_kg = NULL, frozen_lines = NULL WHERE waybill_id = NEW.id;
        INSERT INTO convoys_unload (id, load_id, recorded_at)
        SELECT gen_random_uuid(), l.id, now() FROM convoys_loadline l
        WHERE l.waybill_id = NEW.id
        AND NOT EXISTS (SELECT 1 FROM convoys_unload u WHERE u.load_id = l.id);
    END IF;
    RETURN NULL;
END $$ {DEFINER};
CREATE TRIGGER convoys_waybill_state AFTER UPDATE OF state ON convoys_waybill
FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
EXECUTE FUNCTION convoys_waybill_state();
"""

CONVOY_STATE = f"""
CREATE FUNCTION convoys_close_balances() RETURNS trigger AS $$
DECLARE shut boolean := NEW.state = 'closed';
BEGIN
    PERFORM 1 FROM convoys_loadbalance b JOIN convoys_loadline l ON l.id = b.load_id
    JOIN convoys_waybill w ON w.id = l.waybill_id JOIN convoys_leg g ON g.id = w.leg_id
    WHERE g.convoy_id = NEW.convoy_id ORDER BY b.load_id FOR UPDATE OF b;
    UPDATE convoys_loadbalance b SET closed = shut
    FROM convoys_loadline l JOIN convoys_waybill w ON w.id = l.waybill_id
    JOIN convoys_leg g ON g.id = w.leg_id
    WHERE b.load_id = l.id AND g.convoy_id = NEW.convoy_id;
    UPDATE convoys_forwardbalance b SET closed = shut
    FROM convoys_entry e JOIN convoys_loadline l ON l.id = e.load_id
    JOIN convoys_waybill w ON w.id = l.waybill_id JOIN convoys_leg g ON g.id = w.leg_id
    WHERE b.entry_id = e.id AND g.convoy_id = NEW.convoy_id;
    UPDATE convoys_legbalance b SET closed = shut
    FROM convoys_leg g WHERE b.leg_id = g.id AND g.convoy_id = NEW.convoy_id;
    UPDATE convoys_waybillbalance b SET closed = shut
    FROM convoys_waybill w JOIN convoys_leg g ON g.id = w.leg_id
    WHERE b.waybill_id = w.id AND g.convoy_id = NEW.convoy_id;
    RETURN NULL;
END $$ {DEFINER};
CREATE TRIGGER convoys_close_balances AFTER UPDATE OF state ON convoys_operatedconvoy
FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('closed', 'reopened'))
EXECUTE FUNCTION convoys_close_balances();
"""

CAPACITY = f"""
CREATE FUNCTION convoys_leg_capacity() RETURNS trigger AS $$
BEGIN
    UPDATE convoys_legbalance b SET max_kg = v.payload_kg, max_m3 = v.volume_m3
    FROM convoys_leg g JOIN convoys_vehicle v ON v.id = g.vehicle_id
    WHERE b.leg_id = g.id AND g.departed_at IS NULL AND NEW.id IN (g.id, v.id);
    RETURN NULL;
END $$ {DEFINER};
CREATE TRIGGER convoys_leg_capacity AFTER UPDATE OF vehicle_id ON convoys_leg
FOR EACH ROW WHEN (OLD.vehicle_id <> NEW.vehicle_id) EXECUTE FUNCTION convoys_leg_capacity();
CREATE TRIGGER convoys_leg_capacity AFTER UPDATE OF payload_kg, volume_m3 ON convoys_vehicle
FOR EACH ROW EXECUTE FUNCTION convoys_leg_capacity();
"""


def of_new_rows(table: str, function: str, body: str) -> migrations.RunSQL:
    """Return the operation that makes one statement trigger."""
    made = f"""
    CREATE FUNCTION {function}() RETURNS trigger AS $$
    BEGIN {body} RETURN NULL; END $$ {DEFINER};
    """
    return migrations.RunSQL(made + after_insert(table, function), gone(table, function))


class Migration(migrations.Migration):
    dependencies = [("convoys", "0002_operated_convoys")]

    operations = [
        migrations.RunSQL(MIRROR, "ALTER TABLE convoys_entry DROP CONSTRAINT entry_mirrors_one"),
        migrations.RunSQL(LOCK, "DROP FUNCTION convoys_lock(uuid[], uuid[], uuid[])"),
        migrations.RunSQL(REFUSE, "DROP FUNCTION convoys_refuse(text, text)"),
        *(of_new_rows(table, name, body) for (table, name), body in NEW_ROWS.items()),
        migrations.RunSQL(OVERAGE, gone("convoys_entry", "convoys_overage_at_the_end")),
        migrations.RunSQL(WAYBILL_STATE, gone("convoys_waybill", "convoys_waybill_state")),
        migrations.RunSQL(CONVOY_STATE, gone("convoys_operatedconvoy", "convoys_close_balances")),
        migrations.RunSQL(
            CAPACITY,
            "DROP TRIGGER convoys_leg_capacity ON convoys_vehicle;"
            + gone("convoys_leg", "convoys_leg_capacity"),
        ),
    ]
